"""Durations, rates and numbers as people write them: one language in Python, settings and on the command line (pure).

A number is seconds; a text is a number and a unit, such as "200ms", "2.5 s" or "1.5min".
"""

import re
from collections.abc import Callable

from fanin.errors import ConfigError

type Duration = float | str
"""Seconds, or a text with a unit."""

type Rate = tuple[int, Duration] | str
"""Calls in a duration, or a text such as "30/min"."""

NOTHING = "fanin did not start"

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0, "day": 86_400.0, "days": 86_400.0}
"""The units of a duration, in seconds."""

LONGEST = 1e9
"""Seconds; a longer duration is a mistake."""

_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_DURATION = re.compile(rf"(\d{{1,9}}(?:\.\d{{1,9}})?) ?({_UNIT})", re.ASCII)
_RATE = re.compile(rf"([1-9]\d{{0,8}}) ?/ ?({_UNIT})", re.ASCII)


def seconds(value: object) -> float:
    """The seconds in a duration; raises ConfigError for anything else."""
    match value:
        case bool():
            pass
        case int() | float() if 0 <= value <= LONGEST:
            return float(value)
        case str() if found := _DURATION.fullmatch(value.strip()):
            return float(found[1]) * UNITS[found[2]]
        case _:
            pass
    raise ConfigError(
        f"{shown(value)} is no duration; write a number of seconds, such as 2.5, or a text with a unit, such as"
        ' "500ms", "2.5s" or "1min"'
    )


def calls(value: object) -> tuple[int, float]:
    """The calls and the seconds in a rate; raises ConfigError for anything else."""
    match value:
        case str() if found := _RATE.fullmatch(value.strip()):
            return int(found[1]), UNITS[found[2]]
        case [int() as count, (int() | float() | str()) as every] if count >= 1 and seconds(every) > 0:
            return int(count), seconds(every)
        case _:
            raise ConfigError(
                f"{shown(value)} is no rate; write calls and a unit of time, such as"
                ' "5/s", "30/min" or "1000/day", or both as numbers, such as (30, 60)'
            )


def shown(value: object) -> str:
    """A wrong value as an error shows it: not the whole of a long one."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def named[T](name: str, reader: Callable[[object], T], value: object, *, did: str = NOTHING) -> T:
    """What the reader makes of the value; its ConfigError names the argument and says what fanin `did`."""
    try:
        return reader(value)
    except ConfigError as error:
        raise ConfigError(f"{name}: {error}; {did}.") from None


def positive(name: str, value: object, *, did: str = NOTHING) -> float:
    """The seconds of a duration above 0."""
    if not (found := named(name, seconds, value, did=did)):
        raise ConfigError(f'{name} is {shown(value)}; {did}. Give a duration above 0, such as 2.5 or "2.5s".')
    return found


def whole(name: str, value: object, *, least: int) -> int:
    """A whole number that is not below `least`."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    raise ConfigError(f"{name} is {shown(value)}; {NOTHING}. Give a whole number, at least {least}.")


def number(name: str, value: object, *, zero: bool = True) -> float:
    """A finite number above 0, or 0 itself if `zero` is allowed."""
    least = 0 if zero else 5e-324
    if isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value < float("inf"):
        return value
    raise ConfigError(f"{name} is {shown(value)}; {NOTHING}. Give a number {'of at least' if zero else 'above'} 0.")
