"""What a question says about how to ask it: which sources fit, and which place, language and days it names (pure).

The names below load when they are first used: most questions need one of them or none.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanin.plan.dates import Period, dates_in, wants_recent
    from fanin.plan.languages import language_in
    from fanin.plan.places import place_in
    from fanin.plan.source_choice import choose
    from fanin.plan.topics import fitting

__all__ = ["Period", "choose", "dates_in", "fitting", "language_in", "place_in", "wants_recent"]

_MODULE_OF = {
    "Period": "days",
    "choose": "source_choice",
    "dates_in": "dates",
    "fitting": "topics",
    "language_in": "languages",
    "place_in": "places",
    "wants_recent": "dates",
}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'fanin.plan' has no attribute {name!r}")
    return getattr(import_module(f"fanin.plan.{_MODULE_OF[name]}"), name)
