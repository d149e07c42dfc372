"""Which passages of one question are compared with it by meaning, and when: the best by words first, within bounds."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fanin.embeddings.similarity import Meaning
from fanin.model import Answer, Question
from fanin.run.source_run import Landing

FEW = 5
"""Passages that an answer has room for: of so few, words choose as well, as long as they find an answer."""

EACH = 16
"""Passages of one source that are compared at most: a third of a second on one core."""

ALL = 96
"""Passages of one question that are compared at most: two seconds on one core."""

type Passage = dict[str, Any]
"""A passage of an analysis (see `fanin.process.analysis_shape`), which gets its "meaning"."""


class Weighing:
    """Gives passages of one question their "meaning", until the instant `until` of the loop's clock.

    Which ones does not depend on when they came: each source has its share, and what is left of all goes to the best of
    the others at the end. `always` compares even a few.
    """

    def __init__(self, meaning: Meaning, question: Question, *, sources: int, until: float, always: bool) -> None:
        self._meaning = meaning
        self._question = question
        self._share = min(EACH, ALL // max(1, sources))
        self._until = until
        self._always = always
        self._arrived = self._compared = 0

    async def landed(self, landing: Landing) -> None:
        """Compare the best passages of a source, as soon as there are more than a few."""
        passages = _passages(landing)
        self._arrived += len(passages)
        if self._always or self._arrived > FEW:
            await self._compare([(landing, number, found) for number, found in passages[: self._share]])

    def suffices(self, answer: Answer) -> bool:
        """Whether an answer by words needs no meaning: it says what was asked, and had little to choose from."""
        return not self._always and answer.answered and len(answer.passages) <= FEW

    async def rest(self, landings: Sequence[Landing]) -> None:
        """Compare what is left of the best passages of all sources."""
        left = [
            (place >= self._share, _by_words(found), (landing, number, found))
            for landing in landings
            for place, (number, found) in enumerate(_passages(landing)[:EACH])
            if "meaning" not in found
        ]
        left.sort(key=lambda each: each[:2])
        await self._compare([chosen for _, _, chosen in left[: ALL - self._compared]])

    async def _compare(self, chosen: Sequence[tuple[Landing, int, Passage]]) -> None:
        if not chosen:
            return
        self._compared += len(chosen)
        arrived = asyncio.get_running_loop().time()
        texts = [str(found["text"]) for _, _, found in chosen]
        alike = await self._meaning.compare(self._question.text, texts, until=self._until)
        for (landing, number, found), each in zip(chosen, alike, strict=True):
            if each is not None:
                found["meaning"] = each.meaning
                if each.work is not None:
                    landing.worked(number, each.work, arrived)


def _passages(landing: Landing) -> list[tuple[int, Passage]]:
    """The passages of a source and the number of their document, those first that fit best by their words."""
    found = [(number, passage) for number, value in landing.results.items() for passage in value["passages"]]
    return sorted(found, key=lambda each: (*_by_words(each[1])[:2], each[0], each[1]["start"]))


def _by_words(passage: Passage) -> tuple[int, float]:
    return -len(passage["matches"]), -passage["similarity"]
