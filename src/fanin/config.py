"""fanin.toml: which sources there are and how patient fanin is with them, validated before anything is asked."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.policies.retry import retry
from fanin.sources.source import Source

FILE = "fanin.toml"

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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Common(_Strict):
    timeout: Limit = 5.0
    retries: Annotated[int, Field(ge=0, le=10)] = 0


class Simulated(_Common):
    """`kind = "simulated"`: waits `latency`, then gives `text`, or fails with the message `fail`."""

    kind: Literal["simulated"]
    latency: Wait = 1.0
    text: str | list[str] = ""
    fail: str = ""

    def source(self, name: str) -> Source:
        """The source that these settings describe."""
        from fanin.sources.simulated import simulated

        return simulated(name, latency=self.latency, text=self.text, fail=self.fail, timeout=self.timeout)


class OpenMeteo(_Common):
    """`kind = "open-meteo"`: the weather at `place`, or at the place that the question names."""

    kind: Literal["open-meteo"]
    place: str | None = None

    def source(self, name: str) -> Source:
        """The source that these settings describe."""
        from fanin.sources.open_meteo import open_meteo

        return open_meteo(name=name, place=self.place, timeout=self.timeout)


class Feeds(_Common):
    """`kind = "feeds"`: the newest items of the feeds at `urls`."""

    kind: Literal["feeds"]
    urls: Annotated[list[str], Field(min_length=1)]

    def source(self, name: str) -> Source:
        """The source that these settings describe."""
        from fanin.sources.feeds import feeds

        return feeds(*self.urls, name=name, timeout=self.timeout)


class MediaWiki(_Common):
    """`kind = "mediawiki"`: the pages of a wiki that fit the question; Wikipedia unless `api_url` names another."""

    kind: Literal["mediawiki"]
    api_url: str | None = None

    def source(self, name: str) -> Source:
        """The source that these settings describe."""
        from fanin.sources.mediawiki import WIKIPEDIA, mediawiki

        return mediawiki(name=name, api_url=self.api_url or WIKIPEDIA, timeout=self.timeout)


type Kind = Annotated[Simulated | OpenMeteo | Feeds | MediaWiki, Field(discriminator="kind")]


class Settings(_Strict):
    """What a settings file says: the deadline of a question in seconds, and the sources by name."""

    deadline: Limit = 15.0
    sources: Annotated[dict[str, Kind], Field(min_length=1)]

    def engine(self) -> Engine:
        """An engine with these sources, not yet open."""
        made = [retry(each.source(name), retries=each.retries) for name, each in self.sources.items()]
        return Engine(made, deadline=self.deadline)


def load(path: Path) -> Settings:
    """The settings in a file. Raises ConfigError with a line a mistake: file, key, what is wrong, what to do."""
    try:
        return Settings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(f"{path}: {why}; fanin asked nothing. Name a settings file that can be read.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: this is no TOML: {error}; fanin asked nothing. Correct the file.") from error
    except ValidationError as error:
        raise ConfigError("\n".join(f"{path}: {_mistake(dict(each))}" for each in error.errors())) from error


def _mistake(mistake: dict[str, Any]) -> str:
    location: tuple[str | int, ...] = mistake["loc"]
    key = ".".join(str(part) for part in location)
    match mistake["type"]:
        case "extra_forbidden":
            return f"{key}: there is no such setting; fanin asked nothing. Remove it, or correct its name."
        case "missing":
            return f"{key}: this setting is missing; fanin asked nothing. Add it."
        case _:
            what = str(mistake["msg"]).removeprefix("Value error, ")
            return f"{key}: {what} (it is {mistake['input']!r}); fanin asked nothing. Correct it."
