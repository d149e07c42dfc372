"""What a sentence is about besides its own words: by its title, its heading, and what it refers to (pure)."""

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any, Protocol

from fanin.model import Passage
from fanin.text.words import technical_tokens

HEADING, TITLE, BEFORE = 0.9, 0.6, 0.8
"""The weight of a term that stands in the heading, in the title, or in the sentence before one that refers to it."""

STOPS = ".!?"
"""What ends a sentence that leads to nothing."""

SHORT = 40
"""Characters of a sentence that is not understood alone if it has a pronoun: "Slide it up."."""

LONGEST_LIST = 600
"""Characters of a list, and of code, that are quoted with what leads to it."""

BELOW_ANOTHER = 0.5
"""A factor for a sentence that stands below the name of another setting than the one that is asked for."""

MAX_RUN = 400
"""Characters of a sentence together with what it is quoted with."""

ALONE = 0.5
"""The share of the question's terms from which a sentence is understood without the one that it refers to."""

_POINTS = re.compile(r"\b(?:it|its|them|they)\b", re.IGNORECASE)
"""A word of a sentence that leads to a list by which it refers to the one before it: "Check them in this order:"."""

_ITEM = re.compile(r"(?:[-*•‣▪]|[0-9]{1,2}[.)])\s+")
_NAME = r"[\w.$/-]+(?:[ ,=|]{1,2}[\w.$<>/-]+){0,3}"
_ENTRY = re.compile(
    r"(?:(?:[-*•‣▪]|[0-9]{1,2}[.)])\s+(?:[^\W\d_a-z][\w ,]{0,60}: )?)?"
    rf"(?:(?=[a-z]|--?[a-z]|[^\s:]*[^\W_][^\W_a-z]|[^\s:]*[_.])(?P<plain>{_NAME})|[`*'\"]{{1,3}}(?P<marked>{_NAME})[`*'\"]{{1,3}})"
    r"(?: \([^()\n]{1,60}\))?(?::\s| [–—-] |\.(?:\s|$))"  # noqa: RUF001  dashes
)
"""How a line begins that tells of one thing by its name: "- `linger` (seconds): How long"."""

_LABEL = re.compile(r"[^\W\d_]{2,20}(?: [^\W\d_]{1,20})?: \S")
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

    passage: Passage
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


class Entry:
    """The name at the beginning of a line that tells of one thing, as a heading of the sentences that follow it."""

    def __init__(self, sentence: Spoken, span: tuple[int, int]) -> None:
        begin, end = span
        self.passage, self.matches = sentence.passage, sentence.matches
        self.start, self.end = sentence.start + begin, sentence.start + end
        self.quote = sentence.quote[begin:end]


class Entries:
    """The lines of a passage that each tell of one thing; `at_hand` is the one of the last sentence, if it has one."""

    def __init__(self, text: str, start: int, around: Set[str]) -> None:
        self.at_hand: Entry | None = None
        self._text, self._start = text, start
        self._around = around

    def scope(self, sentence: Spoken, scope: Set[str]) -> Set[str]:
        """The terms around the next sentence: none yet where an entry begins, else those before it."""
        above = self._text[: sentence.start - self._start].rstrip(" \t")
        if above and above[-1] != "\n":
            return scope
        found = _ENTRY.match(sentence.quote)
        if found is not None and (found["marked"] or found[0].rstrip()[-1] != "."):
            self._around = scope if self.at_hand is None else self._around
            self.at_hand = Entry(sentence, found.span(found.lastgroup or 0))
            return set()
        if self.at_hand is None or not (above.endswith("\n\n") or _ITEM.match(sentence.quote)):
            return scope
        self.at_hand = None
        return self._around

    def continues(self, sentence: Spoken, before: Spoken | None, needed: Set[str]) -> bool:
        """Whether it tells the value of what the sentence before it names, and names nothing itself."""
        if before is None or before.weak or not sentence.has_value or needed.isdisjoint(before.matches):
            return False
        between = self._text[before.end - self._start : sentence.start - self._start]
        return "\n" not in between and not technical_tokens(sentence.quote)


class Context:
    """The context of the sentences of one passage, which are taken one after another.

    `scope` are the terms of the question in the text below the heading; without a heading, in the whole passage.
    `refers` says whether the last sentence refers to the one before it, `about` whether its heading or title has one of
    the terms that are needed; `heading` is the heading in the text. `headed` is for the caller: what a heading gives
    to the sentence below it. With `by_entries`, a line that begins with a name, and a colon or the like, is about that
    thing to its end, and `scope` are the terms in it.
    """

    def __init__(self, passage: Passage, found: Found, *, by_entries: bool = False) -> None:
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
        self.heading: Spoken | None = None
        self._before: Spoken | None = None
        self._lead: Spoken | None = None
        self._listing: Listing | None = None
        self._earlier: Mapping[str, float] = {}
        self._entries = Entries(passage.text, passage.start, self.scope) if by_entries else None

    def take(self, sentence: Spoken, needed: Set[str]) -> Mapping[str, float]:
        """The terms of the question that the next sentence is about, each with its weight; 1 are those in it.

        It is quoted with its heading when one of the `needed` terms stands there only, and with the sentence that it
        refers to. Code also says what the sentence does that leads to it.
        """
        mark = _ITEM.match(sentence.quote)
        if mark is None and sentence.weak:
            if sentence.is_heading and not self._is_labelled(sentence):
                self.heading, self._before, self._listing, self.refers = sentence, None, None, False
                self.asked = sentence.quote[-1] == "?"
                own = dict.fromkeys(sentence.matches, 1.0)
                self.scope = self._title.keys() | own.keys()
                return self._title | own
            if sentence.is_code:
                self._led(sentence)
        own = dict.fromkeys(sentence.matches, 1.0)
        heading: Mapping[str, float] = self.heading.matches if self.heading is not None else {}
        name = None if needed.isdisjoint(heading) else self.heading
        self.about = len(needed & (self._title.keys() | heading.keys())) / len(needed) if needed else 0.0
        known = self._title | dict.fromkeys(heading, HEADING)
        continues = False
        if self._entries is not None:
            if (entry := self._entered(sentence, self._entries)) is not None:
                known |= dict.fromkeys(entry.matches, HEADING)
                name = name if needed.isdisjoint(entry.matches) else entry
            continues = self._entries.continues(sentence, self._before, needed)
        before = self._before
        self.refers = before is not None and (continues or self._refers(sentence, before))
        if before is not None and self.refers:
            known |= self._earlier
            self._follow(sentence, before, continues=continues, named=name is not None)
        if mark is not None:
            self._listed(sentence, mark.end(), known.keys())
        elif self._listing is not None and not sentence.is_code:
            self._listing = None
        known |= own
        self.scope |= own.keys()
        if name is not None and needed.isdisjoint(own):
            sentence.heading = name
        self._before, self._earlier = sentence, {term: BEFORE * weight for term, weight in known.items()}
        return known

    def _entered(self, sentence: Spoken, entries: Entries) -> Entry | None:
        """The entry of the sentence; `scope` is then that of the entry."""
        self.scope = entries.scope(sentence, self.scope)
        return entries.at_hand

    def _follow(self, sentence: Spoken, before: Spoken, *, continues: bool, named: bool) -> None:
        """Know that the sentence refers to the one before it, with which it is quoted unless it says enough alone.

        With entries, one that stands below its name is quoted with that.
        """
        before.follower, before.goes_on = sentence, True
        if before.is_code:
            before.first, sentence.has_value = before.start, before.has_value
            self._join(sentence, before.first)
        elif len(sentence.matches) >= ALONE * len(self.scope) or (self._entries is not None and named):
            pass
        elif continues or sentence.quote[-1] == ":" or _REFERS.match(sentence.quote):
            self._join(sentence, before.first)

    def _is_labelled(self, sentence: Spoken) -> bool:
        """Whether it is one of the short lines below a heading that tell a value each: "Default: 5000"."""
        below = self.heading is not None and (self._before is None or self._before.weak)
        return below and _LABEL.match(sentence.quote) is not None

    def _led(self, code: Spoken) -> None:
        """Join code with the sentence or heading that leads to it, which says what it does."""
        lead = self._before or self.heading
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
        return terms <= (self._title.keys() | self.heading.matches.keys() if self.heading else self._title.keys())

    def share_of_name(self, sentence: Spoken, needed: Set[str]) -> float:
        """How much a sentence is about one of the names that are needed, and not about another one, 0 to 1.

        Nothing if it names another one only, and half below another one's name.
        """
        if sentence.heading is not None:
            return 1.0
        told_alone = needed.isdisjoint(sentence.matches) and sentence.first == sentence.start
        if needed.isdisjoint(self.scope) or (told_alone and technical_tokens(sentence.quote)):
            return 0.0
        heading = self.heading
        another = heading is not None and needed.isdisjoint(heading.matches) and technical_tokens(heading.quote)
        return BELOW_ANOTHER if another else 1.0

    def share_of_rest(self, sentence: Spoken, terms: Set[str]) -> float:
        """The share that the sentence has of the question's terms which its title and heading do not have; 0 to 1.

        A word that stands in every section, such as "default", still tells which sentence of a section answers.
        """
        given = self._title.keys() | (self.heading.matches.keys() if self.heading is not None else ())
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
