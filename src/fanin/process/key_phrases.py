"""Key phrases: the runs of telling words that a text comes back to."""

from collections.abc import Iterator, Sequence
from heapq import nlargest
from itertools import islice

from fanin.process.passages import Sentence
from fanin.text.word_lists import APOSTROPHE

MOST = 8
"""Phrases of a document."""

LONGEST = 3
"""Words of a phrase."""

READ = 2000
"""Sentences that are read for phrases: some 200 KB, by which a document has said what it is about."""

_UNSPACED_FROM = "\u0e00"

_LENGTHS = tuple(length**1.5 for length in range(LONGEST + 1))

type _Place = tuple[int, Sentence, int, int]
"""How often a phrase stands, and where first: its sentence, its first word, its number of words."""


def key_phrases(text: str, sentences: Sequence[Sentence]) -> list[str]:
    """At most 8 phrases of up to 3 words as they stand in the text, the most telling first.

    Candidates are runs of words between stop words and punctuation (the idea of RAKE: Rose et al., Automatic Keyword
    Extraction from Individual Documents, 2010), counted by their stems. A phrase of n words is worth
    n to the power of 1.5 as much as a word that stands as often.
    """
    found: dict[tuple[str, ...], _Place] = {}
    for sentence in islice(sentences, READ):
        for phrase, place in _candidates(sentence):
            known = found.get(phrase)
            found[phrase] = (1, sentence, place, len(phrase)) if known is None else (known[0] + 1, *known[1:])
    best = nlargest(8 * MOST, found.items(), key=_worth)
    return [_as_written(text, place) for _, place in _apart(best)]


def _candidates(sentence: Sentence) -> Iterator[tuple[tuple[str, ...], int]]:
    stems, words = sentence.stems, sentence.words
    for first, opening in enumerate(stems):
        if not opening or opening[0].isdigit() or len(opening) < 2:
            continue
        phrase = (opening,)
        yield phrase, first
        for stem, word in zip(stems[first + 1 : first + LONGEST], words[first + 1 : first + LONGEST], strict=True):
            if not stem or word > _UNSPACED_FROM or opening > _UNSPACED_FROM:
                break
            phrase = (*phrase, stem)
            yield phrase, first


def _worth(item: tuple[tuple[str, ...], _Place]) -> tuple[float, int]:
    phrase, place = item
    return place[0] * _LENGTHS[len(phrase)], -place[1].start


def _apart(best: Sequence[tuple[tuple[str, ...], _Place]]) -> Iterator[tuple[tuple[str, ...], _Place]]:
    """The best phrases, none of which shares a word with a better one."""
    used: set[str] = set()
    left = MOST
    for phrase, place in best:
        if left and used.isdisjoint(phrase):
            used.update(phrase)
            left -= 1
            yield phrase, place


def _as_written(text: str, place: _Place) -> str:
    _, sentence, first, count = place
    words = sentence.words[: first + count]
    written = text[sentence.start : sentence.end]
    low = written.lower().replace(APOSTROPHE, "'")
    at, starts = 0, list[int]()
    for word in words:
        starts.append(low.find(word, at))
        at = starts[-1] + (1 if word > _UNSPACED_FROM else len(word))
    if min(starts) < 0 or len(low) != len(written):
        return " ".join(words[first:])
    return " ".join(written[starts[first] : starts[-1] + len(words[-1])].split())
