"""Raises an exception in a running thread of this interpreter, at a place where it leaves no inconsistent state.

`sys.monitoring` calls back in the thread in which an event happens, and what the callback raises is raised there. An
asynchronous exception (`PyThreadState_SetAsyncExc`) may come between taking a lock and the `try` that releases it;
these events do not. Two kinds are used: the jump back at the end of a loop iteration, and, where that was not enough,
the start of a function that is already on the thread's stack.
"""

import os
import sys
import threading
from collections.abc import Callable
from threading import get_ident
from types import CodeType, FrameType

_monitoring = sys.monitoring
_LOOPS = _monitoring.events.JUMP
_LOOPS_AND_CALLS = _LOOPS | _monitoring.events.PY_START | _monitoring.events.PY_RESUME

TOOL_IDS = (4, 3, 5, 2, 0, 1)
"""Ids of monitoring tools; first those that no kind of tool reserves (debugger 0, coverage 1, profiler 2)."""

NEVER_WITHIN = frozenset(
    {"__enter__", "__exit__", "__aenter__", "__aexit__", "__del__", "__release_buffer__"},
)
"""Functions within which, and within all that they call, nothing is raised: they acquire, release or destroy."""

IMPORT_SYSTEM = ("<frozen importlib", "<frozen zipimport")
"""Prefixes of files within whose code nothing is raised: an interrupted import would affect the whole interpreter."""

STANDARD_LIBRARY = os.__file__.rpartition("/")[0] + "/"
FANIN = __file__.rpartition("/pools/")[0] + "/"
INSTALLED = ("/site-packages/", "/dist-packages/")
"""The folders of the standard library, of fanin and of installed packages."""

KEEPS_STATE = (
    *(
        STANDARD_LIBRARY + file
        for file in ("threading.py", "contextlib.py", "logging/", "weakref.py", "_weakrefset.py")
    ),
    *(FANIN + file for file in ("pools/inside/", "sources/threads.py", "stopping.py")),
)
"""Files whose functions hold locks and lists of the whole interpreter, or run the work that is to be stopped."""


def anywhere(code: CodeType) -> bool:
    """Code may be stopped anywhere: its interpreter is not used afterwards, or it is pure."""
    return not code.co_filename.startswith(KEEPS_STATE)


def nowhere(code: CodeType) -> bool:  # noqa: ARG001 - whatever it is
    """Code may be stopped nowhere: it checks whether to stop."""
    return False


def in_own_code(function: object) -> Callable[[CodeType], bool]:
    """A predicate for the main interpreter: only the caller's own code may be stopped.

    That is code outside of the standard library, fanin and installed packages, and code in the package of `function`.
    """
    package = _package(function)

    def may_stop(code: CodeType) -> bool:
        file = code.co_filename
        if file.startswith((STANDARD_LIBRARY, FANIN, "<frozen ")):
            return False
        return bool(package and file.startswith(package)) or not any(part in file for part in INSTALLED)

    return may_stop


class Stopper:
    """Raises `error` in the thread `thread`, somewhere below the function whose code is `below`.

    `may_stop` says whether the exception may be raised in a code object. With `everywhere`, the loops of all code of
    this interpreter are monitored, else those of the code that is on the thread's stack when a stop is requested.
    """

    __slots__ = ("below", "codes", "error", "everywhere", "force", "may_stop", "raised", "requested", "thread")

    def __init__(
        self,
        *,
        thread: int,
        below: CodeType,
        error: type[BaseException],
        may_stop: Callable[[CodeType], bool],
        everywhere: bool,
    ) -> None:
        self.thread = thread
        self.below = below
        self.error = error
        self.may_stop = may_stop
        self.everywhere = everywhere
        self.force = False
        self.requested = False
        self.raised = 0
        self.codes: set[CodeType] = set()
        _registry.reserve()

    def request(self, *, calls: bool) -> bool:
        """Have the exception raised once, at the next place that allows it; call it again until the thread has ended.

        With `calls`, the start of a function is such a place too. False if other tools have taken all ids of
        `sys.monitoring`.
        """
        return _registry.request(self, calls=calls)

    def withdraw(self) -> None:
        """Cancel the request; to be called in the thread itself."""
        self.requested = False
        _registry.forget(self)


class _Registry:
    """The threads that are to stop, and the monitoring events that are on for them; one for each interpreter."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stoppers: dict[int, Stopper] = {}
        self._tool = -1
        self._everywhere = False

    def reserve(self) -> bool:
        """Take a tool id; False if none is free."""
        with self._lock:
            if self._tool < 0:
                self._tool = next((number for number in TOOL_IDS if _take_tool_id(number)), -1)
                if self._tool >= 0:
                    _monitoring.register_callback(self._tool, _monitoring.events.JUMP, self._on_jump)
                    _monitoring.register_callback(self._tool, _monitoring.events.PY_START, self._on_call)
                    _monitoring.register_callback(self._tool, _monitoring.events.PY_RESUME, self._on_call)
            return self._tool >= 0

    def request(self, stopper: Stopper, *, calls: bool) -> bool:
        if not self.reserve():
            return False
        with self._lock:
            self._stoppers[stopper.thread] = stopper
            stopper.requested = True
            if stopper.everywhere and not self._everywhere:
                self._everywhere = True
                _monitoring.set_events(self._tool, _LOOPS)
            if calls or not stopper.everywhere:
                # Calls are monitored only in code on the stack, so that no `release()` in a `finally` is interrupted.
                stack = _stack(stopper)
                # Of functions that are defined in those, such as coroutines that asyncio runs, only loops are.
                for code in {*_defined_in(stack), *stack}:
                    events = _LOOPS_AND_CALLS if calls and code in stack else _LOOPS
                    _monitoring.set_local_events(self._tool, code, events)
                    stopper.codes.add(code)
        return True

    def forget(self, stopper: Stopper) -> None:
        """Turn the events off, so that `finally` blocks of the work run undisturbed and at full speed."""
        with self._lock:
            if self._stoppers.pop(stopper.thread, None) is None:
                return
            if self._everywhere and not any(other.everywhere for other in self._stoppers.values()):
                self._everywhere = False
                _monitoring.set_events(self._tool, 0)
            # Threads share code objects: one that another stopper needs stays monitored.
            others = {code for other in self._stoppers.values() for code in other.codes}
            for code in stopper.codes - others:
                _monitoring.set_local_events(self._tool, code, 0)
            stopper.codes.clear()

    def _on_jump(self, code: CodeType, offset: int, destination: int) -> None:
        if destination <= offset:  # a jump forward may stand between `acquire()` and `try`
            self._on_call(code, offset)

    def _on_call(self, code: CodeType, _offset: int) -> None:
        # It never returns DISABLE, which would turn the event off at this place for ever.
        stopper = self._stoppers.get(get_ident())
        if stopper is None or not stopper.requested or not stopper.may_stop(code):
            return
        if _may_raise_in(sys._getframe(1), stopper):  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            stopper.requested = False
            stopper.raised += 1
            self.forget(stopper)
            raise stopper.error


def _take_tool_id(number: int) -> bool:
    if _monitoring.get_tool(number) is not None:
        return False
    _monitoring.use_tool_id(number, "fanin")
    return True


def _stack(stopper: Stopper) -> list[CodeType]:
    """The code on the thread's stack below `below`; empty if that is not on it."""
    found: list[CodeType] = []
    frame: FrameType | None = sys._current_frames().get(stopper.thread)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    while frame is not None and frame.f_code is not stopper.below:
        found.append(frame.f_code)
        frame = frame.f_back
    return found if frame is not None else []


def _defined_in(codes: list[CodeType]) -> list[CodeType]:
    """The code of all functions that are defined in these, at any depth."""
    found = [*codes]
    for code in found:
        found += [each for each in code.co_consts if isinstance(each, CodeType) and each not in found]
    return found


def _may_raise_in(frame: FrameType | None, stopper: Stopper) -> bool:
    """Whether the exception may be raised in this frame: below `below`, and not in code that has to be finished."""
    while frame is not None and frame.f_code is not stopper.below:
        code = frame.f_code
        if not stopper.force and (code.co_name in NEVER_WITHIN or code.co_filename.startswith(IMPORT_SYSTEM)):
            return False
        frame = frame.f_back
    return frame is not None


def _package(function: object) -> str:
    """The folder of the function's top package, or its file; "" if neither is known."""
    module = sys.modules.get((getattr(function, "__module__", None) or "").partition(".")[0])
    folders = list(getattr(module, "__path__", ()))
    if folders:
        return folders[0] + "/"
    return getattr(module, "__file__", None) or ""


_registry = _Registry()
