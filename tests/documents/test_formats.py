import io
import json

import pytest
from knowledge_fakes import pdf_of
from pypdf import PdfWriter

from fanin.documents.decoding import decode
from fanin.documents.formats import Unreadable, format_of, is_known
from fanin.documents.html import html
from fanin.documents.markdown import markdown, restructured_text
from fanin.documents.pdf import pdf
from fanin.documents.plain_text import code, plain
from fanin.documents.rows.csv_rows import table
from fanin.documents.rows.json_rows import json_lines
from fanin.documents.structure import Parsed


def headings(parsed: Parsed) -> list[tuple[str, str]]:
    """Each section's heading and the first line that stands in it."""
    return [(each.heading, parsed.text[each.start :].partition("\n")[0]) for each in parsed.sections]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"\xef\xbb\xbfmarked", "marked"),
        ("wide".encode("utf-16"), "wide"),
        ("wider".encode("utf-32"), "wider"),
        (b"a\x00b and much more of it", "a b and much more of it"),
        (b"one\r\ntwo\rthree", "one \ntwo\nthree"),
        (b"", ""),
    ],
)
def test_bytes_are_read_in_the_encoding_that_they_are_in(content: bytes, text: str) -> None:
    assert decode(content) == text


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Unreadable, match="control characters"):
        decode(bytes(range(32)) * 100)


def test_markdown_has_the_sections_that_its_headings_begin() -> None:
    parsed = markdown(
        b"Intro\n\n# One\ntext\n## Two ##\n```\n# no heading\n```\nThree\n=====\n~~~\n# no\n~~~\n# Four\n"
    )
    assert headings(parsed) == [
        ("", "Intro"),
        ("One", "One"),
        ("One > Two", "Two"),
        ("Three", "Three"),
        ("Four", "Four"),
    ]
    assert parsed.title == "One"


def test_front_matter_gives_title_and_date() -> None:
    parsed = markdown(b'---\ntitle: "My Notes"\ndate: 2024-05-06\ntags: [a]\n---\n\nText.')
    assert (parsed.title, parsed.published, headings(parsed)) == ("My Notes", "2024-05-06", [("a", "Text.")])


def test_restructured_text_has_the_sections_that_are_underlined() -> None:
    parsed = restructured_text(
        b"=====\nTitle\n=====\n\nText.\n\nOne\n---\n\nMore.\n\n  - - -\n\nTwo :py:mod:`os`\n~~~~\n\nThree\n-----\n"
    )
    assert headings(parsed)[1:] == [
        ("Title", "====="),
        ("Title > One", "One"),
        ("Title > One > Two os", "Two :py:mod:`os`"),
        ("Title > Three", "Three"),
    ]
    assert parsed.title == "Title"


def test_the_title_of_plain_text_is_its_first_line_if_it_is_short() -> None:
    assert plain(b"\n  A letter \n\nDear you, ...").title == "A letter"
    assert plain(b"word " * 100).title == ""


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\n\nclass A:\n    def one(self):\n        pass\n\ndef two():\n    pass\n", ["A", "A > one", "two"]),
        ("package main\n\nfunc (s *Server) Run() {\n}\n", ["(s *Server) Run"]),
        ("pub async fn go() {}\nimpl Thing {\n    pub fn it() {}\n}\n", ["go", "Thing", "Thing > it"]),
        ("export default class View {\n  static render() {}\n}\nfunction f() {}", ["View", "f"]),
        ("CREATE TABLE orders (id INT);", ["orders"]),
    ],
)
def test_source_code_has_a_section_for_each_definition(source: str, found: list[str]) -> None:
    assert [section.heading for section in code(source.encode()).sections[1:]] == found


def test_code_that_a_program_packed_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"made by a program: it has a line of 6,002 characters"):
        code(b"x\n" + b"a(b);" * 1200 + b"c\n")


@pytest.mark.parametrize(
    "text",
    [
        '// two pumps\n{"a": 1}\n{"a": 2},\n',
        '# exported at noon\n{"a": 1,}\n{"a": 2}',
        '[\n{"a": 1},\n{"a": 2}\n]',
        '{\n  "a": 1\n}\n{\n  "a": 2\n}\n',
        '{"a": 1} // the first\n{"a": 2} /* the second */',
        '{"a": 1}{"a": 2}',
        '{"a": 1}\r\n\r\n{"a": 2}\r\n',
        '{"a": 1}\n,\n{"a": 2}',
        '\ufeff{"a": 1}\n\n# {"a": 3}\n{"a": 2}\n',
        '{"a": 1, "b": null}\n{"a": 2, "b": NaN,}\n',
    ],
)
def test_json_lines_are_read_as_programs_write_them(text: str) -> None:
    assert json_lines(text.encode()).text == "a: 1\n\na: 2\n\n"


def test_what_looks_like_a_comment_within_a_value_stays() -> None:
    assert json_lines(b'{"a": "http://x.y//z, # 1,"}\n{"b": "/* c */",}').text == (
        "a: http://x.y//z, # 1,\n\nb: /* c */\n\n"
    )


def test_a_row_of_a_table_is_a_sentence_with_the_names_of_its_columns() -> None:
    assert table(b"name;age\nAda;36\n\nBob;;7\n").text == "name: Ada; age: 36.\n\nname: Bob; 7.\n\n"
    assert table(b'a,b,c\n"one, two",3,4\n').text == "a: one, two; b: 3; c: 4.\n\n"
    assert table(b"a\tb\n1\t2").text == "a: 1; b: 2.\n\n"


def test_a_row_with_prose_in_it_is_told_in_lines() -> None:
    prose = "The chair is comfortable. " * 10
    told = table(f"name,review\nChair,{prose}\nDesk,\n".encode()).text
    assert told == f"name: Chair\nreview: {prose.strip()}\n\nname: Desk.\n\n"


def test_json_lines_are_told_with_the_way_to_each_value() -> None:
    assert json_lines(b'\xef\xbb\xbf{"depth": NaN, "a": 1}\n {"a": 2}').text == "a: 1\n\na: 2\n\n"
    lines = [{"user": {"name": "Ada"}, "tags": ["x", "y"], "none": None}, "just text", 7, {"bad": "\ud800"}]
    told = json_lines("\n".join(map(json.dumps, lines)).encode()).text
    assert told == "user.name: Ada\ntags: x\ntags: y\n\njust text\n\n7\n\nbad: ?\n\n"


@pytest.mark.parametrize("line", ["{", "[" * 100_000, json.dumps("x")[:-1], '{"a":' * 30 + "1" + "}" * 30])
def test_a_line_that_is_no_sensible_json_is_told_by_its_number(line: str) -> None:
    with pytest.raises(Unreadable, match="line 2 is no JSON value"):
        json_lines(f"1\n{line}".encode())


def written(*pages: str) -> bytes:
    """A PDF with a line of text on each page."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    for text in pages:
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1<</Type/Font/Subtype/Type1"
            f"/BaseFont/Helvetica>>>>>>/Contents {len(objects) + 2} 0 R>>"
        )
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + 2 * len(pages), 2))
    objects[1] = f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>"
    return pdf_of([each.encode() for each in objects])


def test_a_pdf_has_a_section_for_each_page_with_text() -> None:
    parsed = pdf(written("The harbour is open.", "Ferries sail at nine."))
    assert headings(parsed) == [("Page 1", "The harbour is open."), ("Page 2", "Ferries sail at nine.")]
    assert parsed.title == "The harbour is open."


def test_a_pdf_says_its_own_title_and_date() -> None:
    writer = PdfWriter(io.BytesIO(written("Text.")))
    writer.add_metadata({"/Title": "Report\x1b[2J", "/CreationDate": "D:20240506070809Z"})
    writer.write(held := io.BytesIO())
    parsed = pdf(held.getvalue())
    assert (parsed.title, parsed.published) == ("Report", "2024-05-06")


def test_a_pdf_that_is_locked_broken_or_empty_is_refused_with_the_reason() -> None:
    writer = PdfWriter(io.BytesIO(written("Secret.")))
    writer.encrypt("password", algorithm="RC4-128")
    writer.write(locked := io.BytesIO())
    for content, reason in [
        (locked.getvalue(), "locked"),
        (b"%PDF-1.7 nothing", "cannot be read"),
        (written(""), "without text"),
    ]:
        with pytest.raises(Unreadable, match=reason):
            pdf(content)


@pytest.mark.parametrize("name", ["a.md", "b.TXT", "c.html", "d.py", "README", "Makefile", "e.jsonl", "f.pdf", "g.rst"])
def test_files_of_these_names_are_taken_from_a_folder(name: str) -> None:
    assert is_known(name)


@pytest.mark.parametrize("name", ["a.png", "b.exe", "c", "d.zip", "e.sqlite", "f.so", "html", "g.json.gz"])
def test_files_of_these_names_are_not(name: str) -> None:
    assert not is_known(name)


def test_what_sphinx_calls_a_source_is_restructured_text() -> None:
    assert format_of("library/os.rst.txt")(b"One\n===\n\nText.").title == "One"


PAGE = """<!doctype html><title>Ferry &amp; quay</title><meta name="date" content="2024-05-06T07:08">
<nav>menu <a href="x">x</a></nav><div role="search">find</div>
<main><h1> Times <a class="headerlink" href="#t">P</a></h1><p>At   nine<b>teen</b>,<br>sharp.</p>
<pre>a
  b</pre><ul><li>one</li><li>two</li></ul><h2>Winter</h2>never<script>no()</script><!-- no --></main>
<footer>end</footer>"""


def test_of_html_what_a_reader_sees_is_kept_with_its_headings() -> None:
    parsed = html(PAGE.encode())
    assert parsed.text == "Times\n\nAt nineteen,\nsharp.\n\n```\na\n  b\n```\n\n- one\n- two\n\nWinter\n\nnever"
    assert headings(parsed)[1:] == [("Times", "Times"), ("Times > Winter", "Winter")]
    assert (parsed.title, parsed.published) == ("Ferry & quay", "2024-05-06")


def test_html_is_read_in_the_encoding_that_it_declares() -> None:
    assert html('<meta charset="iso-8859-2"><p>Łódź'.encode("iso-8859-2")).text == "Łódź"
    assert html('<meta charset="no-such-thing"><p>Łódź'.encode()).text == "Łódź"


def test_a_page_that_only_leads_to_its_neighbours_is_refused_and_one_of_outside_links_is_not() -> None:
    near = "".join(f'<p><a href="page{number}.html">The page of the number {number}</a></p>' for number in range(60))
    with pytest.raises(Unreadable, match="is an index"):
        html(near.encode())
    assert html(near.replace('"page', '"https://example.com/').encode()).text
    assert html(near[:1000].encode()).text
