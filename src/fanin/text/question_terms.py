"""What a question is about: its words without those that only ask, and their stems."""

from typing import NamedTuple

from fanin.text.bounded_cache import cache_texts
from fanin.text.languages.function_words import function_words
from fanin.text.word_lists import ASKING, STOP_WORDS
from fanin.text.words import stem, words

READ, MOST = 4000, 32
"""Characters of a question that are read, and the largest number of its words that count."""


class QuestionTerms(NamedTuple):
    """The distinct words that say what a question is about, as written, and their distinct stems, both in order.

    Every word with one of the stems begins with one of the `beginnings`; a word that does not need not be stemmed.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    beginnings: tuple[str, ...]


@cache_texts(entries=256, characters=50_000)
def question_terms(question: str) -> QuestionTerms:
    """The terms of a question; none when it only asks."""
    said = [word.partition("'s")[0] if word.endswith("'s") else word for word in words(question[:READ])]
    silent = function_words(said)
    about = [
        word
        for word in said
        if word not in STOP_WORDS and word not in ASKING and word not in silent and word[0].isalnum()
    ]
    subject = tuple(dict.fromkeys(about))[:MOST]
    stems = [stem(word) or "" for word in subject]
    beginnings = [_common(word, base or word) for word, base in zip(subject, stems, strict=True)]
    return QuestionTerms(subject, tuple(dict.fromkeys(filter(None, stems))), tuple(beginnings))


def subject(question: str) -> tuple[str, ...]:
    """The distinct words of the question that say what it is about, in order; () when it only asks."""
    return question_terms(question).words


def terms(question: str) -> tuple[str, ...]:
    """The distinct stems of the question's subject, in order."""
    return question_terms(question).stems


def _common(word: str, base: str) -> str:
    """What both begin with."""
    while not word.startswith(base):
        base = base[:-1]
    return base
