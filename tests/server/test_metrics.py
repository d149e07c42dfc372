"""Metrics are what the outcomes say."""

import asyncio
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families


async def samples(server, **options) -> dict[tuple[str, ...], float]:
    """Each sample, by its name and its labels."""
    status, _, text = await server.get("/metrics", **options)
    assert status == 200
    return {
        (each.name, *each.labels.values()): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


async def test_metrics_are_what_the_outcomes_say(opened) -> None:
    server = await opened()
    answers = [(await server.post("/v1/ask", {"question": f"Is the harbour open, {n}?"}))[2] for n in range(3)]
    seen = await samples(server)
    assert seen["fanin_questions_total", "answered"] == 3
    assert seen["fanin_question_seconds_count",] == 3
    assert seen["fanin_question_seconds_sum",] == pytest.approx(
        sum(each["execution_time"] for each in answers), abs=1e-3
    )
    for name in ("fast", "slow"):
        outcomes = [each["sources"][name] for each in answers]
        assert seen["fanin_source_outcomes_total", name, "ok"] == 3
        for part in ("waiting", "fetching", "processing"):
            told = sum(each[part] for each in outcomes)
            assert seen[f"fanin_source_{part}_seconds_sum", name] == pytest.approx(told, abs=1e-3)
        for count in ("documents", "attempts", "hedges"):
            assert seen[f"fanin_source_{count}_total", name] == sum(each[count] for each in outcomes)
        assert seen["fanin_source_cached_total", name] == 0
    assert seen["fanin_questions_running",] == 0
    assert seen["fanin_pool_workers",] >= 1


async def test_a_question_that_is_refused_or_cancelled_is_counted_as_such(opened) -> None:
    server = await opened(server="concurrent = 1", latency="30s")
    stream = asyncio.ensure_future(server.events("POST", "/v1/ask/stream", json={"question": "Is the harbour open?"}))
    async with asyncio.timeout(10):
        while not server.service.runs.running:
            await asyncio.sleep(0.01)
    assert (await server.post("/v1/ask", {"question": "And now?"}))[0] == 503
    assert (await samples(server))["fanin_questions_running",] == 1
    (run,) = server.service.runs.running
    await server.post(f"/v1/runs/{run.asked.run}/cancel")
    await stream
    seen = await samples(server)
    assert seen["fanin_questions_total", "cancelled"] == 1
    assert seen["fanin_questions_shed_total",] == 1
    assert seen["fanin_source_outcomes_total", "slow", "cancelled"] == 1


async def test_the_lag_of_the_loop_is_measured(opened, monkeypatch) -> None:
    monkeypatch.setattr("fanin.interfaces.server.metrics.LAG_SECONDS", 0.01)
    server = await opened()
    async with asyncio.timeout(10):
        while not (seen := await samples(server))["fanin_loop_lag_seconds_count",]:
            await asyncio.sleep(0.01)
    assert seen["fanin_loop_lag_seconds_sum",] >= 0
    assert seen["fanin_loop_lag_seconds_bucket", "+Inf"] == seen["fanin_loop_lag_seconds_count",]


async def test_metrics_need_a_key_where_others_do(opened) -> None:
    server = await opened(server="require_keys = true")
    assert (await server.get("/metrics"))[0] == 401
    assert "fanin_questions_running" in (await server.get("/metrics", headers=server.key("prometheus")))[2]


async def test_every_metric_stands_on_the_page_on_monitoring(opened) -> None:
    server = await opened(latency="0s")
    await server.post("/v1/ask", {"question": "Is the harbour open?"})
    text = (await server.get("/metrics"))[2]
    made = {name for name in re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE) if not name.endswith("_created")}
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "monitor.md").read_text("utf-8")
    assert made == set(re.findall(r"`(fanin_\w+)", page))
