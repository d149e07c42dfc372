"""Reads the remaining quota from a server's rate limit headers."""

import re
from collections.abc import Iterator, Mapping

LONGEST = 3600.0
"""Seconds of the longest pause by such a header: GitHub's longest window."""

SINCE_EPOCH, IN_MILLISECONDS = 1e9, 1e12
"""A larger reset is an instant (seconds since 1970, as GitHub sends it, or milliseconds); a smaller one is seconds from
now."""

_QUOTED = re.compile(r'"[^"]*"')
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,9})?")
_PAIRS = (("RateLimit-Remaining", "RateLimit-Reset"), ("X-RateLimit-Remaining", "X-RateLimit-Reset"))


def quota_pause(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds until an exhausted quota is reset; None while some of it remains, or if that is unknown.

    It reads the field RateLimit of the IETF's draft (draft-ietf-httpapi-ratelimit-headers), its older forms, and
    X-RateLimit-* as GitHub sends them, or as lists, one value for each limit, as Brave does. `now` is seconds since the
    epoch. The result is at most `LONGEST`.
    """
    pauses = [
        min(_after(reset, now), LONGEST)
        for remaining, reset in _limits(headers)
        if remaining == 0 and reset is not None
    ]
    return max(pauses, default=None)


def _limits(headers: Mapping[str, str]) -> Iterator[tuple[float | None, float | None]]:
    """The remaining calls and the reset of each limit in the headers."""
    for remaining, reset in _PAIRS:
        if (value := headers.get(remaining)) is not None:
            for left, seconds in zip(value.split(","), headers.get(reset, "").split(","), strict=False):
                yield _number(left), _number(seconds)
    if (value := headers.get("RateLimit")) is None:
        return
    value = _QUOTED.sub("", value)
    if "remaining" in value:  # one limit, in the draft's older form: limit=10, remaining=0, reset=5
        named = _parameters(value.replace(",", ";"))
        yield _number(named.get("remaining", "")), _number(named.get("reset", ""))
        return
    for each in value.split(","):
        named = _parameters(each)
        yield _number(named.get("r", "")), _number(named.get("t", ""))


def _parameters(text: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text := text.strip()) else None


def _after(reset: float, now: float) -> float:
    if reset >= IN_MILLISECONDS:
        reset /= 1000
    return max(0.0, reset - now) if reset >= SINCE_EPOCH else reset
