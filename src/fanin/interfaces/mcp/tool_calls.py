"""The calls of the tools, in plain values: what is asked, the progress meanwhile, and the answer."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from fanin.background import in_daemon_thread
from fanin.durations import positive
from fanin.engine import Engine
from fanin.engine_arguments import NOTHING
from fanin.errors import FaninError
from fanin.interfaces.mcp.tool_models import (
    AskArguments,
    SearchArguments,
    SearchResult,
    SourceHealth,
    SourcesResult,
    WatchArguments,
    Watched,
)
from fanin.interfaces.render import sentence
from fanin.knowledge.search.knowledge import Knowledge
from fanin.model import Answer
from fanin.runs.live_run import LiveRun
from fanin.runs.run_manager import RunManager

LONGEST = 50.0
"""Seconds of the longest deadline: most clients give up after 60."""

QUIET = 5.0
"""Seconds after which a client is told that the question still runs."""

TOGETHER = 0.2
"""Seconds in which events come together to one who watches."""

type Report = Callable[[float, str], Awaitable[None]]
"""Takes the progress: seconds, which rise, and a sentence."""


def told_to_app(run: LiveRun, *, after: int = 0) -> dict[str, Any]:
    """What the MCP App shows of a run: which it is, and its events after a number, as the HTTP API tells them."""
    asked = {"id": run.asked.run, "question": run.asked.question}
    return {"run": asked, "events": [json.loads(each.text) for each in run.log.after(after)]}


@dataclass(frozen=True, slots=True)
class Tools:
    """What the tools work with: the runs of an open engine, the kind of each source, and the knowledge base.

    `deadline` is the default one and `longest` the longest, in seconds. `admit` is called with the user before each
    question, and raises FaninError for one that is not taken.
    """

    runs: RunManager
    engine: Engine
    knowledge: Path
    kinds: Mapping[str, str] = field(default_factory=dict[str, str])
    deadline: float = 15.0
    longest: float = LONGEST
    admit: Callable[[str], object] = str

    async def ask(self, given: AskArguments, report: Report, *, user: str = "") -> tuple[Answer, LiveRun]:
        """The answer and its run; `report` is called for each event. Cancelling ends the question. Raises FaninError.

        The question runs in a task of its own: a scope of anyio that is cancelled would interrupt its end again and
        again.
        """
        asking = asyncio.create_task(self._ask(given, report, user))
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            while not (await asyncio.wait((asking,), timeout=QUIET))[0]:
                await report(loop.time() - began, "still asking")
        finally:
            asking.cancel()
        return asking.result()

    async def _ask(self, given: AskArguments, report: Report, user: str) -> tuple[Answer, LiveRun]:
        seconds = self.deadline if given.deadline is None else positive("deadline", given.deadline, did=NOTHING)
        self.admit(user)
        run = await self.runs.start(
            given.question,
            user=user,
            deadline=min(seconds, self.longest, LONGEST),
            sources=given.sources,
            fresh=given.fresh,
        )
        try:
            async with aclosing(run.seen()) as events:
                async for event in events:
                    await report(event.at, sentence(event))
        finally:
            run.cancel()
        if run.answer is None:
            raise FaninError("A defect of fanin ended the question; fanin logged it, and goes on. Ask again.")
        return run.answer, run

    async def watch(self, given: WatchArguments, *, user: str = "") -> Watched:
        """The events after a number of the newest such question of this user that runs; waits for some seconds."""
        try:
            async with asyncio.timeout(QUIET):
                while (run := self._running(given.question, user)) is None:  # noqa: ASYNC110 - it begins elsewhere
                    await asyncio.sleep(TOGETHER)
                async with aclosing(run.lines(given.after)) as lines:
                    await anext(lines, None)
        except TimeoutError:
            return Watched(run=None, events=[])
        await asyncio.sleep(TOGETHER)
        return Watched(**told_to_app(run, after=given.after))

    def _running(self, question: str, user: str) -> LiveRun | None:
        asked = ((run, run.asked) for run in reversed(self.runs.running))
        return next((run for run, each in asked if (each.question, each.user) == (question, user)), None)

    async def search_knowledge(self, given: SearchArguments) -> SearchResult:
        """The passages of the knowledge base that fit best. Raises FaninError."""
        found = await in_daemon_thread(partial(Knowledge(self.knowledge).find, given.question, limit=given.limit))
        return SearchResult.of(found)

    def list_sources(self) -> SourcesResult:
        """The sources, in their order, and how each has been doing."""
        known = self.engine.statistics()["sources"]
        return SourcesResult(
            sources=[
                SourceHealth(
                    name=name,
                    kind=self.kinds.get(name, ""),
                    topics=list(source.topics),
                    **{each: value for each, value in known.get(name, {}).items() if each in SourceHealth.model_fields},
                )
                for name, source in self.engine.sources.items()
            ]
        )
