import os
from pathlib import Path

import pytest

from fanin.knowledge.ingest.file_discovery import FoundFile, RefusedFile, walk
from fanin.knowledge.ingest.file_reading import UnchangedFile, UnreadableFile, read_file
from fanin.knowledge.store.queries import Entry
from fanin.limits import LIMITS
from fanin.model import Document


def found(root: Path, *, follow_links: bool = False) -> list[str]:
    each = walk(root, follow_links=follow_links)
    return [str(Path(one.path).relative_to(root)) for one in each if isinstance(one, FoundFile)]


def refused(root: Path, *, follow_links: bool = False) -> dict[str, str]:
    each = walk(root, follow_links=follow_links)
    return {Path(one.path).name: one.reason for one in each if isinstance(one, RefusedFile)}


def read(path: Path, *, known: str = "", within: Path | None = None) -> Entry | UnchangedFile | UnreadableFile:
    return read_file(known, Document("", url=str(path), title=str(within or "")))


def test_files_of_known_kinds_are_found_in_order_and_what_programs_left_is_passed_by(docs) -> None:
    for name in (
        "b.md",
        "a/z.txt",
        "a/b/c.html",
        ".git/x.md",
        "node_modules/y.md",
        "__pycache__/q.py",
        "pic.png",
        ".h.md",
    ):
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text("text")
    assert found(docs) == ["a/b/c.html", "a/z.txt", "b.md"]
    assert found(docs / "b.md") == ["."]


def test_a_link_that_leads_outside_the_folder_is_refused_unless_it_is_asked_for(docs, tmp_path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (docs / "in.md").write_text("in")
    (docs / "file.md").symlink_to(outside / "secret.md")
    (docs / "folder").symlink_to(outside)
    (docs / "up.md").symlink_to("../outside/../outside/secret.md")
    (docs / "same.md").symlink_to("in.md")
    (docs / "nowhere.md").symlink_to("nothing.md")
    assert found(docs) == ["in.md", "same.md"]
    assert set(refused(docs)) == {"file.md", "folder", "up.md", "nowhere.md"}
    assert "leads outside its folder; --follow-links takes it" in refused(docs)["folder"]
    assert found(docs, follow_links=True) == ["file.md", "folder/secret.md", "in.md", "same.md", "up.md"]
    assert set(refused(docs, follow_links=True)) == {"nowhere.md"}


def test_links_that_make_a_circle_end(docs, tmp_path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "back").symlink_to(docs)
    (other / "again").symlink_to(other)
    (docs / "out").symlink_to(other)
    (docs / "a.md").write_text("text")
    assert found(docs, follow_links=True) == ["a.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list everything")
def test_a_folder_that_cannot_be_listed_is_named(docs) -> None:
    (docs / "locked").mkdir(mode=0)
    assert "Permission denied" in refused(docs)["locked"]


def test_a_name_that_would_command_a_terminal_is_refused(docs) -> None:
    (docs / "a\x1b[2J.md").write_text("text")
    os.close(os.open(os.fsencode(docs) + b"/\xff.md", os.O_CREAT | os.O_WRONLY))
    assert set(refused(docs).values()) == {"has a name that cannot be shown"}


def test_a_file_that_became_a_link_to_the_outside_after_it_was_listed_is_refused(docs, tmp_path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (docs / "a.md").symlink_to(tmp_path / "secret.md")
    told = read(docs / "a.md", within=docs)
    assert isinstance(told, UnreadableFile)
    assert "leads outside" in told.reason
    assert isinstance(read(docs / "a.md"), Entry)


@pytest.mark.parametrize("kind", ["missing", "pipe", "folder", "device"])
def test_what_is_no_file_is_refused_at_once(docs, kind) -> None:
    path = docs / "a.md"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "device":
            path = Path("/dev/zero")
        case _:
            pass
    assert isinstance(read(path), UnreadableFile)


def test_a_file_that_is_too_large_is_refused_without_reading_it(docs) -> None:
    path = docs / "a.md"
    with path.open("wb") as made:
        made.truncate(LIMITS.file_bytes + 1)
    told = read(path)
    assert told == UnreadableFile(f"has {LIMITS.file_bytes + 1:,} bytes, which is more than {LIMITS.file_bytes:,}")


def test_a_file_that_changes_while_it_is_read_is_read_again_and_given_up_if_it_goes_on(docs, monkeypatch) -> None:
    path = docs / "a.md"
    path.write_text("Number 0.")
    times, looked = iter(range(1, 100)), os.fstat

    def changing(descriptor: int) -> os.stat_result:
        path.write_text(f"Number {next(times)}." + "!" * next(times))
        return looked(descriptor)

    monkeypatch.setattr(os, "fstat", changing)
    assert read(path) == UnreadableFile("changed while it was read")
    changes = iter([changing, changing])
    monkeypatch.setattr(os, "fstat", lambda descriptor: next(changes, looked)(descriptor))
    told = read(path)
    assert isinstance(told, Entry)
    assert told.text == path.read_text()


def test_a_file_with_the_known_digest_is_not_parsed_again(docs) -> None:
    path = docs / "a.md"
    path.write_text("# Title\n\nText.")
    first = read(path)
    assert isinstance(first, Entry)
    assert read(path, known=first.digest) == UnchangedFile()
    path.write_text("# Title\n\nOther.")
    assert isinstance(read(path, known=first.digest), Entry)


def test_a_document_without_a_date_of_its_own_has_its_files(docs) -> None:
    path = docs / "a.txt"
    path.write_text("Text.")
    os.utime(path, (86_400, 86_400))
    told = read(path)
    assert isinstance(told, Entry)
    assert (told.published, told.title) == ("1970-01-02T00:00:00+00:00", "Text.")
