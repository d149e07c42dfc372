"""The circuit breaker: a source that keeps failing is not called for a while, so that no question waits for it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

from fanin.errors import CircuitOpen, SourceError, describe
from fanin.model import Notice, Question
from fanin.policies.circuit import Circuit, End, admit, settle
from fanin.policies.health import Health
from fanin.sources.source import Item, Source, open_stream


def breaker(source: Source, health: Health) -> Source:
    """The source behind a breaker whose circuit is `health.circuit`; raises CircuitOpen instead of asking in vain.

    A refused key opens it for the user of the question alone, if there is one, and what it tells all users of the last
    failure is only its kind: the rest may speak of what another one asked.
    """

    async def fetch(question: Question) -> AsyncIterator[Item]:
        clock, user = asyncio.get_running_loop().time, question.user
        own = admit(health.refused(user), now=clock())
        if own is None:
            raise refusal(source.name, health.refused(user), now=clock())
        shared = admit(health.circuit, now=clock())
        if shared is None:
            raise refusal(source.name, health.circuit, now=clock())
        health.circuit = shared
        health.refuse(user, own)

        def settle_both(end: End, error: Exception | None = None) -> None:
            wait = error.retry_after if isinstance(error, SourceError) else None
            settled = partial(settle, now=clock(), wait=wait)
            reason = describe(error) if error else ""
            if user:
                health.refuse(user, settled(own, _of_user(end), probe=own.probing, reason=reason))
                end = "withdrawn" if end == "refused" else end
                reason = str(getattr(error, "kind", type(error).__name__)) if error else ""
            health.circuit = settled(health.circuit, end, probe=shared.probing, reason=reason)

        end: End | None = "withdrawn"
        try:
            async with open_stream(source, question) as stream:
                async for item in stream:
                    yield item
            end = "ok"
        except Exception as error:
            settle_both(_ended(error), error)
            end = None
            now = clock()
            opened = max(each.until - now for each in (health.circuit, health.refused(user)))
            if opened > 0:
                yield Notice("opened", after=opened, message=describe(error))
            raise
        finally:
            if end is not None:
                settle_both(end)

    return replace(source, fetch=fetch)


def _of_user(end: End) -> End:
    """What a call says of its user's key: that it is good, refused, or nothing."""
    return "withdrawn" if end == "failed" else end


def _ended(error: Exception) -> End:
    match error:
        case SourceError(blocked=True):
            return "withdrawn"
        case SourceError(refused=True):
            return "refused"
        case _:
            return "failed"


def refusal(name: str, circuit: Circuit, *, now: float) -> CircuitOpen:
    """The error that says why a source is not asked, and until when."""
    left = max(0.0, circuit.until - now)
    when = f"for another {left:.1f} s" if left else "until the call that tests the source has ended"
    why = f" (last failure: {circuit.reason})" if circuit.reason else ""
    return CircuitOpen(
        f"The circuit breaker of {name} is open {when}{why}; fanin did not ask it. Ask again later, or correct its"
        " settings.",
        left,
    )
