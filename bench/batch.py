"""What does a batch reach of what its sources' rates and the cores allow, and what does its journal cost?

Run `scripts/bench batch`, with `--questions 5000` for the whole. The sources are simulated, five of them, which take 20
to 200 ms and allow so many calls a second.

- The bound: no batch is quicker than its slowest rate, nor than the CPU time of its questions, which is measured with
  the same questions to sources that answer at once and allow any rate.
- The journal: the same questions with `Engine.batch`, which keeps nothing, in turns.
- Memory: of a batch of twice as many questions beside the first one's.
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from contextlib import closing
from pathlib import Path

from measuring import in_turns, machine, medians, verdict

import fanin
from fanin.batch.adaptive_limit import AdaptiveLimit
from fanin.batch.batch_journal import BatchJournal
from fanin.batch.batch_run import BatchOptions, BatchRun
from fanin.batch.input_rows import InputRows
from fanin.batch.question_template import QuestionTemplate
from fanin.sources.simulated import simulated

LATENCIES = (0.02, 0.05, 0.1, 0.15, 0.2)
"""Seconds of each source."""

TEXTS = (
    "{question} is open until nine tonight.",
    "A lift for boats was built at {question} in 1998.",
    "Visitors of {question} pay 12 euros a night.",
    "Ferries leave from {question} every hour in summer.",
    "The café beside {question} serves breakfast from seven.",
)
"""What each source says."""

AT_ONCE = 64
"""Questions at a time where the journal is measured: where their number is found, it varies."""

REACHED, JOURNAL, GROWTH = 0.85, 1.03, 1.1
"""Share of the bound that is required; time with a journal beside that without; memory for twice as many questions."""


def engine(latencies: tuple[float, ...], rate: str | None = None) -> fanin.Engine:
    policy = fanin.Policy(rate=rate) if rate else fanin.Policy()
    sources = [
        simulated(f"source{number}", latency=latency, text=text)
        for number, (latency, text) in enumerate(zip(latencies, TEXTS, strict=True))
    ]
    return fanin.Engine(sources, policy=policy, deadline="60s", semantic=False)


async def kept(
    folder: Path, count: int, latencies: tuple[float, ...], rate: str | None = None, limit: AdaptiveLimit | None = None
) -> float:
    """The seconds of a batch with its journal."""
    path, journal = folder / "q.jsonl", BatchJournal(folder / "journal", {}, resume=False)
    path.write_text("".join(json.dumps({"question": f"Harbour {number}?"}) + "\n" for number in range(count)))
    begun = time.perf_counter()
    with closing(InputRows(path)) as rows:
        async with engine(latencies, rate) as opened:
            run = BatchRun(rows, journal, BatchOptions(QuestionTemplate(), limit or AdaptiveLimit()))
            await run.run(opened)
    took = time.perf_counter() - begun
    journal.close(remove=True)
    assert run.statistics.answered == count, run.statistics
    return took


async def unkept(count: int, latencies: tuple[float, ...]) -> float:
    """The seconds of the same questions without one."""
    begun = time.perf_counter()
    async with engine(latencies) as opened:
        questions = (f"Harbour {number}?" for number in range(count))
        answers = opened.batch(questions, ordered=False, concurrency=AT_ONCE)
        assert len([answer async for answer in answers if answer.success]) == count
    return time.perf_counter() - begun


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--questions", type=int, default=1_000)
    options.add_argument("--rate", type=int, default=100, help="calls a second that each source allows")
    given = options.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder, count = Path(name), given.questions
        few = min(count, 500)
        instant = (0.0,) * len(LATENCIES)
        await kept(folder, 50, instant)
        cpu = await kept(folder, few, instant) / few * count
        bound = max(cpu, count / given.rate)
        took = await kept(folder, count, LATENCIES, f"{given.rate}/s")
        print(
            f"{count:,} questions: {took:.1f} s; the bound: {count / given.rate:.1f} s of rate, {cpu:.1f} s of CPU time"
        )
        print(verdict("bound / batch", bound / took, least=REACHED))
        fixed = AdaptiveLimit(first=AT_ONCE, fixed=True)
        ways = {"kept": lambda: kept(folder, few, LATENCIES, limit=fixed), "unkept": lambda: unkept(few, LATENCIES)}
        figures = medians(await in_turns(ways, rounds=5))
        print(verdict("with a journal / without", figures["kept"] / figures["unkept"], most=JOURNAL))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        await kept(folder, 2 * count, instant)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"memory at most {after / 1024:.0f} MB")
        print(verdict("memory of twice as many / before", after / before, most=GROWTH))


if __name__ == "__main__":
    asyncio.run(main())
