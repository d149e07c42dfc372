"""The settings of a file, and the engine that they describe."""

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field, PlainValidator

from fanin import lazy
from fanin.config.kinds.common_settings import Common, Context, Policies
from fanin.config.setting_errors import toml_key
from fanin.config.setting_tables import Answering, KeptRuns, Processing, Serving
from fanin.config.setting_values import Count, Limit, Strict
from fanin.durations import NOTHING
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.limits import LIMITS, Limits
from fanin.net.secrets import Secret, fill_secrets
from fanin.policies.identity import check_key
from fanin.runs.run_record import RunStore
from fanin.sources.source import Source, digest
from fanin.storage import Store, named_store, open_store
from fanin.storage.api_keys import keys_file
from fanin.storage.private_files import cache_folder, state_folder
from fanin.writing.models import Model, load_models

if TYPE_CHECKING:
    from fanin.net.network import Network


def _enough(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("write a number of sources, such as 2, or a share of them, such as 0.5")
    if not (value >= 1 if isinstance(value, int) else 0 < value <= 1):
        raise ValueError("a number of sources begins at 1, and a share of them lies between 0.0 and 1.0")
    return value


def _limits(value: object) -> Limits:
    try:
        return Limits.read(value)
    except ConfigError as error:
        wrong, _, right = str(error).partition(f"; {NOTHING}. ")
        raise ValueError(f"{wrong} ({right[:1].lower()}{right[1:].removesuffix('.')})") from error


class General(Strict):
    """What a settings file says besides its sources."""

    deadline: Annotated[Limit, Field(ge=0.5, le=60)] = 15.0
    """Time for a whole question, from 500 ms to a minute."""
    enough: Annotated[int | float | None, BeforeValidator(_enough)] = None
    """When to stop early: at so many sources with something to say (`2`), or such a share of those asked (`0.5`)."""
    rounds: Annotated[int, Field(ge=1, le=2)] = 2
    """2: sources that search are asked once more, with other words, for what a first round lacks. 1: never."""
    user_agent: str | None = None
    """How fanin names itself to servers; `"fanin/VERSION"` without it."""
    proxy: str | None = None
    """An HTTP proxy for every request, `"http://host:port"`; variables of the environment are not obeyed."""
    store: str | None = None
    """Where answers and the health of sources are kept: a path, `"redis://host:6379/0"`, or `"memory"` for nowhere.

    Without it: `fanin/store.sqlite` in `$XDG_CACHE_HOME`, which is `~/.cache` by default."""
    store_key: str | None = None
    """A secret of at least 16 characters for machines that share a `store`, such as `"${FANIN_STORE_KEY}"`; without it,
    fanin makes one for this user and keeps it in `fanin/store.key` in `$XDG_STATE_HOME` (`~/.local/state`)."""
    per_host: Count = 10
    """Requests at a time to one server."""
    in_all: Count = 100
    """Requests at a time to all servers."""
    limits: Annotated[Limits, PlainValidator(_limits)] = LIMITS
    defaults: Annotated[Policies, Field(default_factory=Policies.model_construct)]
    answer: Annotated[Answering, Field(default_factory=Answering.model_construct)]
    process: Annotated[Processing, Field(default_factory=Processing.model_construct)]
    server: Annotated[Serving, Field(default_factory=Serving.model_construct)]
    runs: Annotated[KeptRuns, Field(default_factory=KeptRuns.model_construct)]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says: things in general, and the sources by name. `path` is where it was read."""

    path: Path
    general: General
    sources: Mapping[str, Common]

    def engine(self, *, writer: str | Sequence[str] | None = None) -> Engine:
        """An engine with these sources, not yet open; `writer` replaces that of the settings.

        Raises ConfigError for a secret that is not there, and for what a kind finds wrong with its settings.
        """
        general = self.general
        named = general.answer.writers
        writers = {name: self._models(each, key=f"answer.writers.{name}") for name, each in named.items()}
        written = self.models()
        return Engine(
            list(self.build_sources()),
            deadline=general.deadline,
            enough=general.enough,
            rounds=general.rounds,
            writer=(self._given(writer, writers) if writer else written) or None,
            writers=writers,
            process_model=next(iter(self._models(general.process.model, key="process.model")), None),
            semantic=general.process.semantic,
            store=self._store(),
            store_key=self._store_key(),
            limits=general.limits,
        )

    def models(self) -> Sequence[Model]:
        """The models that write answers, each the fallback of the one before it; none without `answer.writer`."""
        return self._models(self.general.answer.writer, key="answer.writer")

    def kinds(self) -> Mapping[str, str]:
        """The kind of each source, by its name."""
        return {name: str(getattr(each, "kind", "")) for name, each in self.sources.items()}

    def build_sources(self) -> Iterator[Source]:
        """The declared sources, each with its policy; raises ConfigError."""
        proxy = self._filled(self.general.proxy, key="proxy")
        context = Context(os.environ, self.path.parent, cache(lambda: self._network(proxy)), self.general.limits)
        for name, each in self.sources.items():
            with self._with_key_in_errors(toml_key("sources", name)):
                made = each.source(name, context)
            yield replace(
                made,
                timeout=each.timeout,
                weight=each.weight,
                topics=each.topics,
                searches=made.searches if each.searches is None else each.searches,
                policy=each.policy(),
                identity=digest(each.identity(), made.identity),
            )

    def run_store(self) -> RunStore | None:
        """What keeps runs, which opens its file when it is first used; None if they are not kept."""
        runs = self.general.runs
        if not runs.keep:
            return None
        named = runs.file and self.path.parent / Path(runs.file).expanduser()
        return lazy.sqlite_runs.SQLiteRuns(named or state_folder() / "runs.sqlite", seconds=runs.keep)

    def keys_file(self) -> Path:
        """The file of the keys for the HTTP API."""
        named = self.general.server.keys
        return self.path.parent / Path(named).expanduser() if named else keys_file()

    def _store(self) -> Store | None:
        if (place := self.general.store) is None:
            return open_store(cache_folder() / "store.sqlite", self.general.limits)
        location = _revealed(self._filled(place, key="store")) or ""
        with self._with_key_in_errors("store"):
            named = "://" in location or location == "memory"
            return named_store(
                location if named else self.path.parent / Path(location).expanduser(), self.general.limits
            )

    def _store_key(self) -> str | None:
        key = _revealed(self._filled(self.general.store_key, key="store_key"))
        with self._with_key_in_errors("store_key"):
            return None if key is None else check_key(key)

    def _network(self, proxy: str | Secret | None) -> Network:
        general = self.general
        return lazy.network.Network(
            user_agent=general.user_agent or lazy.network.USER_AGENT,
            proxy=proxy,
            per_host=general.per_host,
            in_all=general.in_all,
            limits=general.limits,
        )

    def _for_models(self) -> Network:
        return self._network(self._filled(self.general.proxy, key="proxy"))

    def _given(self, named: str | Sequence[str], writers: Mapping[str, Sequence[Model]]) -> Sequence[Model]:
        """The models that are named, each by itself or by the name of a writer."""
        names = (named,) if isinstance(named, str) else named
        return [model for each in names for model in writers.get(each) or load_models(each, self._for_models())]

    def _models(self, named: str | list[str] | None, *, key: str) -> Sequence[Model]:
        with self._with_key_in_errors(key):
            return load_models(named, self._for_models()) if named is not None else ()

    def _filled(self, text: str | None, *, key: str) -> str | Secret | None:
        with self._with_key_in_errors(key):
            return None if text is None else fill_secrets(text, environ=os.environ, folder=self.path.parent)

    @contextmanager
    def _with_key_in_errors(self, key: str) -> Generator[None]:
        """Add the file and the key to a ConfigError."""
        try:
            yield
        except ConfigError as error:
            raise ConfigError(f"{self.path}: {key}: {error}") from error


def _revealed(text: str | Secret | None) -> str | None:
    return text.reveal() if isinstance(text, Secret) else text
