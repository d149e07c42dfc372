"""Documents that want to hurt: each is read or refused by name, soon, and the ones beside it are added."""

import time
import zlib

import pytest
from knowledge_fakes import pdf_of

from fanin.knowledge.ingest.file_reading import UnreadableFile, read_file
from fanin.knowledge.ingest.progress import Added, Skipped
from fanin.knowledge.store.queries import Entry
from fanin.limits import Limits
from fanin.model import Document

SOON = 40.0
"""Seconds within which even a busy machine is done with any of them."""


def a_page(content: bytes, *, filters: bytes = b"", kids: bytes = b"3 0 R") -> bytes:
    """A PDF of one page with that content."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</Font<</F1 %s>>>>/Contents 4 0 R>>" % font
    stream = b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content)
    pages = b"<</Type/Pages/Kids[%s]/Count 1>>" % kids
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream])


def bomb() -> bytes:
    """A page of 2 GB in 20 KB: compressed three times over."""
    tenth = zlib.compress(b" " * 20_000_000, 9)
    twice = zlib.compress(tenth * 100, 9)
    return a_page(zlib.compress(twice, 9), filters=b"/Filter[/FlateDecode/FlateDecode/FlateDecode]")


def shown(operators: bytes) -> bytes:
    return a_page(b"BT /F1 12 Tf (text) Tj " + operators + b" ET")


HOSTILE = {
    "nested.html": lambda: b"<div>" * 200_000 + b"deep",
    "unclosed.html": lambda: b"<a><b><i>" * 20_000 + b"deep",
    "tables.html": lambda: b"<table><tr><td>" * 20_000,
    "entities.html": lambda: b"&amp" * 500_000 + b"&notanentity;" * 100_000,
    "attributes.html": lambda: b"<p " + b"a=b " * 200_000 + b">x",
    "comment.html": lambda: b"<!--" * 200_000,
    "line.txt": lambda: b"word " * 2_000_000,
    "blank.txt": lambda: b"x" * 5_000_000,
    "stops.txt": lambda: b"." * 1_000_000 + b"!?" * 500_000,
    "breaks.txt": lambda: b"\n" * 2_000_000 + b"x",
    "escapes.txt": lambda: b"\x1b]0;" * 20_000 + b"word " * 60_000,
    "fences.md": lambda: b"```\n~~~\n" * 200_000,
    "headings.md": lambda: b"# " * 500_000 + b"\n" + b"## x\n" * 100_000,
    "front.md": lambda: b"---\n" + b"title: x\n" * 300_000,
    "lines.rst": lambda: b"=" * 1_000_000 + b"\nx\n" + b"===\n" * 200_000,
    "quotes.csv": lambda: b'"' * 2_000_001,
    "columns.csv": lambda: b"," * 1_000_000 + b"\n" + b"1," * 500_000,
    "nested.jsonl": lambda: b"[" * 2_000_000,
    "keys.jsonl": lambda: b'{"a":' * 900 + b"1" + b"}" * 900,
    "definitions.py": lambda: b"def " * 400_000 + b"\n" + b"    def a\n" * 100_000,
    "bomb.pdf": bomb,
    "loop.pdf": lambda: a_page(b"", kids=b"2 0 R"),
    "large.pdf": lambda: a_page(zlib.compress(b"BT (x) Tj ET " * 3_000_000), filters=b"/Filter/FlateDecode"),
    "operators.pdf": lambda: shown(b"q " * 200_000),
    "brackets.pdf": lambda: shown(b"[" * 200_000),
    "numbers.pdf": lambda: b"%PDF-1.4\n" + b"9" * 300_000 + b" 0 obj" + b"<<" * 100_000,
    "invalid.txt": lambda: bytes(range(128, 256)) * 4000,
    "nul.txt": lambda: b"a\0" * 20,
    "marks.txt": lambda: "\u202e\u200b\ufeff\u2066".encode() * 100_000 + b"x",
    "surrogates.jsonl": lambda: b'"\\ud800\\udfff\\udfff"\n' * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_read_or_refused_soon(docs, name) -> None:
    path = docs / name
    path.write_bytes(HOSTILE[name]())
    begun = time.thread_time()
    told = read_file("", Document("", url=str(path)))
    assert time.thread_time() - begun < SOON
    match told:
        case Entry(text=text, spans=spans):
            assert all(text[start:end].strip() for start, end, _ in spans)
            text.encode()  # it can be kept
        case UnreadableFile(reason=reason):
            assert 0 < len(reason) < 400
        case _:
            pytest.fail("it was not read")


async def test_the_documents_beside_hostile_ones_are_added(file, docs, fill) -> None:
    for name in ("nested.html", "nested.jsonl", "loop.pdf", "nul.txt", "quotes.csv"):
        (docs / name).write_bytes(HOSTILE[name]())
    (docs / "good.md").write_text("harbour")
    told = await fill(docs)
    assert Added(str(docs / "good.md"), 1) in told
    assert {each.path.rpartition("/")[2] for each in told if isinstance(each, Skipped)} >= {"nested.jsonl", "loop.pdf"}


async def test_a_document_that_takes_for_ever_is_given_up_and_told(file, docs, fill) -> None:
    (docs / "slow.html").write_bytes(b"<div>" * 1_000_000)
    (docs / "zood.md").write_text("harbour")
    told = await fill(docs, limits=Limits(file_seconds=2.0))
    (skipped,) = [each for each in told if isinstance(each, Skipped)]
    assert skipped == Skipped(str(docs / "slow.html"), "takes longer than 2 s to read")


def test_one_line_of_50_mb_is_refused_by_its_size_or_read(docs) -> None:
    path = docs / "line.txt"
    path.write_bytes(b"word " * 10_400_000)
    told = read_file("", Document("", url=str(path)))
    assert told == UnreadableFile("has 52,000,000 bytes, which is more than 50,000,000")
    path.write_bytes(b"word " * 9_900_000)
    assert read_file("", Document("", url=str(path))) == UnreadableFile("has more than 20,000,000 characters of text")


NAME = b"n" * 1_000_000
AMPLIFYING = {
    "names.jsonl": b'{"' + NAME + b'": {' + b", ".join(b'"%d": 1' % n for n in range(100_000)) + b"}}",
    "empty.jsonl": b'{"' + NAME + b'": {' + b", ".join(b'"%d": null' % n for n in range(100_000)) + b'}, "b": 1}',
    "names.csv": NAME[:100_000] + b",b\n" + b"1,2\n" * 100_000,
    "underlined.md": NAME + b"\n===\n" + b"## x\n" * 50_000,
    "underlined.rst": NAME + b"\n====\n\n" + b"x\n----\n\n" * 50_000,
    "headings.html": b"<h1>" + NAME + b"</h1>" + b"<h2>x</h2><p>y" * 20_000,
    "many.md": b"## x y z a b c\n" * 400_000,
}


@pytest.mark.parametrize("name", AMPLIFYING)
def test_names_and_headings_do_not_multiply_a_document(docs, name) -> None:
    """What stands once in a file is repeated for each of its parts: the memory for that has a limit."""
    path = docs / name
    path.write_bytes(AMPLIFYING[name])
    told = read_file("", Document("", url=str(path)))
    match told:
        case Entry(text=text, spans=spans):
            assert len(text) <= 20_000_000
            assert sum(len(heading) for _, _, heading in spans) <= 60_000_000
            assert max(len(heading) for _, _, heading in spans) <= 800
        case UnreadableFile(reason=reason):
            assert "more than" in reason
        case _:
            pytest.fail("it was not read")
