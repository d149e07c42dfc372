"""The commands about settings: init, sources, sources check, and sources reset."""

import json
from pathlib import Path

import pytest

SETTINGS = """
[defaults]
cache = "0s"
stale = "0s"
retries = 0

[sources.fast]
kind = "simulated"
latency = "10ms"
text = "The harbour stays open tonight."
topics = ["harbour"]

[sources.silent]
kind = "simulated"
latency = "10ms"

[sources.broken]
kind = "simulated"
latency = "10ms"
fail = "the machine is on fire"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "fanin.toml"
    path.write_text(SETTINGS)
    return path


def without(path: Path, *names: str) -> None:
    tables = path.read_text().split("\n\n")
    path.write_text("\n\n".join(table for table in tables if not any(f"sources.{name}" in table for name in names)))


def test_init_writes_a_file_that_declares_the_starter_set(run, tmp_path: Path) -> None:
    done = run("init")
    assert (done.returncode, done.stderr) == (0, "")
    assert "fanin.toml" in done.stdout
    assert "# " in (tmp_path / "fanin.toml").read_text()
    seen = json.loads(run("sources", "--json").stdout)
    assert seen["settings"] == "fanin.toml"
    assert [source["name"] for source in seen["sources"]][:3] == ["weather", "news", "wikipedia"]


def test_init_never_writes_over_a_file(run, settings: Path) -> None:
    done = run("init")
    assert done.returncode == 2
    assert (
        done.stderr == "fanin: fanin.toml is there already; fanin left it as it is. Edit it, or move it away first.\n"
    )
    assert settings.read_text() == SETTINGS


def test_init_says_why_it_cannot_write(run) -> None:
    done = run("init", "--config", "absent/fanin.toml")
    assert done.returncode == 2
    assert "fanin: absent/fanin.toml: No such file or directory; fanin wrote nothing." in done.stderr


def test_sources_lists_what_is_declared(run, settings: Path) -> None:
    done = run("sources")
    assert done.returncode == 0
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0] == ["fanin.toml"]
    assert rows[2] == ["source", "kind", "breaker", "calls", "p50", "p95", "topics", "health"]
    assert rows[3] == ["fast", "simulated", "closed", "0", "-", "-", "harbour", "never", "asked"]
    assert len(rows) == 6


def test_sources_tells_how_they_have_been_doing_in_earlier_runs(run, settings: Path) -> None:
    for _ in range(3):
        run("ask", "Is the harbour open?", "--json")
    seen = {source["name"]: source for source in json.loads(run("sources", "--json").stdout)["sources"]}
    assert (seen["fast"]["calls"], seen["fast"]["failures"], seen["fast"]["breaker"]) == (3, 0, "closed")
    assert 0.01 <= seen["fast"]["p50"] <= seen["fast"]["p95"] < 5
    assert (seen["broken"]["failures"], seen["broken"]["breaker"]) == (3, "open")
    assert seen["broken"]["open_for"] > 0
    shown = run("sources").stdout
    assert "works" in shown
    assert "open for " in shown
    assert "the machine is on fire" in shown


def test_without_a_file_sources_lists_the_starter_set(run) -> None:
    done = run("sources")
    assert done.returncode == 0
    assert done.stdout.startswith("The built-in sources; `fanin init` writes them into a file.")
    assert "wikipedia" in done.stdout


def test_a_check_says_what_each_source_gave_and_fails_in_part(run, settings: Path) -> None:
    done = run("sources", "check")
    assert done.returncode == 1
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines()}
    assert rows["fast"][1:3] == ["ok", "1"]
    assert rows["fast"][-1] == "fast"  # its title
    assert rows["silent"][1:3] == ["empty", "0"]
    assert rows["broken"][1:3] == ["error", "0"]
    assert "the machine is on fire" in done.stdout


def test_a_check_in_which_all_is_well_has_status_0(run, settings: Path) -> None:
    without(settings, "broken")
    done = run("sources", "check", "--json")
    assert done.returncode == 0
    seen = json.loads(done.stdout)
    assert [(each["name"], each["status"], each["documents"], each["title"]) for each in seen] == [
        ("fast", "ok", 1, "fast"),
        ("silent", "empty", 0, ""),
    ]


def test_a_check_in_which_nothing_answers_has_status_3(run, settings: Path) -> None:
    without(settings, "fast", "silent")
    assert run("sources", "check").returncode == 3


def test_a_check_asks_once_also_what_is_left_alone(run, settings: Path) -> None:
    for _ in range(3):
        run("ask", "Is the harbour open?", "--json")
    (broken,) = (each for each in json.loads(run("sources", "check", "--json").stdout) if each["name"] == "broken")
    assert (broken["status"], broken["kind"]) == ("error", "simulated")


def test_a_fresh_question_passes_the_cache_by(run, tmp_path: Path) -> None:
    text = '[sources.a]\nkind = "simulated"\nlatency = "10ms"\ntext = "The harbour is open."\n'
    (tmp_path / "fanin.toml").write_text(text)
    question = ("ask", "Is the harbour open?", "--json")
    answers = [json.loads(run(*question, *fresh).stdout) for fresh in ((), (), ("--fresh",))]
    assert [answer["sources"]["a"]["cached"] for answer in answers] == [False, True, False]


def test_each_mistake_in_the_settings_is_a_line(run, tmp_path: Path) -> None:
    (tmp_path / "fanin.toml").write_text('dedline = "2s"\n[sources.a]\nkind = "simulate"\n')
    done = run("sources")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "fanin: fanin.toml: dedline: there is no such setting; fanin asked nothing. Did you mean 'deadline'?",
        (
            "fanin: fanin.toml: sources.a.kind: there is no kind 'simulate'; fanin asked nothing."
            " Did you mean 'simulated'?"
        ),
    ]


TOWN = """
from pathlib import Path

def harbour(question):
    if not Path("repaired").exists():
        raise ConnectionResetError("the harbour is down")
    return "The harbour is open until nine."
"""


def breaker(run) -> str:
    return json.loads(run("sources", "--json").stdout)["sources"][0]["breaker"]


@pytest.fixture
def down(run, tmp_path: Path) -> Path:
    """The folder of a source whose breaker is open; with a file "repaired" it works."""
    (tmp_path / "town.py").write_text(TOWN)
    source = '[sources.harbour]\nkind = "python"\nfunction = "town:harbour"\nretries = 0\n'
    (tmp_path / "fanin.toml").write_text(source)
    for number in range(3):
        run("ask", f"Is the harbour open {number}?", "--json")
    assert breaker(run) == "open"
    return tmp_path


def test_a_successful_check_closes_the_breaker(run, down: Path) -> None:
    assert run("sources", "check").returncode == 3
    assert breaker(run) == "open"
    (down / "repaired").touch()
    assert run("sources", "check").returncode == 0
    assert breaker(run) == "closed"


def test_a_reset_closes_the_breaker(run, down: Path) -> None:
    done = run("sources", "reset", "harbour")
    assert (done.returncode, done.stdout) == (0, "The next question asks harbour.\n")
    assert breaker(run) == "closed"


def test_a_reset_of_no_source_says_which_there_are(run, down: Path) -> None:
    done = run("sources", "reset", "harbor")
    assert (done.returncode, "Did you mean 'harbour'?" in done.stderr) == (2, True)
