"""Language models behind one method: pydantic-ai's clients for the services, imported when a model is first asked."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol, cast

from fanin import lazy
from fanin.background import in_daemon_thread
from fanin.durations import shown
from fanin.errors import ConfigError, FailureKind, FaninError, SourceError
from fanin.limits import LIMITS, Limits
from fanin.model import WritingStatus
from fanin.writing.model_keys import Hiding, unsendable

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse

    from fanin.net.network import Network

SERVICES = ("anthropic", "openai", "google", "ollama", "openai-compatible")

TOKENS = 600
"""Tokens of the longest text that is asked for: five sentences are about 150."""

LONGEST_PIECE = 4_000
"""Characters of text that are given on at a time."""


class ModelError(FaninError):
    """The failure of a model: `kind` is one word, `retry_after` the seconds until it may be asked again, if known.

    `transient` says whether the same request may succeed a moment later.
    """

    def __init__(self, message: str, kind: WritingStatus = "failed", retry_after: float | None = None) -> None:
        super().__init__(message, kind, retry_after)
        self.kind: WritingStatus = kind
        self.transient = kind in (FailureKind.RATE_LIMITED, "failed")
        self.retry_after = retry_after

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Usage:
    """What a request took: tokens in and out, and US dollars where the price of the model is known."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None

    def __add__(self, other: Usage) -> Usage:
        """What both took; the cost is unknown as soon as one of them is."""
        if self == Usage():
            return other
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        return Usage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens, cost)


class Model(Protocol):
    """A language model. It has no tools: its input and its output are text."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    def stream(self, instructions: str, prompt: str) -> AsyncGenerator[str | Usage]:
        """The text as it arrives, then its usage. Raises ModelError."""
        ...

    async def close(self) -> None:
        """Called when the engine closes."""
        ...


def load_models(
    named: str | Model | Sequence[str | Model], network: Network | None = None, *, limits: Limits = LIMITS
) -> tuple[Model, ...]:
    """The models that are named or given; raises ConfigError for a name of none, or when none is given.

    Those that are named are asked over the network, or each over one of its own with these limits.
    """
    one = isinstance(named, str) or not isinstance(named, Sequence)
    given = cast("Sequence[str | Model]", (named,) if one else named)
    if wrong := [each for each in given if not (isinstance(each, str) or hasattr(each, "stream"))]:
        raise ConfigError(f"{shown(wrong[0])} is no model; fanin asked nothing. Write SERVICE:NAME.")
    if not given:
        raise ConfigError("No model is named; fanin asked nothing. Name one, or leave the setting out.")
    return tuple(model(each, network, limits=limits) if isinstance(each, str) else each for each in given)


def loading(models: Sequence[Model]) -> asyncio.Future[None] | None:
    """Import what the models need, in a thread, while sources are asked; raises ConfigError when it is not there."""
    if not (services := [each.service for each in models if isinstance(each, Remote)]):
        return None
    if find_spec("pydantic_ai") is None:
        raise ConfigError(
            "The extra fanin[llm] is not installed, so that no model can be asked; fanin did not start. Install it, or"
            " ask without a model."
        )
    return asyncio.ensure_future(in_daemon_thread(_load, services))


def _load(services: Sequence[str]) -> None:
    lazy.model_clients.load(services)


def model(spec: str, network: Network | None = None, *, limits: Limits = LIMITS) -> Model:
    """The model that "service:name" names, such as "anthropic:claude-haiku-4-5" or "openai-compatible:URL#name".

    Keys come from the environment (ANTHROPIC_API_KEY, OPENAI_API_KEY, GOOGLE_API_KEY; OPENAI_COMPATIBLE_API_KEY).
    Nothing is imported and no request is sent yet. Raises ConfigError for anything else.
    """
    service, _, name = spec.partition(":")
    if service not in SERVICES or not name or (service == "openai-compatible" and not name.rpartition("#")[0]):
        raise ConfigError(
            f"{spec!r} names no model; fanin asked nothing. Write SERVICE:NAME, where the service is one of"
            f' {", ".join(SERVICES[:-1])}, or "openai-compatible:URL#NAME".'
        )
    return Remote(service, name, network, limits=limits)


class Remote:
    """A model of a service, asked through pydantic-ai without tools and without retries of its own.

    Its connections open with the first request and are closed with `close`; use it in one event loop at a time.
    """

    def __init__(self, service: str, name: str, network: Network | None = None, *, limits: Limits = LIMITS) -> None:
        self._limits = network.limits if network else limits
        self.name = f"{service}:{name.rpartition('#')[2] if service == 'openai-compatible' else name}"
        self.service = service
        self._called = name
        self._network = network
        self._http: Any = None
        self._client: Any = None

    async def stream(self, instructions: str, prompt: str) -> AsyncGenerator[str | Usage]:
        """As `Model` says."""
        if name := unsendable(self.service):
            raise ModelError(
                f"The key in {name} has a character that no key can have, such as a line break or one beyond ASCII;"
                f" fanin did not ask {self.name} and kept the sentences of the sources. Set it anew.",
                "key",
            )
        if self._client is None:
            # In a thread, also while another thread imports the same: an import waits for one that has begun.
            await in_daemon_thread(_load, (self.service,))
        from pydantic_ai.direct import model_request_stream
        from pydantic_ai.messages import ModelRequest, UserPromptPart

        request = ModelRequest(parts=[UserPromptPart(prompt)], instructions=instructions)
        settings: Any = {"max_tokens": TOKENS, "max_retries": 0}
        hiding, thought, most = Hiding(self.service), 0, self._limits.reasoning_characters
        try:
            async with model_request_stream(await self._opened(), [request], model_settings=settings) as answer:
                async for event in answer:
                    text, thinking = _text_of(event)
                    text = hiding.feed(text)
                    for start in range(0, len(text), LONGEST_PIECE):
                        yield text[start : start + LONGEST_PIECE]
                    thought += len(thinking)
                    if thought > most:
                        raise _too_much(self.name, f"It reasoned in more than {most:,} characters")
                if text := hiding.rest():
                    yield text
                yield _usage(answer.get())
            return
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a client raises, its model did not write
            failure = _describe_failure(error, self.name)
        # Not from within `except`: the error of the client may hold the whole key.
        raise failure

    async def close(self) -> None:
        """Close the connections."""
        http, self._http, self._client = self._http, None, None
        if http is not None:
            await http.aclose()

    async def _opened(self) -> Any:
        if self._client is None:
            made = await in_daemon_thread(_opened, self.service, self._called, self._network, self._limits)
            if self._client is None:  # another question may have been quicker
                self._http, self._client = made
        return self._client


def _opened(service: str, name: str, network: Network | None, limits: Limits) -> tuple[Any, Any]:
    http = lazy.model_clients.client(network or lazy.network.Network(limits=limits))
    return http, lazy.model_clients.service_model(service, name, http)


def _text_of(event: Any) -> tuple[str, str]:
    """The text in an event of a stream for the answer, and that of the model's reasoning."""
    from pydantic_ai import messages

    match event:
        case messages.PartStartEvent(part=messages.TextPart(content=text)):
            return text, ""
        case messages.PartDeltaEvent(delta=messages.TextPartDelta(content_delta=text)):
            return text, ""
        case messages.PartStartEvent(part=messages.ThinkingPart(content=text)):
            return "", text
        case messages.PartDeltaEvent(delta=messages.ThinkingPartDelta(content_delta=text)):
            return "", text or ""
        case _:
            return "", ""


def _usage(response: ModelResponse) -> Usage:
    if response.finish_reason == "content_filter":
        raise ModelError("The model refused to write; fanin kept the sentences of the sources.", "refused")
    try:
        cost = float(response.cost().total_price)
    except LookupError, ValueError, AssertionError:
        cost = None  # the price of this model is unknown
    return Usage(response.usage.input_tokens, response.usage.output_tokens, cost)


def _too_much(name: str, why: str) -> ModelError:
    return ModelError(f"{name}: {why}; fanin stopped reading and kept the sentences of the sources.", "too_large")


def _first_cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _describe_failure(error: Exception, name: str) -> ModelError:
    from pydantic_ai import exceptions

    match _first_cause(error):
        case SourceError(kind=FailureKind.TOO_LARGE) as limit:
            return _too_much(name, str(limit).partition(";")[0])
        case _:
            pass
    match error:
        case exceptions.ModelRateLimitError() | exceptions.ModelUnavailableError():
            kind, what = "rate_limited", "has no room for this request"
        case exceptions.ContentFilterError():
            kind, what = "refused", "refused to write"
        case exceptions.ModelAuthenticationError() | exceptions.UserError():
            kind, what = "key", "wants a key that it accepts: set it in the environment"
        case _:
            kind, what = "failed", f"failed ({type(error.__cause__ or error).__name__})"
    after = getattr(error, "retry_after", None)
    return ModelError(f"{name} {what}; fanin kept the sentences of the sources.", kind, after)
