"""`fanin sources reset`: closes the breaker of a source, so that it is asked again at once."""

import asyncio
from collections.abc import Iterable
from typing import Annotated

from cyclopts import Parameter

from fanin.config import Settings, find, load
from fanin.interfaces.cli.options import Config
from fanin.interfaces.cli.terminal import say


def reset(
    name: Annotated[tuple[str, ...], Parameter(help="The sources; at least one.")], /, *, config: Config = None
) -> int:
    """Close the breaker of a source, and end the pause that it asked for: the next question asks it."""
    asyncio.run(reset_all(load(find(config)), name))
    say(f"The next question asks {', '.join(name)}.")
    return 0


async def reset_all(settings: Settings, names: Iterable[str]) -> None:
    """Reset these sources in the store of the settings. Raises UnknownSource."""
    async with settings.engine() as engine:
        for name in names:
            engine.reset(name)
