"""The circuit breaker: a source that keeps failing is not called for some time, so that no question waits for it."""

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
    """The source behind a breaker with the circuit `health.circuit`; raises CircuitOpen while that is open.

    If the question has a user, a refused key opens the circuit for this user only, and the reason that other users see
    is only the kind of the failure, since its message may contain the question.
    """

    async def fetch(question: Question) -> AsyncIterator[Item]:
        clock, user = asyncio.get_running_loop().time, question.user
        own = admit(health.user_circuit(user), now=clock())
        if own is None:
            raise open_circuit_error(source.name, health.user_circuit(user), now=clock())
        shared = admit(health.circuit, now=clock())
        if shared is None:
            raise open_circuit_error(source.name, health.circuit, now=clock())
        health.circuit = shared
        health.set_user_circuit(user, own)

        def settle_both(end: End, error: Exception | None = None) -> None:
            wait = error.retry_after if isinstance(error, SourceError) else None
            settled = partial(settle, now=clock(), wait=wait)
            reason = describe(error) if error else ""
            if user:
                health.set_user_circuit(user, settled(own, _end_for_user(end), probe=own.probing, reason=reason))
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
            settle_both(_end_of(error), error)
            end = None
            now = clock()
            opened = max(each.until - now for each in (health.circuit, health.user_circuit(user)))
            if opened > 0:
                yield Notice("opened", after=opened, message=describe(error))
            raise
        finally:
            if end is not None:
                settle_both(end)

    return replace(source, fetch=fetch)


def _end_for_user(end: End) -> End:
    """The end of a call as far as it concerns its user's key: a failure says nothing about the key."""
    return "withdrawn" if end == "failed" else end


def _end_of(error: Exception) -> End:
    match error:
        case SourceError(blocked=True):
            return "withdrawn"
        case SourceError(refused=True):
            return "refused"
        case _:
            return "failed"


def open_circuit_error(name: str, circuit: Circuit, *, now: float) -> CircuitOpen:
    """The error for a source whose circuit is open: why, and for how long."""
    left = max(0.0, circuit.until - now)
    when = f"for another {left:.1f} s" if left else "until the call that tests the source has ended"
    cause = f" (last failure: {circuit.reason})" if circuit.reason else ""
    return CircuitOpen(
        f"The circuit breaker of {name} is open {when}{cause}; fanin did not ask it. Ask again later, or correct its"
        " settings.",
        left,
    )
