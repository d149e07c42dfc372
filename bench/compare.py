"""What does fanin cost beside bare asyncio and beside other frameworks that ask several sources at once?

Run `scripts/bench compare`, which installs the others into an environment of their own. Each is told to do the same in
the way that its documentation shows: ask five sources at the same time and bring together what they say. A source says
one sentence. Two questions of the machine, all ways in turns within one run:

- What is added to a question, when nothing has to be waited for? (µs a question, one after another; each question and
  each sentence has a word that was never there before, so that no cache knows it.)
- How many questions a second are answered, when 100 are always in flight and each source takes 50 ms?

fanin is measured twice: with trivial processing inline, which is what the others do, and with its own processing, which
reads, ranks and quotes what arrived.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any

from measuring import in_turns, machine, medians, seconds, verdict

from fanin import Document, Engine

INLINE, OWN = 0.33, 1.3
"""Times what Haystack adds to bare asyncio that fanin may add to it, and times the whole of it with own processing."""

SHARE = 0.66
"""Share of bare asyncio's questions a second, with 100 in flight and trivial processing."""

IN_FLIGHT, WAITING, TURN = 100, 0.05, 1.0
"""Questions in flight; seconds that a source takes; seconds of a turn."""

QUESTION = "What is the weather in Lisbon"
SENTENCES = {
    "weather": "The weather in Lisbon is sunny today",
    "markets": "Stocks rose 2 percent on Monday",
    "city": "A new bridge opened in Porto",
    "forecast": "Rain is expected in the north of the country tomorrow",
    "sport": "Team A beat team B 3 to 1",
}

type Ask = Callable[[str], Awaitable[object]]
type SearchMode = Callable[[float], Any]
"""An async context manager around an `Ask` whose sources take so many seconds."""


async def said(name: str, question: str, waiting: float) -> str:
    """What a source says."""
    if waiting:
        await asyncio.sleep(waiting)
    return f"{SENTENCES[name]}{question.removeprefix(QUESTION)}."


@asynccontextmanager
async def bare(waiting: float) -> AsyncGenerator[Ask]:
    """The control: a task group, a timeout for each source and one for all, and nothing else."""

    async def one(name: str, question: str) -> int:
        async with asyncio.timeout(60.0):
            return len(await said(name, question, waiting))

    async def ask(question: str) -> list[int]:
        async with asyncio.timeout(120.0), asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(name, question)) for name in SENTENCES]
        return [task.result() for task in tasks]

    yield ask


def measure(_: str, document: Document) -> int:
    """Trivial processing."""
    return len(document.text)


@asynccontextmanager
async def fanin(waiting: float, **options: Any) -> AsyncGenerator[Ask]:
    def source(name: str) -> Callable[[object], Awaitable[Document]]:
        async def speak(question: object) -> Document:
            return Document(await said(name, str(question), waiting))

        speak.__name__ = name
        return speak

    async with Engine([source(name) for name in SENTENCES], deadline=120.0, **options) as engine:

        async def ask(question: str) -> None:
            answer = await engine.ask(question)
            if len(answer.inferences) != len(SENTENCES) or answer.coverage < 1:
                raise RuntimeError(f"Not every source was heard and processed: {answer.errors!r}.")

        yield ask


@asynccontextmanager
async def haystack(waiting: float) -> AsyncGenerator[Ask]:
    """A pipeline of five components and a joiner, run asynchronously."""
    from haystack import Document, Pipeline, component
    from haystack.components.joiners import DocumentJoiner

    @component
    class Source:
        def __init__(self, name: str) -> None:
            self.name = name

        @component.output_types(documents=list[Document])
        def run(self, question: str) -> dict[str, Any]:
            raise NotImplementedError

        @component.output_types(documents=list[Document])
        async def run_async(self, question: str) -> dict[str, Any]:
            return {"documents": [Document(content=await said(self.name, question, waiting))]}

    pipeline = Pipeline()
    pipeline.add_component("joiner", DocumentJoiner())
    for name in SENTENCES:
        pipeline.add_component(name, Source(name))
        pipeline.connect(f"{name}.documents", "joiner.documents")

    async def ask(question: str) -> None:
        found = await pipeline.run_async({name: {"question": question} for name in SENTENCES}, concurrency_limit=5)
        if len(found["joiner"]["documents"]) != len(SENTENCES):
            raise RuntimeError(f"Not every source was heard: {found!r}.")

    yield ask


@asynccontextmanager
async def langgraph(waiting: float) -> AsyncGenerator[Ask]:
    """A graph with five nodes side by side, whose texts are added up."""
    import operator
    from typing import Annotated, TypedDict

    from langgraph.graph import END, START, StateGraph

    State = TypedDict("State", {"question": str, "texts": Annotated[list[str], operator.add]})  # noqa: UP013

    def node(name: str) -> Any:
        async def speak(state: Any) -> dict[str, list[str]]:
            return {"texts": [await said(name, state["question"], waiting)]}

        return speak

    graph: Any = StateGraph(State)
    for name in SENTENCES:
        graph.add_node(name, node(name))
        graph.add_edge(START, name)
        graph.add_edge(name, END)
    compiled = graph.compile()

    async def ask(question: str) -> None:
        found = await compiled.ainvoke({"question": question, "texts": []})
        if len(found["texts"]) != len(SENTENCES):
            raise RuntimeError(f"Not every source was heard: {found!r}.")

    yield ask


@asynccontextmanager
async def langchain(waiting: float) -> AsyncGenerator[Ask]:
    """Five runnables side by side, and one that brings together what they say."""
    from langchain_core.runnables import RunnableLambda, RunnableParallel

    def runnable(name: str) -> Any:
        async def speak(question: str) -> str:
            return await said(name, question, waiting)

        return RunnableLambda(speak)

    chain = RunnableParallel({name: runnable(name) for name in SENTENCES}) | RunnableLambda(
        lambda texts: list(texts.values())
    )

    async def ask(question: str) -> None:
        found = await chain.ainvoke(question)
        if len(found) != len(SENTENCES):
            raise RuntimeError(f"Not every source was heard: {found!r}.")

    yield ask


@asynccontextmanager
async def llamaindex(waiting: float) -> AsyncGenerator[Ask]:
    """A workflow that sends five events and collects five."""
    from workflows import Context, Workflow, step
    from workflows.events import Event, StartEvent, StopEvent

    class Asked(Event):
        name: str
        question: str

    class Said(Event):
        text: str

    class Sources(Workflow):
        @step
        async def begin(self, ctx: Context, ev: StartEvent) -> Asked | None:
            for name in SENTENCES:
                ctx.send_event(Asked(name=name, question=ev.question))

        @step(num_workers=5)
        async def speak(self, ev: Asked) -> Said:
            return Said(text=await said(ev.name, ev.question, waiting))

        @step
        async def join(self, ctx: Context, ev: Said) -> StopEvent | None:
            texts = ctx.collect_events(ev, [Said] * len(SENTENCES))
            return None if texts is None else StopEvent(result=[each.text for each in texts])

    workflow = Sources(timeout=120.0)

    async def ask(question: str) -> None:
        found = await workflow.run(question=question)
        if len(found) != len(SENTENCES):
            raise RuntimeError(f"Not every source was heard: {found!r}.")

    yield ask


WAYS: Mapping[str, tuple[SearchMode, str]] = {
    "bare asyncio": (bare, "asyncio"),
    "fanin, inline": (partial(fanin, process=measure, pool="inline"), "fanin"),
    "fanin, own processing": (partial(fanin, semantic=False), "fanin"),
    "Haystack": (haystack, "haystack"),
    "LangGraph": (langgraph, "langgraph"),
    "LangChain": (langchain, "langchain_core"),
    "LlamaIndex Workflows": (llamaindex, "workflows"),
}

TIMES, ROUNDS = 50, 20


async def instant(words: itertools.count[int]) -> dict[str, float]:
    """Seconds a question, one after another, with sources that have it at hand."""
    async with AsyncExitStack() as opened:
        asks = await entered(opened, 0.0)
        ways = {
            name: partial(seconds, lambda ask=ask: ask(f"{QUESTION} Lisbon{next(words)}"), times=TIMES)
            for name, ask in asks.items()
        }
        return medians(await in_turns(ways, rounds=ROUNDS))


async def crowded(words: itertools.count[int]) -> dict[str, float]:
    """Questions a second, with many in flight, and sources that take a while."""
    async with AsyncExitStack() as opened:
        asks = await entered(opened, WAITING)
        ways = {
            name: partial(per_second, lambda ask=ask: ask(f"{QUESTION} Lisbon{next(words)}"))
            for name, ask in asks.items()
        }
        return medians(await in_turns(ways, rounds=5))


async def entered(opened: AsyncExitStack, waiting: float) -> dict[str, Ask]:
    chosen = {name: way for name, (way, package) in WAYS.items() if find_spec(package)}
    return {name: await opened.enter_async_context(way(waiting)) for name, way in chosen.items()}


async def per_second(ask: Callable[[], Awaitable[object]]) -> float:
    """Questions answered in a second, with IN_FLIGHT of them always on their way."""
    start = time.perf_counter()

    async def keep_asking() -> int:
        count = 0
        while time.perf_counter() < start + TURN:
            await ask()
            count += 1
        return count

    async with asyncio.TaskGroup() as group:
        askers = [group.create_task(keep_asking()) for _ in range(IN_FLIGHT)]
    return sum(asker.result() for asker in askers) / (time.perf_counter() - start)


def main() -> None:
    print(machine())
    words = itertools.count()
    took = asyncio.run(instant(words))
    for name, each in took.items():
        print(f"{len(SENTENCES)} instant sources, {name}: {each * 1e6:,.0f} µs a question")
    speed = asyncio.run(crowded(words))
    for name, each in speed.items():
        print(f"{IN_FLIGHT} in flight, sources of {WAITING * 1e3:g} ms, {name}: {each:,.0f} questions/s")
    bare, others = took["bare asyncio"], took.get("Haystack", 0.0)
    if others:
        print(verdict("inline, added / Haystack, added", (took["fanin, inline"] - bare) / (others - bare), most=INLINE))
        print(verdict("own processing / Haystack", took["fanin, own processing"] / others, most=OWN))
        print(verdict("in flight, own / Haystack", speed["fanin, own processing"] / speed["Haystack"], least=1.0))
    print(verdict("in flight, inline / bare", speed["fanin, inline"] / speed["bare asyncio"], least=SHARE))


if __name__ == "__main__":
    main()
