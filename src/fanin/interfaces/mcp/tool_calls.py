"""The calls of the tools, in plain values: what is asked, told meanwhile, and given in the end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from fanin.background import in_daemon_thread
from fanin.durations import positive
from fanin.engine import NOTHING, Engine
from fanin.events import Answered, Event
from fanin.interfaces.mcp.tool_models import (
    AskArguments,
    SearchArguments,
    SearchResult,
    SourceHealth,
    SourcesResult,
)
from fanin.interfaces.render import sentence
from fanin.knowledge.search.knowledge import Knowledge
from fanin.model import Answer

LONGEST = 50.0
"""Seconds of the longest deadline: most clients give up after 60."""

QUIET = 5.0
"""Seconds after which a client is told that the question still runs."""

type Tell = Callable[[float, str], Awaitable[None]]
"""Is told seconds, which rise, and a sentence."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the tools work with: an open engine and its default deadline in seconds, the kind of each source, the
    knowledge base, and who keeps the events of a run.
    """

    engine: Engine
    deadline: float
    knowledge: Path
    kinds: Mapping[str, str] = field(default_factory=dict[str, str])
    keep: Callable[[list[Event]], Awaitable[None]] | None = None

    async def ask(self, given: AskArguments, tell: Tell, *, user: str = "") -> Answer:
        """The answer; `tell` hears of each event. Cancelling it ends the question. Raises FaninError.

        The question runs in a task of its own: a scope of anyio that is cancelled would interrupt its end again and
        again.
        """
        asking = asyncio.create_task(self._ask(given, tell, user))
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            while not (await asyncio.wait((asking,), timeout=QUIET))[0]:
                await tell(loop.time() - began, "still asking")
        finally:
            asking.cancel()
        return asking.result()

    async def _ask(self, given: AskArguments, tell: Tell, user: str) -> Answer:
        seconds = self.deadline if given.deadline is None else positive("deadline", given.deadline, did=NOTHING)
        stream = self.engine.stream(
            given.question, deadline=min(seconds, LONGEST), sources=given.sources, fresh=given.fresh, user=user
        )
        events: list[Event] = []
        async with aclosing(stream):
            async for event in stream:
                events.append(event)
                await tell(event.at, sentence(event))
        if self.keep is not None:
            await self.keep(events)
        return next(event.answer for event in reversed(events) if isinstance(event, Answered))

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
