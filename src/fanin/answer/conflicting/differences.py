"""Where two sentences differ that are else the same, word for word: in a value, or in what they speak of. Pure.

"The mayor is Ann Lee." and "The mayor is Bob Ray." contradict each other. "In summer it opens at 9." and "In winter it
opens at 11." do not: they differ in a condition as well.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import chain, pairwise
from typing import NamedTuple

from fanin.model import Citation
from fanin.text.bounded_cache import cache_texts
from fanin.text.dates.asked_time import day_of
from fanin.text.opposites import OPPOSITES
from fanin.text.quantities import quantities
from fanin.text.word_lists import CALENDAR
from fanin.text.word_overlap import plain
from fanin.text.words import stem, words

MIN_SAME, MIN_SHARE, MIN_SPECIFIC = 2, 0.5, 3
"""Words that both sentences must have, their share of the shorter one, and words with a meaning if of one source."""

MAX_WORDS = 40
"""Words of the longest sentence that is compared: the time grows with the cube of the words of a hostile one."""

MAX_VALUE = 4
"""Words of the longest value that is compared."""

NEAR = 7
"""Days between two documents of which one contradicts the other, and does not only tell of another time."""

_SHIFTING = re.compile(
    r"\b(?:today|tomorrow|yesterday|tonight|now|currently|at the moment|(?:this|last|next) (?:week|month|year|morning"
    r"|afternoon|evening|night)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b",
    re.IGNORECASE,
)
"""Words that mean another time in each document."""

_BEFORE_CONDITIONS = frozenset(
    ("a", "an", "the", "in", "on", "at", "by", "for", "from", "with", "without", "of", "to", "per", "during", "until")
) | {"since", "under", "over", "version", "edition"}
_ARTICLES = frozenset(("a", "an", "the"))
_BEFORE_PLACES = frozenset(("in", "at", "near", "on"))
_PLACING = frozenset(
    ("built", "found", "held", "located", "born", "is", "are", "was", "were", "lies", "stands", "moved")
)
_PRONOUNS = frozenset(("it", "he", "she", "they", "we", "this", "that", "these", "those", "there", "here"))
_JOINTS = str.maketrans("'\u2019-/\u2013\u2014", "      ")
_DENIALS = frozenset(("not", "never", "no", "doesn't", "don't", "didn't", "isn't", "aren't", "wasn't", "won't"))
_FIGURES = frozenset(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty")
) | (CALENDAR - {"i"})


class Difference(NamedTuple):
    """What one sentence has where the other has something else; `before` are up to two shared words before it."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    before: tuple[str, ...]
    at_end: bool


class Compared(NamedTuple):
    """Two sentences: the words that they share, where they differ, and what one has besides: within, and behind."""

    same: int
    share: float
    differences: Sequence[Difference]
    added: tuple[str, ...]
    behind: bool


def of_two(one: Citation, other: Citation) -> bool:
    """Whether two sentences may contradict each other: of two sources, or of two documents of one.

    In one source, "The default is 3." may speak of anything: they must share enough words to speak of the same.
    """
    if one.source != other.source:
        return True
    return one.document != other.document and len(_content(one.quote) & _content(other.quote)) >= MIN_SPECIFIC


def of_other_times(one: Citation, other: Citation, *, near: int = NEAR) -> bool:
    """Whether two documents are of days more than `near` days apart: then each may have been right on its day.

    Of days that are nearer, or if one has none, they are of other times if a sentence says "today" or the like.
    """
    if one.published[:10] == other.published[:10]:
        return False
    first, second = day_of(one.published), day_of(other.published)
    if first is not None and second is not None and abs((first - second).days) > near:
        return True
    return _SHIFTING.search(f"{one.quote} {other.quote}") is not None


def compare(one: str, other: str) -> Compared:
    """Compare two sentences word by word; one of more than `MAX_WORDS` has nothing in common with any."""
    first, second = words_of(one), words_of(other)
    if max(len(first), len(second)) > MAX_WORDS:
        return Compared(0, 0.0, (), (), behind=False)
    found = opcodes([*map(str.lower, first)], [*map(str.lower, second)])
    same = sum([end - start for kind, start, end, _, _ in found if kind == "equal"])
    last = max([end for kind, _, end, _, _ in found if kind == "equal"], default=0)
    differences = [
        Difference(tuple(first[a:b]), tuple(second[c:d]), tuple(first[max(0, a - 2) : a]), a >= last)
        for kind, a, b, c, d in found
        if kind == "replace"
    ]
    extra = [(*first[a:b], *second[c:d]) for kind, a, b, c, d in found if kind in ("insert", "delete") and a < last]
    behind = any(kind in ("insert", "delete") and a >= last for kind, a, *_ in found)
    share = same / max(1, min(len(first), len(second)))
    return Compared(same, share, differences, tuple(chain.from_iterable(extra)), behind)


def opcodes(one: Sequence[str], other: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """What `difflib.SequenceMatcher.get_opcodes` gives, at once where other words stand in one place."""
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    rest = shorter - start
    behind = next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)
    ends = len(one) - behind, len(other) - behind
    inner, outer = one[start : ends[0]], other[start : ends[1]]
    if not inner or not outer or not set(inner).isdisjoint(other) or not set(outer).isdisjoint(one):
        return SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    found = [
        ("equal", 0, start, 0, start),
        ("replace", start, ends[0], start, ends[1]),
        ("equal", ends[0], len(one), ends[1], len(other)),
    ]
    return [each for each in found if each[1] < each[2]]


class Words(NamedTuple):
    """The words of a sentence in lower case, in order, and each once."""

    spoken: Sequence[str]
    distinct: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of a sentence."""
        spoken = words_of(text.lower())
        return cls(spoken, frozenset(spoken))


def may_differ_in_value(one: Words, other: Words) -> bool:
    """Whether `value_difference` may find one between sentences of these words, seen without comparing them.

    They share a beginning and one other run of words at most, together half of the shorter one.
    """
    if len(one.spoken) > len(other.spoken):
        one, other = other, one
    shorter = len(one.spoken)
    repeated = shorter - len(one.distinct)
    if len(one.distinct & other.distinct) + repeated < max(MIN_SAME, MIN_SHARE * shorter):
        return False
    return one.spoken[0] == other.spoken[0] or not set(pairwise(one.spoken)).isdisjoint(pairwise(other.spoken))


def has_pronoun(text: str) -> bool:
    """Whether a word points to another sentence: "it", "these", "there"."""
    return not _PRONOUNS.isdisjoint(plain_words(text))


def plain_words(text: str) -> list[str]:
    """The words in lower case, where a hyphen or an apostrophe ends a word."""
    return plain(text.lower().translate(_JOINTS))


@cache_texts(entries=4_000, characters=400_000)  # each revision of an answer compares the sentences before
def value_difference(one: str, other: str) -> tuple[str, str] | None:
    """The values in which two sentences differ that are else the same; None if they do not contradict each other."""
    if has_pronoun(one) or has_pronoun(other):
        return None
    found = compare(one, other)
    if found.same < MIN_SAME or found.share < MIN_SHARE:
        return None
    if found.added or len(found.differences) != 1 or not _figures_differ(one, other):
        return None
    (difference,) = found.differences
    if not (_is_opposite(difference) and not found.behind and not _denies(one, other)):
        if difference.at_end:  # what one of them adds at the end is no part of the value
            size = min(len(difference.one), len(difference.other))
            difference = difference._replace(one=difference.one[:size], other=difference.other[:size])
        if not _is_value(difference):
            return None
    return " ".join(difference.one), " ".join(difference.other)


def conditions_differ(one: str, other: str) -> bool:
    """Whether two sentences with other figures also differ in a condition: "in summer" and "in winter"."""
    found = compare(one, other)
    alike = 2 * found.same >= max(len(words_of(one)), len(words_of(other))) - len(found.differences)
    if not alike or len(found.differences) < 2:
        return False
    amounts = [at for at, each in enumerate(found.differences) if any(map(_is_amount, each.one))]
    figure = amounts[0] if amounts else len(found.differences)
    return any(_is_condition(each, leads=at < figure) for at, each in enumerate(found.differences))


def _content(text: str) -> set[str]:
    return {base for word in words(text) if (base := stem(word)) and len(base) > 1 and not base[0].isdigit()}


def words_of(text: str) -> list[str]:
    """The words of a text with spaces, as they are written."""
    return [*filter(None, plain(text))]


def _figures_differ(one: str, other: str) -> bool:
    """Whether the quantities of both cannot be the same; true when one of them has none."""
    first, second = quantities(one), quantities(other)
    if not first or not second:
        return True
    shared = [(a, b) for a in first for b in second if a.dimension == b.dimension]
    if not shared:  # of another unit, or of other things: "900 pounds", "24 aircraft"
        return [a.low for a in first] == [b.low for b in second]
    return any(a.differs(b) for a, b in shared)


def _is_condition(difference: Difference, *, leads: bool) -> bool:
    """Whether the two say when, where or for whom it is so; `leads` if they stand before the figure.

    Behind the figure an article is no sign: "…, the paper says".
    """
    both = difference.one + difference.other
    if {stem(word.lower()) for word in difference.one} == {stem(word.lower()) for word in difference.other}:
        return False
    if not difference.before:
        return len(both) <= MAX_VALUE and not any(map(_is_number, both))
    before = difference.before[-1]
    lettered = all(len(word) == 1 and word.isalpha() for word in both)
    numbered = lettered or (before[:1].isupper() and all(map(_is_number, both)))
    signs = _BEFORE_CONDITIONS if leads else _BEFORE_CONDITIONS - _ARTICLES
    return numbered or (before.lower() in signs and not any(map(_is_amount, both)))


def _is_value(difference: Difference) -> bool:
    """Whether both sides are values of one kind: figures, units of one figure, names, or a verb and its denial."""
    one, other, before = difference.one, difference.other, difference.before
    if max(len(one), len(other)) > MAX_VALUE:
        return False
    if _denies_verb(one, other) or _denies_verb(other, one):
        return True
    if all(map(_is_figure, one + other)) or (
        len(one) == len(other) == 2 and _is_number(one[0]) and _is_number(other[0])
    ):
        return not before or not before[-1][:1].isupper() or before[-1].lower() in CALENDAR
    if before and _is_number(before[-1]):
        return True
    return all(side[0][:1].isupper() and side[-1][:1].isupper() for side in (one, other)) and _is_named(difference)


def _is_opposite(difference: Difference) -> bool:
    one, other = difference.one, difference.other
    return len(one) == len(other) == 1 and other[0].lower() in OPPOSITES.get(one[0].lower(), ())


def _denies(one: str, other: str) -> bool:
    return not _DENIALS.isdisjoint(f"{one} {other}".lower().split())


def _is_named(difference: Difference) -> bool:
    """Whether the names stand where a value does: as the subject, or at the end, but not as a place where it is so."""
    before = difference.before
    if not before:
        return not difference.at_end
    placed = before[-1].lower() in _BEFORE_PLACES
    return difference.at_end and (not placed or before[0].lower() in _PLACING)


def _denies_verb(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the one is a verb, and the other denies it: "causes" and "does not cause"."""
    denied = len(other) > 1 and not _DENIALS.isdisjoint(map(str.lower, other))
    return denied and len(one) == 1 and stem(one[0].lower()) == stem(other[-1].lower())


def _is_number(word: str) -> bool:
    return word[:1].isdigit()


def _is_amount(word: str) -> bool:
    """Whether it is a number that is no year and no number of an edition: the figure itself, and not a condition."""
    return any(map(str.isdigit, word)) and len(word) > 1 and not re.fullmatch(r"(?:1[5-9]|20)\d\d", word)


def _is_figure(word: str) -> bool:
    return any(map(str.isdigit, word)) or word.lower() in _FIGURES
