"""What the measurements share: the machine's name, and ways that take turns within one run.

Others may use the machine, so a figure alone says little: each way is measured beside its control, in random order
within each round, and medians are compared. The first round warms up and does not count.
"""

import os
import platform
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping

type Measured = Callable[[], Awaitable[float]]
"""Gives one figure: seconds, or questions a second."""


def machine() -> str:
    cores = f"{os.cpu_count()} cores ({os.process_cpu_count()} for this process)"
    return f"machine: {platform.machine()}, {cores}, Python {platform.python_version()}"


async def seconds(call: Callable[[], Awaitable[object]], *, times: int = 1) -> float:
    """The mean of so many calls in a row."""
    start = time.perf_counter()
    for _ in range(times):
        await call()
    return (time.perf_counter() - start) / times


async def in_turns(ways: Mapping[str, Measured], *, rounds: int) -> dict[str, list[float]]:
    """The figures of every way, round by round."""
    figures: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name in random.sample(list(ways), len(ways)):
            figure = await ways[name]()
            if number:
                figures[name].append(figure)
    return figures


def medians(figures: Mapping[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(each) for name, each in figures.items()}


def verdict(name: str, figure: float, *, most: float = 0.0, least: float = 0.0) -> str:
    """The figure beside what is required of it."""
    kept = figure <= most if most else figure >= least
    wanted = f"at most {most:g}" if most else f"at least {least:g}"
    return f"{name}: {figure:.2f}; required: {wanted}: {'kept' if kept else 'MISSED'}"
