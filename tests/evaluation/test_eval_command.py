"""`fanin eval` as a process."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

SETTINGS = """
store = "memory"
[process]
semantic = false
[sources.harbour]
kind = "simulated"
latency = "0s"
text = "The harbour office opens at {hour} in the morning."
[sources.guide]
kind = "simulated"
latency = "10ms"
text = "The lift for boats was built in 1998."
[sources.down]
kind = "simulated"
latency = "0s"
fail = "closed for repairs"
"""
QUESTIONS = [
    {
        "id": "open",
        "question": "When does the harbour office open?",
        "facts": [["7 in the morning"]],
        "documents": "harbour",
    },
    {"id": "lift", "question": "When was the lift for boats built?", "facts": [1998]},
    {"id": "deep", "question": "How deep is the Kvit canal?", "unanswerable": True},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fanin.toml").write_text(SETTINGS.replace("{hour}", "7"))
    (tmp_path / "late.toml").write_text(SETTINGS.replace("{hour}", "9"))
    (tmp_path / "q.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in QUESTIONS))
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "fanin", "eval", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def test_it_says_how_good_the_answers_are_and_what_each_source_is_worth(folder: Path) -> None:
    status, said, noted = run(folder, "q.jsonl", "-o", "out.json", "--junit-xml", "out.xml", "--leave-one-out")
    assert (status, noted) == (0, "")
    assert re.search(r"(?m)^right +100\.0% \(43\.\d% to 100\.0%\), n = 3$", said)
    told = json.loads((folder / "out.json").read_text())
    (found,) = told["configurations"]
    values = {name: each["value"] for name, each in found["metrics"].items() if not name.startswith("latency")}
    assert values == {
        "success@1": 1, "success@5": 1, "recall@5": 1, "mrr": 1, "fact_in_passages": 1, "fact_in_answer": 1,
        "fact_in_first_sentence": 1, "silence_right": 1, "silence_wrong": 0, "right": 1, "contradictions": 0, "cost": 0,
    }  # fmt: skip
    worth = {name: (each["facts"], each["only_facts"], each["note"]) for name, each in found["sources"].items()}
    assert worth == {"harbour": (1, 1, ""), "guide": (1, 1, ""), "down": (0, 0, "never answered")}
    assert [(each["id"], each["right"]) for each in found["answers"]] == [
        ("open", True),
        ("lift", True),
        ("deep", True),
    ]
    assert {name: round(each["value"], 2) for name, each in told["without"].items()} == {
        "harbour": -0.33, "guide": -0.33, "down": 0.0
    }  # fmt: skip
    assert [each.tag for each in ElementTree.parse(folder / "out.xml").getroot()[0]] == ["testcase"] * 3


def test_two_configurations_are_compared(folder: Path) -> None:
    status, said, _ = run(folder, "q.jsonl", "--compare", "fanin.toml", "late.toml", "--json")
    found = json.loads(said)
    assert (status, [each["name"] for each in found["configurations"]]) == (0, ["fanin.toml", "late.toml"])
    assert round(found["differences"]["right"]["value"], 3) == -0.333
    assert (found["differences"]["right"]["only_first"], found["differences"]["right"]["p"]) == (1, 1.0)
    shown = run(folder, "q.jsonl", "--compare", "fanin.toml", "late.toml")[1]
    assert "-33.3 points, 1 only before, 0 only after, p = 1, may be chance" in shown
    assert "open: When does the harbour office open?\n    The answer does not hold: 7 in the morning." in shown


def test_a_gate_sets_the_exit_status_only_with_enough_questions(folder: Path) -> None:
    few = run(folder, "q.jsonl", "--config", "late.toml", "--gate", "right>=0.9", "--gate", "silence_right>=0.1")
    assert few[0] == 0
    assert "right>=0.9: not decided, since the questions are too few" in few[1]
    assert "silence_right>=0.1: kept" in few[1]
    many = [json.dumps({**QUESTIONS[0], "id": str(number)}) for number in range(30)]
    (folder / "many.jsonl").write_text("\n".join(many))
    status, said, _ = run(folder, "many.jsonl", "--config", "late.toml", "--gate", "right>=0.9", "--concurrency", "10")
    assert (status, "Gates: broken." in said) == (4, True)
    pair = ("many.jsonl", "--compare", "fanin.toml", "late.toml", "--gate", "right", "--concurrency", "10")
    assert run(folder, *pair)[0] == 4
    assert run(folder, *pair[:2], "late.toml", "fanin.toml", *pair[4:])[0] == 0


def test_a_row_that_cannot_be_judged_is_told_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "q.csv").write_text("question,facts,unanswerable\nWhen was the lift built?,1998,\nWhen?,,\n")
    status, said, noted = run(folder, "q.csv", "--junit-xml", "out.xml")
    assert status == 0
    assert noted.startswith('fanin: Line 3: It has no "facts"')
    assert "n = 1" in said
    assert ElementTree.parse(folder / "out.xml").getroot()[0].get("errors") == "1"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.jsonl"], "none.jsonl cannot be read"),
        (["empty.jsonl"], "empty.jsonl has no question that can be judged; fanin asked nothing"),
        (["q.jsonl", "--gate", "rigt>=1"], "there is no metric 'rigt'; fanin asked nothing. Did you mean 'right'?"),
        (["q.jsonl", "--compare", "fanin.toml", "fanin.toml"], "with itself; fanin asked nothing"),
        (["q.jsonl", "--compare", "fanin.toml", "late.toml", "--leave-one-out"], "Give one of them"),
        (["q.jsonl", "--concurrency", "0"], "--concurrency"),
        (["q.jsonl", "-o", "no/where.json"], "no/where.json cannot be written"),
    ],
)
def test_a_mistake_is_told(folder: Path, arguments: list[str], told: str) -> None:
    (folder / "empty.jsonl").write_text("")
    status, said, noted = run(folder, *arguments)
    assert (status, said) == (2, "")
    assert told in " ".join(noted.split())
