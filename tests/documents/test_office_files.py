"""Files of office programs, in the XML that these programs write."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.formats import Unreadable, format_of, is_known
from fanin.documents.office.office_text import docx, odf, pptx
from fanin.documents.office.spreadsheets import xlsx

CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>The pump</dc:title>'
    "<dcterms:created>2020-01-01T00:00:00Z</dcterms:created><dcterms:modified>2026-03-04T05:06:07Z</dcterms:modified>"
    "</cp:coreProperties>"
)


def packed(**parts: str) -> bytes:
    """A zip archive; two underscores in a name stand for a slash."""
    with zipfile.ZipFile(held := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return held.getvalue()


def word(body: str, styles: str = "", **more: str) -> bytes:
    parts = {"word__document.xml": f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>'}
    parts |= {"word__styles.xml": f'<w:styles xmlns:w="w">{styles}</w:styles>'} if styles else {}
    return packed(**parts, **more)


def par(text: str, style: str = "") -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>"


def rows(*told: str) -> str:
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{par(cell)}</w:tc>' for cell in row.split('|'))}</w:tr>" for row in told)
    return f"<w:tbl><w:tblPr/>{cells}</w:tbl>"


HEADINGS = (
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (par("The pump is old."), "The pump is old."),
        ("<w:p><w:r><w:t>The </w:t></w:r><w:r><w:t>pu</w:t><w:t>mp.</w:t></w:r></w:p>", "The pump."),
        ("<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r></w:p>", "one\ntwo\tthree"),
        ("<w:p><w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>known</w:t></w:r></w:p>", "well-known"),
        (
            "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>",
            "new",
        ),
        (
            "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t>here</w:t></w:r></w:hyperlink></w:p>",
            "here",
        ),
        (rows("Item|Price", "Chair|89.00", "Desk|120.50"), "Item: Chair; Price: 89.00.\n\nItem: Desk; Price: 120.50."),
        (par("Prices:") + rows("Item|Price", "Chair|89"), "Prices:\n\nItem: Chair; Price: 89."),
        (rows("only a frame"), "only a frame"),
        (
            rows("Item|Note", f"Chair|oak</w:t></w:r></w:p>{par('and ash')}<w:p><w:r><w:t>"),
            "Item: Chair; Note: oak and ash.",
        ),
        (f"<w:sdt><w:sdtContent>{par('in a control')}</w:sdtContent></w:sdt>", "in a control"),
        (
            "<mc:AlternateContent xmlns:mc='m'><mc:Choice>"
            + par("box")
            + "</mc:Choice><mc:Fallback>"
            + par("box")
            + "</mc:Fallback></mc:AlternateContent>",
            "box",
        ),
    ],
)
def test_a_text_of_word_is_read_with_its_tables(body: str, text: str) -> None:
    assert docx(word(body)).text.strip() == text


def test_a_text_of_word_has_sections_title_and_date_whatever_its_headings_are_called() -> None:
    body = par("Before.") + par("Pump", "berschrift1") + par("It is old.") + par("Key", "Mine") + par("It hangs there.")
    parsed = docx(word(body, HEADINGS, docProps__core_xml=CORE).replace(b"docProps/core_xml", b"docProps/core.xml"))
    assert [(each.heading, parsed.text[each.start :].split("\n")[0]) for each in parsed.sections] == [
        ("", "Before."),
        ("Pump", "Pump"),
        ("Pump > Key", "Key"),
    ]
    assert (parsed.title, parsed.published[:10]) == ("The pump", "2026-03-04")


STYLES = (
    '<styleSheet xmlns="s"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="#,##0.00\\ &quot;€&quot;"/>'
    '<numFmt numFmtId="166" formatCode="0 &quot;days&quot;"/>'
    '<numFmt numFmtId="167" formatCode="[$$-409]#,##0.00"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="165"/>'
    '<xf numFmtId="166"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="167"/></cellXfs></styleSheet>'
)


STRINGS = '<sst xmlns="s"><si><t>Item</t></si><si><r><t>Ch</t></r><r><t>air</t></r><rPh><t>x</t></rPh></si></sst>'


def excel(*told: str, names: str = "Data", book: str = "") -> bytes:
    """A workbook whose sheets have these rows; a cell is `value`, `value:type` or `value#style`."""
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(names.split(","), 1))
    relations = "".join(f'<Relationship Id="r{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(told) + 1))
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="w" xmlns:r="r">{book}<sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="p">{relations}</Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": STRINGS,
    }
    for number, sheet in enumerate(told, 1):
        body = "".join(f"<row>{''.join(map(cell, row.split('|')))}</row>" for row in sheet.split("\n"))
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="s"><sheetData>{body}</sheetData></worksheet>'
    return packed(**{name.replace("/", "__"): text for name, text in parts.items()})


def cell(told: str) -> str:
    value, _, style = told.partition("#")
    value, _, kind = value.partition(":")
    if not value:
        return "<c/>"
    if kind == "i":
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c t="{kind or "n"}" s="{style or 0}"><f>A1</f><v>{value}</v></c>'


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("12", "12"),
        ("0.30000000000000004", "0.3"),
        ("1e3", "1000"),
        ("46085#1", "2026-03-04"),
        ("46085#3", "2026-03-04"),
        ("46085.5#6", "2026-03-04 12:00"),
        ("0.75#7", "18:00"),
        ("0.19#2", "19%"),
        ("89.5#4", "89.50 €"),
        ("7#5", "7"),
        ("12#8", "12.00 $"),
        ("1:s", "Chair"),
        ("word:i", "word"),
        ("sum:str", "sum"),
        ("1:b", "yes"),
        ("0:b", "no"),
    ],
)
def test_a_cell_says_what_people_see(value: str, shown: str) -> None:
    assert xlsx(excel(f"0:s|B:i\nx:i|{value}")).text == f"Data\n\nItem: x; B: {shown}.\n\n"


def test_sheets_are_sections_and_empty_cells_and_errors_say_nothing() -> None:
    parsed = xlsx(excel("A:i|B:i|C:i\n1||3\n4|#N/A:e|", "Note:i\nOpen:i", "", names="One,Two,Three"))
    assert parsed.text == "One\n\nA: 1; C: 3.\n\nA: 4.\n\nTwo\n\nNote\nOpen\n\n"
    assert [each.heading for each in parsed.sections] == ["", "One", "Two"]


def test_days_of_old_macintosh_files_count_from_1904() -> None:
    parsed = xlsx(excel("A:i|B:i\nx:i|44623#1", book='<workbookPr date1904="1"/>'))
    assert "2026-03-04" in parsed.text


def opendocument(body: str) -> bytes:
    spaces = 'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d"'
    return packed(**{"content.xml": f"<office:document {spaces}><office:body>{body}</office:body></office:document>"})


def odf_rows(*told: str) -> str:
    return "".join(
        "<table:table-row>"
        f"{''.join(f'<table:table-cell><text:p>{c}</text:p></table:table-cell>' for c in row.split('|'))}"
        "</table:table-row>"
        for row in told
    )


def sheet(name: str, rows: str) -> str:
    return f'<office:spreadsheet><table:table table:name="{name}">{rows}</table:table></office:spreadsheet>'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<office:text><text:p>The <text:span>pump</text:span>.</text:p></office:text>", "The pump."),
        (
            '<office:text><text:h text:outline-level="1">Pump</text:h><text:p>Old.</text:p></office:text>',
            "Pump\n\nOld.",
        ),
        (
            '<office:text><text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p></office:text>',
            "a  b\tc\nd",
        ),
        (
            "<office:text><text:list><text:list-item><text:p>one</text:p></text:list-item></text:list></office:text>",
            "one",
        ),
        (
            "<office:text><text:p>a<office:annotation><text:p>no</text:p></office:annotation>b</text:p></office:text>",
            "ab",
        ),
        (
            "<office:text><text:tracked-changes><text:p>no</text:p></text:tracked-changes><text:p>a</text:p></office:text>",
            "a",
        ),
        (
            f"<office:text><table:table>{odf_rows('Item|Price', 'Chair|89')}</table:table></office:text>",
            "Item: Chair; Price: 89.",
        ),
        (
            sheet("One", odf_rows("Item|Price", "Chair|89,00 €")),
            "One\n\nItem: Chair; Price: 89,00 €.",
        ),
        (
            '<office:presentation><draw:page draw:name="First"><text:p>Hi</text:p></draw:page></office:presentation>',
            "First\n\nHi",
        ),
        (
            sheet("A", odf_rows("x").replace("-cell>", '-cell table:number-columns-repeated="2">', 1)),
            "A\n\nx\nx",
        ),
    ],
)
def test_opendocument_is_read_with_its_tables(body: str, text: str) -> None:
    assert odf(opendocument(body)).text.strip() == text


def test_slides_are_sections_in_their_order() -> None:
    def slide(title: str, text: str) -> str:
        return (
            f'<p:sld xmlns:p="p" xmlns:a="a"><p:sp><p:nvPr><p:ph type="title"/></p:nvPr>'
            f"<a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:sp>"
            f"<p:sp><p:nvPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp></p:sld>"
        )

    slides = {f"ppt__slides__slide{n}.xml": slide(f"Title {n}", f"Text {n}.") for n in (10, 2, 1)}
    parsed = pptx(packed(**slides))
    assert [each.heading for each in parsed.sections] == ["", "Title 1", "Title 2", "Title 10"]
    assert parsed.text.startswith("Title 1\n\nText 1.\n\nTitle 2")


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", b"no zip", "is no office file"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(100), "locked"),
        ("a.docx", packed(x="y"), "it lacks word/document.xml"),
        ("a.odt", packed(x="y"), "it lacks content.xml"),
        ("a.xlsx", packed(x="y"), "no text"),
        ("a.pptx", packed(ppt__slides__slide1_xml="x"), "no text"),
        ("a.docx", word("<w:p>"), "is broken"),
        ("a.docx", packed(**{"word__document.xml": BOMB}), "defines entities"),
        ("a.odt", opendocument(""), "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        format_of(name)(content)


def test_what_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(Unreadable, match="unpacks to more than 200,000,000 bytes"):
        docx(word(" " * 200_100_000))


@pytest.mark.parametrize("name", ["a.docx", "b.XLSX", "c.pptx", "d.odt", "e.ods", "f.odp"])
def test_office_files_are_taken_from_a_folder(name: str) -> None:
    assert is_known(name)


TAGS = st.sampled_from(
    [
        "w:p",
        "w:t",
        "w:tbl",
        "w:tr",
        "w:tc",
        "w:pPr",
        "w:row",
        "w:c",
        "w:v",
        "w:table",
        "w:table-row",
        "w:table-cell",
        "w:h",
        "w:s",
    ]
)
TREES = st.recursive(
    st.sampled_from(["text", "1", " ", ""]),
    lambda inner: st.builds(
        lambda tag, more, parts: f"<{tag}{more}>{''.join(parts)}</{tag}>",
        TAGS,
        st.sampled_from(["", ' w:r="XFD1"', ' w:c="99999"', ' w:number-columns-repeated="9"', ' w:s="9"', ' w:t="s"']),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)  # fmt: skip


@given(
    TREES,
    st.sampled_from(
        [
            ("a.docx", "word/document.xml"),
            ("a.odt", "content.xml"),
            ("a.xlsx", "xl/worksheets/sheet1.xml"),
            ("a.pptx", "ppt/slides/slide1.xml"),
        ]
    ),
)
def test_any_xml_is_a_text_with_its_sections_in_order_or_refused(tree: str, kind: tuple[str, str]) -> None:
    content = packed(**{kind[1].replace("/", "__"): f'<w:x xmlns:w="w">{tree}</w:x>'})
    try:
        parsed = format_of(kind[0])(content)
    except Unreadable:
        return
    starts = [section.start for section in parsed.sections]
    assert starts == sorted(starts)
    assert parsed.text.strip()


def item(text: str) -> str:
    return f"<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_items_of_a_list_say_what_stands_before_it() -> None:
    body = par("You need:") + item("a rope") + item("a lamp") + par("Go.") + item("on")
    assert docx(word(body)).text.split("\n\n")[1:5] == ["- You need: a rope", "- You need: a lamp", "Go.", "on"]


def test_a_numbered_heading_is_no_item() -> None:
    heading = item("The pump").replace("<w:numPr>", '<w:pStyle w:val="berschrift1"/><w:numPr>')
    assert docx(word(heading + par("It is old."), HEADINGS)).text == "The pump\n\nIt is old.\n\n"


@pytest.mark.parametrize("unit", [par("The pump."), item("a"), rows("a|b"), "<w:p>", par("Need:") + item("b")])
def test_a_text_of_word_takes_work_in_proportion_to_its_length(unit: str, grows_in_proportion) -> None:
    def read(body: str) -> None:
        with contextlib.suppress(Unreadable):
            docx(word(body))

    grows_in_proportion(read, unit)
