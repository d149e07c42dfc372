"""Does fanin live long and end well? Run `python bench/soak.py [--minutes M] [--share S] [PART …]`.

Four parts, each with its count in a full run: 5,000 cycles of open, ask, close; 300 programs with 32 workers that end
at random instants; 20,000 questions on one engine with every policy on, 2,000 of them cancelled; 500 stops of work that
holds locks. `--share` takes that part of each count (0.01 is a short run), `--minutes` ends each part after its part of
so many minutes (10 in all unless told otherwise). The exit status is 1 when something crashed, hung, leaked, or left a
lock or a permit taken.
"""

import argparse
import asyncio
import gc
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent import interpreters
from pathlib import Path
from typing import Any

from work.soak_work import LOCK, count_words, hold_lock

import fanin
from fanin.model import Document, Policy, Question
from fanin.pools.pool_choice import choose

COUNTS = {"cycles": 5000, "programs": 300, "questions": 20_000, "stops": 500}
GROWTH = 1024
"""Bytes of memory for each cycle or question beyond which there is a leak; short runs may take SLACK besides."""
SLACK = 12_000_000
CHANCE = random.Random(11)


def resources() -> dict[str, int]:
    return {
        "threads": threading.active_count(),
        "descriptors": len([*Path("/proc/self/fd").iterdir()]),
        "interpreters": len(interpreters.list_all()),
        "memory": int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"),
    }


async def settled(before: dict[str, int], *, seconds: float = 20.0) -> dict[str, int]:
    """The resources when threads, descriptors and interpreters are back to what they were, or after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        gc.collect()
        now = resources()
        if all(now[name] <= before[name] for name in before if name != "memory") or time.monotonic() > end:
            return now
        await asyncio.sleep(0.05)


def leaks(before: dict[str, int], after: dict[str, int], *, rounds: int) -> list[str]:
    grown = [
        f"{name} {before[name]} → {after[name]}" for name in before if name != "memory" and after[name] > before[name]
    ]
    more = after["memory"] - before["memory"]
    return grown + ([f"memory +{more / rounds:.0f} bytes a round"] if more > SLACK + GROWTH * rounds else [])


def source(name: str, *, seconds: float = 0.0, failing: float = 0.0, policy: Policy | None = None) -> fanin.Source:
    async def fetch(question: Question) -> Any:
        await asyncio.sleep(CHANCE.expovariate(1 / seconds) if seconds else 0.0)
        if CHANCE.random() < failing:
            raise OSError("it fails now and then")
        yield Document(f"The harbour is open until nine, says {name} about {question.text}.", title=name)

    return fanin.Source(name, fetch, timeout=1.0, policy=policy)


def lock_holding_source(question: Question) -> None:  # a plain function, in a thread of the main interpreter
    while True:
        with LOCK:
            len(question.text)


type Until = Callable[[int], Iterator[int]]


async def cycles(until: Until) -> list[str]:
    """Open an engine with two workers, ask, close."""
    before, rounds, faults = {}, 0, Counter[str]()
    for rounds in until(COUNTS["cycles"]):
        sources = [source("a"), source("b", seconds=0.002)]
        async with fanin.Engine(sources, deadline=5.0, process=count_words, workers=2, semantic=False) as engine:
            answer = await engine.ask("Is the harbour open?")
            faults.update(each.status for each in answer.sources.values() if each.status != "ok")
        if rounds == 20:  # what is loaded and remembered once is there now
            before = await settled(dict.fromkeys(resources(), 0), seconds=3.0)
    told = [f"{count} outcomes were {status!r}" for status, count in faults.items()]
    return told + (leaks(before, await settled(before), rounds=rounds) if before else [])


PROGRAM = """
import asyncio, sys, time
sys.path.insert(0, {bench!r})
import fanin
from soak import count_words, source

async def main():
    try:
        async with fanin.Engine([source("a"), source("b")], process=count_words, workers=32, semantic=False) as engine:
            await engine.ask("Is the harbour open?")
            await asyncio.sleep({seconds})
    finally:
        print(time.time(), flush=True)

if __name__ == "__main__":
    {end}
"""
ENDS = {
    "asyncio.run(main())": {0},
    "asyncio.run(main()); sys.exit(7)": {7},
    "asyncio.run(asyncio.wait_for(main(), {late}))": {0, 1},
    "asyncio.run(main())  # SIGINT": {0, 1, 130, -2},
    "asyncio.run(main())  # SIGTERM": {0, -15},
}
"""How programs end, and the statuses that this may give: a signal may come before the first line or after the last."""


async def programs(until: Until) -> list[str]:
    """Programs with 32 workers that end at a random instant: by themselves, by an exception, or by a signal."""
    seen, late = Counter[str](), [0.0]
    for number in until(COUNTS["programs"]):
        end, statuses = list(ENDS.items())[number % len(ENDS)]
        seconds = CHANCE.uniform(0.0, 1.5)
        code = PROGRAM.format(bench=str(Path(__file__).parent), seconds=seconds, end=end.format(late=seconds / 2))
        status, took, errors = await asyncio.to_thread(run_program, code, end.rpartition("# ")[2], seconds)
        late.append(took)
        if status not in statuses:
            seen[f"{end}: status {status}"] += 1
            print(errors[-3000:], file=sys.stderr)
    print(
        f"    from close() to the end of a program: median {statistics.median(late):.2f} s, at most {max(late):.2f} s"
    )
    return [f"{count} times {what}" for what, count in seen.items()]


def run_program(code: str, number: str, seconds: float) -> tuple[int, float, str]:
    """The status of a program, the seconds from the end of `close()` to its own, and what it complained of."""
    file = Path(f"/tmp/fanin_soak_{os.getpid()}.py")
    file.write_text(code)
    process = subprocess.Popen([sys.executable, file], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        if number.startswith("SIG"):
            time.sleep(seconds)
            process.send_signal(getattr(signal, number))
        out, errors = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        return 999, 60.0, "it hung\n" + process.communicate()[1]
    finally:
        file.unlink()
    return process.returncode, time.time() - float(out) if out else 0.0, errors


POLICY = Policy(retries=1, rate=(2000, 1.0), concurrency=8, breaker=True, hedge=True, cache=0.05, stale=1.0)


async def questions(until: Until) -> list[str]:
    """Many questions on one engine, a tenth of them cancelled at a random instant."""
    sources = [source(f"s{number}", seconds=0.002, failing=0.03, policy=POLICY) for number in range(4)]
    before, rounds, faults, flying = {}, 0, Counter[str](), set[asyncio.Task[Any]]()
    async with fanin.Engine(sources, deadline=3.0, process=count_words, workers=2, semantic=False) as engine:
        for rounds in until(COUNTS["questions"]):
            task = asyncio.create_task(engine.ask(f"Is harbour {rounds % 700} open?"))
            flying.add(task)
            if rounds % 10 == 0:
                asyncio.get_running_loop().call_later(CHANCE.uniform(0, 0.02), task.cancel)
            if len(flying) >= 40:
                done, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
                faults.update(repr(each.exception()) for each in done if not each.cancelled() and each.exception())
            if rounds == 1000:
                before = resources()
        await asyncio.gather(*flying, return_exceptions=True)
        told = [f"{count} times {what}" for what, count in faults.items()]
        counts = engine.statistics()
        told += [f"{name} is {counts[name]}" for name in ("running", "stuck") if counts[name]]
        told += await permits(engine)
        if before:
            told += leaks(before, await settled(before), rounds=rounds)
    return told


async def permits(engine: fanin.Engine) -> list[str]:
    """Whether as many calls as ever are let through at a time."""
    await asyncio.sleep(0.3)
    answers = await asyncio.gather(*(engine.ask(f"Permit {number}?", fresh=True) for number in range(8)))
    shut = Counter(each.status for answer in answers for each in answer.sources.values())
    bad = {status: count for status, count in shut.items() if status in ("shed", "rate_limited", "timeout")}
    return [f"afterwards {count} calls were {status}" for status, count in bad.items()]


async def stops(until: Until) -> list[str]:
    """Work that holds a lock is stopped in threads, and a plain function as a source."""
    pool, left, loop = choose("threads", workers=1, work=hold_lock), Counter[str](), asyncio.get_running_loop()
    for number in until(COUNTS["stops"]):
        soon = 0.003 + 0.0005 * (number % 20)
        if number % 2:
            await pool.submit(hold_lock, "", Document(""), deadline=loop.time() + soon)
        else:
            plain = fanin.source(name="plain", timeout=soon)(lock_holding_source)
            async with fanin.Engine([plain], deadline=1.0, pool="inline", semantic=False) as engine:
                await engine.ask("Who holds the lock?")
        if not await freed():
            left["thread" if number % 2 else "source"] += 1
    await pool.close()
    return [f"{count} times a lock left taken by a {kind}" for kind, count in left.items()]


async def freed() -> bool:
    """Whether the lock can be had within two seconds; it is given back."""
    for _ in range(400):
        if LOCK.acquire(blocking=False):
            LOCK.release()
            return True
        await asyncio.sleep(0.005)
    LOCK.release()
    return False


PARTS: dict[str, Callable[[Until], Awaitable[list[str]]]] = {
    "cycles": cycles,
    "programs": programs,
    "questions": questions,
    "stops": stops,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}; all of them if none")
    parser.add_argument("--share", type=float, default=1.0, help="of each count, 0.01 for a short run")
    parser.add_argument("--minutes", type=float, default=10.0, help="in all; each part ends after its part of them")
    options = parser.parse_args()
    faults = 0
    for name in options.parts:
        begun, done = time.monotonic(), [0]

        def until(count: int, begun: float = begun, done: list[int] = done) -> Iterator[int]:
            for number in range(1, max(1, round(count * options.share)) + 1):
                if time.monotonic() - begun > 60 * options.minutes / len(options.parts):
                    return
                done[0] = number
                yield number

        told = asyncio.run(PARTS[name](until))
        print(
            f"{name}: {done[0]} of {COUNTS[name]} in {time.monotonic() - begun:.0f} s: {'; '.join(told) or 'well'}",
            flush=True,
        )
        faults += len(told)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
