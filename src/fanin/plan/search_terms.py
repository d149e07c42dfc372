"""What a question gives to a search: its telling words, and the values that a declared address may name (pure)."""

import re
from collections.abc import Mapping
from datetime import date

from fanin.plan.dates import dates_in
from fanin.plan.days import named
from fanin.plan.languages import language_in
from fanin.plan.places import place_in
from fanin.text.word_lists import ASKING, STOP_WORDS

PLACES = ("question", "words", "place", "language", "from", "to")
"""What a declared address or body may name between braces."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*")


def search_terms(question: str, *, limit: int = 300) -> str:
    """The question's words that a search should look for, without words that ask and without search operators.

    At most `limit` characters: what MediaWiki's search takes (mediawiki.org, Help:CirrusSearch) is enough for any.
    """
    words = _WORD.findall(question[:2_000])
    told = [word for word in words if word.lower() not in STOP_WORDS | ASKING] or words
    text = " ".join(word for word in told if word not in ("AND", "OR", "NOT"))
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0] or text[:limit]


def without_days(question: str, *, today: date) -> str:
    """The question without the days that it names, for a search that is told them otherwise."""
    text = re.sub(r"\s+", " ", question[:2_000])
    for begin, end, _ in reversed(named(text, today=today)):
        text = f"{text[:begin]} {text[end:]}"
    return text


def values(question: str, *, today: date, language: str = "en") -> Mapping[str, str]:
    """A value for each of `PLACES`; "" for a place or days that the question does not name.

    `language` is for a question that does not tell its own. The days are ISO 8601 dates.
    """
    period = dates_in(question, today=today)
    return {
        "question": question,
        "words": search_terms(question),
        "place": place_in(question),
        "language": language_in(question) or language,
        "from": "" if period is None or period.first == date.min else period.first.isoformat(),
        "to": "" if period is None else period.last.isoformat(),
    }
