"""What a batch has answered, whatever happened to the process."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fanin.batch.batch_journal import BatchJournal, Written
from fanin.errors import ConfigError

SETTINGS = {"The input": "q.jsonl", "--question": "question"}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., BatchJournal]]:
    journals: list[BatchJournal] = []

    def journal(*, resume: bool = False, **changed: str) -> BatchJournal:
        journals.append(BatchJournal(tmp_path / "out.journal", {**SETTINGS, **changed}, resume=resume))
        return journals[-1]

    yield journal
    for each in journals:
        each.close()


def test_rows_are_found_again_in_the_order_of_the_input(opened) -> None:
    journal = opened()
    journal.write([Written(7, b"g", "{}"), Written(2, b"b", '{"a": 1}')])
    journal.write([Written(2, b"b", '{"a": 2}', "Again?"), Written(1_500, b"x", "{}")])
    journal.close()
    again = opened(resume=True)
    assert again.known([2, 3, 7]) == {2: b"b", 7: b"g"}
    assert list(again.written()) == [
        Written(2, b"b", '{"a": 2}', "Again?"),
        Written(7, b"g", "{}"),
        Written(1_500, b"x", "{}"),
    ]
    assert list(again.written(only_set_aside=True)) == [Written(2, b"b", '{"a": 2}', "Again?")]


def test_many_rows_are_read_in_steps_while_others_are_written(opened) -> None:
    journal = opened()
    journal.write([Written(number, b"", "", "Again?") for number in range(1, 1_202)])
    seen = []
    for each in journal.written(only_set_aside=True):
        journal.write([Written(each.number, b"", "done")])
        seen.append(each.number)
    assert seen == [*range(1, 1_202)]
    assert list(journal.written(only_set_aside=True)) == []


def test_a_batch_that_did_not_end_is_not_begun_anew_by_mistake(opened) -> None:
    opened().close()
    with pytest.raises(ConfigError, match="holds the answers of a batch that did not end; fanin asked nothing"):
        opened()


def test_what_changed_since_the_batch_began_is_named(opened) -> None:
    opened().close()
    with pytest.raises(ConfigError, match="--question changed since this batch began; fanin asked nothing"):
        opened(resume=True, **{"--question": "{company} news"})
    assert list(opened(resume=True).written()) == []


def test_two_processes_do_not_work_on_one_batch(opened) -> None:
    opened().write([Written(1, b"", "")])
    with pytest.raises(ConfigError, match="another process works on this batch; fanin asked nothing"):
        opened(resume=True)


def test_a_file_of_something_else_is_refused(tmp_path: Path, opened) -> None:
    (tmp_path / "out.journal").write_text("A shopping list. " * 100)
    with pytest.raises(ConfigError, match=r"it cannot be used \(file is not a database\); fanin asked nothing"):
        opened(resume=True)


def test_when_all_is_written_elsewhere_nothing_remains(tmp_path: Path, opened) -> None:
    journal = opened()
    journal.write([Written(1, b"", "")])
    journal.close(remove=True)
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_survives_without_a_close(opened, tmp_path: Path) -> None:
    opened().write([Written(1, b"d", "line")])
    copy = tmp_path / "copy"
    copy.mkdir()
    for each in tmp_path.glob("out.journal*"):
        (copy / each.name).write_bytes(each.read_bytes())
    with closing(sqlite3.connect(copy / "out.journal")) as connection:
        assert connection.execute("SELECT number, line FROM rows").fetchall() == [(1, "line")]


def test_after_an_error_nothing_is_kept_any_more(opened) -> None:
    journal = opened()
    journal.write([Written(1, b"a", "{}")], "of one")
    with pytest.raises(sqlite3.Error):
        journal.write([Written(2, b"b", None)], "of two")  # type: ignore[arg-type]
    with pytest.raises(sqlite3.Error):
        journal.write([Written(3, b"c", "{}")], "of three")
    journal.close()
    again = opened(resume=True)
    assert ([each.number for each in again.written()], again.statistics) == ([1], "of one")
