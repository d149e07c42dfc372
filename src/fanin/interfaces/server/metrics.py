"""What the server counts and measures, for Prometheus; labels are names of sources and statuses, and no more."""

import asyncio
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from fanin.engine import Engine
from fanin.model import Outcome
from fanin.runs.live_run import LiveRun
from fanin.runs.run_manager import RunManager

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""The text format of Prometheus."""

LAG_SECONDS = 0.1
"""Seconds between two measurements of the event loop."""

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0, 60.0)
LAG = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)


class Metrics:
    """The metrics of one server. `shed` gives how many questions were refused, `runs` all runs."""

    def __init__(self, engine: Engine, *, shed: Callable[[], int], runs: Callable[[], RunManager]) -> None:
        made = self.registry = CollectorRegistry()
        source = ("source",)
        self._questions = Counter("fanin_questions", "Questions that ended, by status.", ("status",), registry=made)
        self._seconds = Histogram(
            "fanin_question_seconds", "From a question to its answer.", buckets=SECONDS, registry=made
        )
        self._outcomes = Counter("fanin_source_outcomes", "How sources ended.", ("source", "status"), registry=made)
        self._parts = {
            part: Histogram(f"fanin_source_{part}_seconds", description, source, buckets=SECONDS, registry=made)
            for part, description in (
                ("waiting", "Waits of a source in one question: for attempts, for its turn, and of its documents."),
                ("fetching", "The time that a source took in one question."),
                ("processing", "CPU work on the documents of a source in one question, summed over them."),
            )
        }
        self._counts = {
            name: Counter(f"fanin_source_{name}", description, source, registry=made)
            for name, description in (
                ("documents", "Documents that a source gave."),
                ("attempts", "Attempts to ask a source."),
                ("hedges", "Second calls, made because the first was late."),
                ("cached", "Answers of a source that came from the cache."),
            )
        }
        self._lag = Histogram("fanin_loop_lag_seconds", "How late the event loop was.", buckets=LAG, registry=made)
        made.register(_Now(engine, shed, runs))

    def see(self, run: LiveRun) -> None:
        """Count a run that has ended."""
        self._questions.labels(run.status or "failed").inc()
        if (answer := run.answer) is None:
            return
        self._seconds.observe(answer.execution_time)
        for name, outcome in answer.sources.items():
            self._see_outcome(name, outcome)

    def _see_outcome(self, name: str, outcome: Outcome) -> None:
        self._outcomes.labels(name, outcome.status).inc()
        if outcome.status == "skipped":
            return
        for part, histogram in self._parts.items():
            histogram.labels(name).observe(getattr(outcome, part))
        for each, counter in self._counts.items():
            counter.labels(name).inc(float(getattr(outcome, each)))

    async def watch_loop(self, late: Callable[[float], None]) -> None:
        """Measure the event loop from now on; calls `late` each time with how many seconds late it is."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_SECONDS
            await asyncio.sleep(LAG_SECONDS)
            seconds = max(0.0, loop.time() - due)
            self._lag.observe(seconds)
            late(seconds)

    def text(self) -> bytes:
        """All metrics, in the text format."""
        return generate_latest(self.registry)


class _Now(Collector):
    """What is read when it is asked for: questions and workers."""

    def __init__(self, engine: Engine, shed: Callable[[], int], runs: Callable[[], RunManager]) -> None:
        self._engine = engine
        self._shed = shed
        self._runs = runs

    def collect(self) -> Iterator[Metric]:
        """The metrics as they are now."""
        counts = self._engine.statistics()
        pool = counts["pool"]
        yield CounterMetricFamily("fanin_questions_shed", "Questions that were refused.", value=self._shed())
        runs = self._runs()
        yield GaugeMetricFamily("fanin_questions_running", "Questions that run now.", value=len(runs.running))
        yield GaugeMetricFamily("fanin_runs_unwritten", "Runs that wait to be written.", value=runs.unwritten)
        yield CounterMetricFamily("fanin_runs_lost", "Runs that could not be kept.", value=runs.lost)
        yield GaugeMetricFamily(
            "fanin_calls_stuck", "Calls that did not stop when they were cancelled.", value=counts["stuck"]
        )
        for name in ("workers", "running", "waiting", "stuck"):
            message = f"Of the pool for CPU work: {name}."
            yield GaugeMetricFamily(f"fanin_pool_{name}", message, value=pool.get(name, 0))
        for name in ("jobs", "failures", "on_loop"):
            message = f"Of the pool for CPU work: {name}, since the start."
            yield CounterMetricFamily(f"fanin_pool_{name}", message, value=pool.get(name, 0))
