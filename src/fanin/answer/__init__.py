"""From the fused passages to an answer with citations.

The names below load when they are first used: figures are compared only where several are quoted.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanin.answer.conflicting.conflicts import conflicts
    from fanin.answer.draft import Draft, standing
    from fanin.answer.extractive import extract

__all__ = ["Draft", "conflicts", "extract", "standing"]

_MODULE_OF = {"Draft": "draft", "conflicts": "conflicting.conflicts", "extract": "extractive", "standing": "draft"}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'fanin.answer' has no attribute {name!r}")
    return getattr(import_module(f"fanin.answer.{_MODULE_OF[name]}"), name)
