"""`fanin batch` with Parquet: what comes in goes out as it was, a few rows at a time."""

import datetime
import json
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal
from io import BytesIO
from itertools import count, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batch_folder import Folder
from hypothesis import given
from hypothesis import strategies as st

from fanin.batch.arrow.parquet_input import ParquetInput
from fanin.batch.arrow.parquet_output import write_parquet
from fanin.batch.input_rows import InputRows
from fanin.errors import ConfigError

ADDED = ["answer", "success", "citations", "outcomes", "execution_time", "error"]
NO_ANSWER = {**dict.fromkeys(ADDED), "success": False, "error": "None."}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_columns_of_every_type_come_out_as_they_went_in(folder: Folder) -> None:
    instant = datetime.datetime(2026, 11, 28, 9, 30, tzinfo=datetime.UTC)
    kept = pa.table(
        {
            "question": ["Open?", None],
            "day": [datetime.date(2026, 11, 28), None],
            "at": pa.array([instant, instant], pa.timestamp("ns", "UTC")),
            "price": [Decimal("12.50"), Decimal("0.10")],
            "blob": [b"\x00\xff", None],
            "parts": [[{"a": 1}], []],
            "kind": pa.array(["x", "y"]).dictionary_encode(),
        }
    )
    pq.write_table(kept, folder.path / "q.parquet")
    status, said, noted = folder.run("q.parquet", "-o", "out.parquet")
    assert (status, noted) == (0, ""), noted
    found = pq.read_table(folder.path / "out.parquet")
    assert found.column_names == [*kept.column_names, *ADDED]
    assert found.select(kept.column_names).equals(kept)
    first, second = found.select(ADDED).to_pylist()
    assert (first["answer"], first["success"]) == ("The answer to Open? is nine. [1]", True)
    assert first["citations"][0]["source"] == "harbour"
    assert (first["outcomes"], first["error"]) == ([("harbour", "ok")], None)
    assert second["error"] == "Row 2: Nothing stands in 'question'."
    assert said.startswith("out.parquet: 1 answered, 0 without an answer, 1 with an error.\n")


def test_chosen_columns_and_a_template_work_with_parquet(folder: Folder) -> None:
    pq.write_table(pa.table({"city": ["Oslo"], "day": [datetime.date(2026, 1, 2)]}), folder.path / "q.parquet")
    assert folder.run("q.parquet", "-o", "out.parquet", "--question", "{city} on {day}", "--columns", "day")[0] == 0
    (row,) = pq.read_table(folder.path / "out.parquet").to_pylist()
    assert [*row] == ["day", *ADDED]
    assert (row["day"], row["answer"]) == (datetime.date(2026, 1, 2), "The answer to Oslo on 2026-01-02 is nine. [1]")


def test_parquet_can_become_json_lines_with_texts_for_what_json_lacks(folder: Folder) -> None:
    nano = pa.array([1_764_322_200_000_000_123], pa.timestamp("ns"))
    table = pa.table({"question": ["Open?"], "at": nano, "blob": [b"\x00\xff"], "price": [Decimal("12.50")]})
    pq.write_table(table, folder.path / "q.parquet")
    assert folder.run("q.parquet", "-o", "out.jsonl")[0] == 0
    (row,) = folder.rows()
    assert (row["at"], row["blob"], row["price"]) == ("2025-11-28T09:30:00", "AP8=", "12.50")


def test_json_lines_can_become_parquet_with_types_that_hold_all_values(folder: Folder) -> None:
    folder.write(
        "q.jsonl",
        {"question": "A?", "whole": 1, "mixed": 1, "deep": {"a": 1}, "sure": True, "large": 1},
        '{"question": ',
        {"question": "B?", "whole": 2, "mixed": 0.5, "deep": None, "sure": None, "large": 2**63, "more": "x"},
    )
    assert folder.run("q.jsonl", "-o", "out.parquet")[0] == 0
    table = pq.read_table(folder.path / "out.parquet")
    assert {name: str(table.schema.field(name).type) for name in ("whole", "mixed", "deep", "sure", "large")} == {
        "whole": "int64", "mixed": "double", "deep": "string", "sure": "bool", "large": "string"
    }  # fmt: skip
    assert table["large"].to_pylist() == ["1", None, str(2**63)]
    assert table["deep"].to_pylist() == ['{"a": 1}', None, None]
    assert table["more"].to_pylist() == [None, None, "x"]
    assert table["error"].to_pylist()[1].startswith("Line 2: It is no JSON")


values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.integers())


@given(st.lists(st.dictionaries(st.sampled_from("abc"), values.filter(lambda each: "\ud800" not in str(each)))))
def test_no_value_of_json_is_lost(rows: list[dict]) -> None:
    file = BytesIO()
    write_parquet(file, lambda: iter([{**row, **NO_ANSWER} for row in rows]))
    found = pq.read_table(file).to_pylist()
    assert len(found) == len(rows)
    for row, got in zip(rows, found, strict=True):
        for name, each in row.items():
            as_text = isinstance(got[name], str) and not isinstance(each, str)
            assert (json.loads(got[name]) if as_text else got[name]) == each


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (b"PAR1 this is none", "is no Parquet file"),
        (b"", "is no Parquet file"),
    ],
)
def test_what_is_no_parquet_is_a_clear_error(tmp_path: Path, made: bytes, told: str) -> None:
    (tmp_path / "q.parquet").write_bytes(made)
    with pytest.raises(ConfigError, match=told):
        InputRows(tmp_path / "q.parquet")


def test_two_columns_of_one_name_are_a_clear_error(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    pq.write_table(table, tmp_path / "q.parquet")
    with pytest.raises(ConfigError, match="two columns 'a'"):
        InputRows(tmp_path / "q.parquet")


def test_without_pyarrow_the_extra_is_named(folder: Folder) -> None:
    (folder.path / "pyarrow.py").write_text("raise ImportError('no pyarrow')")
    folder.write("q.jsonl", {"question": "Open?"})
    status, _, noted = folder.run("q.jsonl", "-o", "out.parquet")
    assert status == 2
    assert "The extra fanin[arrow] is not installed (no pyarrow); fanin asked nothing." in " ".join(noted.split())


def test_a_broken_row_group_in_the_middle_is_told_and_the_rest_goes_on(folder: Folder) -> None:
    table = pa.table({"id": range(30), "question": [f"Question {number}?" for number in range(30)]})
    path = folder.path / "q.parquet"
    pq.write_table(table, path, row_group_size=10, use_dictionary=False, compression="none", write_page_checksum=True)
    column = pq.read_metadata(path).row_group(1).column(1)
    content = bytearray(path.read_bytes())
    start = column.data_page_offset
    content[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(content)
    assert folder.run("q.parquet", "-o", "out.parquet")[0] == 0
    found = pq.read_table(folder.path / "out.parquet").to_pylist()
    assert [row["id"] for row in found] == [*range(10), *[None] * 10, *range(20, 30)]
    assert [row["success"] for row in found] == [True] * 10 + [False] * 10 + [True] * 10
    assert found[10]["error"].startswith("Row 11: Its row group 2 cannot be read: ")


def test_killed_and_resumed_each_row_of_parquet_is_there_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path, latency="10ms")
    table = pa.table({"id": range(1_000), "question": [f"Question {number % 50}?" for number in range(1_000)]})
    pq.write_table(table, tmp_path / "q.parquet", row_group_size=300)
    killed = 0
    for _ in range(6):
        process = folder.start("q.parquet", "-o", "out.parquet", "--resume", "--concurrency", "10")
        time.sleep(random.uniform(0.5, 1.5))
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        if "out.parquet" in folder.names():
            break
    if "out.parquet" not in folder.names():
        assert folder.run("q.parquet", "-o", "out.parquet", "--resume")[0] == 0
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [each["id"] for each in found] == [*range(1_000)]
    assert all(each["answer"] == f"The answer to {each['question']} is nine. [1]" for each in found)
    assert killed > 0
    assert folder.names() == {"q.parquet", "out.parquet"}


MEASURE = """
import sys
from itertools import repeat
from pathlib import Path
from fanin.batch.input_rows import InputRows
from fanin.batch.arrow.parquet_output import write_parquet
rows = InputRows(Path(sys.argv[1]))
assert sum(1 for _ in rows) == int(sys.argv[2])
added = ("answer", "citations", "outcomes", "execution_time", "error")
line = {**dict.fromkeys(added), "success": True, "answer": "x" * 500}
with open(sys.argv[1] + ".out", "wb") as file:
    write_parquet(file, lambda: repeat(line), own=rows.parquet)
print(next(each.split()[1] for each in open("/proc/self/status") if each.startswith("VmHWM")))  # without its parent's
"""


@pytest.mark.alone
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A row group of 400,000 rows takes no more than one of a tenth."""
    used = {}
    for rows in (40_000, 400_000):
        path = tmp_path / f"{rows}.parquet"
        text = (f"Question {number} of the harbour: {random.random()}" for number in count())
        pq.write_table(pa.table({"question": list(islice(text, rows))}), path, row_group_size=rows)
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, path, str(rows)], capture_output=True, text=True, check=True, timeout=200
        )
        used[rows] = int(done.stdout)
        assert pq.read_metadata(f"{path}.out").num_rows == rows
    assert used[400_000] < used[40_000] + 40_000  # kilobytes; 45,000 for the rows of the larger one


def test_an_input_that_parquet_holds_is_read_in_row_batches(tmp_path: Path) -> None:
    pq.write_table(pa.table({"question": ["A?"] * 1_200}), tmp_path / "q.parquet", row_group_size=1_100)
    with (tmp_path / "q.parquet").open("rb") as file:
        assert [each.count for each in ParquetInput(file, "q").batches()] == [500, 500, 100, 100]
