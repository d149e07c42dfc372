"""Whoever blocks an event loop from fanin's code is found, in every test that is not marked `may_block`."""

import inspect
import sys
import traceback
from asyncio.events import Handle
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from itertools import takewhile
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from blockbuster import BlockBuster

import fanin

MAY_BLOCK = {
    "*/logging/__init__.py:emit": "a line of the log",
    "*/linecache.py:*": "the source lines of a traceback, after a failure",
    "<frozen importlib*>:*": "a module is read once",
    "*/importlib/metadata/__init__.py:version": "a library looks for its own version",
    "*/threading.py:start": "a thread begins within a fraction of a millisecond",
    "*/multiprocessing/popen_*.py:__init__": "an executor that is given to fanin starts its processes when it is used",
    "*/subprocess.py:_execute_child": "a program starts within milliseconds; asyncio starts programs in the same way",
    "*/asyncpg/connect_utils.py:_parse_connect_dsn_and_args": "it looks for files of keys and passwords, once",
    "*/fastapi/routing.py:_extract_endpoint_context": "FastAPI looks once for the source of each route, for its errors",
    "*/fanin/embeddings/*:_spelt": "the vocabulary is one file, read once",
    "*/fanin/embeddings/*:_table": "the table of vectors is mapped once",
    "*/fanin/pools/supervisor.py:_share_gil": "0.2 ms while workers start, which would get no GIL from a busy loop",
    "*/fanin/config/settings_file.py:*": "a program reads its settings before anything else runs",
    "*/fanin/sources/open_meteo/weather_source.py:_today": "a time zone is one small file, read once",
    "*/fanin/testing/pool_trials.py:*": "a fake pool does the jobs of the check on the loop",
    "*/fanin/testing/check_pool.py:*": "a check looks for the files by which a job says that it ran",
    "*/fanin/testing/services/texts/__init__.py:read": "a service that pretends to be a real one",
}
"""The functions in which fanin may wait for a disk on the event loop, and why."""

_FANIN, _TESTS = f"{Path(fanin.__file__).parent}/", f"{Path(__file__).parent}/"
_STEP = Handle._run.__code__
_ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class LoopGuard:
    """Notes each blocking call on an event loop that fanin makes, and lets it happen.

    A plain function of fanin's that a test calls on its own loop is that test's affair.
    """

    def __init__(self) -> None:
        self.found: list[str] = []
        self.on = False
        self._allowed: dict[CodeType, bool] = {}
        self.blockbuster = BlockBuster()
        for name in ("os.getcwd", "os.path.abspath"):  # they ask the kernel and no disk
            del self.blockbuster.functions[name]
        for name, function in self.blockbuster.functions.items():
            of_lock = name.startswith("threading.")
            function.can_block_predicate = self._noting(name, function.can_block_predicate, of_lock=of_lock)

    def _noting(self, name: str, harmless: Callable[..., bool], *, of_lock: bool) -> Callable[..., bool]:
        def note(*arguments: Any, **named: Any) -> bool:
            caller = sys._getframe(2)
            # A lock is held for moments; whoever waits for an event, a queue or a result does so in `wait`.
            is_wait = self.on and (not of_lock or caller.f_code.co_name == "wait")
            if is_wait and not harmless(*arguments, **named) and self._blames_fanin(caller):
                self.found.append(f"{name}\n{_stack(caller)}")
            return True

        return note

    def _blames_fanin(self, frame: FrameType | None) -> bool:
        inner: CodeType | None = None  # of the last frame that is fanin's
        while frame is not None and frame.f_code is not _STEP:
            code = frame.f_code
            if code.co_filename.startswith(_TESTS):
                if inner is None or not inner.co_flags & _ASYNC:
                    return False
            elif self._may_block(code):
                return False
            elif code.co_filename.startswith(_FANIN):
                inner = code
            frame = frame.f_back
        return inner is not None and frame is not None

    def _may_block(self, code: CodeType) -> bool:
        if code not in self._allowed:
            place = f"{code.co_filename}:{code.co_name}"
            self._allowed[code] = any(fnmatch(place, pattern) for pattern in MAY_BLOCK)
        return self._allowed[code]


def _stack(frame: FrameType) -> str:
    """The frames of the loop's step, innermost last."""
    found = takewhile(lambda each: each[0].f_code is not _STEP, traceback.walk_stack(frame))
    return "".join(traceback.StackSummary.extract(found).format()[::-1])


@pytest.fixture(scope="session")
def loop_guard() -> Iterator[LoopGuard]:
    """The guard of all tests."""
    guard = LoopGuard()
    guard.blockbuster.activate()
    yield guard
    guard.blockbuster.deactivate()


@pytest.fixture(autouse=True)
def fanin_never_blocks_the_loop(request: pytest.FixtureRequest, loop_guard: LoopGuard) -> Iterator[None]:
    """Nothing that fanin does on an event loop blocks it."""
    loop_guard.found.clear()
    loop_guard.on = not request.node.get_closest_marker("may_block")
    yield
    loop_guard.on = False
    for first in loop_guard.found[:1]:
        pytest.fail(f"fanin blocked the event loop {len(loop_guard.found)} times: {first}", pytrace=False)
