"""Formats of files: bytes in, a text with sections out. They run in worker interpreters."""

from fanin.knowledge.formats.choice import format_of, is_known
from fanin.knowledge.formats.shape import Parsed, Section, Unreadable

__all__ = ["Parsed", "Section", "Unreadable", "format_of", "is_known"]
