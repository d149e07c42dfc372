import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

SETTINGS = """

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


def test_a_piped_answer_is_plain_text_with_citations_what_is_missing_and_the_time(shell, settings) -> None:
    done = shell("ask", "Is the harbour open?", "--config", settings, "--source", "fast", "--source", "broken")
    assert done.returncode == 0
    assert "harbour stays open" in done.stdout
    assert "[1]" in done.stdout
    assert "missing: broken: the machine is on fire" in done.stdout
    assert "the machine is on fire" not in done.stderr
    assert "1 of 2 sources answered in" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert "broken: error (simulated)" in done.stderr


def test_without_a_source_that_answers_the_status_is_3(shell, settings) -> None:
    done = shell("ask", "Is the harbour open?", "--config", settings, "--source", "broken")
    assert done.returncode == 3
    assert done.stdout.startswith("No answer.\n\nmissing: broken: the machine is on fire")
    assert done.stdout.count("the machine is on fire") == 1


def test_a_deadline_cuts_off_what_hangs(run, settings) -> None:
    done = run(
        *("ask", "Is the harbour open?", "--config", settings, "--deadline", "500ms", "--json"),
        *("--source", "fast", "--source", "hung"),
    )
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer["sources"]["hung"]["status"] == "timeout"
    assert answer["execution_time"] < 5


def test_json_is_the_answer_and_nothing_else(run, settings) -> None:
    done = run("ask", "Is the harbour open?", "--config", settings, "--source", "fast", "--json")
    answer = json.loads(done.stdout)
    assert list(answer)[:7] == ["query", "success", "sources", "inferences", "errors", "execution_time", "cores_used"]
    assert answer["citations"][0]["number"] == 1
    assert done.stderr == ""


def test_events_are_json_lines_that_end_with_the_answer(run, settings) -> None:
    done = run("ask", "Is the harbour open?", "--config", settings, "--source", "fast", "--events")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    names = [event["event"] for event in events]
    assert names[0] == "planned"
    assert names[-1] == "answered"
    assert {"started", "fetched", "processed", "finished"} <= set(names)
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    assert events[-1]["answer"]["success"] is True


def test_the_timeline_is_drawn_in_plain_text_too(run, settings) -> None:
    done = run("ask", "Is the harbour open?", "--config", settings, "--source", "fast", "--timeline")
    assert "I/O  fast" in done.stdout
    assert "critical path  fetching fast" in done.stdout
    assert "one after another" in done.stdout
    assert "lower bound" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask",), "requires an argument"),
        (("aks",), 'Did you mean "ask"'),
        (("ask", "Q?", "--sorce", "x"), "Unknown option"),
        (("ask", "Q?", "--source", "fasst"), "There is no source 'fasst'; fanin asked nothing. Did you mean 'fast'?"),
        (("ask", "Q?", "--deadline", "soon"), "--deadline: 'soon' is no duration; write a number of seconds"),
        (("ask", "Q?", "--deadline", "-3s"), "--deadline: '-3s' is no duration"),
        (("ask", "Q?", "--deadline", "0s"), "deadline is 0.0"),
        (("ask", "Q?", "--deadline=-3s"), "-3s"),
        (("ask", "Q?", "--json", "--events"), "exclude each other"),
        (("ask", " "), "The question is empty"),
        (("demo", "--fail", "sources"), "knowledge_base"),
        (("runs", "0123"), "`fanin runs` takes no '0123'. fanin did nothing. `fanin runs --help` says what there is."),
        (("kb", "search", " "), "The question is empty; fanin looked for nothing."),
    ],
)
def test_a_mistake_in_the_call_is_one_message_and_status_2(run, settings, arguments, message) -> None:
    config = ("--config", settings) if arguments[0] == "ask" and len(arguments) > 1 else ()
    done = run(*arguments, *config)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.startswith("fanin: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["[sources.x]\nkind = 'nothing'", "not toml", "[sources.x]\nkind = 'simulated'\nspeed = 1"]
)
def test_bad_settings_are_one_message_and_status_2(run, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    done = run("ask", "Q?", "--config", "bad.toml")
    assert done.returncode == 2
    assert "bad.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_that_are_not_there_are_one_message_and_status_2(shell) -> None:
    done = shell("ask", "Q?", "--config", "none.toml")
    assert done.returncode == 2
    assert "none.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_settings_in_the_folder_are_taken_unless_others_are_named(run, settings, tmp_path: Path) -> None:
    Path(settings).rename(tmp_path / "fanin.toml")
    assert run("ask", "Is the harbour open?", "--source", "fast").returncode == 0


def test_without_settings_the_starter_set_is_asked(run) -> None:
    done = run("ask", "Q?", "--source", "nobody")
    assert done.returncode == 2
    assert "weather, news, wikipedia" in done.stderr


def test_the_version_is_that_of_the_package(shell) -> None:
    from importlib.metadata import version

    done = shell("--version")
    assert (done.returncode, done.stdout) == (0, f"fanin {version('fanin')}\n")


def test_help_names_every_option_without_importing_what_is_heavy(run) -> None:
    assert "Ask many sources at once" in run("--help").stdout
    assert all(
        option in run("ask", "--help").stdout
        for option in ("--source", "--deadline", "--config", "--json", "--events", "--timeline")
    )
    loaded = "import sys; from fanin.interfaces.cli.app import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, encoding="utf-8", check=True)
    heavy = {"aiohttp", "pydantic", "asyncio", "rich.live", "fanin.engine", "feedparser"}
    assert not heavy & set(done.stdout.split())


def test_a_question_in_a_pipe_is_asked_without_importing_rich(settings) -> None:
    asking = f"main(['ask', 'Q?', '--config', {settings!r}, '--source', 'fast'])"
    loaded = f"import sys; from fanin.interfaces.cli.app import main; {asking}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, encoding="utf-8", check=True)
    assert not {"rich", "rich.live"} & set(done.stdout.splitlines()[-1].split())


def test_the_shell_completes_commands_and_options(run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert run("--install-completion", "--shell", "bash").returncode == 0
    asked = 'source .bashrc; COMP_WORDS=(fanin ask --); COMP_CWORD=2; _fanin; echo "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", asked], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert {"--source", "--deadline", "--log-level"} <= set(done.stdout.split())


def test_every_command_and_every_option_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "cli.md").read_text("utf-8")
    options = [line for line in page.splitlines() if line.startswith("* `")]
    assert len(options) > 50
    assert [line for line in options if not re.search(r"`: \w.{10,}$", line)] == []


def test_a_reader_that_leaves_early_causes_no_complaint(run, settings) -> None:
    asking = [sys.executable, "-m", "fanin", "ask", "Q?", "--config", settings, "--source", "fast", "--events"]
    with subprocess.Popen(asking, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
        assert "Exception" not in process.stderr.read()


def test_the_demo_asks_real_services_and_answers_from_all_three(shell) -> None:
    done = shell("demo", "--scale", "0.1", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {name: outcome["status"] for name, outcome in answer["sources"].items()} == {
        "weather": "ok",
        "news": "ok",
        "knowledge_base": "ok",
    }
    assert answer["sources"]["news"]["documents"] == 9
    assert len({citation["source"] for citation in answer["citations"]}) >= 2


def test_the_demo_survives_a_source_that_dies(run) -> None:
    done = run("demo", "--scale", "0.1", "--fail", "weather")
    assert done.returncode == 0
    assert "missing: weather: The connection was closed without a reply" in done.stdout
    assert "2 of 3 sources answered" in done.stdout


def test_the_demo_keeps_what_came_before_a_source_died(run) -> None:
    answer = json.loads(run("demo", "--scale", "0.1", "--fail", "news", "--json").stdout)
    assert (answer["sources"]["news"]["status"], answer["sources"]["news"]["documents"]) == ("partial", 5)


def test_the_demo_does_not_wait_for_a_source_that_hangs(run) -> None:
    done = run("demo", "--scale", "0.1", "--slow", "news", "--deadline", "1s", "--json")
    answer = json.loads(done.stdout)
    assert answer["sources"]["news"]["status"] == "timeout"
    assert answer["execution_time"] < 5


def test_nothing_answers_when_everything_dies(run) -> None:
    faults = [part for name in ("weather", "knowledge_base") for part in ("--fail", name)]
    assert run("demo", "--scale", "0.1", *faults, "--slow", "news", "--deadline", "600ms").returncode == 3


ABOUT_FERRIES = """
[sources.harbour]
kind = "simulated"
latency = "1ms"
text = "The ferry to Elba leaves at nine. The ferry to Elba costs 12 euros. The ferry to Capri leaves at noon."
"""


def asked_as(run, tmp_path: Path, question: str, *options: str) -> str:
    (tmp_path / "ferries.toml").write_text(ABOUT_FERRIES)
    done = run("ask", question, "--config", str(tmp_path / "ferries.toml"), "--json", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["asked_as"]


def test_a_question_follows_the_last_one_of_the_terminal(run, tmp_path: Path) -> None:
    assert asked_as(run, tmp_path, "When does the ferry to Elba leave?") == ""
    assert asked_as(run, tmp_path, "how much does it cost?", "--follow") == "How much does the ferry to Elba cost?"
    assert asked_as(run, tmp_path, "what about Capri?", "--follow") == "How much does the ferry to Capri cost?"
    assert asked_as(run, tmp_path, "what about Capri?") == ""


def test_an_answer_says_what_was_asked_in_the_end(run, tmp_path: Path) -> None:
    asked_as(run, tmp_path, "When does the ferry to Elba leave?")
    done = run("ask", "and to Capri?", "--follow", "--config", str(tmp_path / "ferries.toml"))
    assert done.stdout.startswith('Asked as "When does the ferry to Capri leave?".\n\n')
    assert "The ferry to Capri leaves at noon. [1]" in done.stdout


def test_without_a_question_before_a_follow_up_asks_nothing(run, settings) -> None:
    done = run("ask", "and tomorrow?", "--follow", "--config", settings)
    assert done.returncode == 2
    assert "--follow: no question was asked in this terminal before" in done.stderr


def test_the_last_question_is_kept_for_its_user_alone(run, tmp_path: Path) -> None:
    asked_as(run, tmp_path, "When does the ferry to Elba leave?")
    kept = tmp_path / "state" / "fanin" / "last-runs.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir() if path.name.startswith("last-runs")] == ["last-runs.json"]
    (entry,) = json.loads(kept.read_text()).values()
    assert set(entry) == {"question", "answer", "at"}
