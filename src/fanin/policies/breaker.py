"""The circuit breaker: a source that keeps failing is left in peace, and the question is not kept waiting."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from fanin.errors import CircuitOpen, RateLimited, SourceError, describe
from fanin.model import Question
from fanin.policies.circuit import End, admit, settle
from fanin.policies.health import Health
from fanin.policies.rate import OverRate
from fanin.sources.source import Item, Source, reading

REFUSALS = ("http_401", "http_403")


def breaker(source: Source, health: Health) -> Source:
    """The source behind a breaker whose circuit is `health.circuit`; raises CircuitOpen instead of asking in vain."""

    async def fetch(question: Question) -> AsyncIterator[Item]:
        clock = asyncio.get_running_loop().time
        admitted = admit(health.circuit, now=clock())
        if admitted is None:
            raise refusal(source.name, health, now=clock())
        health.circuit = admitted
        end: End = "withdrawn"
        reason, wait = "", None
        try:
            async with reading(source, question) as stream:
                async for item in stream:
                    yield item
            end = "ok"
        except Exception as error:
            end, reason = _ended(error), describe(error)
            wait = error.retry_after if isinstance(error, RateLimited) else None
            raise
        finally:
            health.circuit = settle(health.circuit, end, now=clock(), probe=admitted.probing, reason=reason, wait=wait)

    return replace(source, fetch=fetch)


def _ended(error: Exception) -> End:
    match error:
        case CircuitOpen() | OverRate():
            return "withdrawn"
        case SourceError(kind=kind) if kind in REFUSALS:
            return "refused"
        case SourceError(kind="shed"):
            return "withdrawn"
        case _:
            return "failed"


def refusal(name: str, health: Health, *, now: float) -> CircuitOpen:
    """The error that says why a source is not asked, and until when."""
    left = max(0.0, health.circuit.until - now)
    when = f"for another {left:.1f} s" if left else "until a call that is under way tells how it is"
    why = f" ({health.circuit.reason})" if health.circuit.reason else ""
    return CircuitOpen(
        f"{name} is left in peace after its last failure{why}; fanin does not ask it {when}. Ask again later, or mend"
        " its settings.",
        left,
    )
