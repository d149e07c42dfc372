"""What a sentence is about besides its own words: by its title, its heading, and what it refers to (pure)."""

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any, Protocol

from fanin.model import Passage

HEADING, TITLE, BEFORE = 0.9, 0.6, 0.8
"""The weight of a term that stands in the heading, in the title, or in the sentence before one that refers to it."""

STOPS = ".!?"
"""What ends a sentence that leads to nothing."""

SHORT = 40
"""Characters of a sentence that is not understood alone if it has a pronoun: "Slide it up."."""

LONGEST_LIST = 600
"""Characters of a list, and of code, that are quoted with what leads to it."""

MAX_RUN = 400
"""Characters of a sentence together with what it is quoted with."""

ALONE = 0.5
"""The share of the question's terms from which a sentence is understood without the one that it refers to."""

_POINTS = re.compile(r"\b(?:it|its|them|they)\b", re.IGNORECASE)
"""A word of a sentence that leads to a list by which it refers to the one before it: "Check them in this order:"."""

_ITEM = re.compile(r"(?:[-*•‣▪]|[0-9]{1,2}[.)])\s+")
_REFERS = re.compile(
    r"(?:It|Its|They|Their|He|His|She|Her|This|That|These|Those|Such|There|Then|The same"
    r"|Er|Sie|Es|Dies\w*|Dabei|Dort|Il|Elle|Ils|Elles|Ce\w*|Esto|Este|Esta|Ella|Él|Questo|Questa|Esso|Lui|Lei|Isto"
    r"|Isso|Ele|Ela|Het|Hij|Zij|Deze|Dit|Dat)\b"
)
"""How a sentence begins that refers to the one before it."""


class Listing:
    """A list from what leads to it, or from its first item, to its end; `given` are the terms that it need not say.

    `is_in_part`: an item of it is quoted without the others.
    """

    def __init__(self, start: int, given: set[str]) -> None:
        self.start = self.end = start
        self.given = given
        self.items = 0
        self.is_in_part = False


class Spoken(Protocol):
    """A sentence in its place; `follower` is the next one if that refers to it, `heading` what names its subject."""

    follower: Any
    heading: Any
    listing: Any
    quote: str
    matches: Mapping[str, float]
    own: float
    start: int
    end: int
    first: int
    last: int
    led_end: int
    is_item: bool
    goes_on: bool
    has_value: bool
    weak: bool

    @property
    def is_code(self) -> bool:
        """Whether it is a block of code."""
        ...

    def lead_to_list(self) -> None:
        """Know that it leads to a list."""
        ...

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
        counted: dict[str, float] = {}
        for each in found.sentences:
            for term, count in each.matches.items():
                counted[term] = counted.get(term, 0) + count
        self.headed = 0.0
        self.refers, self.about = False, 0.0
        self.asked = False
        self.scope: Set[str] = found.matches.keys()
        self._passage = passage
        self._title = {term: TITLE for term, count in found.matches.items() if count > counted.get(term, 0)}
        self._heading: Spoken | None = None
        self._before: Spoken | None = None
        self._lead: Spoken | None = None
        self._listing: Listing | None = None
        self._earlier: Mapping[str, float] = {}

    def take(self, sentence: Spoken, needed: Set[str]) -> Mapping[str, float]:
        """The terms of the question that the next sentence is about, each with its weight; 1 are those in it.

        It is quoted with its heading when one of the `needed` terms stands there only, and with the sentence that it
        refers to. Code also says what the sentence does that leads to it.
        """
        mark = _ITEM.match(sentence.quote)
        if mark is None and sentence.weak:
            if sentence.is_heading:
                self._heading, self._before, self._listing, self.refers = sentence, None, None, False
                self.asked = sentence.quote[-1] == "?"
                own = dict.fromkeys(sentence.matches, 1.0)
                self.scope = self._title.keys() | own.keys()
                return self._title | own
            if sentence.is_code:
                self._led(sentence)
        own = dict.fromkeys(sentence.matches, 1.0)
        heading: Mapping[str, float] = self._heading.matches if self._heading is not None else {}
        named = not needed.isdisjoint(heading)
        self.about = len(needed & (self._title.keys() | heading.keys())) / len(needed) if needed else 0.0
        known = self._title | dict.fromkeys(heading, HEADING)
        self.refers = self._before is not None and self._refers(sentence, self._before)
        if self._before is not None and self.refers:
            known |= self._earlier
            self._before.follower, self._before.goes_on = sentence, True
            if self._before.is_code:
                self._before.first, sentence.has_value = self._before.start, self._before.has_value
                self._join(sentence, self._before.first)
            elif len(own) < ALONE * len(self.scope) and (sentence.quote[-1] == ":" or _REFERS.match(sentence.quote)):
                self._join(sentence, self._before.first)
        if mark is not None:
            self._listed(sentence, mark.end(), known.keys())
        elif self._listing is not None and not sentence.is_code:
            self._listing = None
        known |= own
        self.scope |= own.keys()
        if named and needed.isdisjoint(own):
            sentence.heading = self._heading
        self._before, self._earlier = sentence, {term: BEFORE * weight for term, weight in known.items()}
        return known

    def _led(self, code: Spoken) -> None:
        """Join code with the sentence or heading that leads to it, which says what it does."""
        lead = self._before or self._heading
        if lead is None or lead.is_code or code.end - lead.first > LONGEST_LIST:
            return
        code.weak = lead.quote[-1] in STOPS
        code.first = lead.first if lead.is_item else lead.start
        code.heading, code.own = lead.heading, max(code.own, lead.own)
        code.matches = {**lead.matches, **code.matches}
        lead.led_end, lead.goes_on = code.end, True
        if lead.is_item and lead.listing is not None:
            code.is_item, code.listing, code.goes_on = True, lead.listing, True
            lead.listing.end = max(lead.listing.end, code.end)

    def _listed(self, item: Spoken, mark: int, given: Set[str]) -> None:
        """Know an item by its mark, and the list by what leads to it, or by its first item, and by its last one."""
        if self._listing is None:
            lead = self._before
            self._lead = lead if lead is not None and lead.quote[-1] not in STOPS else None
            self._listing = Listing(item.start if self._lead is None else self._lead.first, {*given})
            if lead is not None:
                self._listing.given |= lead.matches.keys()
            if self._lead is not None:
                self._lead.listing = self._listing
                self._lead.lead_to_list()
        item.is_item, item.goes_on, item.first = True, True, item.start + mark
        listing = item.listing = self._listing
        if self._lead is not None:
            item.heading, item.weak = self._lead, False
            item.first += _repeated(item.quote[mark:], self._lead.quote)
        listing.items += 1
        if item.end - listing.start <= LONGEST_LIST + (item.first - item.start) * listing.items:
            listing.end = item.end

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
        if before.is_code:
            return sentence.quote[0].islower()
        if before.quote.endswith(":"):
            before.lead_to_list()
            sentence.weak = False
            return True
        between = self._passage.text[before.end - self._passage.start : sentence.start - self._passage.start]
        if before.weak or "\n\n" in between:
            return False
        points = sentence.quote[-1] == ":" or len(sentence.quote) < SHORT
        return _REFERS.match(sentence.quote) is not None or (points and _POINTS.search(sentence.quote) is not None)

    def _join(self, sentence: Spoken, first: int) -> None:
        if sentence.last - first <= MAX_RUN:
            sentence.first = first


def _repeated(item: str, lead: str) -> int:
    """Characters at the beginning of an item that repeat the sentence that leads to its list."""
    name, colon, _ = item.partition(": ")
    return len(name) + 2 if colon and lead.endswith(f"{name}:") else 0
