"""Pages, notes and tables that nobody looked at while their readers were made; some kinds were corrected by them."""

# ruff: noqa: E501, RUF001  pages stand in one line, and dashes are a subject

import pytest

from fanin.documents.front_matter import front_matter
from fanin.documents.html_page import read_page
from fanin.documents.markdown import markdown
from fanin.documents.rows.csv_rows import table
from fanin.text.cleaning import blank

PAGES = [  # the page, what it says, what is no text of it, its title and its day
    (
        '<title>Tides | Port News</title><div class="layout"><div class="sidebar"><a href=/a>Other</a></div><div role="main"><h1>Tides</h1><p>High water comes at six. It stays an hour.</p></div></div>',
        ["High water comes at six."],
        ["Other"],
        "Tides",
        "",
    ),
    (
        "<html lang=de><title>Fahrplan – Hafen</title><h1>Fahrplan</h1><p>Stand: 4. Mai 2026</p><p>Die Fähre fährt stündlich ab.</p><footer>Impressum</footer>",
        ["Die Fähre fährt stündlich ab."],
        ["Impressum"],
        "Fahrplan",
        "2026-05-04",
    ),
    (
        "<article><h1>Weir</h1><p>Text one is here.<details><summary>Cost?</summary><p>It is 9 euros.</p></details></article>",
        ["Cost?", "It is 9 euros."],
        [],
        "",
        "",
    ),
    (
        '<main><h1>Q</h1><button aria-expanded="false" aria-controls="p1">How deep?</button><div id="p1" hidden="until-found"><p>Nine metres deep.</p></div></main>',
        ["Nine metres deep."],
        [],
        "",
        "",
    ),
    (
        '<main><h1>A</h1><p>Shown text stands here.</p><div style="display:none">secret words</div><template>tpl</template><noscript>enable</noscript></main>',
        ["Shown text stands here."],
        ["secret words", "tpl"],
        "",
        "",
    ),
    (
        "<main><h1>Prices</h1><table><tr><th>Boat<th>Fee<tr><td>Kayak<td>3 €<tr><td>Yacht<td>9 €</table></main>",
        ["Boat: Kayak; Fee: 3 €."],
        [],
        "",
        "",
    ),
    (
        "<main><h1>Prices</h1><table><thead><tr><th rowspan=2>Boat<th colspan=2>Fee<tr><th>Day<th>Week</thead><tr><td>Kayak<td>3<td>15</table></main>",
        ["Boat: Kayak", "15"],
        [],
        "",
        "",
    ),
    (
        "<main><h1>Spec</h1><table><tr><th>Length</th><td>9 m</td></tr><tr><th>Draft</th><td><ul><li>1 m light<li>2 m laden</ul></td></tr></table></main>",
        ["Length: 9 m", "1 m light, 2 m laden"],
        [],
        "",
        "",
    ),
    (
        "<main><h1>Area</h1><p>It is <math><mi>a</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mi>b</mi><mn>3</mn></msup></math> here.</p></main>",
        ["a = 1/2", "b^3"],
        [],
        "",
        "",
    ),
    (
        '<form action="/x"><h1>Contact</h1><p>The office is on pier 4 and opens at nine.</p><input name=q><button>Send</button></form>',
        ["The office is on pier 4"],
        [],
        "",
        "",
    ),
    (
        '<div id="cookie-banner"><p>We use cookies.</p><button>Accept all</button></div><main><h1>Lock</h1><p>The lock opens hourly for all.</p></main>',
        ["The lock opens hourly"],
        ["We use cookies"],
        "",
        "",
    ),
    (
        '<meta property="article:published_time" content="2026-02-03T04:05:06+01:00"><article><h1>Ice</h1><p>Ice came early this year again.</p></article><section class=comments><time datetime="2026-09-09">x</time><p>Nice!</p></section>',
        ["Ice came early"],
        ["Nice!"],
        "Ice",
        "2026-02-03",
    ),
    (
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-02-03","headline":"Ice"}</script><h1>Ice</h1><p>Ice came early this year again.</p>',
        ["Ice came early"],
        ["datePublished"],
        "Ice",
        "2026-02-03",
    ),
    (
        "<main><article class=teaser><h2><a href=/o>Old</a></h2><p>Read more</p></article><article><h1>New pier</h1><p>The new pier has four berths and a crane.</p><p>It opens in May for all boats.</p></article></main>",
        ["The new pier has four berths"],
        [],
        "New pier",
        "",
    ),
    (
        "<main><h1>Terms</h1><dl><dt>Berth<dd>A place for a ship.<dt>Quay<dd>A wall to moor at.</dl></main>",
        ["Berth", "A place for a ship."],
        [],
        "",
        "",
    ),
    (
        "<body><nav><ul><li><a href=/>Home</a></ul></nav><p>Just one line of prose without any heading.</p></body>",
        ["Just one line of prose"],
        ["Home"],
        "",
        "",
    ),
    ("<main><h1>Code</h1><pre><code>$ boat --start\nok</code></pre></main>", ["$ boat --start\nok"], [], "", ""),
    ("<main><p>So\xadft hy\xadphens &amp; &nbsp;entities&hellip;</p></main>", ["Soft hyphens &"], [], "", ""),
]


@pytest.mark.parametrize(("page", "said", "unsaid", "title", "day"), PAGES)
def test_a_page_says_its_main_text_and_nothing_else(page, said, unsaid, title, day) -> None:
    read = read_page(page)
    text = f"{read.text}\n{' '.join(read.text.split())}"
    assert [each for each in said if each not in text] == []
    assert [each for each in unsaid if each in text] == []
    assert (read.title if title else "", read.published[:10] if day else "") == (title, day)


NOTES = [
    ("You need:\n\n- a rope\n- a lamp\n", ["You need: a rope", "You need: a lamp"]),
    ("Steps:\n\n1. Open it.\n2. Close it.\n", ["Steps: Open it.", "Steps: Close it."]),
    ("Tools you need:\n* saw\n* axe\n\nThen rest.", ["Tools you need: saw", "Tools you need: axe"]),
    ("**Bring:**\n\n+ water\n+ bread\n", ["Bring: water", "Bring: bread"]),
    ("Berth\n: A place.\n\nQuay\n: A wall.\n", ["Berth: A place.", "Quay: A wall."]),
    ("| Boat | Fee |\n|---|--:|\n| Kayak | 3 |\n", ["Boat: Kayak; Fee: 3."]),
    ("Boat | Fee\n--- | ---\nKayak | 3\n", ["Boat: Kayak; Fee: 3."]),
    ("| Boat | Fee |\n|:--|:-:|\n| Kayak \\| canoe | `3` |\n", ["Kayak | canoe"]),
    ("# Title\n\n> quoted *text* here\n", ["quoted text here"]),
    ("A [link](http://x.y) and ![pic](p.png) and `code`.\n", ["A link and"]),
    ("```\n- not: a list\n```\n", ["- not: a list"]),
    ("Needed:\n- [x] rope\n- [ ] lamp\n", ["rope", "lamp"]),
    ("Setext\n======\n\ntext body\n", ["text body"]),
    ("~~old~~ **new** _it_ text\n", ["new it text"]),
]


@pytest.mark.parametrize(("note", "said"), NOTES)
def test_a_note_tells_items_definitions_and_rows_with_what_they_belong_to(note: str, said: list[str]) -> None:
    text = markdown(note.encode()).text
    assert [each for each in said if each not in text] == []


ROWS = ["City: Oslo; Depth: 12.5; Note: quay, north.", "City: Bergen; Depth: 9; Note: pier."]
TABLES = [
    'City,Depth,Note\nOslo,12.5,"quay, north"\nBergen,9,pier\n',
    "City;Depth;Note\nOslo;12.5;quay, north\nBergen;9;pier\n",
    "City\tDepth\tNote\nOslo\t12.5\tquay, north\nBergen\t9\tpier\n",
    'sep=,\r\nCity,Depth,Note\r\nOslo,12.5,"quay, north"\r\nBergen,9,pier\r\n',
    '"City"|"Depth"|"Note"\n"Oslo"|"12.5"|"quay, north"\n"Bergen"|"9"|"pier"\n',
    'City,Depth,Note\r\n"Oslo",12.5,"quay, north"\r\n"Bergen",9,"pier"',
    '\ufeffCity;Depth;Note\r\n"Oslo";"12.5";"quay, north"\r\nBergen;9;pier\r\n',
    b"\xff\xfeC\x00i\x00t\x00y\x00;\x00D\x00e\x00p\x00t\x00h\x00;\x00N\x00o\x00t\x00e\x00\n\x00O\x00s\x00l\x00o\x00;\x001\x002\x00.\x005\x00;\x00q\x00u\x00a\x00y\x00,\x00 \x00n\x00o\x00r\x00t\x00h\x00\n\x00B\x00e\x00r\x00g\x00e\x00n\x00;\x009\x00;\x00p\x00i\x00e\x00r\x00\n\x00",
    'City , Depth , Note\nOslo , 12.5 , "quay, north"\nBergen , 9 , pier\n',
    '# exported by probe\nCity,Depth,Note\nOslo,12.5,"quay, north"\nBergen,9,pier\n',
    "Harbour depths 2026\n\nCity;Depth;Note\nOslo;12.5;quay, north\nBergen;9;pier\n",
    'City,Depth,Note,\nOslo,12.5,"quay, north",\nBergen,9,pier,\n',
    b"C\x00i\x00t\x00y\x00;\x00D\x00e\x00p\x00t\x00h\x00;\x00N\x00o\x00t\x00e\x00\n\x00O\x00s\x00l\x00o\x00;\x001\x002\x00.\x005\x00;\x00q\x00u\x00a\x00y\x00,\x00 \x00n\x00o\x00r\x00t\x00h\x00\n\x00B\x00e\x00r\x00g\x00e\x00n\x00;\x009\x00;\x00p\x00i\x00e\x00r\x00\n\x00",
    b"\x00C\x00i\x00t\x00y\x00;\x00D\x00e\x00p\x00t\x00h\x00;\x00N\x00o\x00t\x00e\x00\n\x00O\x00s\x00l\x00o\x00;\x001\x002\x00.\x005\x00;\x00q\x00u\x00a\x00y\x00,\x00 \x00n\x00o\x00r\x00t\x00h\x00\n\x00B\x00e\x00r\x00g\x00e\x00n\x00;\x009\x00;\x00p\x00i\x00e\x00r\x00\n",
]


@pytest.mark.parametrize("file", TABLES)
def test_rows_of_a_file_are_told_by_their_headings(file: str | bytes) -> None:
    content = file if isinstance(file, bytes) else file.encode()
    assert [line for line in table(content).text.split("\n\n") if line][-2:] == ROWS


FRONTS = [
    (
        "---\ntitle: Weir: a note\ndate: 2026-05-06\ntags: [dam, river]\n---",
        "Weir: a note",
        "2026-05-06",
        ("dam", "river"),
    ),
    ("---\ntitle: >-\n  Weir\n  two\ntags:\n- dam\n- river\n---", "Weir two", "", ("dam", "river")),
    ("---\ntitle: 'It''s a weir'\nkeywords: dam, river\n---", "It's a weir", "", ("dam", "river")),
    ('---\nTitle: "Weir \\u00e9"\nDate: 6 May 2026\nTags: dam\n---', "Weir é", "2026-05-06", ("dam",)),
    (
        '+++\ntitle = "Weir"\ndate = 2026-05-06T07:08:09+02:00\ncategories = ["dam"]\n+++',
        "Weir",
        "2026-05-06T07:08:09+02:00",
        ("dam",),
    ),
    (
        "---\nlayout: post\ntitle: Weir\npublished: 2026-05-06 07:08:09 +0200\ntags: dam river\n---",
        "Weir",
        "2026-05-06T07:08:09+02:00",
        ("dam river",),
    ),
    ('---json\n{"title": "Weir", "tags": ["dam"]}\n---', "Weir", "", ("dam",)),
    ("---\n# comment\ntitle:   Weir   # note\ntags: [\"dam\", 'river']\n---", "Weir", "", ("dam", "river")),
    ("---\r\ntitle: Weir\r\ndate: 2026/05/06\r\n---", "Weir", "2026-05-06", ()),
    ('---\ntitle: Weir\naliases:\n  - Old weir\n  - "The dam"\ndraft: false\n---', "Weir", "", ("Old weir", "The dam")),
    ("+++\ntitle = 'Weir'\n[taxonomies]\ntags = [\"dam\"]\n+++", "Weir", "", ("dam",)),
    ('---\ntitle: |\n  Weir\ndate: "2026-05-06"\ntags: []\n---', "Weir", "2026-05-06", ()),
]


@pytest.mark.parametrize(("front", "title", "day", "keywords"), FRONTS)
def test_front_matter_gives_title_day_and_tags(front: str, title: str, day: str, keywords: tuple[str, ...]) -> None:
    read = front_matter(blank(f"{front}\n\nThe weir holds.\n"))
    assert (read.title, read.published, tuple(read.keywords)) == (title, day, keywords)
