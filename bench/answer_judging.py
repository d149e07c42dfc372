"""Questions and pairs of texts, and how their answers are judged; `answers.py` asks them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fanin import Answer, Citation, Document
from fanin.text.sentences import sentences

_DIFFERENCE = re.compile(r"(?m)^\w+ differ:.*$")
"""The line that shows a contradiction."""
_MARKS = re.compile(r"\s*((?:\[\d+\])+)")
_TERM = re.compile(r"(?m)^`?([a-z]+(?:_[a-z]+)*)`?(?: \([a-z ]+\))?$")
"""The line above the description of a setting."""
_DEFAULT = re.compile(r"(?i)\bdefault(?: \w+){0,2} is\b|\bdefaults to\b|\bby default\b")
_NAMED = re.compile(r"(?is)\w_\w.*\bdefaults?\b")
"""A default that is told with the name of a setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and what its answer must hold: of each fact one of its wordings; without facts it has no answer.

    `page` is the file that has the answer, "news" for several sources. `section` is the setting that it is about: a
    fact counts only below or beside its name. `not_first` misleads in the first sentence, `never` anywhere.
    """

    kind: str
    question: str
    page: str = ""
    section: str = ""
    facts: Sequence[Sequence[str]] = ()
    not_first: Sequence[str] = ()
    never: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts, each with its day if it has one, and what the answer quotes of each; `differ` if they contradict.

    Two sources say them, or one source in two documents.
    """

    kind: str
    question: str
    texts: Sequence[str]
    sides: Sequence[str]
    differ: bool
    published: Sequence[str] = ("", "")
    one_source: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A question about time, and texts, each as its source, the text, its title and its day.

    Each of `first` must stand in the first sentence, `later` only behind it, `never` nowhere, and `days` somewhere.
    """

    kind: str
    question: str
    said: Sequence[tuple[str, str, str, str]]
    first: Sequence[str]
    later: Sequence[str] = ()
    never: Sequence[str] = ()
    days: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Timed:
    """A question about time, the text of its answer, and which of these hold."""

    asked: Dated
    text: str
    first: bool
    misleading: bool
    dated: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text, with the title and the headings above it."""

    text: str
    above: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question, the text of its answer, and which of these hold.

    `page_at` is the place of the right page in a search, `passage_at` the number of passages that state all facts; 0 if
    they were not found.
    """

    asked: Asked
    text: str
    page_at: int = 0
    passage_at: int = 0
    few: bool = False
    many: bool = False
    fact: bool = False
    first: bool = False
    misleading: bool = False
    silent: bool = False
    words: int = 0

    @property
    def page(self) -> bool:
        """Whether the right page was found."""
        return self.page_at > 0


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair, the text of the answer, whether it tells that sources differ, and whether it quotes both."""

    pair: Pair
    text: str
    alarm: bool
    both: bool


def holds(text: str, fact: str) -> bool:
    """Whether the text has the fact, not within a longer word or number."""
    plain, wanted = (" ".join(each.casefold().split()) for each in (text, fact))
    return re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(wanted)}(?!\w|[.,]\d)", plain) is not None


def states(said: Sequence[Said], asked: Asked) -> bool:
    """Whether there are facts to state, and all are there."""
    told = [each.text for each in said if _is_about(each, asked.section)]
    return bool(asked.facts) and all(
        any(holds(text, wording) for text in told for wording in fact) for fact in asked.facts
    )


def misleads(first: Sequence[Said], said: Sequence[Said], asked: Asked) -> bool:
    """Whether something false for this question is quoted, or the default of another setting that is not named."""
    if any(holds(each.text, wrong) for each in said for wrong in asked.never):
        return True
    begun = states(first, replace(asked, facts=asked.facts[:1]))
    if not begun and any(holds(each.text, wrong) for each in first for wrong in asked.not_first):
        return True
    others = [each.text for each in said if not _is_about(each, asked.section)]
    return any(_DEFAULT.search(text) and not _NAMED.search(text) for text in others)


def _is_about(said: Said, section: str) -> bool:
    return not section or holds(said.text, section) or holds(said.above, section)


def judged(asked: Asked, text: str, said: Sequence[Said], **found: Any) -> Answered:
    first = first_sentence(said)
    return Answered(
        asked=asked,
        text=text,
        fact=states(said, asked),
        first=states(first, replace(asked, facts=asked.facts[:1])),
        misleading=misleads(first, said, asked),
        silent=not said,
        words=len(text.split()),
        **found,
    )


def first_sentence(said: Sequence[Said]) -> list[Said]:
    """The first sentence; all that is cited with it where it introduces a list or a command."""
    if not said:
        return []
    text = said[0].text
    start, end = next(iter(sentences(text)), (0, len(text)))
    first = text[start:end].rstrip()
    return [replace(said[0], text=text if first.endswith(":") else first)]


type Documents = Mapping[tuple[str, int], Document]
"""The documents that an answer may cite, by their source and number."""


def below_headings(document: Document, text: str, start: int = 0) -> Said:
    """A text that starts here in the document: below a term of its own, or else below title and heading."""
    terms = [each[1] for each in _TERM.finditer(document.text, 0, start)]
    return Said(text, terms[-1] if terms else f"{document.title} {document.metadata.get('heading', '')}")


def quoted(answer: Answer, documents: Documents) -> list[Said]:
    """What the answer says up to each of its marks, with what stands above it; nothing if it does not answer."""
    if not answer.answered:
        return []
    pieces = _MARKS.split(_DIFFERENCE.sub("", answer.text))
    return [
        _piece(text.strip(), [each for each in answer.citations if f"[{each.number}]" in marks], documents)
        for text, marks in zip(pieces[:-1:2], pieces[1::2], strict=True)
    ]


def _piece(text: str, cited: Sequence[Citation], documents: Documents) -> Said:
    each = next((one for one in cited if one.quote in text), cited[0])
    return below_headings(documents[each.source, each.document], text, each.start)


def compared(pair: Pair, answer: Answer) -> Compared:
    both = all(holds(answer.text, side) for side in pair.sides)
    return Compared(pair, answer.text, bool(answer.conflicts), both)


def timed(asked: Dated, answer: Answer) -> Timed:
    pieces = _MARKS.split(answer.text)
    first = bool(answer.answered) and all(holds(pieces[0], each) for each in asked.first)
    misleading = any(holds(pieces[0], each) for each in asked.later) or any(holds(answer.text, n) for n in asked.never)
    return Timed(asked, answer.text, first, misleading, all(holds(answer.text, day) for day in asked.days))
