"""Which passages of one question are compared with it by meaning, and when: the best by words first, within bounds."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fanin.embeddings.similarity import Meaning
from fanin.model import Answer
from fanin.run.source_end import SourceResult
from fanin.run.source_input import Compared, Work

FEW = 5
"""Passages that an answer has room for: of so few, words choose as well, as long as they find an answer."""

EACH = 16
"""Passages of one source that are compared at most: a third of a second on one core."""

ALL = 96
"""Passages of one question that are compared at most: two seconds on one core."""


class _Choice(NamedTuple):
    source: str
    document: int
    passage: Mapping[str, Any]
    """A passage of an analysis (see `fanin.process.analysis_shape`)."""

    @property
    def place(self) -> tuple[str, int, int]:
        return self.source, self.document, self.passage["start"]


class SimilarityChoice:
    """Compares passages of one question with it, until the instant `until` of the loop's clock.

    Which ones does not depend on when they came: each source has its share, and what is left of all goes to the best of
    the others at the end. `always` compares even a few.
    """

    def __init__(self, meaning: Meaning, question: str, *, sources: int, until: float, always: bool) -> None:
        self._meaning = meaning
        self._question = question
        self._share = min(EACH, ALL // max(1, sources))
        self._until = until
        self._always = always
        self._arrived = 0
        self._compared = set[tuple[str, int, int]]()

    async def delivered(self, result: SourceResult) -> Mapping[str, Compared]:
        """Compare the best passages of a source that has delivered, as soon as there are more than a few."""
        passages = _passages(result)
        self._arrived += len(passages)
        if self._always or self._arrived > FEW:
            return await self._compare(passages[: self._share])
        return {}

    def suffices(self, answer: Answer) -> bool:
        """Whether an answer by words needs no meaning: it says what was asked, or had little to choose from."""
        few = answer.answered and len(answer.passages) <= FEW
        return not self._always and (few or not answer.success)

    async def rest(self, results: Sequence[SourceResult]) -> Mapping[str, Compared]:
        """Compare what is left of the best passages of all sources."""
        left = [
            (place >= self._share, _by_words(choice.passage), choice)
            for result in results
            for place, choice in enumerate(_passages(result)[:EACH])
            if choice.place not in self._compared
        ]
        left.sort(key=lambda each: each[:2])
        return await self._compare([choice for _, _, choice in left[: ALL - len(self._compared)]])

    async def _compare(self, chosen: Sequence[_Choice]) -> Mapping[str, Compared]:
        """The results for the chosen passages, by source."""
        if not chosen:
            return {}
        self._compared |= {choice.place for choice in chosen}
        clock = asyncio.get_running_loop().time
        submitted = clock()
        texts = [str(choice.passage["text"]) for choice in chosen]
        alike = await self._meaning.compare(self._question, texts, until=self._until)
        similarities: dict[str, dict[tuple[int, int], float]] = {}
        works: dict[str, list[tuple[int, Work]]] = {}
        for choice, each in zip(chosen, alike, strict=True):
            if each is not None:
                _, document, start = choice.place
                similarities.setdefault(choice.source, {})[document, start] = each.meaning
                if each.work is not None:
                    works.setdefault(choice.source, []).append((document, each.work))
        offset = clock() - time.monotonic()
        return {name: Compared(each, works.get(name, ()), submitted, offset) for name, each in similarities.items()}


def _passages(result: SourceResult) -> list[_Choice]:
    """The passages of a source, those first that fit best by their words."""
    found = [
        _Choice(result.name, number, passage)
        for number, value in result.values.items()
        for passage in value["passages"]
    ]
    return sorted(found, key=lambda each: (*_by_words(each.passage)[:2], each.document, each.passage["start"]))


def _by_words(passage: Mapping[str, Any]) -> tuple[int, float]:
    return -len(passage["matches"]), -passage["similarity"]
