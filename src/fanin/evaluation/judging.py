"""What is right and wrong in one answer. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from fanin.evaluation.expected_answer import Expected
from fanin.evaluation.expected_facts import holds
from fanin.model import Answer, Outcome, Passage
from fanin.text.sentences import sentences
from fanin.values import value

_MARK = re.compile(r"\[\d+\]")


@value
class Given:
    """What one source gave for a question: which facts, which expected documents, and whether it is cited."""

    status: str
    seconds: float
    facts: frozenset[int] = frozenset()
    documents: frozenset[int] = frozenset()
    cited: bool = False


@value
class Judged:
    """One answer. What cannot be judged, as there are no facts or documents, is None.

    `ranks` are the places of the expected documents among those found, from 1; 0 for one that was not found. `cost` is
    in US dollars, `seconds` is the time of the answer.
    """

    expected: Expected
    text: str
    ranks: tuple[int, ...]
    in_passages: bool | None
    in_answer: bool | None
    in_first_sentence: bool | None
    silent: bool
    contradiction: bool
    seconds: float
    cost: float
    sources: Mapping[str, Given] = field(default_factory=dict[str, Given])

    @property
    def right(self) -> bool:
        """Whether the answer is what was expected: all facts, or silence; without facts, one of the documents."""
        if self.expected.unanswerable:
            return self.silent
        return any(self.ranks) if self.in_answer is None else self.in_answer


def judged(expected: Expected, answer: Answer) -> Judged:
    """The answer, judged by what was expected."""
    silent = not answer.answered or not answer.text.strip()
    said = "" if silent else _MARK.sub("", answer.text)
    return Judged(
        expected,
        answer.text,
        tuple(_ranks(expected.documents, answer.passages)),
        _all_in([each.text for each in answer.passages], expected),
        _all_in([said], expected),
        _all_in(["" if silent else first_sentence(answer.text)], expected),
        silent,
        bool(answer.conflicts),
        answer.execution_time,
        (answer.writing.cost or 0.0) if answer.writing else 0.0,
        {name: _given(expected, answer, outcome) for name, outcome in answer.sources.items()},
    )


def first_sentence(text: str) -> str:
    """The first sentence without its marks; one that introduces a list or a command, with that."""
    start, end = next(iter(sentences(text)), (0, len(text)))
    if text[start:end].rstrip().endswith(":"):
        mark = _MARK.search(text, end)
        end = mark.start() if mark else len(text)
    return _MARK.sub("", text[start:end])


def _all_in(texts: Sequence[str], expected: Expected) -> bool | None:
    if not expected.facts:
        return None
    return all(any(holds(text, fact) for text in texts) for fact in expected.facts)


def _ranks(documents: Sequence[str], passages: Iterable[Passage]) -> Iterator[int]:
    found = {each.document_id: each for each in reversed(list(passages))}
    ranked = list({each.document_id: found[each.document_id] for each in passages}.values())
    for name in documents:
        yield next((place for place, each in enumerate(ranked, 1) if _is(each, name)), 0)


def _is(passage: Passage, name: str) -> bool:
    """Whether it is of the document with this address, end of an address, or title."""
    address = passage.url.rstrip("/")
    return (
        name in (passage.title, passage.url) or address == name.rstrip("/") or address.endswith(f"/{name.strip('/')}")
    )


def _given(expected: Expected, answer: Answer, outcome: Outcome) -> Given:
    own = [each for each in answer.passages if outcome.source in _sources(each)]
    return Given(
        outcome.status,
        outcome.fetching,
        frozenset(at for at, fact in enumerate(expected.facts) if any(holds(each.text, fact) for each in own)),
        frozenset(at for at, name in enumerate(expected.documents) if any(_is(each, name) for each in own)),
        any(each.source == outcome.source for each in answer.citations),
    )


def _sources(passage: Passage) -> set[str]:
    """The source of a passage, and those that say the same."""
    return {passage.source, *(each.rpartition("/")[0] for each in passage.also)}
