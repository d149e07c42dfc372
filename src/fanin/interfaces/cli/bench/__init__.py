"""`fanin bench`: what fanin does on this machine, against what could be done."""

from typing import Annotated

from cyclopts import Parameter

from fanin.errors import ConfigError


def bench(
    *,
    sources: Annotated[
        bool, Parameter(negative=(), help="Ask 5, 10, 20 and 50 sources of equal latency instead.")
    ] = False,
    json: Annotated[bool, Parameter(negative=(), help="Print the figures as JSON.")] = False,
    scale: Annotated[float, Parameter(show=False)] = 1.0,
) -> int:
    """Run three fetches and three inferences in six ways, from one after another to pipelined and divided."""
    import asyncio

    from fanin.interfaces.cli.bench import growth, lesson_stages

    if not 0 < scale <= 10:
        raise ConfigError(f"--scale {scale!r}; fanin measured nothing. Give a number above 0 and at most 10.")
    asyncio.run((growth if sources else lesson_stages).measure(scale=scale, json=json))
    return 0
