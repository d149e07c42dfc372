"""What a settings file says as a whole, and the engine that it describes."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from fanin.config.kinds.common import Common, Context, Policies, filled_in
from fanin.config.values import Count, Limit, Strict
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.net.network import USER_AGENT, Network
from fanin.net.secrets import Secret
from fanin.policies.stores import Store, opened
from fanin.sources.source import Source


def _enough(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("write a number of sources, such as 2, or a share of them, such as 0.5")
    if not (value >= 1 if isinstance(value, int) else 0 < value <= 1):
        raise ValueError("a number of sources begins at 1, and a share of them lies between 0.0 and 1.0")
    return value


class Answering(Strict):
    """`[answer]`: how the answer is written."""

    writer: str | list[str] | None = None
    """The language model that writes the answer, or a list of which the next one helps out."""


class Processing(Strict):
    """`[process]`: what is done with each document."""

    model: str | None = None
    """The language model that says what each source says, besides the local processing."""
    semantic: bool | None = None
    """Whether passages are weighed by meaning, too; without it they are where the extra fanin[semantic] is there."""


class General(Strict):
    """What a settings file says besides its sources."""

    deadline: Annotated[Limit, Field(ge=0.5, le=60)] = 15.0
    """Time for a whole question, from 500 ms to a minute."""
    enough: Annotated[int | float | None, BeforeValidator(_enough)] = None
    """When to stop early: at so many sources with something to say (`2`), or such a share of those asked (`0.5`)."""
    user_agent: str = USER_AGENT
    """How fanin names itself to servers."""
    proxy: str | None = None
    """An HTTP proxy for every request, `"http://host:port"`; variables of the environment are not obeyed."""
    store: str | None = None
    """Where answers and the health of sources are kept: a path, `"redis://host:6379/0"`, or `"memory"` for nowhere.

    Without it: `fanin/store.sqlite` in `$XDG_CACHE_HOME`, which is `~/.cache` by itself."""
    per_host: Count = 10
    """Requests at a time to one server."""
    in_all: Count = 100
    """Requests at a time to all servers."""
    defaults: Policies = Policies()
    answer: Answering = Answering()
    process: Processing = Processing()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says: things in general, and the sources by name. `path` is where it was read."""

    path: Path
    general: General
    sources: Mapping[str, Common]

    def engine(self, *, writer: str | Sequence[str] | None = None) -> Engine:
        """An engine with these sources, not yet open; `writer` goes before the one of the settings.

        Raises ConfigError for a secret that is not there, and for what a kind finds wrong with its settings.
        """
        try:
            return Engine(
                list(self.made()),
                deadline=self.general.deadline,
                enough=self.general.enough,
                writer=writer or self.general.answer.writer or None,
                process_model=self.general.process.model,
                semantic=self.general.process.semantic,
                store=self._store(),
            )
        except ConfigError as error:
            raise ConfigError(f"{self.path}: {error}") from error

    def kinds(self) -> Mapping[str, str]:
        """The kind of each source, by its name."""
        return {name: str(getattr(each, "kind", "")) for name, each in self.sources.items()}

    def made(self) -> Iterator[Source]:
        """The declared sources, each with its policy; raises ConfigError."""
        context = Context(self._network(), os.environ, self.path.parent)
        for name, each in self.sources.items():
            try:
                made = each.source(name, context)
            except ConfigError as error:
                raise ConfigError(f"sources.{name}: {error}") from error
            yield replace(
                made,
                timeout=each.timeout,
                weight=each.weight,
                topics=each.topics,
                policy=each.policy(),
                identity=each.identity(),
            )

    def _store(self) -> Store | None:
        place = self.general.store
        if place == "memory":
            return None
        if place is None:
            return opened(Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "fanin" / "store.sqlite")
        told = self._filled(place, key="store")
        told = told.reveal() if isinstance(told, Secret) else told
        return opened(told if "://" in told else self.path.parent / Path(told).expanduser())

    def _network(self) -> Network:
        general = self.general
        proxy = None if general.proxy is None else self._filled(general.proxy, key="proxy")
        return Network(user_agent=general.user_agent, proxy=proxy, per_host=general.per_host, in_all=general.in_all)

    def _filled(self, text: str, *, key: str) -> str | Secret:
        return filled_in(text, key=key, environ=os.environ, folder=self.path.parent)
