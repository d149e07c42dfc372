"""The lesson's simulated inference, with one change: it does a fixed amount of work instead of filling time.

A loop that runs until two seconds are over costs two seconds on a core of its own and on a core that it shares, so it
cannot tell whether work ran in parallel. Here the work is counted in units; how many make `SECONDS` of one core is
measured once in a process, and the count travels with the job, so that every worker does the same work.
"""

import functools
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fanin.model import Document

SECONDS = 2.0
"""CPU seconds of one inference, from the lesson."""

PARTS = 16
"""Parts of a divided inference: about 125 ms of work each, a thousand times what handing one over costs."""

_NUMBERS = 10_000
"""Squares that one unit adds up: a good half millisecond of work."""

_BATCH, _BATCHES = 20, 40
"""Units that are timed at a time, and how often; the fastest batch is what the core does undisturbed and warm."""


def simulate_llm_inference(data: str, *, units: int | None = None) -> str:
    """The simulated analysis of a text, after so many units of work; by default about two seconds of one core."""
    compute(units_of() if units is None else units)
    return f"[LLM Analysis] Processed: {data[:80]}... Result: Summary of key insights."


def infer(_: str, document: Document) -> str:
    """The process function: the analysis of a document after the units of work that its metadata names."""
    return simulate_llm_inference(document.text, units=_units(document))


def split(document: Document, *, parts: int = PARTS) -> Sequence[Document]:
    """The document as parts that share its units of work; each has the whole text, of which the analysis quotes."""
    units = _units(document)
    parts = max(1, min(parts, units))
    return [
        replace(
            document,
            part=part,
            parts=parts,
            metadata={**document.metadata, "units": units * part // parts - units * (part - 1) // parts},
        )
        for part in range(1, parts + 1)
    ]


def merge(values: Sequence[Any]) -> Any:
    """The analysis of the whole, which every part has written."""
    return values[0]


def compute(units: int) -> int:
    """Do so many units of work: each adds up the squares of the first ten thousand numbers."""
    return sum(sum(number**2 for number in range(_NUMBERS)) for _ in range(units))


def units_of(seconds: float = SECONDS) -> int:
    """How many units are so many seconds of one core; at least one. The first call measures for about half a second."""
    return max(1, round(seconds / _unit_seconds()))


@functools.cache
def _unit_seconds() -> float:
    timed: list[float] = []
    for _ in range(_BATCHES):
        begun = time.thread_time()
        compute(_BATCH)
        timed.append(time.thread_time() - begun)
    return max(1e-6, min(timed) / _BATCH)


def _units(document: Document) -> int:
    units = document.metadata.get("units")
    return units if isinstance(units, int) else units_of()
