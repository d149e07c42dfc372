"""What a sentence is about besides its own words: by its title, its heading, and what it refers to (pure)."""

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any, Protocol

from fanin.model import Passage

HEADING, TITLE, BEFORE = 0.9, 0.6, 0.8
"""The weight of a term that stands in the heading, in the title, or in the sentence before one that refers to it."""

LONGEST_LIST = 600
"""Characters of a list that are quoted with what leads to it."""

MAX_RUN = 400
"""Characters of a sentence together with what it is quoted with."""

ALONE = 0.5
"""The share of the question's terms from which a sentence is understood without the one that it refers to."""

_ITEM = re.compile(r"(?:[-*•‣▪]|[0-9]{1,2}[.)])\s+")
_REFERS = re.compile(
    r"(?:It|Its|They|Their|He|His|She|Her|This|That|These|Those|Such|There|Then|The same"
    r"|Er|Sie|Es|Dies\w*|Dabei|Dort|Il|Elle|Ils|Elles|Ce\w*|Esto|Este|Esta|Ella|Él|Questo|Questa|Esso|Lui|Lei|Isto"
    r"|Isso|Ele|Ela|Het|Hij|Zij|Deze|Dit|Dat)\b"
)
"""How a sentence begins that refers to the one before it."""


class Spoken(Protocol):
    """A sentence in its place; `follower` is the next one if that refers to it, `heading` what it needs to be told."""

    follower: Any
    heading: Any
    quote: str
    matches: Mapping[str, float]
    start: int
    end: int
    first: int
    last: int
    list_end: int
    weak: bool

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading."""
        ...


class Found(Protocol):
    """A passage with its title, and its sentences, by the terms of the question that stand in them."""

    @property
    def matches(self) -> Mapping[str, float]:
        """How often each term stands in the passage and its title."""
        ...

    @property
    def sentences(self) -> Sequence[Counted]:
        """Its sentences."""
        ...


class Counted(Protocol):
    """A sentence by the terms of the question that stand in it."""

    @property
    def matches(self) -> Mapping[str, float]:
        """How often each term stands in it."""
        ...


class Context:
    """The context of the sentences of one passage, which are taken one after another.

    `scope` are the terms of the question in the text below the heading; without a heading, in the whole passage.
    `refers` says whether the last sentence refers to the one before it, `about` whether its heading or title has one of
    the terms that are needed. `headed` is for the caller: what a heading gives to the sentence below it.
    """

    def __init__(self, passage: Passage, found: Found) -> None:
        said: dict[str, float] = {}
        for each in found.sentences:
            for term, count in each.matches.items():
                said[term] = said.get(term, 0) + count
        self.headed = 0.0
        self.refers = self.about = False
        self.scope: Set[str] = found.matches.keys()
        self._passage = passage
        self._title = {term: TITLE for term, count in found.matches.items() if count > said.get(term, 0)}
        self._heading: Spoken | None = None
        self._before: Spoken | None = None
        self._lead: Spoken | None = None
        self._in_list = False
        self._told: Mapping[str, float] = {}

    def take(self, sentence: Spoken, needed: Set[str]) -> Mapping[str, float]:
        """The terms of the question that the next sentence is about, each with its weight; 1 are those in it.

        It is quoted with its heading when one of the `needed` terms stands there only, and with the sentence that it
        refers to.
        """
        own = dict.fromkeys(sentence.matches, 1.0)
        mark = _ITEM.match(sentence.quote)
        if mark is None and sentence.is_heading:
            self._heading, self._before, self._in_list, self.refers = sentence, None, False, False
            self.scope = self._title.keys() | own.keys()
            return self._title | own
        heading: Mapping[str, float] = self._heading.matches if self._heading is not None else {}
        named = not needed.isdisjoint(heading)
        self.about = named or not needed.isdisjoint(self._title)
        known = self._title | dict.fromkeys(heading, HEADING)
        self.refers = self._before is not None and self._refers(sentence, self._before)
        if self._before is not None and self.refers:
            known |= self._told
            self._before.follower = sentence
            if len(own) < ALONE * len(self.scope):
                self._join(sentence, self._before.first)
        self._listed(sentence, 0 if mark is None else mark.end())
        known |= own
        self.scope |= own.keys()
        if named and needed.isdisjoint(own):
            sentence.heading = self._heading
        self._before, self._told = sentence, {term: BEFORE * weight for term, weight in known.items()}
        return known

    def _listed(self, sentence: Spoken, mark: int) -> None:
        """Know an item of a list by its mark, and the sentence that leads to the list by its last item."""
        in_list, self._in_list = self._in_list, mark > 0
        if not mark:
            return
        if not in_list:
            self._lead = self._before
        sentence.first = sentence.start + mark
        if self._lead is not None:
            sentence.heading = self._lead
            if sentence.end - self._lead.first <= LONGEST_LIST:
                self._lead.list_end = sentence.end

    def is_entitled(self, terms: Set[str]) -> bool:
        """Whether title and heading have all of several terms: the text below them is about what is asked."""
        if len(terms) < 2:
            return False
        return terms <= (self._title.keys() | self._heading.matches.keys() if self._heading else self._title.keys())

    def share_of_rest(self, sentence: Spoken, terms: Set[str]) -> float:
        """The share that the sentence has of the question's terms which its title and heading do not have; 0 to 1.

        A word that stands in every section, such as "default", still tells which sentence of a section answers.
        """
        given = self._title.keys() | (self._heading.matches.keys() if self._heading is not None else ())
        rest = terms - given if given else ()
        return len(sentence.matches.keys() & rest) / len(rest) if rest else 0.0

    def _refers(self, sentence: Spoken, before: Spoken) -> bool:
        """Whether the sentence is not understood without the one before it."""
        if before.quote.endswith(":"):
            sentence.weak = False
            return True
        between = self._passage.text[before.end - self._passage.start : sentence.start - self._passage.start]
        return not before.weak and "\n\n" not in between and _REFERS.match(sentence.quote) is not None

    def _join(self, sentence: Spoken, first: int) -> None:
        if sentence.last - first <= MAX_RUN:
            sentence.first = first
