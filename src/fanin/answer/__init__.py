"""From the fused passages to an answer with citations."""

from fanin.answer.conflicts import conflicts
from fanin.answer.draft import Draft, standing
from fanin.answer.extractive import extract

__all__ = ["Draft", "conflicts", "extract", "standing"]
