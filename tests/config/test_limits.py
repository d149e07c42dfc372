"""The page about limits names the figures that the code has."""

from pathlib import Path

import pytest

from fanin import engine
from fanin.config.settings import General
from fanin.limits import LIMITS
from fanin.policies import cache, circuit, hedge, retry
from fanin.pools import worker_pool
from fanin.run import run
from fanin.writing import writer

PAGE = " ".join((Path(__file__).parents[2] / "docs" / "explanation" / "limits.md").read_text("utf-8").split())


def ms(seconds: float) -> str:
    return f"{seconds * 1000:g} ms"


@pytest.mark.parametrize(
    "expected",
    [
        f"`deadline`, {General().deadline:g} s",
        f"{ms(engine.RESERVE)}, or a tenth of a short deadline; {writer.SHARE:.0%}".replace("%", " %"),
        f"| grace | {ms(run.STOP_SECONDS)}, at most a third",
        f"{LIMITS.response_seconds:g} s, whatever the timeouts",
        f"has not ended {ms(cache.STALE_MARGIN)} before the deadline",
        f"between 0 and {ms(retry.FIRST_DELAY)}, then {ms(2 * retry.FIRST_DELAY)}, up to {retry.MAX_DELAY:g} s",
        f"opens for {circuit.FIRST_OPEN_SECONDS:g} s after three failures",
        f"up to {circuit.MAX_OPEN_SECONDS:g} s. 401 and 403 open it for {circuit.REFUSED_OPEN_SECONDS:g} s",
        f"Once {hedge.LATENCIES_NEEDED} latencies are known",
        f"`per_host` ({General().per_host}) and `in_all` ({General().in_all})",
        f"{LIMITS.body_bytes // 10**6} MB",
        f"{LIMITS.unpacked_bytes // 10**6} MB",
        f"| headers | {LIMITS.header_bytes // 1024} KB",
        f"| redirects | {LIMITS.redirects} |",
        f"| depth of JSON | {LIMITS.json_depth} |",
        f"| {LIMITS.json_values:,}, {LIMITS.json_characters // 10**6} million, {LIMITS.json_number_characters:,} |",
        f"| {LIMITS.feed_elements:,}, {LIMITS.malformed_feed_bytes // 10**6} MB |",
        f"| steps of a JMESPath expression on one value | {LIMITS.expression_steps:,} |",
        f"| lines of a program of the kind `command` | {LIMITS.output_lines:,} |",
        f"| {LIMITS.mcp_messages:,} lines or events, {LIMITS.output_bytes // 10**6} MB over pipes",
        f"{LIMITS.mcp_values:,} values, {LIMITS.documents:,} blocks of content |",
        f"| {LIMITS.mcp_tools:,} on {LIMITS.mcp_tool_pages} pages |",
        f"| 64 KB, {LIMITS.model_event_values:,} values |",
        f"| {LIMITS.model_events:,}, {LIMITS.body_bytes // 10**6} MB |",
        f"| {LIMITS.reasoning_characters:,} characters |",
        f"| {LIMITS.written_characters:,} characters |",
        f"{LIMITS.documents:,} a question",
        f"{LIMITS.jobs} in the pool",
        f"| {ms(worker_pool.GRACE)} after that |",
        f"Another {ms(worker_pool.ABANDON_AFTER)} later",
    ],
)
def test_a_figure_on_the_page_is_that_of_the_code(expected: str) -> None:
    assert expected in PAGE


def test_the_figures_that_are_written_as_words_are_those_of_the_code() -> None:
    assert (circuit.CONSECUTIVE_FAILURES, circuit.MIN_CALLS, circuit.FAILURE_RATE, circuit.WINDOW) == (3, 5, 0.5, 60.0)
    assert (LIMITS.waiting, LIMITS.stuck_calls) == (10, 8)
    assert (hedge.HEDGE_PERCENTILE, hedge.HEDGE_SHARE, retry.RETRIES_PER_SECOND) == (0.95, 0.05, 0.1)
