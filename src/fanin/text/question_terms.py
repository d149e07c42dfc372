"""What a question is about: its words without those that only ask, and their stems."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from fanin.text.bounded_cache import cache_texts
from fanin.text.languages.function_words import are_german, function_words
from fanin.text.languages.irregular_verbs import BEGINNINGS
from fanin.text.sentences import sentences
from fanin.text.word_lists import ASKING, CALENDAR, STOP_WORDS
from fanin.text.words import LETTERS, stem, technical_tokens, words

ACTORS = frozenset(("i", "we", "you", "one", "to"))
"""What stands before the verb of a question for a way: "how do I", "how to"."""

READ, MAX_WORDS = 4000, 32
"""Characters of a question that are read, and the largest number of its words that count."""


class QuestionTerms(NamedTuple):
    """The distinct words that say what a question is about, as written, and their distinct stems, both in order.

    Every word with one of the stems begins with one of the `beginnings`; a word that does not need not be stemmed.
    `names` are the stems of names: words with a capital letter, the first ones of sentences and calendar words aside.
    There are none when every word has one, as in a title, nor in German, where each noun has one: then a capital letter
    says nothing. `tokens` are technical tokens, which are stems and names too, unless they are words joined by hyphens;
    pieces of them of one character are no words of the question.
    """

    words: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    tokens: tuple[str, ...] = ()


_WORD = re.compile(r"[^\W\d_][\w'’-]*")  # noqa: RUF001  an apostrophe
_COMPOUND = re.compile(r"[0-9].*|[^\W\d_]+(?:[-/][^\W\d_]+)*")
"""Technical tokens that are no names: words with hyphens and slashes, and what begins with a number."""


@cache_texts(entries=256, characters=50_000)
def question_terms(question: str) -> QuestionTerms:
    """The terms of a question; none when it only asks."""
    read = question[:READ]
    said = words(read)
    if "'" in read or not read.isascii():
        said = [word.partition("'s")[0] if word.endswith("'s") else word for word in said]
    tokens = tuple(dict.fromkeys(technical_tokens(read)))[:MAX_WORDS]
    foreign = function_words(said)
    silent = (foreign | LETTERS | {piece for token in tokens for piece in words(token) if len(piece) == 1}) - {*tokens}
    about = [
        word
        for word, following in zip(said, [*said[1:], ""], strict=False)
        if word not in STOP_WORDS and not asks(word, following) and word not in silent and word[0].isalnum()
    ]
    if said[:1] == ["how"]:
        about = _with_verb(said, about)
    subject = tuple(dict.fromkeys(about))[:MAX_WORDS]
    stems = [stem(word) or "" for word in subject]
    known = _beginnings()
    beginnings = [_common(word, known.get(base, base or word)) for word, base in zip(subject, stems, strict=True)]
    distinct = tuple(dict.fromkeys([*filter(None, stems), *tokens]))
    names = frozenset[str]() if are_german(foreign) else _names(question, distinct)
    names = names.union(token for token in tokens if not _COMPOUND.fullmatch(token))
    return QuestionTerms(subject, distinct, tuple(beginnings), names, tokens)


def _with_verb(said: list[str], about: list[str]) -> list[str]:
    """The words with the verb that says what is to be done, as in "how do I update it"; elsewhere it only asks."""
    for before, word in pairwise(said[1:5]):
        if before in ACTORS and word in ASKING:
            return [word, *about]
    return about


def asks(word: str, following: str) -> bool:
    """Whether a word of a question only asks; "new" does not before a word of the subject, as in "the new bridge"."""
    return word in ASKING and not (
        word == "new" and following[:1].isalnum() and following not in STOP_WORDS and following not in ASKING
    )


def subject(question: str) -> tuple[str, ...]:
    """The distinct words of the question that say what it is about, in order; () when it only asks."""
    return question_terms(question).words


def terms(question: str) -> tuple[str, ...]:
    """The distinct stems of the question's subject, in order."""
    return question_terms(question).stems


@lru_cache(maxsize=1)
def _beginnings() -> Mapping[str, str]:
    """What all forms of an irregular verb begin with, by its stem."""
    return {stem(verb) or verb: beginning for verb, beginning in BEGINNINGS.items()}


def _common(word: str, base: str) -> str:
    """What both begin with."""
    while not word.startswith(base):
        base = base[:-1]
    return base


def _names(question: str, stems: Collection[str]) -> frozenset[str]:
    found = [*_WORD.finditer(question[:READ])]
    spoken, begins = [each[0] for each in found], {start for start, _ in sentences(question[:READ])}
    capital = [each[0] for each in found[1:] if each[0][0].isupper() and each.start() not in begins]
    if not capital or (len(spoken) > 2 and len(capital) == len(spoken) - 1 and spoken[0][0].isupper()):
        return frozenset()
    named = [stem(word) for word in map(str.lower, capital) if word not in ASKING and word not in CALENDAR]
    return frozenset(stems).intersection(named)
