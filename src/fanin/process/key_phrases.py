"""Key phrases: the runs of telling words that a text comes back to."""

from collections.abc import Iterator, Sequence
from heapq import nlargest
from itertools import islice

from fanin.process.passages import Sentence
from fanin.text.folding import folded_places, place_after
from fanin.text.word_lists import APOSTROPHE

MAX_PHRASES = 8
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
    """At most 8 phrases of up to 3 words as they stand in the text, the most telling first; none of a single sentence.

    Candidates are runs of words between stop words and punctuation (the idea of RAKE: Rose et al., Automatic Keyword
    Extraction from Individual Documents, 2010), counted by their stems. A phrase of n words is worth
    n to the power of 1.5 as much as a word that stands as often.
    """
    if len(sentences) < 2:
        return []
    found: dict[tuple[str, ...], _Place] = {}
    for sentence in islice(sentences, READ):
        for phrase, place in _candidates(sentence):
            if phrase in found:
                known = found[phrase]
                found[phrase] = (known[0] + 1, *known[1:])
            else:
                found[phrase] = (1, sentence, place, len(phrase))
    best = nlargest(8 * MAX_PHRASES, found.items(), key=_worth)
    read: dict[int, tuple[str, list[tuple[int, int]]]] = {}
    return [_as_written(text, place, read) for _, place in _apart(best)]


def _candidates(sentence: Sentence) -> list[tuple[tuple[str, ...], int]]:
    """The phrases of a sentence, each with the place of its first word."""
    stems, words = sentence.stems, sentence.words
    candidates: list[tuple[tuple[str, ...], int]] = []
    for first, opening in enumerate(stems):
        if not opening or opening[0].isdigit() or len(opening) < 2:
            continue
        phrase = (opening,)
        candidates.append((phrase, first))
        for at in range(first + 1, min(first + LONGEST, len(stems))):
            stem = stems[at]
            if not stem or words[at] > _UNSPACED_FROM or opening > _UNSPACED_FROM:
                break
            phrase = (*phrase, stem)
            candidates.append((phrase, first))
    return candidates


def _worth(item: tuple[tuple[str, ...], _Place]) -> tuple[float, int]:
    phrase, place = item
    return place[0] * _LENGTHS[len(phrase)], -place[1].start


def _apart(best: Sequence[tuple[tuple[str, ...], _Place]]) -> Iterator[tuple[tuple[str, ...], _Place]]:
    """The best phrases, none of which shares a word with a better one."""
    used: set[str] = set()
    left = MAX_PHRASES
    for phrase, place in best:
        if left and used.isdisjoint(phrase):
            used.update(phrase)
            left -= 1
            yield phrase, place


def _as_written(text: str, place: _Place, read: dict[int, tuple[str, list[tuple[int, int]]]]) -> str:
    """The phrase as it stands in its sentence; `read` has the sentences that were read for it, by their start."""
    _, sentence, first, count = place
    if sentence.start not in read:
        written = text[sentence.start : sentence.end]
        read[sentence.start] = written, _spans(written, sentence.words)
    written, spans = read[sentence.start]
    if len(spans) < first + count:
        return " ".join(sentence.words[first : first + count])
    return " ".join(written[spans[first][0] : spans[first + count - 1][1]].split())


def _spans(written: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in their sentence, up to the first that does not stand there as it was read."""
    low, places = folded_places(written)
    low = low.replace(APOSTROPHE, "'")
    spans: list[tuple[int, int]] = []
    at = 0
    for word in words:
        found = low.find(word, at)
        if found < 0:
            break
        end = found + len(word)
        spans.append((places[found], place_after(places, end, len(written))))
        at = found + (1 if word > _UNSPACED_FROM else len(word))
    return spans
