"""Public fakes and checks: test your own sources, pools and engines without waiting and without a network."""

from fanin.testing.calls import RecordedSource, check_calls
from fanin.testing.check_pool import check_pool
from fanin.testing.check_source import check_source
from fanin.testing.clock import JumpingLoop, run_jumping
from fanin.testing.fakes import FakePool, FakeSource
from fanin.testing.invariants import check_answer, check_events, check_quotes
from fanin.testing.scenario import Scenario, observe, run_scenario

__all__ = [
    "FakePool",
    "FakeSource",
    "JumpingLoop",
    "RecordedSource",
    "Scenario",
    "check_answer",
    "check_calls",
    "check_events",
    "check_pool",
    "check_quotes",
    "check_source",
    "observe",
    "run_jumping",
    "run_scenario",
]
