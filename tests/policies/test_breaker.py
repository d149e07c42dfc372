"""Which failures are the source's own, and which are a refusal of the key."""

import pytest

from fanin.errors import SourceError
from fanin.model import Policy
from fanin.policies.health import Health
from fanin.policies.stack import stack
from fanin.testing import FakeSource, run_scenario


@pytest.mark.parametrize(
    ("kind", "state", "seconds"),
    [
        ("http_401", "open", 300.0),
        ("http_403", "open", 300.0),
        ("http_404", "closed", 0.0),
        ("http_500", "closed", 0.0),
        ("shed", "closed", 0.0),
    ],
)
def test_a_refusal_of_the_key_opens_the_breaker_at_once_and_for_long(kind: str, state: str, seconds: float) -> None:
    health = Health()
    fake = FakeSource("s", ((0.0, SourceError("no", kind)),))
    run_scenario([stack(fake.source, Policy(breaker=True), health=health)])
    told = health.told(now=0.0)
    assert (told["breaker"], told["open_for"]) == (state, seconds)
