"""From the fused passages to an answer with citations."""

from fanin.answer.extractive import extract

__all__ = ["extract"]
