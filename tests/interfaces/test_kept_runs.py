"""`fanin runs`: what `fanin ask` kept is listed, shown, replayed, exported and deleted."""

import json

import pytest

from fanin.errors import ConfigError

SETTINGS = """
store = "memory"
[runs]
file = "runs.sqlite"
[defaults]
retries = 0
[sources.harbour]
kind = "simulated"
latency = "0s"
text = "The harbour is open until nine tonight."
[sources.ferry]
kind = "simulated"
latency = "0.2s"
fail = "The ferry office is closed."
"""
QUESTION = "Is the harbour open?"


@pytest.fixture
def asked(run, tmp_path):
    (tmp_path / "fanin.toml").write_text(SETTINGS)
    assert run("ask", QUESTION).returncode == 0
    return run


def test_a_question_is_kept_and_listed(asked) -> None:
    heading, row = asked("runs").stdout.splitlines()
    assert heading.split() == ["id", "asked", "status", "time", "question"]
    assert row.endswith(QUESTION)
    (listed,) = json.loads(asked("runs", "--json").stdout)
    assert (listed["question"], listed["status"], listed["answered"], listed["user"]) == (
        QUESTION,
        "answered",
        True,
        "",
    )


def test_the_list_has_the_newest_first_and_can_be_searched(asked) -> None:
    asked("ask", "When does the ferry leave?")
    assert [each["question"] for each in json.loads(asked("runs", "--json").stdout)] == [
        "When does the ferry leave?",
        QUESTION,
    ]
    found = asked("runs", "--json", "--words", "FERRY leav")
    assert [each["question"] for each in json.loads(found.stdout)] == ["When does the ferry leave?"]
    none = asked("runs", "--words", "nowhere")
    assert (none.returncode, none.stdout) == (3, "No kept run has these words.\n")


def test_a_run_is_shown_again_as_it_was(asked) -> None:
    first = asked("ask", QUESTION, "--json")
    assert json.loads(asked("runs", "show", "--json").stdout) == json.loads(first.stdout)
    shown = asked("runs", "show", "--timeline")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("The harbour is open until nine tonight. [1]\n")
    assert "missing: ferry: The ferry office is closed." in shown.stdout
    assert "critical path" in shown.stdout


def test_a_replay_has_every_event_in_order_and_takes_its_time(asked) -> None:
    (listed,) = json.loads(asked("runs", "--json").stdout)
    replayed = asked("runs", "replay", listed["id"], "--events", "--speed", "50")
    seen = [json.loads(each) for each in replayed.stdout.splitlines()]
    (exported,) = [json.loads(each) for each in asked("runs", "export").stdout.splitlines()]
    assert seen == exported["events"]
    assert [seen[0]["event"], seen[-1]["event"]] == ["planned", "answered"]
    assert {key: exported[key] for key in listed} == listed


def test_a_deleted_run_is_gone(asked) -> None:
    asked("ask", "When does the ferry leave?")
    newest, oldest = [each["id"] for each in json.loads(asked("runs", "--json").stdout)]
    assert asked("runs", "delete", newest).stdout == "Deleted 1 run.\n"
    assert [each["id"] for each in json.loads(asked("runs", "--json").stdout)] == [oldest]
    assert asked("runs", "delete", "--all").stdout == "Deleted 1 run.\n"
    assert (asked("runs").returncode, asked("runs").stdout) == (3, "No run is kept.\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("show", "no-such-run"), "There is no run 'no-such-run'; fanin showed nothing."),
        (("replay", "--speed", "0"), "--speed 0; fanin showed nothing. Give a number above 0"),
        (("replay", "--speed", "nan"), "--speed nan; fanin showed nothing."),
        (("delete",), "Name the runs to delete by their ids, or give --all; fanin deleted nothing."),
        (("delete", "x"), "There is no run x; fanin deleted the others."),
        (("export", "x"), "There is no run 'x'; fanin exported none after it."),
        (("--limit", "0"), "--limit 0; fanin looked for nothing."),
    ],
)
def test_a_mistake_is_told_in_one_message(asked, arguments, expected) -> None:
    done = asked("runs", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr


def test_nothing_is_kept_when_the_settings_say_so(run, tmp_path) -> None:
    (tmp_path / "fanin.toml").write_text(SETTINGS.replace("[runs]", "[runs]\nkeep = 0"))
    assert run("ask", QUESTION).returncode == 0
    assert not (tmp_path / "runs.sqlite").exists()
    done = run("runs")
    assert (done.returncode, done.stderr.split(";")[0]) == (2, "fanin: [runs] keep is 0, so no run is kept")


def test_an_unusable_file_costs_the_record_and_not_the_answer(run, tmp_path) -> None:
    (tmp_path / "fanin.toml").write_text(SETTINGS.replace("runs.sqlite", "fanin.toml/runs.sqlite"))
    done = run("ask", QUESTION)
    assert done.returncode == 0
    assert done.stdout.startswith("The harbour is open until nine tonight. [1]\n")
    assert "A run was not kept: The runs in" in done.stderr


def test_a_run_of_another_version_is_exported_and_not_shown(asked, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("fanin.streams.event_json.KINDS", {})
    done = asked("runs", "show")
    assert done.returncode == 2
    assert "was kept by another version of fanin; fanin cannot show it." in done.stderr
    assert json.loads(asked("runs", "export").stdout)["question"] == QUESTION


def test_keep_takes_a_duration_in_days(tmp_path) -> None:
    from fanin.config import load

    (tmp_path / "fanin.toml").write_text('[runs]\nkeep = "90 days"')
    assert load(tmp_path / "fanin.toml").general.runs.keep == 90 * 86_400
    (tmp_path / "fanin.toml").write_text('[runs]\nkeep = "-1 days"')
    with pytest.raises(ConfigError, match=r"runs\.keep"):
        load(tmp_path / "fanin.toml")


def test_a_run_is_exported_as_one_page(asked) -> None:
    (listed,) = json.loads(asked("runs", "--json").stdout)
    done = asked("runs", "export", listed["id"], "--html")
    assert (done.returncode, done.stdout[:15]) == (0, "<!doctype html>")
    assert done.stdout.count("The harbour is open until nine tonight.") > 0
    many = asked("runs", "export", "--html")
    assert (many.returncode, many.stdout) == (2, "")
    assert "--html prints one run; fanin printed nothing." in many.stderr
