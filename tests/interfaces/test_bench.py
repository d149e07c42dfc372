import json
import os

import pytest

NAMES = [
    "one after another",
    "concurrent fetch",
    "parallel inference",
    "both, with a barrier",
    "pipelined",
    "pipelined, divided",
]


def test_bench_gives_six_stages_in_order_with_their_figures_as_json(run) -> None:
    done = run("bench", "--json", "--scale", "0.02")
    assert done.returncode == 0
    seen = json.loads(done.stdout)
    stages = seen["stages"]
    assert seen["cores"] == os.process_cpu_count()
    assert [stage["name"] for stage in stages] == NAMES
    for stage in stages:
        assert {"name", "seconds", "speedup", "bound_seconds", "cpu_seconds"} <= set(stage)
        assert stage["seconds"] > 0.06 - 1e-3
        assert stage["bound_seconds"] > 0.06 - 1e-3
        assert stage["cpu_seconds"] > 0
        assert abs(stage["speedup"] - stages[0]["seconds"] / stage["seconds"]) < 0.05
    bounds = [stage["bound_seconds"] for stage in stages]
    assert bounds[0] == max(bounds)
    assert bounds[5] == min(bounds)


def test_bench_writes_plain_lines_into_a_pipe_and_says_what_it_runs_while_it_runs_it(shell) -> None:
    done = shell("bench", "--scale", "0.01")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[1].split() == ["stage", "seconds", "speedup", "bound", "share", "CPU"]
    assert [line[:20].rstrip() for line in lines[2:8]] == NAMES
    assert "starting the workers is not measured" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr.splitlines() == [f"running {number} of 6: {name}" for number, name in enumerate(NAMES, 1)]


def test_bench_draws_a_table_on_a_terminal(terminal) -> None:
    opened = terminal("bench", "--scale", "0.01")
    shown = opened.until(lambda screen: "is not measured" in screen)
    assert all(name in shown for name in NAMES)
    assert opened.end() == 0


def test_a_senseless_scale_is_one_message(run) -> None:
    done = run("bench", "--scale", "0")
    assert done.returncode == 2
    assert "fanin measured nothing" in done.stderr


def test_many_sources_are_asked_in_the_time_of_one(shell) -> None:
    done = shell("bench", "--sources", "--scale", "0.02", "--json")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [f"asking {count} sources, 4 times" for count in (5, 10, 20, 50)]
    seen = json.loads(done.stdout)
    assert [(row["sources"], row["ok"]) for row in seen["counts"]] == [(5, 5), (10, 10), (20, 20), (50, 50)]
    assert seen["counts"][0]["seconds"] >= seen["latency"] == 0.04
    assert seen["growth"] == pytest.approx(seen["counts"][3]["seconds"] / seen["counts"][0]["seconds"] - 1, abs=0.02)


def test_the_growth_is_told_in_words(run) -> None:
    lines = run("bench", "--sources", "--scale", "0.01").stdout.splitlines()
    assert lines[0] == "Questions to many sources that take 0.02 s each"
    assert [line.split()[0] for line in lines[2:6]] == ["5", "10", "20", "50"]
    assert lines[6].startswith("From 5 to 50 sources the time grew by ")
