"""One text, token by token: what it is made of, and which of it fits a question; apart from any run."""

from fanin.process.full_text.full_analysis import analysis_of

__all__ = ["analysis_of"]
