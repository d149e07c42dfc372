"""The rows of a file, whatever is wrong with some of them."""

from contextlib import closing
from pathlib import Path

import pytest

from fanin.batch.input_rows import LINE_BYTES, InputRows, Row
from fanin.errors import ConfigError


def rows(folder: Path, name: str, content: bytes) -> list[Row]:
    path = folder / name
    path.write_bytes(content)
    with closing(InputRows(path)) as found:
        return list(found)


def test_lines_of_json(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbf{"question": "\xc3\xa4?"}\n\n{"question": "b?", "id": 2}\r\n{"id": [1]}'
    assert rows(tmp_path, "q.jsonl", content) == [
        Row(1, {"question": "ä?"}),
        Row(3, {"question": "b?", "id": 2}),
        Row(4, {"id": [1]}),
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"question": ', "It is no JSON"),
        (b'"only a text"', "It is no JSON object"),
        (b"[1, 2]", "It is no JSON object"),
        (b"\xff\xfe", "It is not in UTF-8."),
        (b"[" * 5_000, "It is no JSON"),
        (b'{"a": "' + b"x" * LINE_BYTES + b'"}', "It has more than 1,000,000 bytes."),
    ],
)
def test_a_broken_line_keeps_its_number_and_the_rest_goes_on(tmp_path: Path, line: bytes, told: str) -> None:
    first, broken, last = rows(tmp_path, "q.ndjson", b'{"a": 1}\n' + line + b'\n{"a": 3}\n')
    assert (first, last) == (Row(1, {"a": 1}), Row(3, {"a": 3}))
    assert (broken.number, broken.values) == (2, {})
    assert broken.error.startswith(told)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv(tmp_path: Path, delimiter: str) -> None:
    content = 'id,question\n1,"Is it, or; not?"\n\n2,"two\nlines"\n3,ü\n'.replace(",", delimiter)
    found = rows(tmp_path, "q.csv", content.encode())
    told = "Is it, or; not?".replace(",", delimiter)
    assert [each.values for each in found] == [
        {"id": "1", "question": told},
        {"id": "2", "question": "two\nlines"},
        {"id": "3", "question": "ü"},
    ]
    assert [each.number for each in found] == [2, 4, 6]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"1", "It has 1 values, and the first line names 2 columns."),
        (b"1,2,3", "It has 3 values, and the first line names 2 columns."),
        (b"1,\xff", "It is not in UTF-8."),
        (b"1," + b"x" * 200_000, "It is no CSV: field larger than field limit"),
    ],
)
def test_a_broken_record_keeps_its_number_and_the_rest_goes_on(tmp_path: Path, line: bytes, told: str) -> None:
    first, broken, last = rows(tmp_path, "q.csv", b"a,b\n1,2\n" + line + b"\n5,6\n")
    assert (first.values, last.values) == ({"a": "1", "b": "2"}, {"a": "5", "b": "6"})
    assert (first.number, broken.number, last.number) == (2, 3, 4)
    assert broken.error.startswith(told)


@pytest.mark.parametrize(("name", "content"), [("q.csv", b""), ("q.csv", b"\n"), ("q.csv", b"a,,b\n1,2,3\n")])
def test_csv_without_names_of_columns_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(ConfigError, match=r"fanin asked nothing\. Name the columns there"):
        rows(tmp_path, name, content)


def test_an_unknown_format_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the format of .*q\.txt is unknown; fanin asked nothing"):
        rows(tmp_path, "q.txt", b"a")
    with pytest.raises(ConfigError, match="No such file or directory; fanin asked nothing"):
        InputRows(tmp_path / "none.jsonl")


def test_how_much_is_read_is_known(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_bytes(b'{"a": 1}\n' * 10)
    with closing(InputRows(tmp_path / "q.jsonl")) as found:
        assert found.share == 0.0
        assert len(list(found)) == 10
        assert found.share == 1.0


def test_equal_rows_have_equal_digests_and_others_do_not() -> None:
    same = [Row(number, {"a": 1, "b": "x"}).digest for number in (1, 2)]
    assert same[0] == same[1]
    assert len({same[0], Row(1, {"a": 1, "b": "y"}).digest, Row(1, {}, "a").digest, Row(1, {}).digest}) == 4
