"""The terms of an index: the words of texts and questions as ranking compares them, so that both find the same."""

# ruff: noqa: RUF001  other scripts are the subject

import re
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from fanin.text.folding import folded, without_accents
from fanin.text.question_terms import READ, question_terms
from fanin.text.word_lists import UNSPACED
from fanin.text.words import stem, with_tokens, words

MAX_TERMS = 32
"""Terms of a question that only asks."""

SPELLED = (4, 24)
"""Characters of the shortest and the longest word whose spelling is known: shorter ones are alike by chance."""

_SAMPLE = """
The C++ and C# tools of Pi-hole's résumé, ﬁle_name, --table, E1234, node-7.example.org and 3.14 or 1,000 cost 5 €.
At 20 °C in C: Grün\u00adder\u200dkredit straße naïve Ｒｏｍｅ İstanbul ΣΊΣΥΦΟΣ ёлка می\u200cخواهم हिन्दी में 東京の天気
회의실은 ภาษาไทย 補辦費 taken
"""


class TermsOfText(NamedTuple):
    """The terms of a text, with a space between two, and the words in it whose spelling is known from now on."""

    terms: str
    spellings: frozenset[str]


def index_terms(text: str) -> TermsOfText:
    """What a text is found by: its stems, its words that have none, and its technical tokens.

    Scripts without spaces give pairs of characters, and the last character of each run, so that each one is the first
    of a term and is found by itself.
    """
    found = words(text)
    stems = with_tokens([term(word) for word in found if stem(word) is not None], text)
    if not text.isascii():
        stems += [run[0][-1] for run in _unspaced().finditer(folded(text))]
    return TermsOfText(" ".join(stems), frozenset(filter(is_spelled, found)))


def question_words(question: str) -> tuple[str, ...]:
    """The words that are looked for: those of the question's subject, or all of a question that only asks."""
    asked = question_terms(question)
    every = dict.fromkeys(word for word in words(question[:READ]) if word[0].isalnum())
    return (*asked.words, *asked.tokens) or tuple(every)[:MAX_TERMS]


def term(word: str) -> str:
    """The term of a word."""
    return stem(word) or without_accents(word)


def is_spelled(word: str) -> bool:
    """Whether a word is one of an alphabet, and long enough to tell how it is spelled."""
    return (
        SPELLED[0] <= len(word) <= SPELLED[1]
        and word.isalpha()
        and _unspaced().search(word) is None
        and stem(word) != ""
    )


def is_part(word: str) -> bool:
    """Whether a word is a single character of a script without spaces: part of other words."""
    return len(word) == 1 and _unspaced().match(word) is not None


@lru_cache(maxsize=1)
def rule() -> str:
    """What stands for the way in which texts become terms: an index that was made in another way has another one."""
    return f"{crc32(index_terms(_SAMPLE).terms.encode()):08x}"


@lru_cache(maxsize=1)
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}]+")
