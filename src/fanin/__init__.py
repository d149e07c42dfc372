"""Ask many sources at once, think on every core, answer on time.

The names below are the public API. They load when they are first used, so that `import fanin` costs next to nothing
in a program and in every worker.
"""

import importlib

from fanin import renamed

TYPE_CHECKING = False  # as type checkers know it; `typing` takes longer to import than all of this
if TYPE_CHECKING:
    from fanin.ask_once import ask
    from fanin.config.loaded_engine import load
    from fanin.engine import Engine
    from fanin.errors import (
        CircuitOpen,
        ConfigError,
        EngineClosed,
        FailureKind,
        FaninError,
        KnowledgeError,
        PoolError,
        RateLimited,
        SourceError,
        UnknownSource,
    )
    from fanin.events import (
        Answered,
        AskedAgain,
        Cached,
        CircuitOpened,
        Event,
        Fetched,
        Finished,
        Hedged,
        Planned,
        Processed,
        Processing,
        Retrying,
        Revised,
        Skipped,
        Started,
        Waiting,
        Wrote,
    )
    from fanin.limits import Limits
    from fanin.model import (
        Answer,
        Citation,
        Conflict,
        Document,
        Failure,
        Inference,
        Outcome,
        Passage,
        Policy,
        Processor,
        Question,
        Side,
        Status,
        Turn,
        Writing,
    )
    from fanin.sources.source import Source, source
    from fanin.timeline import Timeline

__all__ = [
    "Answer",
    "Answered",
    "AskedAgain",
    "Cached",
    "CircuitOpen",
    "CircuitOpened",
    "Citation",
    "ConfigError",
    "Conflict",
    "Document",
    "Engine",
    "EngineClosed",
    "Event",
    "Failure",
    "FailureKind",
    "FaninError",
    "Fetched",
    "Finished",
    "Hedged",
    "Inference",
    "KnowledgeError",
    "Limits",
    "Outcome",
    "Passage",
    "Planned",
    "Policy",
    "PoolError",
    "Processed",
    "Processing",
    "Processor",
    "Question",
    "RateLimited",
    "Retrying",
    "Revised",
    "Side",
    "Skipped",
    "Source",
    "SourceError",
    "Started",
    "Status",
    "Timeline",
    "Turn",
    "UnknownSource",
    "Waiting",
    "Writing",
    "Wrote",
    "ask",
    "load",
    "source",
]

_NAMES = {
    "fanin.ask_once": "ask",
    "fanin.config.loaded_engine": "load",
    "fanin.engine": "Engine",
    "fanin.errors": (
        "CircuitOpen ConfigError EngineClosed FailureKind FaninError KnowledgeError "
        "PoolError RateLimited SourceError UnknownSource"
    ),
    "fanin.events": (
        "Answered AskedAgain Cached CircuitOpened Event Fetched Finished Hedged Planned "
        "Processed Processing Retrying Revised Skipped Started Waiting Wrote"
    ),
    "fanin.limits": "Limits",
    "fanin.model": (
        "Answer Citation Conflict Document Failure Inference Outcome "
        "Passage Policy Processor Question Side Status Turn Writing"
    ),
    "fanin.sources.source": "Source source",
    "fanin.timeline": "Timeline",
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'fanin' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_MODULE_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return [*__all__, "__all__", "__doc__", "__name__"]


renamed.install()
