import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from fanin import capstone
from fanin.capstone import inference
from fanin.capstone.stages import WAYS, Load, best_makespan, by_hand, load
from fanin.model import Document
from fanin.testing import FakePool, run_jumping

KEYS = ["query", "success", "sources", "inferences", "errors", "execution_time", "cores_used"]
BOUNDS = {name: bound for name, _, bound in WAYS}


def ask(pool="inline"):
    return run_jumping(capstone.ai_agent_query("Is it late?", pool, units=1))


async def sleep_six_seconds(city):
    await asyncio.sleep(6)
    return {"source": "weather", "city": city}


def test_the_agent_gives_the_lessons_keys_shapes_and_three_inferences() -> None:
    result = ask()
    assert list(result) == KEYS
    assert result["query"] == "Is it late?"
    assert result["success"] is True
    assert result["errors"] == []
    assert result["sources"]["weather"]["temp"] == 72
    assert [article["source"] for article in result["sources"]["news"]] == ["news", "news"]
    assert result["sources"]["knowledge_base"].startswith("Knowledge base result for 'Is it late?'")
    assert [text[:26] for text in result["inferences"]] == ["[LLM Analysis] Processed: "] * 3
    assert result["inferences"][0].endswith("Result: Summary of key insights.")
    assert result["execution_time"] == pytest.approx(3.0)
    assert result["cores_used"] == 1


def test_work_begins_as_soon_as_a_source_has_answered_and_is_divided() -> None:
    pool = FakePool(workers=2, seconds=lambda document: 2.0 / document.parts)
    assert ask(pool)["execution_time"] == pytest.approx(5.5)  # one unit is one part
    result = run_jumping(
        capstone.ai_agent_query("Is it late?", FakePool(seconds=lambda part: 2.0 / part.parts), units=64)
    )
    assert result["execution_time"] == pytest.approx(4.5)
    assert result["cores_used"] == 2
    assert len(result["inferences"]) == 3


def test_a_service_that_sleeps_six_seconds_times_out_and_the_others_answer(monkeypatch) -> None:
    monkeypatch.setattr(capstone, "fetch_weather", sleep_six_seconds)
    result = ask()
    assert result["sources"]["weather"] == {"source": "weather", "error": "timeout"}
    assert result["success"] is True
    assert len(result["inferences"]) == 2
    assert len(result["errors"]) == 1
    assert "weather" in result["errors"][0]
    assert result["execution_time"] == pytest.approx(5.0, abs=0.2)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("fetch_weather", {"source": "weather", "error": "timeout"}),
        ("fetch_news", [{"source": "news", "error": "timeout"}]),
        ("query_knowledge_base", "Knowledge base: timeout"),
    ],
)
def test_a_fetcher_that_is_too_late_gives_the_lessons_error_which_is_not_inferred(monkeypatch, name, shape) -> None:
    fetch = getattr(capstone, name)
    assert run_jumping(fetch("x", timeout=1.0)) == shape
    monkeypatch.setattr(capstone, name, lambda text: fetch(text, timeout=1.0))
    result = ask()
    assert shape in result["sources"].values()
    assert len(result["inferences"]) == 2


def test_a_service_that_raises_is_an_error_of_its_source(monkeypatch) -> None:
    async def broken(_):
        raise OSError("no route")

    monkeypatch.setattr(capstone, "fetch_news", broken)
    result = ask()
    assert "no route" in result["sources"]["news"][0]["error"]
    assert len(result["inferences"]) == 2


def test_when_every_service_fails_there_is_no_success(monkeypatch) -> None:
    async def broken(_):
        raise OSError("no route")

    for name in ("fetch_weather", "fetch_news", "query_knowledge_base"):
        monkeypatch.setattr(capstone, name, broken)
    result = ask()
    assert result["success"] is False
    assert result["inferences"] == []
    assert len(result["errors"]) == 3


async def test_an_executor_of_ones_own_does_the_work_and_stays_open(monkeypatch) -> None:
    async def quick(_):
        return {"source": "weather", "temp": 1}

    for name in ("fetch_weather", "fetch_news", "query_knowledge_base"):
        monkeypatch.setattr(capstone, name, quick)
    with ThreadPoolExecutor(2) as executor:
        result = await capstone.ai_agent_query("Is it late?", executor, units=2)
        assert len(result["inferences"]) == 3
        assert executor.submit(len, "open").result() == 4


def test_parts_share_the_units_of_the_whole_and_merge_to_its_analysis() -> None:
    document = Document("some text", metadata={"units": 37})
    parts = inference.split(document)
    assert [part.part for part in parts] == [*range(1, len(parts) + 1)]
    assert {part.parts for part in parts} == {len(parts)}
    assert len(parts) >= 8
    assert sum(part.metadata["units"] for part in parts) == 37
    assert inference.merge([inference.infer("", part) for part in parts]) == inference.infer("", document)


def test_the_work_grows_with_the_seconds_and_is_measured_once() -> None:
    assert inference.units_of(2.0) == pytest.approx(10 * inference.units_of(0.2), rel=0.1)
    assert inference.units_of(1e-9) == 1


def test_the_bounds_on_two_cores_are_those_of_the_lessons_arithmetic() -> None:
    bounds = [bound([2.0, 1.5, 3.0], 2.0, 2) for bound in BOUNDS.values()]
    assert bounds == [12.5, 9.0, 10.5, 7.0, 5.5, 4.5]


def test_the_best_schedule_may_let_a_core_wait() -> None:
    assert best_makespan([(0.0, 2.0), (1.0, 2.0), (0.5, 1.0)], 1) == 5.0
    assert best_makespan([(2.0, 2.0), (1.5, 2.0), (3.0, 2.0)], 3) == 5.0


@pytest.mark.parametrize("together", [False, True])
async def test_a_stage_takes_at_least_its_waiting_and_measures_its_work(together: bool) -> None:
    small = Load({"weather": 0.02, "news": 0.01, "knowledge_base": 0.03}, 2, 2)
    seconds, cpu = await by_hand(small, fetch_together=together, work_together=together)
    assert seconds >= (0.03 if together else 0.06)
    assert cpu > 0


async def test_the_engines_stage_measures_the_work_of_every_part() -> None:
    small = Load({"weather": 0.02, "news": 0.01, "knowledge_base": 0.03}, 8, 2)
    ways = {name: run for name, run, _ in WAYS}
    for name in ("pipelined", "pipelined, divided"):
        seconds, cpu = await ways[name](small)
        assert seconds >= 0.03
        assert cpu > 0


def test_a_scaled_load_shrinks_waiting_and_work() -> None:
    whole, tenth = load(), load(scale=0.1)
    assert tenth.latencies["weather"] == pytest.approx(0.2)
    assert tenth.units == pytest.approx(whole.units / 10, rel=0.1)


def test_the_benchmark_prints_both_times_and_the_speedup(capsys, monkeypatch) -> None:
    async def quick(_):
        await asyncio.sleep(0.01)
        return "something"

    for name in ("fetch_weather", "fetch_news", "query_knowledge_base"):
        monkeypatch.setattr(capstone, name, quick)
    asyncio.run(capstone.run_benchmarks("Is it late?", units=2))
    seen = capsys.readouterr().out
    assert "Sequential execution: " in seen
    assert "Hybrid execution: " in seen
    assert "Speedup: " in seen


def test_what_a_worker_imports_for_the_inference_is_light() -> None:
    code = "import sys, fanin.capstone.inference; print({'asyncio', 'aiohttp', 'logging'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
