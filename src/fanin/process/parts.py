"""A large document as parts that idle cores work on side by side, and one analysis made of theirs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, cast

from fanin.documents.document_text import is_markup
from fanin.model import Document
from fanin.process.analysis_shape import Analysis, Statistics
from fanin.process.key_phrases import MAX_PHRASES
from fanin.process.passage_choice import best, conclude
from fanin.text.folding import visible

LARGE = 24_000
"""Characters above which a document is divided."""

PART = 16_000
"""Characters of a part: about 50 ms of work, a few hundred times what handing it over costs."""

_CUTS = ("\n\n", "\n\r\n", "\n", ". ", "。", " ")
"""After which a text may be cut, best first."""


def split(document: Document) -> Sequence[Document]:
    """The document in parts that end where a paragraph does, or at least a sentence or a word; small ones as they are.

    Where it is cut depends on the text only. HTML is not divided, nor is text with terminal escapes, which a cut
    could break.
    """
    text = visible(document.text)
    if len(text) <= LARGE or is_markup(document) or "\x1b" in text:
        return [document]
    bounds = _bounds(text)
    return [
        replace(document, text=text[start:end], part=part, parts=len(bounds) - 1, start=document.start + start)
        for part, (start, end) in enumerate(pairwise(bounds), 1)
    ]


def merge(values: Sequence[Any]) -> dict[str, Any]:
    """One analysis of the document whose parts these are the analyses of, in order."""
    parts = cast("Sequence[Analysis]", values)
    frequencies: Counter[str] = Counter()
    for part in parts:
        frequencies.update(part["statistics"]["frequencies"])
    statistics: Statistics = {
        "passages": sum(part["statistics"]["passages"] for part in parts),
        "frequencies": dict(frequencies),
    }
    tokens = sum(part["tokens"] for part in parts)
    analysis = conclude(
        best((passage for part in parts for passage in part["passages"]), statistics, tokens=tokens),
        phrases=_phrases([part["key_phrases"] for part in parts]),
        tokens=tokens,
        title=parts[0]["title"] if parts else {},
        statistics=statistics,
    )
    return cast("dict[str, Any]", analysis)


def _bounds(text: str) -> list[int]:
    """Where the parts begin, and the end: even steps, each moved to the best place to cut around it."""
    count = -(-len(text) // PART)
    step = len(text) // count
    return [0, *(_cut(text, step * number, step // 8) for number in range(1, count)), len(text)]


def _cut(text: str, near: int, around: int) -> int:
    for mark in _CUTS:
        at = text.rfind(mark, near - around, near + around)
        if at >= 0:
            return at + len(mark)
    return near


def _phrases(lists: Sequence[Sequence[str]]) -> list[str]:
    """The phrases that stand highest in most lists: each place gives the reciprocal of its rank."""
    votes: dict[str, float] = {}
    written: dict[str, str] = {}
    for phrases in lists:
        for rank, phrase in enumerate(phrases, 1):
            key = phrase.casefold().removesuffix("s")
            votes[key] = votes.get(key, 0.0) + 1.0 / rank
            written.setdefault(key, phrase)
    return [written[key] for key in sorted(votes, key=lambda key: -votes[key])[:MAX_PHRASES]]
