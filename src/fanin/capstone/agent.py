"""The lesson's agent: three services asked at once, each result analysed on every core as soon as it is there."""

import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, InterpreterPoolExecutor
from functools import partial
from typing import Any

from fanin import capstone
from fanin.background import in_daemon_thread
from fanin.capstone.fetchers import TIMEOUT, error_in, failed
from fanin.capstone.inference import infer, merge, split, units_of
from fanin.engine import Engine
from fanin.errors import SourceError
from fanin.model import Answer, Document, Outcome, Processor, Question
from fanin.pools.pool import Pool
from fanin.sources.source import Source, source

DEADLINE = 15.0
"""Seconds that the lesson gives the whole question."""

CITY = "New York"
"""Of which the lesson's agent asks the weather."""

DIVIDED = Processor(infer, split, merge)
"""An inference in parts, so that no core is idle while another still has work."""

_TARGET_SPEEDUP = 1.4
"""The speedup at which the lesson calls its target met."""


async def ai_agent_query(
    user_question: str, executor: Executor | Pool | str | None = None, *, units: int | None = None
) -> dict[str, Any]:
    """The lesson's result for one question, within 15 s, whatever the services do; a service has 5 s.

    `executor` is any executor or fanin pool; without one, worker interpreters are used. `units` is the work of one
    inference, by default about two seconds of one core. Keys: query, success, sources, inferences, errors,
    execution_time (seconds), cores_used.
    """
    units = await in_daemon_thread(units_of) if units is None else units
    found: dict[str, Any] = {}
    calls = _calls(user_question)
    sources = [_source(name, call, found=found, units=units) for name, call in calls.items()]
    async with Engine(sources, deadline=DEADLINE, process=DIVIDED, pool=executor) as engine:
        return _result(await engine.ask(user_question), found)


async def benchmark_sequential(user_question: str, *, units: int | None = None) -> tuple[dict[str, Any], float]:
    """The lesson's baseline and its seconds: one service after another, then one inference after another."""
    units = await in_daemon_thread(units_of) if units is None else units
    loop, begun = asyncio.get_running_loop(), time.perf_counter()
    results = [await call() for call in _calls(user_question).values()]
    with InterpreterPoolExecutor(1) as executor:
        work = partial(capstone.simulate_llm_inference, units=units)
        inferences = [await loop.run_in_executor(executor, work, str(result)) for result in results]
    elapsed = time.perf_counter() - begun
    return {"approach": "Sequential", "results": inferences, "errors": [*filter(None, map(error_in, results))]}, elapsed


async def benchmark_hybrid(user_question: str, *, units: int | None = None) -> tuple[dict[str, Any], float]:
    """The agent's result and the seconds it took, the start of its workers included."""
    begun = time.perf_counter()
    result = await ai_agent_query(user_question, units=units)
    return result, time.perf_counter() - begun


async def run_benchmarks(user_question: str = "What's happening right now?", *, units: int | None = None) -> None:
    """Compare the agent with the baseline and print both times, the speedup and whether the lesson's target is met."""
    _say(f"Question: {user_question}")
    _, sequential = await benchmark_sequential(user_question, units=units)
    _say(f"Sequential execution: {sequential:.2f} seconds")
    _, hybrid = await benchmark_hybrid(user_question, units=units)
    _say(f"Hybrid execution: {hybrid:.2f} seconds")
    saved, speedup = sequential - hybrid, sequential / hybrid
    _say(f"Speedup: {speedup:.2f}x")
    _say(f"Time saved: {saved:.2f} seconds ({saved / sequential:.1%})")
    verdict = "met" if speedup >= _TARGET_SPEEDUP else "missed"
    _say(f"The lesson's target of {_TARGET_SPEEDUP:g}x is {verdict}.")


def _calls(question: str) -> Mapping[str, Callable[[], Any]]:
    """The three calls, each looking its fetcher up in `fanin.capstone` when it is made, so that it can be replaced."""
    return {
        "weather": lambda: capstone.fetch_weather(CITY),
        "news": lambda: capstone.fetch_news(question),
        "knowledge_base": lambda: capstone.query_knowledge_base(question),
    }


def _source(name: str, call: Callable[[], Any], *, found: dict[str, Any], units: int) -> Source:
    async def fetch(_: Question) -> Document:
        result = await call()
        match error_in(result):
            case "":
                found[name] = result
                return Document(str(result), title=name, metadata={"units": units})
            case "timeout":
                raise TimeoutError
            case error:
                raise SourceError(error)

    return source(name=name, timeout=TIMEOUT)(fetch)


def _result(answer: Answer, found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "query": answer.query,
        "success": answer.success,
        "sources": {name: found.get(name) or _failure(outcome) for name, outcome in answer.sources.items()},
        "inferences": [inference.value for inference in answer.inferences],
        "errors": list(answer.errors),
        "execution_time": answer.execution_time,
        "cores_used": answer.cores_used,
    }


def _failure(outcome: Outcome) -> Any:
    return failed(outcome.source, "timeout" if outcome.status == "timeout" else outcome.message or outcome.status)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
