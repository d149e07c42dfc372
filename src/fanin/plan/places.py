"""Which place a question asks about, by a small rule (pure)."""

import re
from collections.abc import Sequence
from itertools import islice, pairwise, takewhile

_PREPOSITIONS = {"in", "at", "near", "around", "for", "over", "of"}
_INSIDE = {"de", "del", "da", "do", "la", "le", "les", "of", "the", "on", "upon", "am", "an", "der", "sur", "van", ","}
_SHORT = {"st.", "ste.", "mt.", "ft."}
_NOT_PLACES = {
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    *("december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("i", "celsius", "fahrenheit", "english"),
}
_WEATHER = {"weather", "forecast", "rain", "raining", "snow", "temperature", "wind", "storm", "hot", "cold", "sunny"}
_WHEN = {"today", "tonight", "tomorrow", "now", "right", "this", "next", "on", "at", "the", "and", "or"}
_TOKEN = re.compile(r"[^\W_][\w'\u2019.-]*|\S")


def place_in(text: str) -> str:
    """The place that a question names after "in", "at", "near", "around", "for", "over" or "of"; "" when none.

    It begins with a capital letter and is no month or weekday; the last such place is taken. A question about the
    weather may write its place small: then it is what follows the last "in", "at", "near" or "for".
    """
    tokens = [token for found in _TOKEN.findall(text[:2_000]) for token in _parted(found)]
    place, at = "", 0
    while at < len(tokens):
        taken = _taken(tokens[at + 1 :]) if tokens[at].lower() in _PREPOSITIONS else []
        place = " ".join(taken) or place
        at += 1 + len(taken)
    return (place or _small(tokens)).replace(" ,", ",")


def _small(tokens: Sequence[str]) -> str:
    if not _WEATHER.intersection(tokens):
        return ""
    starts = [at + 1 for at, token in enumerate(tokens) if token in ("in", "at", "near", "for")]
    named = takewhile(lambda token: token.isalpha() and token not in _WHEN, tokens[starts[-1] :] if starts else ())
    return " ".join(islice(named, 4))


def _parted(token: str) -> Sequence[str]:
    """The word without a possessive, and its full stop (unless it is that of an abbreviation) as a token of its own."""
    word = re.sub(r"['\u2019]s$", "", token)
    return (word[:-1], ".") if word.endswith(".") and len(word) > 1 and word.lower() not in _SHORT else (word,)


def _taken(tokens: Sequence[str]) -> list[str]:
    """The longest name that the tokens begin with."""
    tokens = tokens[1:] if tokens and tokens[0] == "the" else tokens
    name: list[str] = []
    for token, following in pairwise((*tokens, "")):
        if not (_named(token) or (name and token in _INSIDE and _leads(following))):
            break
        name.append(token)
    return name


def _named(token: str) -> bool:
    return token[:1].isupper() and token.lower() not in _NOT_PLACES | _PREPOSITIONS


def _leads(token: str) -> bool:
    return _named(token) or token in _INSIDE - {","}
