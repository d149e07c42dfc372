"""Compares the best passages of one question with it by meaning, once all sources have delivered."""

import asyncio
import time

from fanin.answer.silence_notes import MAY_NOT_ANSWER
from fanin.embeddings.similarity import Meaning
from fanin.model import Answer
from fanin.run.source.source_input import Compared

FEW_PASSAGES = 5
"""Passages that an answer has room for: of so few, words choose as well, as long as they find an answer."""

MOST_COMPARED = 16
"""Passages that are compared with one question: a third of a second on one core."""


class SimilarityChoice:
    """Compares the best passages of an answer with its question, until the instant `until` of the loop's clock.

    Which ones does not depend on when they came, since all have come. `always` compares even a few.
    """

    def __init__(self, meaning: Meaning, question: str, *, until: float, always: bool) -> None:
        self._meaning = meaning
        self._question = question
        self._until = until
        self._always = always

    def suffices(self, answer: Answer) -> bool:
        """Whether an answer by words needs no meaning: it says what was asked, and had little to choose from."""
        sure = answer.answered and MAY_NOT_ANSWER not in answer.notes
        few = sure and len(answer.passages) <= FEW_PASSAGES
        return not self._always and (few or not answer.success)

    async def compare(self, answer: Answer) -> dict[str, Compared]:
        """The similarities of the best passages of an answer by words, by source."""
        clock = asyncio.get_running_loop().time
        submitted, best = clock(), answer.passages[:MOST_COMPARED]
        likenesses = await self._meaning.compare(self._question, [each.text for each in best], until=self._until)
        offset = clock() - time.monotonic()
        found = [(passage, each) for passage, each in zip(best, likenesses, strict=True) if each is not None]
        return {
            name: Compared(
                {(passage.document, passage.start): each.meaning for passage, each in found if passage.source == name},
                [(passage.document, each.work) for passage, each in found if passage.source == name and each.work],
                submitted,
                offset,
            )
            for name in {passage.source for passage, _ in found}
        }
