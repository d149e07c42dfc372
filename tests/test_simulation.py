"""Thousands of seeded random questions under the jumping clock; every invariant is checked on each."""

import asyncio
import math
import os
import random

import pytest

from fanin.errors import RateLimited, SourceError
from fanin.model import Document
from fanin.testing import FakePool, FakeSource, run_scenario
from fanin.testing.fakes import Step

SCENARIOS = int(os.environ.get("FANIN_SCENARIOS", "3000"))
WORDS = [
    "harbour",
    "ferry",
    "nine",
    "bread",
    "snow",
    "market",
    "bridge",
    "storm",
    "tide",
    "open",
    "closed",
    "tonight",
    "red",
    "14",
    "kilometres",
]
FAULTS = [ValueError("odd"), ConnectionResetError("gone"), SourceError("bad", "format"), RateLimited("slow", 3.0)]


def text(chance: random.Random) -> str:
    sentences = [" ".join(chance.choices(WORDS, k=chance.randint(1, 12))) for _ in range(chance.randint(0, 6))]
    return " ".join(sentence.capitalize() + "." for sentence in sentences)


def steps(chance: random.Random) -> tuple[Step, ...]:
    script: list[Step] = [(chance.lognormvariate(0, 1), text(chance)) for _ in range(chance.randint(0, 4))]
    if chance.random() < 0.2:
        script.append((chance.random(), chance.choice([*FAULTS, asyncio.CancelledError(), SystemExit(1)])))
    if chance.random() < 0.02:
        script.insert(chance.randint(0, len(script)), (math.inf, None))
    return tuple(script)


def sources(chance: random.Random) -> list[FakeSource]:
    return [
        FakeSource(
            f"s{n}",
            steps(chance),
            timeout=chance.choice([0.5, 1.0, 5.0, 50.0]),
            deaf=chance.choice([0.0] * 20 + [0.01, 3.0, 30.0]),
        )
        for n in range(chance.randint(1, 12))
    ]


def simulate(seed: int) -> tuple[object, ...]:
    chance = random.Random(seed)
    costs = random.Random(seed + 1)
    pace = chance.choice([0.0, 0.01, 0.3, 30.0])

    def cost(_: Document) -> float:
        return costs.random() * pace

    scenario = run_scenario(
        sources(chance),
        question=chance.choice(["Is the harbour open?", "What now?", "bread"]),
        deadline=chance.choice([0.3, 1.0, 3.0, 15.0]),
        pool=FakePool(workers=chance.randint(1, 4), seconds=cost),
        enough=chance.choice([None, None, None, 1, 2, 0.5]),
    )
    answer = scenario.answer
    deaf = sum(outcome.kind == "stuck" for outcome in answer.sources.values())
    assert scenario.left_behind == (deaf + 1 if deaf else 0) or scenario.left_behind <= deaf + 1
    return answer.text, answer.citations, answer.passages, answer.execution_time


@pytest.mark.timeout(600)
def test_every_invariant_holds_on_every_scenario() -> None:
    for seed in range(SCENARIOS):
        try:
            simulate(seed)
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


@pytest.mark.parametrize("seed", range(20))
def test_a_seed_replays_to_the_byte(seed: int) -> None:
    assert simulate(seed) == simulate(seed)
