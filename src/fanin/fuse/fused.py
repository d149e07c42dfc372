"""What fusing gives: the passages of all sources in one order, and what the answer has to know about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from fanin.model import Passage
from fanin.text.relevance import Measure


class Sentence(NamedTuple):
    """A sentence of a passage: its span, how often the question's terms stand in it, and how alike it is, 0 to 1."""

    start: int
    end: int
    matches: Mapping[str, float]
    similarity: float


@dataclass(frozen=True, slots=True)
class Fused:
    """The passages, best first, and beside each its sentences and how well it fits the question (0: not at all).

    `matches` counts the question's terms in each passage and its title; `freshness` says how near it is, 0 to 1, to
    the days that were asked for, and is 0 when none were. `unread` is true when a document was not read to its end.
    `merged` says of each document whose passages all stand elsewhere where they do; `empty` names the documents
    without any words. Every document that arrived is kept (it has a passage here), merged or empty.
    """

    passages: tuple[Passage, ...] = ()
    sentences: tuple[tuple[Sentence, ...], ...] = ()
    fits: tuple[float, ...] = ()
    matches: tuple[Mapping[str, float], ...] = ()
    freshness: tuple[float, ...] = ()
    unread: bool = False
    measure: Measure = field(default_factory=lambda: Measure({}, 0.0, 1.0))
    merged: Mapping[str, str] = field(default_factory=dict[str, str])
    empty: tuple[str, ...] = ()
