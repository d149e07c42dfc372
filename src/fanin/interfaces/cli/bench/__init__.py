"""`fanin bench`: what fanin does on this machine, against what could be done."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from fanin.errors import ConfigError
from fanin.interfaces.cli.bench import growth, lesson_stages


def bench(
    *,
    sources: Annotated[
        bool,
        Parameter(negative=(), help="Ask 5, 10, 20 and 50 equally slow sources instead: does the time grow?"),
    ] = False,
    json: Annotated[bool, Parameter(negative=(), help="Print the figures as one JSON object.")] = False,
    scale: Annotated[float, Parameter(show=False)] = 1.0,
) -> int:
    """Do the same work in six ways, from one step after another to everything at once on all cores. Takes a minute.

    The work is three fetches, and a second or two of computing on what each of them brings.
    Each way is compared with the best time that any schedule of its kind could reach on this machine.
    """
    if not 0 < scale <= 10:
        raise ConfigError(f"--scale {scale!r}; fanin measured nothing. Give a number above 0 and at most 10.")
    asyncio.run((growth if sources else lesson_stages).measure(scale=scale, json=json))
    return 0
