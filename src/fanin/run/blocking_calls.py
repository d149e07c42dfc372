"""Calls in async sources that hold up the event loop, and with it every other source: found, measured and named.

A thread looks at the stack of the loop's thread from time to time; all that a question does is to say who is asked.
"""

import ast
import asyncio
import linecache
import sys
import sysconfig
import threading
import time
from asyncio.events import Handle
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import FrameType

from fanin.log import logger
from fanin.model import Answer, Question
from fanin.sources.source import Item, Source

SAMPLE_INTERVAL = 0.025
"""Seconds between two samples of the loop's stack. For each of them the loop gives up the GIL: some 0.2 ms."""

MAX_LATENESS = 0.006
"""Seconds by which a sample may be late. A later one had to wait for the GIL, as the loop may have to."""

BLOCKED, STARVED = 0.05, 0.15
"""Seconds that one step of a task may take in a single call or computing, and in any other way: it may be the step that
waits for the GIL, which other threads or the garbage collector hold."""

MAX_FOUND = 100
"""Calls that are remembered at a time."""

IDLE_SAMPLES = 100
"""Samples without any question, after which the thread waits for the next one."""

_asked: ContextVar[tuple[str, str]] = ContextVar("fanin_asked")
"""In the tasks of a source: the question's id, and the source's name."""

_FANIN = str(Path(__file__).parents[1])
_NOT_OWN = (_FANIN, sysconfig.get_path("stdlib"))
_NOT_SOURCES = tuple(f"{_FANIN}/{each}" for each in ("pools/", "run/source/source_run.py", "run/sufficiency.py"))
"""Where functions of the user's are called on the loop that are no sources."""

CPU_CLOCKS = hasattr(time, "pthread_getcpuclockid")
"""Whether this system tells the CPU time of another thread; without it, computing is noticed as late as `STARVED`."""

_STEP = Handle._run.__code__  # noqa: SLF001 - the frame in which the loop runs one step, and nothing else


def watched(source: Source) -> Source:
    """The same source, whose tasks say which one they ask."""
    fetch, name = source.fetch, source.name

    def named(question: Question) -> AsyncIterator[Item]:
        _asked.set((question.id, name))
        return fetch(question)

    return replace(source, fetch=named)


@dataclass(frozen=True, slots=True)
class Blocking:
    """A call that kept the loop for so many seconds at least: what was called, and where."""

    seconds: float
    call: str
    where: str

    def __str__(self) -> str:
        return (
            f"It held up the event loop, and so every other source, for {self.seconds:.2f} s ({self.call} in"
            f" {self.where}); use an async call there, or make the source a plain function, which has its own thread."
        )


@dataclass(slots=True)
class Step:
    """A step of the loop: `seen` for so many seconds in all, of which in the current `call` for `still` seconds.

    A sample counts for two intervals at most: when it is later than that, this thread had no GIL or no processor, and
    nobody knows whether the loop had. `cpu` is the CPU time of the loop's thread when the step was first seen.
    """

    frame: FrameType | None = None
    since: float = 0.0
    cpu: float = 0.0
    seen: float = 0.0
    still: float = 0.0
    call: tuple[int, int] = (0, 0)

    def sample(self, call: tuple[int, int], elapsed: float) -> None:
        """Count `elapsed` seconds since the last sample; `call` is the innermost frame and its instruction."""
        on_time = elapsed <= SAMPLE_INTERVAL + MAX_LATENESS
        self.still = 0.0 if call != self.call else self.still + (elapsed if on_time else 0.0)
        self.call = call
        self.seen += min(elapsed, 2 * SAMPLE_INTERVAL)

    def blocks(self, cpu: float) -> bool:
        """Whether it holds up the loop, by the CPU time of the loop's thread now."""
        computes = self.seen >= BLOCKED and cpu - self.cpu >= self.seen / 2
        return computes or self.still >= BLOCKED or self.seen >= STARVED


class BlockingCalls:
    """What holds up the loop in which questions begin, by question and source, from the first one until `close`."""

    def __init__(self) -> None:
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._running = 0
        self._waiting = False
        self._step = Step()
        self._sampled = 0.0
        self._found: dict[tuple[str, str], Blocking] = {}
        self._last: tuple[str, str, Blocking] | None = None

    def begin(self) -> None:
        """A question begins in the running loop."""
        self._running += 1
        if self._thread is None:
            self._loop, self._loop_thread = asyncio.get_running_loop(), threading.get_ident()
            self._cpu_clock = time.pthread_getcpuclockid(self._loop_thread) if CPU_CLOCKS else None
            self._thread = threading.Thread(target=self._watch, name="fanin blocking calls", daemon=True)
            self._thread.start()
        elif self._waiting:
            self._wake.set()

    def end(self, question: str) -> None:
        """The question of this id has its answer."""
        self._running -= 1
        if self._found:
            for key in [key for key in tuple(self._found) if key[0] == question]:
                del self._found[key]

    def close(self) -> None:
        """End the thread, and do not wait for it."""
        self._thread = None
        self._wake.set()

    def add_to_answer(self, answer: Answer) -> Answer:
        """The answer, whose outcomes say which source held up the loop."""
        if not self._found:
            return answer
        sources = dict(answer.sources)
        for (question, name), blocking in tuple(self._found.items()):
            if question == answer.question_id and name in sources:
                sources[name] = replace(sources[name], message=f"{sources[name].message} {blocking}".lstrip())
        return replace(answer, sources=sources)

    # In the thread.

    def _watch(self) -> None:
        idle = 0
        while self._thread is threading.current_thread():
            idle = 0 if self._running else idle + 1
            if idle < IDLE_SAMPLES:
                self._wake.wait(SAMPLE_INTERVAL)
            else:
                self._wait()
            self._wake.clear()
            frames: dict[int, FrameType] = getattr(sys, "_current_frames")()  # noqa: B009 - there is no other way
            self._sample(frames.get(self._loop_thread))
        self._over()

    def _wait(self) -> None:
        self._step, self._waiting = Step(), True
        if not self._running and self._thread is threading.current_thread():
            self._wake.wait()
        self._waiting = False

    def _sample(self, innermost: FrameType | None) -> None:
        frames = list(_frames(innermost))
        now, cpu = time.monotonic(), self._cpu()
        elapsed, self._sampled = now - self._sampled, now
        if innermost is None or not frames or frames[-1] is not self._step.frame:
            self._over()
            self._step = Step(frames[-1] if frames else None, now, cpu)
            return
        self._step.sample((id(innermost), innermost.f_lasti), elapsed)
        if self._step.blocks(cpu) and (place := _place(frames)) is not None:
            self._remember(Blocking(now - self._step.since, *place))

    def _remember(self, blocking: Blocking) -> None:
        task = asyncio.current_task(self._loop)
        asked = None if task is None else task.get_context().get(_asked)
        if asked is not None:
            if len(self._found) >= MAX_FOUND:
                self._found.clear()  # left over from calls that outlived their questions
            self._found[asked] = blocking
            self._last = (*asked, blocking)

    def _cpu(self) -> float:
        try:
            return 0.0 if self._cpu_clock is None else time.clock_gettime(self._cpu_clock)
        except OSError:  # the loop's thread has ended
            return 0.0

    def _over(self) -> None:
        if self._last is not None:
            logger.warning("%s %s: %s", *self._last)
        self._last = None


def _frames(innermost: FrameType | None) -> Iterator[FrameType]:
    """The frames of the loop's step, from the innermost to the step itself; none when the loop is in no step."""
    found = list[FrameType]()
    while innermost is not None:
        found.append(innermost)
        if innermost.f_code is _STEP:
            yield from found
            return
        innermost = innermost.f_back


def _place(frames: list[FrameType]) -> tuple[str, str] | None:
    """What a source's own code calls, and in which file and line; None when the loop is in no such code."""
    own = next((each for each in reversed(frames) if not each.f_code.co_filename.startswith(_NOT_OWN)), None)
    if own is None or any(each.f_code.co_filename.startswith(_NOT_SOURCES) for each in frames):
        return None
    folder, installed = str(Path(own.f_code.co_filename).parent), "site-packages" in own.f_code.co_filename
    for frame in frames:
        path = frame.f_code.co_filename
        if path.startswith(folder) and ("site-packages" in path) == installed:
            return call_name(frame), f"{Path(path).name}:{frame.f_lineno}"
    return None


def call_name(frame: FrameType) -> str:
    """What the frame calls now, as its source text names it; the name of its function when that is not known."""
    code = frame.f_code
    try:
        line, last, begin, end = next(islice(code.co_positions(), frame.f_lasti // 2, None))
        if line is not None and last is not None:
            rows = [linecache.getline(code.co_filename, number).encode() for number in range(line, last + 1)]
            rows[-1] = rows[-1][:end]
            rows[0] = rows[0][begin:]
            expression = ast.parse(b"".join(rows).decode().strip(), mode="eval").body
            if isinstance(expression, ast.Call):
                return ast.unparse(expression.func)
    except SyntaxError, ValueError, StopIteration:
        pass
    return code.co_qualname
