# ruff: noqa: RUF001  other scripts are the subject

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanin.documents.document_text import clean, opening
from fanin.documents.page.markup_text import simple_text, text_of_tree
from fanin.model import Document
from fanin.text.folding import visible

ANY_CHARACTER = st.characters(exclude_categories=())
NASTY = st.text(ANY_CHARACTER | st.sampled_from("\x1b[]0m;\x07\r\n\t\u200b\u202e\ud800\x00"))
TAGS = ("<p>", "</p>", "<b>", "<div", ">", "<!--", "-->", "<script>", "</script>", "<nav>", "</nav>", "&amp;", "&#0;")
MORE = ("<head>", "<body>", "<br/>", "<td>", "<pre>", "</pre>", "<![CDATA[", "]]>", "<?", "&", "<", " ", "\n", "word")
MARKUP = st.lists(st.sampled_from((*TAGS, *MORE)) | st.text(ANY_CHARACTER, max_size=5)).map("".join)


def html(text: str) -> Document:
    return Document(text, media_type="text/html")


@given(NASTY)
def test_plain_text_keeps_its_length_but_for_characters_of_no_width_and_nothing_that_hides_or_commands(text: str):
    cleaned = clean(Document(text))
    assert len(cleaned) == len(visible(text))
    assert not [each for each in cleaned if unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t"]
    assert not set(cleaned) & set("\xad\u200b\u200e\u202a\u202e\u2066\u2069\ufeff\u061c")


@given(NASTY)
def test_cleaning_twice_changes_nothing_more(text: str):
    assert clean(Document(clean(Document(text)))) == clean(Document(text))


def test_ordinary_text_is_left_as_it_is():
    text = "Olá! It is 18 °C — “fine”, naïve 天気 हिन्दी.\n\n\tNext\tline."
    assert clean(Document(text)) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b\x08c", "a b c"),
        ("\x1b[1;31mred\x1b[0m alert", "       red     alert"),
        ("\x1b]8;;http://x.example\x07link\x1b]8;;\x07", " " * 22 + "link" + " " * 6),
        ("\x1b]not a title, only text", "  not a title, only text"),
        ("safe\u202egpj.exe", "safe gpj.exe"),
        ("in\u200bvisible", "invisible"),
        ("Fähr\u00adan\u00adle\u00adger", "Fähranleger"),
        ("سال\u200cها", "سال\u200cها"),
        ("👨\u200d🚀", "👨\u200d🚀"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("one\r\ntwo\rthree\u2028four", "one \ntwo\nthree\nfour"),
        ("hid\U000e0041den", "hid den"),
    ],
)
def test_what_hides_or_commands_is_blanked_and_what_has_no_width_goes(text: str, cleaned: str):
    assert clean(Document(text)) == cleaned


def test_html_becomes_paragraphs_without_scripts_styles_and_menus():
    page = """<!doctype html><html><head><title>Tab</title><style>p{color:red}</style><script>var a = "<p>no</p>";
    </script></head><body><nav><ul><li>Home</li><li>About</li></ul></nav><h1>Big   heading</h1>
    <p>Hello <b>bold</b> &amp; warm&nbsp;world.<br>Next line.</p><ul><li>One<li>Two</ul>
    <table><tr><td>Lisbon<td>18 °C</tr></table></body></html>"""
    assert clean(html(page)) == ("Big heading\n\nHello bold & warm world.\nNext line.\n\n- One\n- Two\n\nLisbon 18 °C")


def test_hidden_characters_that_come_as_entities_are_blanked():
    assert clean(html("<p>safe&#x202e;gpj&#0;&#x1b;[31m</p>")) == "safe gpj\ufffd[31m"


def test_terminal_escapes_within_html_are_blanked():
    assert clean(html("<p>a \x1b[31mred\x1b[0m thing</p>")) == "a      red     thing"


def test_a_menu_that_is_never_closed_does_not_swallow_the_article():
    assert clean(html("<body><nav><a>Home</a><main><p>The news.</p></main>")) == "The news."


def test_a_head_that_is_never_closed_ends_where_the_text_begins():
    assert clean(html("<head><title>Tab</title><meta charset=utf-8><p>The news.")) == "The news."


def test_a_page_with_nothing_but_a_menu_keeps_its_words():
    assert clean(html("<nav><a>Home</a></nav>")) == "Home"


@given(MARKUP)
def test_any_markup_gives_text_without_hidden_characters(markup: str):
    cleaned = clean(html(markup))
    assert not [each for each in cleaned if unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t"]


@given(st.lists(st.sampled_from(["<p>one two</p>", "three. ", "<b>four</b>", "\n", "<br>"])).map("".join))
def test_the_opening_is_how_the_cleaned_text_begins(markup: str):
    page = html(markup + "<p>" + "word " * 60_000)
    head, whole = opening(page, 50)
    assert not whole
    assert len(head) >= 50
    assert clean(page).startswith(head)


type Growth = Callable[..., None]


def _cleaned_html(text: str) -> str:
    return clean(html(text))


def _cleaned(text: str) -> str:
    return clean(Document(text))


HOSTILE = (
    ("", "<"),
    ("", "<!--"),
    ("", "&#"),
    ("<a ", "x='"),
    ("", "</"),
    ("<script>", "</scrip"),
    ("", "<![CDATA["),
    ("", "<b>x"),
    ("", "\n \t"),
    ("", "x"),
    ("", "<title>"),
    ("<a href=", "'\""),
    ("", "<?"),
)


@pytest.mark.parametrize(("head", "unit"), HOSTILE, ids=lambda text: text[:12])
def test_hostile_markup_takes_work_in_proportion_to_its_length(head: str, unit: str, grows_in_proportion: Growth):
    grows_in_proportion(_cleaned_html, unit, head=head)


@pytest.mark.parametrize(("head", "unit"), [("", "\x1b["), ("", "\x1b]"), ("\x1b[", "0"), ("", "\u202e")])
def test_hostile_text_takes_work_in_proportion_to_its_length(head: str, unit: str, grows_in_proportion: Growth):
    grows_in_proportion(_cleaned, unit, head=head)
    assert clean(Document(head + unit * 1_000)).strip("0 ") == ""


SIMPLE = (
    *("<p>", "</p>", "<br>", "<BR />", "<b>", "</b>", "<a href='x y'>", "</a>", '<div class="c d">', "</div>", "<em>"),
    *("</em>", '<img src=a alt="b"/>', "<blockquote>", "</blockquote>", "<span>", "</span>", "<p>One <b>two</b></p>"),
    *(
        "word",
        " ",
        "\n",
        "two words",
        "&amp;",
        "&nbsp;",
        "&#8217;",
        "é",
        "5 &lt; 6",
        "&copy",
        "天気",
        "\u00ad",
        "<",
        "<i",
    ),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(SIMPLE), max_size=14).map("".join))
def test_simple_markup_has_the_same_text_as_by_its_tree(markup: str) -> None:
    assert simple_text(markup) in (None, text_of_tree(markup))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two<br>lines.</p>", "One.\n\nTwo\nlines."),
        ("<div class='x'>A &amp; <b>b</b>\n c</div>", "A & b c"),
        ("Plain words", "Plain words"),
        ("<p hidden>No.</p>", None),
        ('<p style="display:none">No.</p>', None),
        ("<p aria-hidden=true>No.</p>", None),
        ("<ul><li>One</ul>", None),
        ("<p>Open", None),
        ("</div>x", None),
        ("<pre>a  b</pre>", None),
        ("a < b", None),
    ],
)
def test_simple_markup_is_read_without_a_tree(markup: str, text: str | None) -> None:
    assert simple_text(markup) == text


@pytest.mark.parametrize(
    "unit", ["<p>", "</p>", "<br>", "<p a", "<a href='", " a=b", "<b ", "<", "&nbsp;", "<p>x</p>", "\u00a0"]
)
def test_simple_markup_takes_work_in_proportion_to_its_length(unit: str, grows_in_proportion) -> None:
    grows_in_proportion(simple_text, unit)
