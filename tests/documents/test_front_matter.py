"""Front matter as note-taking programs, site builders and people write it."""

from datetime import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.front_matter import FrontMatter, front_matter
from fanin.documents.markdown import markdown

TEXT = "\n\nThe pump stands in the cellar.\n"


@pytest.mark.parametrize(
    ("front", "title", "published", "keywords"),
    [
        ("---\ntitle: Pump\ndate: 2026-03-04\ntags: [water, cellar]\n---", "Pump", "2026-03-04", ("water", "cellar")),
        (
            "---\ntitle: 'The pump''s key'\ntags:\n  - water\n  - \"the cellar\"\n---",
            "The pump's key",
            "",
            ("water", "the cellar"),
        ),
        ("---\ntitle: >-\n  The pump\n  below\ntags:\n- water\n---", "The pump below", "", ("water",)),
        ("---\ntitle: |\n  The pump\ncreated: 6 May 2026\n---", "The pump", "2026-05-06", ()),
        ("---\ntitle: Pump: how it works\nkeywords: water, cellar\n---", "Pump: how it works", "", ("water", "cellar")),
        (
            '---\ntitle: "Pump: \\"old\\""\ntags: ["a, b", c]\naliases: [Old pump]\n...',
            'Pump: "old"',
            "",
            ("a, b", "c", "Old pump"),
        ),
        ("---\ntags: [water,\n  cellar]\nTitle: Pump # of the house\n---", "Pump", "", ("water", "cellar")),
        (
            "---\ntags: #water\ntitle: Pump\nupdated: 2026-03-04T05:06:07Z\n---",
            "Pump",
            "2026-03-04T05:06:07+00:00",
            ("water",),
        ),
        (
            "---\nparams:\n  title: inner\n  tags: [x]\ntitle: Pump\ncategories:\n  - water # and more\n---",
            "Pump",
            "",
            ("water",),
        ),
        (
            '+++\ntitle = "Pump"\ndate = 2026-03-04\ntags = ["water"]\n[extra]\ntitle = "x"\n+++',
            "Pump",
            "2026-03-04",
            ("water",),
        ),
        (
            "+++\ntitle = '''\nThe\npump'''\ndate = 2026-03-04T05:06:07Z\n+++",
            "The pump",
            "2026-03-04T05:06:07+00:00",
            (),
        ),
        ('---toml\ntitle = "Pump"\n---', "Pump", "", ()),
        (';;;\n{"title": "Pump", "tags": ["water"], "date": "2026-03-04"}\n;;;', "Pump", "2026-03-04", ("water",)),
        ("\ufeff---\r\ntitle: Pump\r\ntags:\r\n  - water\r\n---\r", "Pump", "", ("water",)),
    ],
)
def test_a_note_has_the_title_the_date_and_the_tags_of_its_front_matter(front, title, published, keywords) -> None:
    parsed = markdown(f"{front}{TEXT}".encode())
    assert parsed.text == TEXT.lstrip("\n")
    assert (parsed.title, parsed.published) == (title, published)
    assert parsed.sections[0].heading == ", ".join(keywords)


@pytest.mark.parametrize(
    "text",
    [
        "---\nA rule above, and one below.\n\n---\n\nMore.",
        "--- x\ntitle: a\n---\n",
        "+++\nno toml\n+++\nText.",
        "text\n---\ntitle: a\n---\n",
        ";;;\n[\n;;;\n",
    ],
)
def test_what_is_no_front_matter_stays_text(text: str) -> None:
    assert front_matter(text) == FrontMatter()
    assert markdown(text.encode()).text.split() == text.replace("\n---\n", "\n").removeprefix("---\n").split()


@pytest.mark.parametrize("front", ["---\n---", "---\ntitle:\ndate: ~\ntags: []\n---", "+++\n\n+++"])
def test_a_note_whose_front_matter_says_nothing_has_its_first_line_as_title(front: str) -> None:
    parsed = markdown(f"{front}{TEXT}".encode())
    assert (parsed.text, parsed.title, parsed.published) == (TEXT.lstrip("\n"), TEXT.strip(), "")


def test_tags_head_the_first_section_that_has_text() -> None:
    parsed = markdown(b"---\ntags: [water]\n---\n# Pump\nIt is old.\n## Key\nIt hangs there.\n")
    assert [each.heading for each in parsed.sections] == ["", "water > Pump", "Pump > Key"]


SCALARS = st.from_regex(r"[A-Za-z0-9]{1,10}( [a-z]{1,5}){0,3}", fullmatch=True) | st.text(
    st.characters(categories=["L", "N", "P", "Zs"], max_codepoint=0x2FFF), min_size=1, max_size=20
).map(str.strip).filter(lambda text: bool(text) and text.isprintable())


@given(SCALARS, st.lists(SCALARS, max_size=4), st.sampled_from([None, False, True]), st.sampled_from([None, '"', "'"]))
def test_what_a_library_writes_as_yaml_is_read(title, tags, flow, style) -> None:
    value = {"title": title, "tags": tags}
    written = yaml.safe_dump(value, default_flow_style=flow, default_style=style, allow_unicode=True, width=1000)
    if written.startswith("{"):
        return
    found = front_matter(f"---\n{written}---\ntext")
    assert found.title == " ".join(title.split())
    words = (" ".join(tag.split()).removeprefix("#") for tag in tags)
    assert found.keywords == tuple(dict.fromkeys(filter(None, words)))


TITLES = st.from_regex(r"[A-Za-z0-9]{1,10}( [a-z#:]{1,5}[a-z])?", fullmatch=True)
PRINTABLE = st.text(st.characters(exclude_categories=["C"]) | st.sampled_from("\n"), max_size=60)


@given(TITLES, st.datetimes(datetime(1000, 1, 1), datetime(2199, 12, 31)), st.sampled_from(["", "'", '"']), PRINTABLE)
def test_front_matter_names_the_title_and_the_date_of_what_follows(title, instant, quote, rest) -> None:
    date = instant.isoformat(timespec="seconds")
    parsed = markdown(f"---\ntitle: {quote}{title}{quote}\ndate: {date}\n---\n{rest}".encode())
    assert (parsed.title, parsed.published) == (title, date)


@given(st.sampled_from(["---\n", "+++\n", ";;;\n"]), st.text("ab:-[]{}\"'|>#\\ \n,=1", max_size=80))
def test_any_front_matter_is_read_or_left_as_text(mark: str, text: str) -> None:
    found = front_matter(f"{mark}{text}\n{mark}after")
    assert 0 <= found.start <= 2 * len(mark) + len(text) + 1


@pytest.mark.parametrize("bit", ["- ", "[", "a: [\n", "'", '"\\', "a:\n", "\n", "---", "> \n", "#", " - \n"])
def test_front_matter_without_an_end_is_looked_at_up_to_a_limit(bit: str) -> None:
    assert front_matter("---\n" + bit * 300_000) in (FrontMatter(), FrontMatter(start=8))
