"""What a settings file says as a whole, and what is wrong with one."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from fanin.config.kinds import Kind
from fanin.config.values import Limit, Strict
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.model import Policy

FILE = "fanin.toml"


class Answering(Strict):
    """`[answer]`: `writer` is the language model that writes the answer, or a list of which the next one helps out."""

    writer: str | list[str] | None = None


class Processing(Strict):
    """`[process]`: `model` is the language model that says what each source says, besides the local processing."""

    model: str | None = None


class Settings(Strict):
    """What a settings file says: the deadline of a question in seconds, the models, and the sources by name."""

    deadline: Limit = 15.0
    answer: Answering = Answering()
    process: Processing = Processing()
    sources: Annotated[dict[str, Kind], Field(min_length=1)]

    def engine(self, *, writer: str | Sequence[str] | None = None) -> Engine:
        """An engine with these sources, not yet open; `writer` goes before the one of the settings."""
        made = [replace(each.source(name), policy=Policy(retries=each.retries)) for name, each in self.sources.items()]
        writer = writer or self.answer.writer or None
        return Engine(made, deadline=self.deadline, writer=writer, process_model=self.process.model)


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
