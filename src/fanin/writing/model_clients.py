"""pydantic-ai's clients of the services, over the guarded network and within limits."""

import os
from collections.abc import AsyncGenerator, Iterable
from importlib import import_module
from typing import Any

import httpx2

from fanin.bounded_json import count_structure
from fanin.errors import FailureKind, SourceError
from fanin.loop_time import TimeSlice
from fanin.net.body.event_stream import EventLimits, EventSplitter
from fanin.net.body.response import Reply
from fanin.net.guarded_transport import GuardedTransport
from fanin.net.network import Network

OLLAMA = "http://localhost:11434/v1"
"""Where Ollama listens unless OLLAMA_BASE_URL says otherwise (docs.ollama.com/api/openai-compatibility)."""

LONGEST_REFUSAL = 65_536
"""Bytes that are read of a reply that is not a stream."""

TIMEOUT = 60.0
"""Seconds, as long as the longest question."""


_MODULES = {
    "anthropic": "anthropic",
    "openai": "openai",
    "google": "google",
    "ollama": "ollama",
    "openai-compatible": "openai",
}
"""By service: the module of `pydantic_ai.models`, and often of the service's own client, that it takes long to load."""


def load(services: Iterable[str]) -> None:
    """Import what is needed to ask these services: up to two seconds of work."""
    import_module("pydantic_ai.direct")
    for service in services:
        import_module(f"pydantic_ai.models.{_MODULES[service]}")


def client(network: Network) -> httpx2.AsyncClient:
    """An HTTP client for the services, whose own base address may be on a private network."""
    transport = GuardedTransport(network, allow_private=True, read_body=bounded)
    return httpx2.AsyncClient(transport=transport, trust_env=False, timeout=TIMEOUT)


async def bounded(reply: Reply) -> AsyncGenerator[bytes]:
    """A stream event by event; of any other answer no more than `LONGEST_REFUSAL` bytes."""
    if reply.media_type == "text/event-stream" and reply.response.status < httpx2.codes.BAD_REQUEST:
        pieces = _events(reply)
    else:
        pieces = _start(reply)
    async for piece in pieces:
        yield piece


async def _events(reply: Reply) -> AsyncGenerator[bytes]:
    limits, working = reply.limits, TimeSlice()
    splitter = EventSplitter(EventLimits(longest=limits.model_event_bytes, most=limits.model_events))
    async for piece in reply.chunks():
        for event in splitter.feed(piece):
            if count_structure(event) > limits.model_event_values:
                raise SourceError(
                    f"It sent more than {limits.model_event_values:,} values in one event; fanin stopped reading. Ask"
                    " another model.",
                    FailureKind.TOO_LARGE,
                )
            yield event
            await working.checkpoint()
        await working.checkpoint()
    yield splitter.remainder()


async def _start(reply: Reply) -> AsyncGenerator[bytes]:
    left = LONGEST_REFUSAL
    async for piece in reply.chunks():
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def service_model(service: str, name: str, http: httpx2.AsyncClient) -> Any:
    """The client of a service's model; the first time it imports what `load` does."""
    match service:
        case "ollama":
            from pydantic_ai.models.ollama import OllamaModel
            from pydantic_ai.providers.ollama import OllamaProvider

            url = os.environ.get("OLLAMA_BASE_URL", OLLAMA)
            return OllamaModel(name, provider=OllamaProvider(base_url=url, http_client=http))
        case "openai-compatible":
            from pydantic_ai.models.openai import OpenAIChatModel
            from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

            url, _, name = name.rpartition("#")
            key = os.environ.get("OPENAI_COMPATIBLE_API_KEY")
            provider = OpenAICompatibleProvider(service, base_url=url, api_key=key, http_client=http)
            return OpenAIChatModel(name, provider=provider)
        case _:
            from pydantic_ai.models import infer_model
            from pydantic_ai.providers import infer_provider_class

            made: Any = infer_provider_class
            return infer_model(f"{service}:{name}", provider_factory=lambda each: made(each)(http_client=http))
