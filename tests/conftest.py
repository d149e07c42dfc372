import gc
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NoReturn

import pytest
from aiohttp import web
from hypothesis import Phase, settings

sys.path.append(str(Path(__file__).parent))

pytest_plugins = ("loop_guard", "redis_servers")

# The same examples in each run: a change that is right must not fail by chance. Look for new ones with another profile.
settings.register_profile("any", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile(
    "mutants", deadline=None, derandomize=True, max_examples=30, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_collection_finish() -> None:
    """The collector of garbage need not look again and again at what thousands of tests hold until the end."""
    gc.collect()
    gc.freeze()


type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True, scope="session")
def folders(tmp_path_factory) -> Iterator[None]:
    """No test reads the settings of whoever runs it, or leaves anything in their cache."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Handler], Awaitable[str]]]:
    """Give it a handler for every path; it gives the address of a loopback server."""
    async with AsyncExitStack() as stack:

        async def start(handler: Handler) -> str:
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", handler)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            return f"http://127.0.0.1:{runner.addresses[0][1]}"

        yield start


@pytest.fixture(scope="session")
def absent() -> Callable[[str], NoReturn]:
    """Say what a test needs and does not find: it is skipped, or fails when everything was to be there."""

    def say(what: str) -> NoReturn:
        if os.environ.get("FANIN_TEST_ALL"):
            pytest.fail(f"{what}, although scripts/servers was to bring it")
        pytest.skip(f"{what}; scripts/test --all brings it")

    return say


@pytest.fixture(scope="session")
def steps() -> Callable[..., int]:
    """Counts the steps that Python takes for a call of a function: lines, jumps and calls, whatever the clock says.

    What one call of a C function does is one step; tests/text/test_growth.py also looks at that.
    """
    monitoring, events = sys.monitoring, sys.monitoring.events

    def count(function: Callable[..., Any], *arguments: Any) -> int:
        total = 0

        def step(*_: object) -> None:
            nonlocal total
            total += 1

        tool = next(number for number in range(6) if monitoring.get_tool(number) is None)
        monitoring.use_tool_id(tool, "steps")
        for event in (events.LINE, events.JUMP, events.CALL):
            monitoring.register_callback(tool, event, step)
        monitoring.set_events(tool, events.LINE | events.JUMP | events.CALL)
        try:
            function(*arguments)
        finally:
            monitoring.set_events(tool, 0)
            for event in (events.LINE, events.JUMP, events.CALL):
                monitoring.register_callback(tool, event, None)
            monitoring.free_tool_id(tool)
        return total

    return count


@pytest.fixture(scope="session")
def grows_in_proportion(steps: Callable[..., int]) -> Callable[..., None]:
    """Checks that eight times as much text takes a function no more than nine times as many steps."""

    def check(function: Callable[[str], Any], unit: str, *, head: str = "", size: int = 4_000) -> None:
        function(head + unit)  # what is remembered of the first call costs the others nothing
        short, long = (steps(function, head + unit * (length // len(unit))) for length in (size, 8 * size))
        assert long <= 9 * short + 100

    return check
