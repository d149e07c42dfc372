"""Raise an exception in a running thread of this interpreter at a place where nothing is half done.

`sys.monitoring` calls back in the very thread in which an event happens, and what the callback raises is raised there.
An asynchronous exception (`PyThreadState_SetAsyncExc`) may come between the taking of a lock and the `try` that gives
it back; these events do not. Two kinds are used: the jump back at the end of a turn of a loop, and, where that was not
enough, the start of a function that is on the thread's stack already.
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
"""Ids that a monitoring tool can have, those first that no kind of tool claims (debugger 0, coverage 1, profiler 2)."""

NEVER_WITHIN = frozenset(
    {"__enter__", "__exit__", "__aenter__", "__aexit__", "__del__", "__release_buffer__"},
)
"""Functions within which, and within all that they call, nothing is raised: they take, give back or destroy."""

IMPORT_SYSTEM = ("<frozen importlib", "<frozen zipimport")
"""Files, by their beginning, of code within which nothing is raised: half an import is left behind for everybody."""

STANDARD_LIBRARY = os.__file__.rpartition("/")[0] + "/"
FANIN = __file__.rpartition("/pools/")[0] + "/"
INSTALLED = ("/site-packages/", "/dist-packages/")
"""Where the files of the standard library, of fanin and of installed packages are."""

KEEPS_STATE = (
    *(
        STANDARD_LIBRARY + file
        for file in ("threading.py", "contextlib.py", "logging/", "weakref.py", "_weakrefset.py")
    ),
    *(FANIN + file for file in ("pools/inside/", "sources/threads.py", "stopping.py")),
)
"""Files whose functions keep locks and lists for the whole interpreter, or run what is to be stopped."""


def anywhere(code: CodeType) -> bool:
    """Whether code may be stopped where nobody needs its interpreter afterwards, or where it is known to be pure."""
    return not code.co_filename.startswith(KEEPS_STATE)


def nowhere(code: CodeType) -> bool:  # noqa: ARG001 - whatever it is
    """Nothing may be stopped: the work looks by itself whether somebody still waits for it."""
    return False


def in_own_code(function: object) -> Callable[[CodeType], bool]:
    """Tells whether code may be stopped in the main interpreter: the caller's own code only.

    That is code outside of the standard library, of fanin and of installed packages, except for the package in which
    `function` is.
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

    `may_stop` says of a code object whether the exception may be raised in it. With `everywhere`, the loops of all code
    of this interpreter are watched, else those of the code that is on the thread's stack when a stop is requested.
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
        """Have the exception raised once, at the next place that allows it; renew it until the thread has ended.

        `calls`: the start of a function counts as such a place too. False if nothing can be watched, since other
        tools have taken all ids of `sys.monitoring`.
        """
        return _registry.request(self, calls=calls)

    def withdraw(self) -> None:
        """Raise no more; to be called in the thread itself."""
        self.requested = False
        _registry.forget(self)


class _Registry:
    """The threads that are to stop, and the events that are on for them; one for each interpreter."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stoppers: dict[int, Stopper] = {}
        self._tool = -1
        self._everywhere = False

    def reserve(self) -> bool:
        """Take a tool id, as long as there is a free one; False if there is none."""
        with self._lock:
            if self._tool < 0:
                self._tool = next((number for number in TOOL_IDS if _take(number)), -1)
                if self._tool >= 0:
                    _monitoring.register_callback(self._tool, _monitoring.events.JUMP, self._jumped)
                    _monitoring.register_callback(self._tool, _monitoring.events.PY_START, self._reached)
                    _monitoring.register_callback(self._tool, _monitoring.events.PY_RESUME, self._reached)
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
                # Calls are watched on the stack's own code only: a `release()` in a `finally` is entered undisturbed.
                stack = _stack(stopper)
                # Of functions that are defined in those, such as coroutines that asyncio runs, the loops only.
                for code in {*_defined_in(stack), *stack}:
                    events = _LOOPS_AND_CALLS if calls and code in stack else _LOOPS
                    _monitoring.set_local_events(self._tool, code, events)
                    stopper.codes.add(code)
        return True

    def forget(self, stopper: Stopper) -> None:
        """Turn the events off: what the work cleans up in `finally` runs undisturbed and at full speed."""
        with self._lock:
            if self._stoppers.pop(stopper.thread, None) is None:
                return
            if self._everywhere and not any(other.everywhere for other in self._stoppers.values()):
                self._everywhere = False
                _monitoring.set_events(self._tool, 0)
            # Code objects are shared between threads: one on which another stopper waits stays watched.
            others = {code for other in self._stoppers.values() for code in other.codes}
            for code in stopper.codes - others:
                _monitoring.set_local_events(self._tool, code, 0)
            stopper.codes.clear()

    def _jumped(self, code: CodeType, offset: int, destination: int) -> None:
        if destination <= offset:  # a jump forward may stand between `acquire()` and `try`
            self._reached(code, offset)

    def _reached(self, code: CodeType, _offset: int) -> None:
        # Never returns DISABLE, which would turn the event off at this place for all times.
        stopper = self._stoppers.get(get_ident())
        if stopper is None or not stopper.requested or not stopper.may_stop(code):
            return
        if _allowed(sys._getframe(1), stopper):  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            stopper.requested = False
            stopper.raised += 1
            self.forget(stopper)
            raise stopper.error


def _take(number: int) -> bool:
    if _monitoring.get_tool(number) is not None:
        return False
    _monitoring.use_tool_id(number, "fanin")
    return True


def _stack(stopper: Stopper) -> list[CodeType]:
    """The code on the thread's stack below `below`; empty if that is not there."""
    found: list[CodeType] = []
    frame: FrameType | None = sys._current_frames().get(stopper.thread)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    while frame is not None and frame.f_code is not stopper.below:
        found.append(frame.f_code)
        frame = frame.f_back
    return found if frame is not None else []


def _defined_in(codes: list[CodeType]) -> list[CodeType]:
    """The code of the functions that are defined in these, and in those again."""
    found = [*codes]
    for code in found:
        found += [each for each in code.co_consts if isinstance(each, CodeType) and each not in found]
    return found


def _allowed(frame: FrameType | None, stopper: Stopper) -> bool:
    """Whether the exception may be raised in this frame: below `below`, and in nothing that has to be finished."""
    while frame is not None and frame.f_code is not stopper.below:
        code = frame.f_code
        if not stopper.force and (code.co_name in NEVER_WITHIN or code.co_filename.startswith(IMPORT_SYSTEM)):
            return False
        frame = frame.f_back
    return frame is not None


def _package(function: object) -> str:
    """The folder of the top package in which the function is, or its file; "" if neither is known."""
    module = sys.modules.get((getattr(function, "__module__", None) or "").partition(".")[0])
    folders = list(getattr(module, "__path__", ()))
    if folders:
        return folders[0] + "/"
    return getattr(module, "__file__", None) or ""


_registry = _Registry()
