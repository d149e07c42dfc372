"""How values are written in a settings file: durations with their units, and nothing that is not known."""

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from fanin.errors import ConfigError

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?(ms|s|min|m|h)")


def seconds(text: object) -> float:
    """The seconds in a duration such as "500ms", "2.5s" or "1m"; raises ConfigError for anything else."""
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ConfigError(f'{text!r} is no duration; write a number and a unit, such as "500ms", "2.5s" or "1m"')
    return float(match[1]) * _UNITS[match[2]]


def _duration(value: object) -> float:
    try:
        return seconds(value)
    except ConfigError as error:
        raise ValueError(str(error)) from error


type Wait = Annotated[float, BeforeValidator(_duration), Field(ge=0)]
type Limit = Annotated[float, BeforeValidator(_duration), Field(gt=0)]


class Strict(BaseModel):
    """Settings among which an unknown name or another type is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
