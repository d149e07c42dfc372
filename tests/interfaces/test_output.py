"""What the command writes: broken at words, in letters that the encoding has, and a clean end where it cannot be."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.interfaces.cli.terminal import table, wrap

SETTINGS = """
store = "memory"
[defaults]
retries = 0
[sources.fast]
kind = "simulated"
latency = "0s"
text = "The ferry to Zürich — and the harbour — stay open."
[sources.broken]
kind = "simulated"
latency = "0s"
fail = "Öl ins Feuer"
"""

WORD = st.text("abcdefgh", min_size=1, max_size=12)
CELL = st.lists(WORD, max_size=20).map(" ".join)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fanin.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "harbour.md").write_text("# Harbour\n\nThe harbour is open.\n")
    return tmp_path


def called(folder: Path, arguments: Sequence[str], *, redirection: str = "", asked: bytes = b"", **changes: str):
    """The command, started by a shell with this redirection."""
    program = f'exec "$0" -m fanin "$@" {redirection}'
    kept = {"XDG_DATA_HOME": str(folder / "data"), "XDG_CACHE_HOME": str(folder / "cache")}
    return subprocess.run(
        ["/bin/sh", "-c", program, sys.executable, *arguments],
        cwd=folder,
        input=asked,
        env={**os.environ, **kept, **changes},
        capture_output=True,
        timeout=50,
        check=False,
    )


@given(CELL, st.integers(20, 200))
def test_a_line_is_broken_at_words_and_loses_none(text: str, columns: int) -> None:
    lines = wrap(f"  {text}", columns).split("\n")
    assert [word for line in lines for word in line.split()] == text.split()
    assert all(len(line) <= columns for line in lines)
    assert all(line.startswith("  ") for line in lines)


@given(st.lists(st.tuples(WORD, WORD, CELL, CELL), min_size=1, max_size=4), st.integers(60, 200))
def test_a_table_fits_the_terminal_with_every_word_whole(rows: list[tuple[str, ...]], columns: int) -> None:
    headings = ("source", "kind", "topics", "health")
    lines = table(headings, *rows, columns=columns).split("\n")
    assert all(len(line) <= columns for line in lines)
    words = sorted(word for line in lines for word in line.split() if word not in ("topics:", "health:"))
    seen = [word for row in rows for cell in row for word in cell.split()]
    assert [word for word in words if word not in headings] == sorted(seen)


def test_what_does_not_fit_beside_the_others_stands_below_with_its_heading() -> None:
    rows = (("name", "state", "why"), ("a", "open", "it is wet and cold there in winter"), ("b", "shut", "-"))
    assert table(*rows).split("\n") == [
        "name  state  why",
        "a     open   it is wet and cold there in winter",
        "b     shut   -",
    ]
    assert table(*rows, columns=37).split("\n") == [
        "name  state  why",
        "a     open   it is wet and cold there",
        "             in winter",
        "b     shut   -",
    ]
    assert table(*rows, columns=30).split("\n") == [
        "name  state",
        "a     open",
        "    why: it is wet and cold",
        "    there in winter",
        "b     shut",
        "    why: -",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "Q?"),
        ("ask", "Q?", "--json"),
        ("ask", "Q?", "--events"),
        ("sources",),
        ("sources", "check"),
        ("kb", "add", "notes", "--words-only"),
        ("analyze", "notes/harbour.md", "--question", "open?"),
        ("init", "--config", "new.toml"),
        ("bench", "--scale", "0.01", "--json"),
        ("--help",),
        ("--version",),
    ],
    ids=" ".join,
)
def test_a_full_disk_as_output_is_one_message_and_status_1(folder: Path, arguments: Sequence[str]) -> None:
    done = called(folder, arguments, redirection=">/dev/full")
    assert done.returncode == 1
    last = done.stderr.decode().splitlines()[-1]
    assert last == (
        "fanin: The output cannot be written: No space left on device; fanin stopped. Make room, or write it elsewhere."
    )
    assert b"Traceback" not in done.stderr


def test_a_settings_file_that_cannot_be_written_whole_is_not_left_behind(folder: Path) -> None:
    written = 'trap "" XFSZ; ulimit -f 0; exec "$0" -m fanin init --config new.toml'
    done = subprocess.run(
        ["/bin/sh", "-c", written, sys.executable], cwd=folder, capture_output=True, timeout=50, check=False
    )
    assert (done.returncode, b"fanin wrote nothing" in done.stderr) == (2, True)
    assert not (folder / "new.toml").exists()


def test_an_error_output_that_is_full_changes_nothing(folder: Path) -> None:
    done = called(folder, ("ask", "Is the harbour open?"), redirection="2>/dev/full")
    assert done.returncode == 0
    assert b"stay open" in done.stdout
    assert called(folder, ("ask",), redirection="2>/dev/full").returncode == 2


def test_closed_streams_are_as_good_as_none(folder: Path) -> None:
    for closed in (">&-", "2>&-", "<&-", "<&- >&- 2>&-"):
        done = called(folder, ("ask", "Is the harbour open?"), redirection=closed)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), closed


ASCII = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "TERM": "dumb"}


def test_where_only_ascii_is_known_letters_become_the_nearest_ones(folder: Path) -> None:
    done = called(folder, ("ask", "Is the harbour of Zürich open?"), **ASCII)
    assert done.returncode == 0
    assert "The ferry to Zurich - and the harbour - stay open. [1]" in done.stdout.decode("ascii")
    assert "missing: broken: Ol ins Feuer" in done.stdout.decode("ascii")
    assert "Is the harbour of Zurich open?" in done.stderr.decode("ascii")


def test_where_only_ascii_is_known_json_is_the_same_value(folder: Path) -> None:
    done = called(folder, ("ask", "Is the harbour of Zürich open?", "--json"), **ASCII)
    answer = json.loads(done.stdout.decode("ascii"))
    assert answer["query"] == "Is the harbour of Zürich open?"
    assert answer["sources"]["broken"]["message"] == "Öl ins Feuer"


@pytest.mark.parametrize("arguments", [("ask", "Zürich?"), ("ask", "Zürich?", "--timeline"), ("kb", "add", "notes")])
def test_a_terminal_that_knows_ascii_only_shows_no_other_letter(terminal, folder: Path, arguments) -> None:
    shown = terminal(*arguments, **{**ASCII, "TERM": "xterm", "XDG_DATA_HOME": str(folder)})
    assert shown.end() == 0
    assert "\n".join(shown.lines()).isascii()
    assert b"Traceback" not in shown.raw


def test_a_question_may_come_from_the_standard_input(folder: Path) -> None:
    done = called(folder, ("ask", "-", "--json"), asked="  Is the harbour\nof Zürich open?\n".encode())
    assert json.loads(done.stdout)["query"] == "Is the harbour\nof Zürich open?"
    for text, why in ((b" \n", "holds no question"), (b"x" * 100_001, "has more than 100,000 characters")):
        done = called(folder, ("ask", "-"), asked=text)
        assert (done.returncode, why in done.stderr.decode()) == (2, True)


REASON = "the extinguishers are in another building and nobody there answers the telephone at night"


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("arguments", [("ask", "Is the harbour open?"), ("sources", "check")])
def test_no_word_is_broken_on_a_terminal(terminal, folder: Path, columns: int, arguments: Sequence[str]) -> None:
    (folder / "fanin.toml").write_text(SETTINGS.replace("Öl ins Feuer", REASON))
    shown = terminal(*arguments, columns=columns)
    shown.end()
    assert REASON in " ".join(word for line in shown.lines() for word in line.split())
