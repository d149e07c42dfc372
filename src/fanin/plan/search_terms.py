"""What a question gives to a search: its telling words, and the values that a declared address may name (pure)."""

import re
from collections.abc import Mapping
from datetime import date

from fanin.model import Question
from fanin.plan.days import named
from fanin.plan.planned_question import planned
from fanin.text.question_terms import asks
from fanin.text.word_lists import STOP_WORDS

PLACES = ("question", "words", "place", "language", "from", "to")
"""What a declared address or body may name between braces."""

SEARCHING = ("question", "words")
"""Those of them that ask a search for other things when the words of the question are other ones."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019.@_-][^\W_]+)*(?:\+\+|#)?")


def search_terms(question: str, *, limit: int = 300) -> str:
    """The question's words that a search should look for, without words that ask and without search operators.

    At most `limit` characters: what MediaWiki's search takes (mediawiki.org, Help:CirrusSearch) is enough for any.
    """
    words = _WORD.findall(question[:2_000])
    low = [word.lower() for word in words]
    searched = [
        word
        for word, plain, following in zip(words, low, [*low[1:], ""], strict=False)
        if plain not in STOP_WORDS and not asks(plain, following)
    ] or words
    text = " ".join(word for word in searched if word not in ("AND", "OR", "NOT"))
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0] or text[:limit]


def without_days(question: str, *, today: date) -> str:
    """The question without the days that it names, for a search that is told them otherwise."""
    text = re.sub(r"\s+", " ", question[:2_000])
    for begin, end, _ in reversed(named(text, today=today)):
        text = f"{text[:begin]} {text[end:]}"
    return text


def values(question: Question) -> Mapping[str, str]:
    """A value for each of `PLACES`; "" for a place or days that the question does not name.

    The language of a question that does not tell its own is "en". The days are ISO 8601 dates.
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
