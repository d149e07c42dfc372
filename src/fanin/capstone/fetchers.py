"""The lesson's three simulated services: each waits as long as the lesson says, and has its own shape of result."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

LATENCIES: Mapping[str, float] = {"weather": 2.0, "news": 1.5, "knowledge_base": 3.0}
"""Seconds until each service answers, from the lesson."""

TIMEOUT = 5.0
"""Seconds that the lesson gives each service."""

KNOWLEDGE_BASE_FAILED = "Knowledge base: "
"""How a message of the lesson's knowledge base begins that it failed; its results begin otherwise."""

logger = logging.getLogger(__name__)


async def fetch_weather(
    city: str, *, timeout: float = TIMEOUT, latency: float = LATENCIES["weather"]
) -> dict[str, Any]:
    """The weather of a city after `latency` seconds, or its error once `timeout` seconds are over."""
    logger.info("Fetching weather for %s", city)
    if not await _answers(latency, timeout):
        return failed("weather", "timeout")
    return {"source": "weather", "city": city, "temp": 72, "condition": "sunny", "humidity": 45}


async def fetch_news(
    query: str, *, timeout: float = TIMEOUT, latency: float = LATENCIES["news"]
) -> list[dict[str, Any]]:
    """Two articles about a query after `latency` seconds, or one error once `timeout` seconds are over."""
    logger.info("Fetching news for %r", query)
    if not await _answers(latency, timeout):
        return failed("news", "timeout")
    snippets = ("Breaking updates...", "Latest developments...")
    return [
        {
            "title": f"Article {number} about {query}",
            "source": "news",
            "snippet": snippet,
            "url": f"https://news.example.com/{number}",
        }
        for number, snippet in enumerate(snippets, 1)
    ]


async def query_knowledge_base(
    question: str, *, timeout: float = TIMEOUT, latency: float = LATENCIES["knowledge_base"]
) -> str:
    """What is known about a question after `latency` seconds, or the error once `timeout` seconds are over."""
    logger.info("Querying knowledge base for %r", question)
    if not await _answers(latency, timeout):
        return failed("knowledge_base", "timeout")
    return (
        f"Knowledge base result for '{question}': This is contextual information from our knowledge base"
        " containing domain-specific expertise."
    )


def failed(source: str, error: str) -> Any:
    """The shape that the lesson gives a failure of that source: a dict, a list of one dict, or a sentence."""
    match source:
        case "knowledge_base":
            return f"{KNOWLEDGE_BASE_FAILED}{error}"
        case "news":
            return [{"source": source, "error": error}]
        case _:
            return {"source": source, "error": error}


def error_in(result: Any) -> str:
    """The error in a result of one of the lesson's shapes, or ""."""
    match result:
        case {"error": error} | [{"error": error}]:
            return str(error)
        case str() if result.startswith(KNOWLEDGE_BASE_FAILED):
            return result.removeprefix(KNOWLEDGE_BASE_FAILED)
        case _:
            return ""


async def _answers(latency: float, timeout: float) -> bool:
    try:
        async with asyncio.timeout(timeout):
            await asyncio.sleep(latency)
    except TimeoutError:
        logger.warning("No answer within %g s", timeout)
        return False
    return True
