"""`fanin batch` as a process: each row is answered once, whatever stops it."""

import csv
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pyarrow.parquet as pq
import pyte
import pytest
from batch_folder import SETTINGS, Folder

KILLS = 100 if "FANIN_TEST_ALL" in os.environ else 8


def test_each_row_gets_its_answer_after_its_own_columns(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("q.jsonl", {"id": 1, "question": "Open?"}, '{"id": 2, "question": ', {"id": 3, "question": ""})
    status, said, _ = folder.run("q.jsonl", "-o", "out.jsonl")
    first, broken, empty = folder.rows()
    assert list(first) == ["id", "question", "answer", "success", "citations", "outcomes", "execution_time", "error"]
    assert (first["id"], first["answer"], first["success"]) == (1, "The answer to Open? is nine. [1]", True)
    assert first["citations"][0]["source"] == "harbour"
    assert (first["outcomes"], first["error"]) == ({"harbour": "ok"}, None)
    assert broken["error"].startswith("Line 2: It is no JSON")
    assert (empty["id"], empty["error"], empty["success"]) == (3, "Line 3: Nothing stands in 'question'.", False)
    assert (status, folder.names()) == (0, {"q.jsonl", "out.jsonl"})
    assert said.startswith("out.jsonl: 1 answered, 0 without an answer, 2 with an error.\n")


def test_from_csv_to_csv_with_a_template_and_chosen_columns(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("q.csv", "company;city;secret", "Acme;Bergen;x", '"B; Co";Oslo;y')
    status, _, noted = folder.run(
        "q.csv", "-o", "out.csv", "--question", "{company} in {city}", "--columns", "company", "--columns", "city"
    )
    assert (status, noted) == (0, "")
    with (tmp_path / "out.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    assert [each["answer"] for each in found] == [
        "The answer to Acme in Bergen is nine. [1]",
        "The answer to B; Co in Oslo is nine. [1]",
    ]
    assert list(found[0]) == [
        "company", "city", "answer", "success", "citations", "outcomes", "execution_time", "error"
    ]  # fmt: skip
    assert json.loads(found[0]["citations"])[0]["number"] == 1


def test_questions_come_from_the_standard_input(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    status, _, _ = folder.run("-", "-o", "out.jsonl", given='{"question": "Open?"}\n')
    assert (status, len(folder.rows())) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["none.jsonl", "-o", "out.jsonl"],
            "none.jsonl cannot be read: No such file or directory; fanin",
        ),
        (["q.txt", "-o", "out.jsonl"], "the format of q.txt is unknown; fanin asked nothing"),
        (["q.jsonl", "-o", "out.xml"], "the format of out.xml is unknown; fanin asked nothing"),
        (["q.jsonl", "-o", "q.jsonl"], "q.jsonl exists; fanin asked nothing"),
        (["q.jsonl", "-o", "no/where/out.jsonl"], "No file can be written in no/where; fanin asked nothing"),
        (["q.jsonl", "-o", "out.jsonl", "--question", "compny"], "has no column 'compny'; fanin asked nothing"),
        (["q.jsonl", "-o", "out.jsonl", "--columns", "city"], "has no column 'city'; fanin asked nothing"),
        (["q.jsonl", "-o", "out.jsonl", "--concurrency", "0"], "Give a number from 1 to 10000"),
        (["q.jsonl", "-o", "out.jsonl", "--deadline", "-1"], "--deadline"),
        (["q.jsonl", "-o", "out.jsonl", "--report", "q.jsonl"], "--report q.jsonl: no file can be written there"),
        (["q.jsonl", "-o", "out.jsonl", "--report", "no/where"], "--report no/where: no file can be written there"),
        (["taken.jsonl", "-o", "out.jsonl"], "has a column 'answer', and so has the output; fanin asked nothing"),
        (["empty.jsonl", "-o", "out.jsonl"], "empty.jsonl has no rows; fanin asked nothing"),
        (["empty.csv", "-o", "out.jsonl"], "The first line of empty.csv is empty; fanin asked nothing"),
    ],
)
def test_a_mistake_is_told_and_leaves_nothing(tmp_path: Path, arguments: list[str], told: str) -> None:
    folder = Folder(tmp_path)
    folder.write("q.jsonl", {"question": "Open?"})
    folder.write("taken.jsonl", {"question": "Open?", "answer": "Yes."})
    folder.write("empty.jsonl")
    folder.write("empty.csv")
    before = folder.names()
    status, said, noted = folder.run(*arguments)
    assert (status, said, folder.names()) == (2, "", before)
    assert told in " ".join(noted.split())


LATE = """
[sources.late]
kind = "simulated"
latency = "9s"
timeout = "10ms"
"""
"""A source that every question waits for: with a second pass, all are set aside."""


@pytest.mark.parametrize("second_pass", [False, True])
def test_killed_at_any_moment_and_resumed_each_row_is_there_once(tmp_path: Path, second_pass: bool) -> None:
    folder, count, killed = Folder(tmp_path, latency="10ms", more=LATE if second_pass else ""), 1_000, 0
    folder.write("q.jsonl", *[{"id": number, "question": f"Question {number % 50}?"} for number in range(count)])
    arguments = ["q.jsonl", "-o", "out.jsonl", "--resume", "--report", "report.html", "--concurrency", "20"]
    arguments += ["--second-pass"] * second_pass
    while killed < KILLS:
        process = folder.start(*arguments)
        time.sleep(random.uniform(0.2, 2.0))
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        if "out.jsonl" in folder.names():
            check_whole(folder, count)
            (tmp_path / "out.jsonl").unlink()
    assert folder.run(*arguments)[0] == 0
    check_whole(folder, count)
    assert folder.names() == {"q.jsonl", "out.jsonl", "report.html"}


def check_whole(folder: Folder, count: int) -> None:
    rows = folder.rows()
    assert [each["id"] for each in rows] == [*range(count)]
    assert all(each["answer"] == f"The answer to {each['question']} is nine. [1]" for each in rows)
    assert f"<p>{count:,} rows: {count:,} answered, 0 without" in (folder.path / "report.html").read_text()


DISK = """
mount -t tmpfs -o size=60k none disk || exit 99
for size in $SIZES; do
  mount -o remount,size="$size" disk || exit 99
  "$PYTHON" -m fanin batch q.jsonl -o "disk/$OUT" --resume >said 2>noted; status=$?
  echo "$status $(cat said noted | tr "\\n" " ")" >>log
  [ $status = 0 ] && exec cp "disk/$OUT" .
done
"""
"""A disk of memory that becomes larger, until all has room."""


@pytest.mark.parametrize("out", ["out.jsonl", "out.csv", "out.parquet"])
def test_a_full_disk_ends_it_and_it_goes_on_when_there_is_room(tmp_path: Path, out: str) -> None:
    letters = [chr(each) for each in range(33, 1_000)]
    rows = [
        {"id": number, "question": "Open?", "own": "".join(random.choices(letters, k=200))} for number in range(1_500)
    ]
    Folder(tmp_path).write("q.jsonl", *rows)
    (tmp_path / "disk").mkdir()
    if subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("needs namespaces, in which a test may mount a file system")
    sizes = " ".join(f"{size}k" for size in range(60, 9_000, 400))
    environment = {**os.environ, "PYTHON": sys.executable, "OUT": out, "SIZES": sizes}
    command = ["unshare", "-rm", "sh", "-c", DISK]
    done = subprocess.run(command, cwd=tmp_path, env=environment, timeout=250, check=False)
    assert done.returncode == 0
    *failed, last = (tmp_path / "log").read_text().splitlines()
    assert len(failed) > 2
    assert all(each.startswith("1 ") and "What was answered is in" in each for each in failed)
    assert (
        "0 with an error; 1,500 of these before it was stopped" in last
    )  # the last ones failed when the output was written
    assert ids(tmp_path / out) == [*range(1_500)]


def ids(path: Path) -> list[int]:
    if path.suffix == ".parquet":
        return pq.read_table(path)["id"].to_pylist()
    with path.open(newline="") as file:
        read = csv.DictReader(file) if path.suffix == ".csv" else map(json.loads, file)
        return [int(each["id"]) for each in read]


def test_what_changed_before_a_batch_goes_on_is_named(tmp_path: Path) -> None:
    folder = Folder(tmp_path, latency="50ms")
    rows = [{"id": number, "question": "Open?"} for number in range(2_000)]
    folder.write("q.jsonl", *rows)
    process = folder.start("q.jsonl", "-o", "out.jsonl", "--concurrency", "5")
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    _, noted = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "the same command with --resume goes on" in noted
    assert "holds the answers of a batch" in folder.run("q.jsonl", "-o", "out.jsonl")[2]
    assert "--question changed" in folder.run("q.jsonl", "-o", "out.jsonl", "--resume", "--question", "id")[2]
    folder.write("q.jsonl", {"id": 0, "question": "Closed?"}, *rows[1:])
    assert "Line 1 of q.jsonl changed" in folder.run("q.jsonl", "-o", "out.jsonl", "--resume")[2]
    folder.write("fanin.toml", SETTINGS.format(latency="0s", more=""))
    assert "The settings file changed" in folder.run("q.jsonl", "-o", "out.jsonl", "--resume")[2]


def test_another_journal_is_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("q.jsonl", {"question": "Open?"})
    with closing(sqlite3.connect(tmp_path / "out.jsonl.journal")) as other:
        other.execute("PRAGMA application_id = 7")
    status, _, noted = folder.run("q.jsonl", "-o", "out.jsonl", "--resume")
    assert (status, "no journal of a batch that this version of fanin can go on with" in " ".join(noted.split())) == (
        2,
        True,
    )


def test_on_a_terminal_progress_is_drawn_while_it_runs(tmp_path: Path) -> None:
    folder = Folder(tmp_path, latency="100ms")
    folder.write("q.jsonl", *[{"question": f"Question {number}?"} for number in range(40)])
    shown, screen = pyte.Screen(100, 30), set[str]()
    stream, (ours, theirs) = pyte.ByteStream(shown), os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
    command = [sys.executable, "-m", "fanin", "batch", "q.jsonl", "-o", "out.jsonl", "--concurrency", "2"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, env=environment) as process:
        os.close(theirs)
        with suppress(OSError):  # when the other end is closed
            while read := os.read(ours, 10_000):
                stream.feed(read)
                screen |= {" ".join(each.split()) for each in shown.display}
        assert process.wait(30) == 0
    os.close(ours)
    assert "source asked success p50 p95 failures" in screen
    assert any(each.startswith("harbour ") and " 100% 0.1" in each for each in screen)
    assert any(" rows, " in each for each in screen)
    assert any(" cores" in each for each in screen)
    assert not any(" rows, " in each for each in shown.display)
