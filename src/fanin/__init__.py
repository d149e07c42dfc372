"""Ask many sources at once, think on every core, answer on time.

The names below are the public API. They load when they are first used, so that `import fanin` costs next to nothing
in a program and in every worker.
"""

import importlib

from fanin import renamed

TYPE_CHECKING = False  # as type checkers know it; `typing` takes longer to import than all of this
if TYPE_CHECKING:
    from fanin.engine import Engine, ask
    from fanin.errors import ConfigError, EngineClosed, FaninError, PoolError, RateLimited, SourceError, UnknownSource
    from fanin.model import (
        Answer,
        Citation,
        Document,
        Failure,
        Inference,
        Outcome,
        Passage,
        Policy,
        Processor,
        Question,
    )
    from fanin.sources.source import Source, source
    from fanin.timeline import Timeline

__all__ = [
    "Answer",
    "Citation",
    "ConfigError",
    "Document",
    "Engine",
    "EngineClosed",
    "Failure",
    "FaninError",
    "Inference",
    "Outcome",
    "Passage",
    "Policy",
    "PoolError",
    "Processor",
    "Question",
    "RateLimited",
    "Source",
    "SourceError",
    "Timeline",
    "UnknownSource",
    "ask",
    "source",
]

_ROOMS = {
    "fanin.engine": ("Engine", "ask"),
    "fanin.errors": (
        "ConfigError",
        "EngineClosed",
        "FaninError",
        "PoolError",
        "RateLimited",
        "SourceError",
        "UnknownSource",
    ),
    "fanin.model": (
        "Answer",
        "Citation",
        "Document",
        "Failure",
        "Inference",
        "Outcome",
        "Passage",
        "Policy",
        "Processor",
        "Question",
    ),
    "fanin.sources.source": ("Source", "source"),
    "fanin.timeline": ("Timeline",),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'fanin' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return [*__all__, "__all__", "__doc__", "__name__"]


renamed.install()
