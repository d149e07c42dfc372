"""What a question gives to a search: its distinctive words, and the values that a declared address may name (pure)."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from fanin.model import Question
from fanin.plan.days import named
from fanin.plan.planned_question import planned
from fanin.text.question_terms import asks
from fanin.text.word_lists import STOP_WORDS
from fanin.text.words import ANY_LETTER, TOKEN

PLACES = ("question", "words", "place", "language", "from", "to")
"""What a declared address or body may name between braces."""

SEARCHING = ("question", "words")
"""Those of them that ask a search for other things when the words of the question are other ones."""

_COLONS, _OPERATORS = re.compile(r":+(?=[^\W\d_])"), "-~+"
"""What a search would take for an operator: a colon within a word, as in "intitle:x", and marks before one."""


def search_terms(question: str, *, limit: int = 300) -> str:
    """The question's words that a search should look for, without words that ask and without search operators.

    At most `limit` characters: what MediaWiki's search takes (mediawiki.org, Help:CirrusSearch) is enough for any.
    """
    found = [_COLONS.sub(" ", word).lstrip(_OPERATORS) for word in _words().findall(question[:2_000])]
    words = [word for word in " ".join(found).split() if any(map(str.isalnum, word))]
    low = [word.lower() for word in words]
    searched = [
        word
        for word, plain, following in zip(words, low, [*low[1:], ""], strict=False)
        if plain not in STOP_WORDS and not asks(plain, following)
    ] or words
    text = " ".join(word for word in searched if word not in ("AND", "OR", "NOT"))
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0] or text[:limit]


@lru_cache(maxsize=1)
def _words() -> re.Pattern[str]:
    """Words as they are written, technical tokens whole; compiled for the first question, for it takes 3 ms."""
    return re.compile(rf"{TOKEN}\w*(?:['\u2019-]\w+)*|{ANY_LETTER}+(?:['\u2019-]{ANY_LETTER}+)*", re.IGNORECASE)


def without_days(question: str, *, today: date) -> str:
    """The question without the days that it names, for a search that gets them in another way."""
    text = re.sub(r"\s+", " ", question[:2_000])
    for begin, end, _ in reversed(named(text, today=today)):
        text = f"{text[:begin]} {text[end:]}"
    return text


def values(question: Question) -> Mapping[str, str]:
    """A value for each of `PLACES`; "" for a place or days that the question does not name.

    The language is "en" if it cannot be recognised. The days are ISO 8601 dates.
    """
    asked = planned(question)
    period = asked.period
    return {
        "question": asked.text,
        "words": search_terms(asked.text),
        "place": asked.place,
        "language": asked.language or "en",
        "from": "" if period is None or period.first == date.min else period.first.isoformat(),
        "to": "" if period is None else period.last.isoformat(),
    }
