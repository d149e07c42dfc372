import json
from pathlib import Path

import pytest

from fanin.documents.markdown import markdown
from fanin.interfaces.cli.kb.kb_progress import Tally
from fanin.knowledge.ingest.file_discovery import HIDDEN, KIND
from fanin.knowledge.ingest.progress import Ignored


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "sail.md").write_text("# Ferries\n\n## Times\n\nThe ship leaves at nine.\n")
    (tmp_path / "docs" / "cook.md").write_text("# Cooking\n\nBoil the fish.\n")
    return tmp_path / "docs"


@pytest.fixture
def kb(run, tmp_path: Path, monkeypatch):
    """`fanin kb …` with the knowledge base in the user's data folder, which is the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return lambda *arguments: run("kb", *arguments)


def test_documents_are_added_listed_found_checked_and_removed(kb, docs, tmp_path) -> None:
    done = kb("add", "docs")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert sorted(lines[:2]) == [f"added {docs / 'cook.md'} (1 passage)", f"added {docs / 'sail.md'} (1 passage)"]
    assert lines[2].startswith("2 added (2 passages), 0 unchanged, in ")
    assert (tmp_path / "data" / "fanin" / "knowledge.sqlite").exists()

    assert kb("list").stdout == f"docs: 2 documents, 2 passages, 2 vectors, from {docs}\n"
    assert json.loads(kb("list", "--json").stdout)["added"][0]["documents"] == 2
    assert kb("check").stdout == "2 documents, 2 passages, 2 vectors: all is well.\n"

    found = kb("search", "When does the ship leave?")
    assert found.stdout.startswith(f"[1] Ferries > Times\n    {docs / 'sail.md'}, characters 0 to 40\n")
    assert kb("remove", "docs").stdout == f"removed docs, from {docs}\n"
    assert kb("search", "ship").returncode == 3


def test_results_as_json_have_exactly_the_promised_keys_best_first(kb, docs) -> None:
    kb("add", "docs")
    seen = json.loads(kb("search", "ship fish boil", "--json", "--limit", "5").stdout)
    assert list(seen) == ["results"]
    assert [list(each) for each in seen["results"]] == [
        ["path", "title", "heading", "text", "start", "end", "score"]
    ] * 2
    assert [Path(each["path"]).name for each in seen["results"]] == ["cook.md", "sail.md"]
    assert seen["results"][0]["score"] >= seen["results"][1]["score"] > 0
    for each in seen["results"]:
        stored = markdown(Path(each["path"]).read_bytes()).text
        assert stored[each["start"] : each["end"]] == each["text"]
    assert len(json.loads(kb("search", "ship fish boil", "--json", "--limit", "1").stdout)["results"]) == 1
    assert json.loads(kb("search", "zebra", "--json", "--name", "other").stdout) == {"results": []}


def test_a_corrected_word_is_told_as_text_and_as_json(kb, docs) -> None:
    kb("add", "docs")
    assert kb("search", "shp leavse").stdout.splitlines()[:2] == ['Searched for "shp leaves".', ""]
    assert json.loads(kb("search", "Leavse", "--json").stdout)["searched_for"] == "leaves"


def test_sync_reads_what_changed_only(kb, docs) -> None:
    kb("add", "docs", "--name", "town")
    (docs / "cook.md").write_text("# Cooking\n\nFry the fish.\n")
    (docs / "sail.md").unlink()
    done = kb("sync", "town")
    assert done.stdout.splitlines()[:2] == [f"added {docs / 'cook.md'} (1 passage)", f"removed {docs / 'sail.md'}"]
    assert "0 unchanged, 1 removed" in done.stdout
    assert "1 unchanged" in kb("sync").stdout


def test_a_bad_file_is_named_and_never_ends_the_run(kb, docs) -> None:
    (docs / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    done = kb("add", "docs")
    assert done.returncode == 0
    assert f"skipped {docs / 'bad.pdf'}: it is a PDF that cannot be read" in done.stderr
    assert kb("add", "docs/bad.pdf", "--kb", "other.sqlite").returncode == 1


def test_limits_of_the_settings_file_say_which_files_are_too_large(kb, docs) -> None:
    (docs.parent / "fanin.toml").write_text("[limits]\nfile_bytes = 20\n")
    (docs.parent / "other.toml").write_text('[limits]\nfile_seconds = "1min"\n')
    assert "cook.md: it has 26 bytes, which is more than 20" in kb("add", "docs").stderr
    assert kb("sync").stderr.count("which is more than 20") == 2
    assert kb("sync", "--config", "other.toml").stdout.count("added") == 3


def test_what_is_passed_by_is_named_by_its_reason(kb, docs) -> None:
    for name in (".git/x.md", "node_modules/y.md", *(f"pic{number}.png" for number in range(5))):
        (docs / name).parent.mkdir(exist_ok=True)
        (docs / name).write_text("text")
    done = kb("add", "docs")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "ignored: .git: it is hidden",
        "ignored: node_modules: it holds what a program put there",
        "ignored: pic0.png, pic1.png, pic2.png, pic3.png, pic4.png: each is of a kind that is not read",
    ]
    named = kb("sync", "-v").stderr
    assert all(f"ignored {docs / f'pic{number}.png'}: it is of a kind" in named for number in range(5))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.dwg"], "a.dwg: it"),
        (["a.dwg", "b.iso", "c.XYZ", "d.mp4", "e"], "a.dwg, b.iso, c.XYZ, d.mp4, e: each"),
        (
            [*(f"{at}.DWG" for at in range(7)), *(f"{at}.psd" for at in range(4)), "plan", "x.tar.gz"],
            "13 files (7 .dwg, 4 .psd, 1 without an ending, 1 .gz; -v names all): each",
        ),
        (
            [f"{at}.k{at}" for at in range(22)],
            "22 files (" + ", ".join(f"1 .k{at}" for at in range(20)) + ", 2 of other kinds; -v names all): each",
        ),
    ],
)
def test_files_of_unknown_kinds_are_named_or_many_of_them_by_kind(names: list[str], expected: str) -> None:
    tally = Tally()
    for name in names:
        tally.count(Ignored(f"/docs/{name}", KIND))
    assert tally.ignored_lines() == [f"ignored: {expected} is of a kind that is not read"]


def test_hidden_files_beyond_ten_are_counted() -> None:
    tally = Tally()
    for at in range(12):
        tally.count(Ignored(f"/docs/.{at}", HIDDEN))
    names = ", ".join(f".{at}" for at in range(10))
    assert tally.ignored_lines() == [f"ignored: {names} and 2 more (-v names all): each is hidden"]


def test_a_folder_of_which_nothing_can_be_read_has_status_1(kb, docs) -> None:
    (docs.parent / "pictures").mkdir()
    assert kb("add", "pictures").returncode == 0
    (docs.parent / "pictures" / "a.png").write_bytes(b"png")
    done = kb("add", "pictures")
    assert (done.returncode, "a.png" in done.stderr) == (1, True)


def test_bytes_that_are_no_text_are_skipped(kb, docs) -> None:
    (docs / "noise").write_bytes(bytes(range(256)) * 20)
    done = kb("add", "docs/noise")
    assert done.returncode == 1
    assert "it is no text: it holds too many control characters" in done.stderr


def test_filters_choose_by_name_path_and_day(kb, docs) -> None:
    kb("add", "docs/sail.md", "--name", "one")
    kb("add", "docs/cook.md", "--name", "two")
    for options, name in [
        (("--name", "one"), "sail.md"),
        (("--path", "cook"), "cook.md"),
        (("--since", "2000-01-01", "--name", "two"), "cook.md"),
    ]:
        (result,) = json.loads(kb("search", "ship fish", "--json", *options).stdout)["results"]
        assert Path(result["path"]).name == name
    assert kb("search", "ship fish", "--until", "2000-01-01").returncode == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add",), "PATHS requires an argument"),
        (("add", "missing"), "There is no 'missing'; fanin added nothing"),
        (("search", "x"), "There is no knowledge base"),
        (("list",), "There is no knowledge base"),
        (("check",), "There is no knowledge base"),
        (("sync",), "There is no knowledge base"),
        (("remove", "x"), "There is no knowledge base"),
        (("search", "x", "--limit", "0"), "Give a number from 1 to 1000"),
        (("search", "x", "--since", "yesterday"), "is no day"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(kb, arguments, words) -> None:
    done = kb(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert not done.stdout


def test_removing_what_is_not_there_says_what_is(kb, docs) -> None:
    kb("add", "docs")
    done = kb("remove", "else")
    assert (done.returncode, "There is docs." in done.stderr) == (2, True)


def test_a_terminal_shows_bars_and_what_was_skipped(terminal, tmp_path, docs) -> None:
    (docs / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    screen = terminal("kb", "add", "docs", "--kb", "kb.sqlite", columns=160)
    assert screen.end() == 0
    shown = "\n".join(screen.lines())
    assert "skipped" in shown
    assert "3/3" in shown
    assert "2 passages" in shown
    assert "2 added (2 passages), 0 unchanged, 1 skipped, in" in shown


def test_a_question_is_answered_from_what_was_added(kb, run, docs, tmp_path) -> None:
    kb("add", "docs")
    done = run("ask", "When does the ship leave?", "--source", "knowledge", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert "The ship leaves at nine." in answer["text"]
    assert answer["citations"][0]["url"] == (docs / "sail.md").as_uri()
