"""An answer as people read it: one text for `print` and the command, HTML and Markdown that no source can break."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import fanin
from fanin.interfaces.notebook import answer_html, answer_markdown
from fanin.interfaces.render import answer_text, web_address
from fanin.model import Answer, Citation
from fanin.testing import FakeSource, run_scenario

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "`<b>`",
    "# heading",
    "| a | b |",
    "- item\n1. item\n    code\n> quote\n===",
    "&lt;script&gt;",
    '"><a href="javascript:alert(1)">',
    "\\[x](y)",
    "<https://evil.example>",
]
ADDRESSES = [
    "javascript:alert(1)",
    "data:text/html,x",
    'https://a.example/" onclick="x',
    "https://a.example/<b>",
    "//a.example",
    " ",
]


def answer(text: str = "The harbour is open. [1]", *, title: str = "Hours", url: str = "https://a.example/1") -> Answer:
    seen = run_scenario([FakeSource("town", ((0.5, "The harbour is open."),)).source]).answer
    cited = Citation(1, "The harbour is open.", "town", 1, 0, 20, title, url)
    return replace(seen, text=text, citations=(cited,))


class Tags(HTMLParser):
    """The tags of a page, and the values of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags = list[str]()
        self.values = set[tuple[str, str | None]]()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values |= {*attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_print_shows_what_the_command_shows() -> None:
    seen = str(answer())
    assert seen == answer_text(answer())
    assert seen == (
        "The harbour is open. [1]\n\n"
        "[1] Hours (town)\n    https://a.example/1\n\n"
        "1 of 1 source answered in 0.50 s on 1 core"
    )


def test_html_has_links_to_what_is_cited() -> None:
    link = '<a href="https://a.example/1" target="_blank" rel="noopener noreferrer">'
    assert answer()._repr_html_() == (
        f"<div><p>The harbour is open. {link}[1]</a></p>"
        f'<ol><li value="1">{link}Hours</a> (town)</li></ol>'
        "<p><small>1 of 1 source answered in 0.50 s on 1 core</small></p></div>"
    )


def test_markdown_has_links_to_what_is_cited() -> None:
    assert answer()._repr_markdown_() == (
        "The harbour is open. \\[1\\]\n\n\\[1\\] [Hours](<https://a.example/1>) (town)\n\n"
        "1 of 1 source answered in 0.50 s on 1 core"
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_source_says_is_no_markup_in_html(hostile: str) -> None:
    read = Tags(answer_html(answer(f"{hostile} [1]", title=hostile)))
    plain = Tags(answer_html(answer("Open. [1]")))
    assert {*read.tags} - {"br"} == {*plain.tags}
    assert read.values == plain.values
    assert read.text.startswith(hostile.partition("\n")[0])


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_source_says_is_no_markup_in_markdown(hostile: str) -> None:
    read = Tags(
        MarkdownIt("commonmark", {"html": True}).enable("table").render(answer_markdown(answer(hostile, title=hostile)))
    )
    assert {*read.tags} == {"p", "a"}
    assert read.values == {("href", "https://a.example/1")}


@pytest.mark.parametrize("url", ADDRESSES)
def test_only_addresses_of_the_web_are_links(url: str) -> None:
    assert "a" not in Tags(answer_html(answer(url=url))).tags
    assert "a" not in Tags(MarkdownIt().render(answer_markdown(answer(url=url)))).tags


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_makes_tags_or_attributes(text: str, url: str) -> None:
    read = Tags(answer_html(replace(ANSWER, text=text, citations=(Citation(1, "", text, 1, 0, 0, text, url),))))
    assert {*read.tags} <= {"div", "p", "ol", "li", "small", "br", "a"}
    assert {name for name, _ in read.values} <= {"value", "href", "target", "rel"}
    if web_address(Citation(1, "", "", 1, 0, 0, "", url)):
        assert url.strip().lower().startswith(("http://", "https://"))


ANSWER = answer()


def test_an_answer_of_silent_sources_says_so() -> None:
    seen = fanin.ask("Is the harbour open?", [silent])
    found = "No answer.\n\nNothing was found in: silent.\n\n0 of 1 source answered, 1 had nothing to say, in "
    assert str(seen).startswith(found)
    assert {*Tags(seen._repr_html_()).tags} == {"div", "p", "small"}


def silent(_: fanin.Question) -> None:
    """It has nothing to say."""


@pytest.mark.parametrize("hostile", HOSTILE)
def test_related_questions_are_shown_everywhere_and_are_no_markup(hostile: str) -> None:
    seen = replace(answer(), related=("Hours: Tickets?", hostile))
    assert "\n\nRelated:\n- Hours: Tickets?\n- " in answer_text(seen)
    assert "<p>Related:</p><ul><li>Hours: Tickets?</li><li>" in answer_html(seen)
    assert Tags(answer_html(seen)).tags.count("li") == 1 + 2
    shown = MarkdownIt().render(answer_markdown(seen))
    assert "<p>Related:</p>\n<ul>\n<li>Hours: Tickets?</li>" in shown
    assert {*Tags(shown).tags} <= {"p", "a", "ul", "li", "br"}
