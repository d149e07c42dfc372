"""Types of values in a settings file: durations, rates, and tables without unknown keys."""

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from fanin.durations import calls, seconds
from fanin.errors import ConfigError


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
