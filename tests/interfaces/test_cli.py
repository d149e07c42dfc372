import json
import subprocess
import sys
from pathlib import Path

import pytest

SETTINGS = """
[fanin]
deadline = "5s"

[sources.fast]
kind = "simulated"
latency = "10ms"
text = "The harbour stays open tonight. Ferries are running on time."

[sources.broken]
kind = "simulated"
latency = "10ms"
fail = "the machine is on fire"

[sources.hung]
kind = "simulated"
latency = "60s"
text = "Never said."
"""


@pytest.fixture
def settings(tmp_path: Path) -> str:
    path = tmp_path / "settings.toml"
    path.write_text(SETTINGS)
    return str(path)


def test_a_piped_answer_is_plain_text_with_citations_what_is_missing_and_the_time(fanin, settings) -> None:
    run = fanin("ask", "Is the harbour open?", "--config", settings, "--source", "fast", "--source", "broken")
    assert run.returncode == 0
    assert "harbour stays open" in run.stdout
    assert "[1]" in run.stdout
    assert "missing: broken: error (simulated): the machine is on fire" in run.stdout
    assert "1 of 2 sources answered in" in run.stdout
    assert "\x1b" not in run.stdout + run.stderr
    assert "broken: error (simulated)" in run.stderr


def test_without_a_source_that_answers_the_status_is_3(fanin, settings) -> None:
    run = fanin("ask", "Is the harbour open?", "--config", settings, "--source", "broken")
    assert run.returncode == 3
    assert run.stdout.startswith("No answer.")
    assert "missing: broken" in run.stdout


def test_a_deadline_cuts_off_what_hangs(fanin, settings) -> None:
    run = fanin(
        *("ask", "Is the harbour open?", "--config", settings, "--deadline", "500ms", "--json"),
        *("--source", "fast", "--source", "hung"),
    )
    assert run.returncode == 0
    answer = json.loads(run.stdout)
    assert answer["sources"]["hung"]["status"] == "timeout"
    assert answer["execution_time"] < 5


def test_json_is_the_answer_and_nothing_else(fanin, settings) -> None:
    run = fanin("ask", "Is the harbour open?", "--config", settings, "--source", "fast", "--json")
    answer = json.loads(run.stdout)
    assert list(answer)[:7] == ["query", "success", "sources", "inferences", "errors", "execution_time", "cores_used"]
    assert answer["citations"][0]["number"] == 1
    assert run.stderr == ""


def test_events_are_json_lines_that_end_with_the_answer(fanin, settings) -> None:
    run = fanin("ask", "Is the harbour open?", "--config", settings, "--source", "fast", "--events")
    events = [json.loads(line) for line in run.stdout.splitlines()]
    names = [event["event"] for event in events]
    assert names[0] == "planned"
    assert names[-1] == "answered"
    assert {"started", "fetched", "processed", "finished"} <= set(names)
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    assert events[-1]["answer"]["success"] is True


def test_the_timeline_is_drawn_in_plain_text_too(fanin, settings) -> None:
    run = fanin("ask", "Is the harbour open?", "--config", settings, "--source", "fast", "--timeline")
    assert "I/O  fast" in run.stdout
    assert "critical path  fetching fast" in run.stdout
    assert "one after another" in run.stdout
    assert "lower bound" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask",), "requires an argument"),
        (("aks",), 'Did you mean "ask"'),
        (("ask", "Q?", "--sorce", "x"), "Unknown option"),
        (("ask", "Q?", "--source", "fasst"), "There is no source 'fasst'; fanin asked nothing. Did you mean 'fast'?"),
        (("ask", "Q?", "--deadline", "soon"), "'soon'"),
        (("ask", "Q?", "--deadline", "0s"), "deadline=0.0"),
        (("ask", "Q?", "--deadline", "-3s"), "-3s"),
        (("ask", "Q?", "--json", "--events"), "exclude each other"),
        (("ask", " "), "The question is empty"),
        (("demo", "--fail", "sources"), "knowledge_base"),
    ],
)
def test_a_mistake_in_the_call_is_one_message_and_status_2(fanin, settings, arguments, message) -> None:
    config = ("--config", settings) if arguments[0] == "ask" and len(arguments) > 1 else ()
    run = fanin(*arguments, *config)
    assert run.returncode == 2
    assert run.stdout == ""
    assert message in run.stderr
    assert run.stderr.startswith("fanin: ")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["[sources.x]\nkind = 'nothing'", "not toml", "[sources.x]\nkind = 'simulated'\nspeed = 1"]
)
def test_bad_settings_are_one_message_and_status_2(fanin, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    run = fanin("ask", "Q?", "--config", "bad.toml")
    assert run.returncode == 2
    assert "bad.toml" in run.stderr
    assert "Traceback" not in run.stderr


def test_settings_that_are_not_there_are_one_message_and_status_2(fanin) -> None:
    run = fanin("ask", "Q?", "--config", "none.toml")
    assert run.returncode == 2
    assert "none.toml" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_version_is_that_of_the_package(fanin) -> None:
    from importlib.metadata import version

    run = fanin("--version")
    assert (run.returncode, run.stdout) == (0, f"fanin {version('fanin')}\n")


def test_help_names_every_option_without_importing_what_is_heavy(fanin) -> None:
    assert "Ask many sources at once" in fanin("--help").stdout
    assert all(
        option in fanin("ask", "--help").stdout
        for option in ("--source", "--deadline", "--config", "--json", "--events", "--timeline")
    )
    loaded = "import sys; from fanin.interfaces.cli.app import main; main(['ask', '--help']); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, encoding="utf-8", check=True)
    heavy = {"aiohttp", "pydantic", "asyncio", "rich.live", "fanin.engine", "feedparser"}
    assert not heavy & set(run.stdout.split())


def test_a_reader_that_leaves_early_causes_no_complaint(fanin, settings) -> None:
    asking = [sys.executable, "-m", "fanin", "ask", "Q?", "--config", settings, "--source", "fast", "--events"]
    with subprocess.Popen(asking, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
        assert "Exception" not in process.stderr.read()


def test_the_demo_asks_real_services_and_answers_from_all_three(fanin) -> None:
    run = fanin("demo", "--scale", "0.1", "--json")
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert {name: outcome["status"] for name, outcome in answer["sources"].items()} == {
        "weather": "ok",
        "news": "ok",
        "knowledge_base": "ok",
    }
    assert answer["sources"]["news"]["documents"] == 12
    assert len({citation["source"] for citation in answer["citations"]}) >= 2


def test_the_demo_survives_a_source_that_dies(fanin) -> None:
    run = fanin("demo", "--scale", "0.1", "--fail", "weather")
    assert run.returncode == 0
    assert "missing: weather: error (disconnected)" in run.stdout
    assert "2 of 3 sources answered" in run.stdout


def test_the_demo_keeps_what_came_before_a_source_died(fanin) -> None:
    answer = json.loads(fanin("demo", "--scale", "0.1", "--fail", "news", "--json").stdout)
    assert (answer["sources"]["news"]["status"], answer["sources"]["news"]["documents"]) == ("partial", 6)


def test_the_demo_does_not_wait_for_a_source_that_hangs(fanin) -> None:
    run = fanin("demo", "--scale", "0.1", "--slow", "news", "--deadline", "1s", "--json")
    answer = json.loads(run.stdout)
    assert answer["sources"]["news"]["status"] == "timeout"
    assert answer["execution_time"] < 5


def test_nothing_answers_when_everything_dies(fanin) -> None:
    faults = [part for name in ("weather", "knowledge_base") for part in ("--fail", name)]
    assert fanin("demo", "--scale", "0.1", *faults, "--slow", "news", "--deadline", "600ms").returncode == 3
