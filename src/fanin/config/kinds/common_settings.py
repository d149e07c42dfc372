"""The settings of every kind of source, and the context in which a kind makes its source."""

import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from fanin import lazy
from fanin.config.setting_values import Count, Limit, Rate, Strict, Wait
from fanin.errors import ConfigError
from fanin.limits import LIMITS, Limits
from fanin.model import Policy
from fanin.net.secrets import Secret, basic_authorization, fill_secrets
from fanin.sources.source import Source

if TYPE_CHECKING:
    from fanin.net.client import Client
    from fanin.net.network import Network


@dataclass(frozen=True, slots=True)
class Context:
    """Where settings come to life: the environment, the folder of the file, and the network of the engine.

    `join` gives the same network each time; nothing of it is imported for sources that need none.
    """

    environ: Mapping[str, str]
    folder: Path
    join: Callable[[], Network]
    limits: Limits = LIMITS

    @property
    def network(self) -> Network:
        """What all sources of the engine ask over."""
        return self.join()

    def filled(self, text: str, *, key: str) -> str | Secret:
        """The text with its `${NAME}` and `${file:PATH}`; raises ConfigError that names the key."""
        try:
            return fill_secrets(text, environ=self.environ, folder=self.folder)
        except ConfigError as error:
            raise ConfigError(f"{key}: {error}") from error

    def addresses(self, texts: Iterable[str], *, key: str) -> list[str | Secret]:
        """Addresses with `${NAME}` and `${file:PATH}` in their paths and parameters; raises ConfigError."""
        return [self._address(text, key=key) if "${" in text else text for text in texts]

    def _address(self, text: str, *, key: str) -> Secret:
        try:
            template = lazy.url_template.AddressTemplate.read(
                text, lazy.url_template.TemplateNames(known=(), environ=self.environ, folder=self.folder)
            )
        except ConfigError as error:
            raise ConfigError(f"{key}: {error}") from error
        return Secret(str(template.fill({})), parts=[each.reveal() for each in template.secrets])

    def all_filled(self, texts: Mapping[str, str], *, key: str) -> dict[str, str | Secret]:
        """The same for each text of a table; raises ConfigError that names the key and the text's."""
        return {name: self.filled(text, key=f"{key}.{name}") for name, text in texts.items()}

    def beside(self, path: str | None) -> str | None:
        """A path of the settings, which is relative to the folder of their file."""
        return None if path is None else str(self.folder / Path(path).expanduser())


class Policies(Strict):
    """How long and how often fanin asks a source, and what it keeps of it; the defaults are those of every source."""

    timeout: Limit = 5.0
    """Time for one attempt, never more than what is left of the question's deadline."""
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """Further attempts after a failure that may pass."""
    rate: Rate | None = None
    """Calls in a time, such as `"30/min"`; without it there is no limit."""
    concurrency: Count | None = None
    """Calls of this source at a time; without it there is no limit but those of the network."""
    breaker: bool = True
    """Whether a source that keeps failing is not called for a while."""
    hedge: bool = False
    """Whether it is asked a second time when it is later than usual; the first answer wins."""
    cache: Wait = 60.0
    """How long an answer is given again to the same question; `"0s"` for never."""
    stale: Wait = 3600.0
    """How much longer that answer may be used if the source fails; `"0s"` for never."""

    def policy(self) -> Policy:
        """The policy for the engine."""
        return Policy(**{name: getattr(self, name) for name in Policies.model_fields if name != "timeout"})


class Common(Policies):
    """The settings that every kind shares; each kind adds its `kind`, its own settings, and a method `source`.

    What is in this class is applied by fanin: a kind need not pass it on to its source.
    """

    weight: Annotated[float, Field(gt=0, le=100, strict=False)] = 1.0
    """How much its passages count in the ranking, compared with those of other sources."""
    topics: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Topics, such as `["weather"]`: it is asked only questions that fit one of them. Without any: every question."""

    searches: bool | None = None
    """Whether a second round may ask it with other words; without it, as its kind is: knowledge, wikipedia and
    hacker-news search, and so do http, sql and mcp with the question or its words in what they send."""

    def identity(self) -> str:
        """A text that is equal for equal settings; what is stored of a source depends on it."""
        own_settings = self.model_dump(exclude={*Policies.model_fields, "weight", "topics", "searches", "make"})
        return sha256(json.dumps(own_settings, sort_keys=True, default=str).encode()).hexdigest()[:16]

    def keywords(self, name: str, **made: Any) -> dict[str, Any]:
        """Keywords for its source: the name, the timeout, its own settings, and what was `made` of some of them."""
        settings = type(self).model_fields.keys() - {*Web.model_fields, "kind"}
        return {"name": name, "timeout": self.timeout, **{each: getattr(self, each) for each in settings}, **made}

    @abstractmethod
    def source(self, name: str, context: Context) -> Source:
        """The source that these settings describe."""


class Web(Common):
    """The settings that kinds share which ask over HTTP."""

    allow_private: bool = False
    """Whether its address may be private; a redirect never leads to a private one, nor to a cloud's credentials."""
    headers: Annotated[dict[str, str], Field(default_factory=dict)]
    """Sent with each request, and never to another server that a redirect leads to; `${NAME}` takes in a secret."""
    user: str = ""
    """The user for a server that asks for a user and a password (HTTP Basic authentication)."""
    password: str = ""
    """The password of `user`; `${NAME}` takes in a secret."""
    trace_context: bool = False
    """Whether each request passes the trace of OpenTelemetry on to the service, in the header `traceparent`."""

    def client(self, context: Context) -> Client:
        """What the source asks with; raises ConfigError for a secret that is not there, or two authorizations."""
        headers = context.all_filled(self.headers, key="headers")
        if self.user or self.password:
            if any(name.lower() == "authorization" for name in headers):
                raise ConfigError(
                    "user: headers has an Authorization as well; fanin did not start. Give the one or the other."
                )
            user, password = context.filled(self.user, key="user"), context.filled(self.password, key="password")
            headers["Authorization"] = basic_authorization(user, password)
        return lazy.client.Client(
            context.network, allow_private=self.allow_private, headers=headers, trace_context=self.trace_context
        )
