"""How values are written in a settings file: durations and rates with their units, and nothing that is not known."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from fanin.errors import ConfigError

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?(ms|s|min|m|h)")

_SPANS = {"s": 1.0, "min": 60.0, "h": 3600.0, "day": 86_400.0}
_RATE = re.compile(r"([1-9]\d{0,8}) ?/ ?(s|min|h|day)")


def seconds(text: object) -> float:
    """The seconds in a duration such as "500ms", "2.5s" or "1m"; raises ConfigError for anything else."""
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ConfigError(f'{text!r} is no duration; write a number and a unit, such as "500ms", "2.5s" or "1m"')
    return float(match[1]) * _UNITS[match[2]]


def calls(text: object) -> tuple[int, float]:
    """The calls and the seconds in a rate such as "5/s", "30/min", "100/h" or "1000/day"; raises ConfigError."""
    match = _RATE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ConfigError(f'{text!r} is no rate; write calls and a unit of time, such as "5/s", "30/min" or "1000/day"')
    return int(match[1]), _SPANS[match[2]]


def _read[T](reader: Callable[[object], T]) -> BeforeValidator:
    def read(value: object) -> T:
        try:
            return reader(value)
        except ConfigError as error:
            raise ValueError(str(error)) from error

    return BeforeValidator(read)


type Wait = Annotated[float, _read(seconds), Field(ge=0)]
type Limit = Annotated[float, _read(seconds), Field(gt=0)]
type Rate = Annotated[tuple[int, float], _read(calls)]
type Count = Annotated[int, Field(ge=1)]


class Strict(BaseModel):
    """Settings among which an unknown name or another type is a mistake."""

    # Built when first used: a settings file has a few of the kinds.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)
