"""`fanin analyze`: a text, a file or the standard input, shown or as JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = "The market is open.\n\nThe ferry leaves at nine from the quay.\n"
ASKED = ("--question", "When does the ferry leave?")


def test_a_text_is_analysed_as_json(run) -> None:
    done = run("analyze", TEXT, *ASKED, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["embedding"] in ("all-MiniLM-L6-v2-int8", "minilm-tokens-128-1")
    assert found["sentences"][0]["text"] == "The ferry leaves at nine from the quay."
    assert all(TEXT[each["start"] : each["end"]] == each["text"] for each in found["tokens"])
    assert "vector" not in done.stdout
    whole = json.loads(run("analyze", TEXT, *ASKED, "--json", "--vectors").stdout)
    assert {len(each["vector"]) for each in whole["tokens"]} == {found["dimensions"]}


def test_people_get_the_summary_the_phrases_and_the_rankings(run) -> None:
    shown = run("analyze", TEXT + "\x1b]0;title\x07\x1b[31m red", *ASKED).stdout
    for heading in ("Summary", "Key phrases", "Passages that fit", "Sentences that fit", "Tokens most like"):
        assert heading in shown
    assert "The ferry leaves at nine from the quay." in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_by_its_charset(run, tmp_path: Path, charset: str) -> None:
    (tmp_path / "note.txt").write_text("Die Fähre fährt um neun. 天気", charset)
    found = json.loads(run("analyze", "note.txt", "--question", "Fähre", "--json").stdout)
    assert "Fähre" in found["summary"]
    assert found["characters"] == 27


def test_a_page_is_read_as_its_text(run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(
        b'<meta charset="iso-8859-1"><p>Die F\xe4hre f\xe4hrt um neun.</p><script>var x</script>'
    )
    found = json.loads(run("analyze", "page.html", "--question", "Fähre", "--json").stdout)
    assert found["summary"] == "Die Fähre fährt um neun."


def test_a_dash_reads_the_standard_input() -> None:
    command = (sys.executable, "-m", "fanin", "analyze", "-", *ASKED, "--json")
    done = subprocess.run(command, input=TEXT, capture_output=True, encoding="utf-8", timeout=50, check=True)
    assert json.loads(done.stdout)["characters"] == len(TEXT)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.txt", *ASKED), "'none.txt' cannot be read: No such file"),
        (("folder/none", *ASKED), "'folder/none' cannot be read: No such file"),
        (("here", *ASKED), "'here' cannot be read: Is a directory"),
        (("picture.png", *ASKED), "'picture.png' is not text"),
        (("huge.txt", *ASKED), "'huge.txt' has more than 1 MB"),
        (("--vectrs", *ASKED), "There is no option '--vectrs'"),
        ((TEXT, "--question", " "), "The question is empty"),
        ((TEXT, *ASKED, "--vectors"), "--vectors goes with --json"),
        ((TEXT,), "--question"),
    ],
)
def test_what_cannot_be_analysed_is_one_message_and_status_2(run, tmp_path: Path, arguments, message: str) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n" + os.urandom(2_000))
    (tmp_path / "huge.txt").write_text("sea " * 300_000)
    done = run("analyze", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["", ".", "a" * 5_000, "hello\0world", "- a list", "Is 3/4 more than half?", "and/or it"]
)
def test_a_text_is_not_taken_for_a_path(run, text: str) -> None:
    assert run("analyze", text, *ASKED, "--json").returncode == 0
