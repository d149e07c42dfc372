"""What stands between a question and a source, and in which order."""

from collections.abc import Callable
from functools import partial

from fanin.model import Policy
from fanin.policies.attempt import attempt
from fanin.policies.breaker import breaker
from fanin.policies.cache import cache
from fanin.policies.health import Health
from fanin.policies.hedge import hedge
from fanin.policies.rate import in_turns, rate_limit
from fanin.policies.retry import retry
from fanin.policies.stores import Store
from fanin.sources.source import Source

OFF = Policy()

type Wrapper = Callable[[Source], Source]


def stack(source: Source, policy: Policy, *, health: Health, store: Store | None = None) -> Source:
    """The source with everything around it that the policy asks for; the source itself when that is nothing."""
    if policy == OFF:
        return source
    for wrap in reversed(layers(policy, health=health, store=store)):
        source = wrap(source)
    return source


def layers(policy: Policy, *, health: Health, store: Store | None = None) -> list[Wrapper]:
    """The wrappers, outermost first: a question passes them from the top, and what they leave out costs nothing."""
    order: list[Wrapper | None] = [
        # A cached answer needs no leave from anything below, and shields all of it from a crowd of equal questions.
        partial(cache, fresh=policy.cache, stale=policy.stale, store=store) if policy.cache or policy.stale else None,
        # Each retry passes the breaker, the rate and the turns again, as any call does.
        partial(retry, retries=policy.retries, budget=policy.retry_budget) if policy.retries else None,
        # An open breaker must cost no token and no turn.
        partial(breaker, health=health) if policy.breaker else None,
        # Waiting for a token must not hold up a turn that another call could use.
        partial(rate_limit, rate=policy.rate) if policy.rate else None,
        partial(in_turns, at_once=policy.concurrency) if policy.concurrency else None,
        # A hedge is not an attempt of its own: it replaces a late one within the same turn.
        partial(hedge, health=health) if policy.hedge else None,
        # Innermost, so that the timeout and the latency are those of a call, not of waiting for one.
        partial(attempt, health=health),
    ]
    return [each for each in order if each is not None]
