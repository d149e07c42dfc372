"""How a page is nested: as browsers do it where its author left an end tag out, and in linear time."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.html_page import read_page
from fanin.documents.page.elements import walk
from fanin.documents.page.markup_text import markup_text, text_without_tags
from fanin.documents.page.page_tree import Node, tree_of


def outline(node: Node) -> str:
    """The elements with what they hold in brackets, and the texts; body and head are there if they hold something."""
    inner = " ".join(outline(each) for each in node.children)
    if node.name == "#text":
        return node.data.strip()
    return inner if node.name in ("#document", "html", "body") else f"{node.name}({inner})"


@pytest.mark.parametrize(
    ("markup", "tree"),
    [
        ("<p>a<p>b", "p(a) p(b)"),
        ("<p>a<div>b</div>c", "p(a) div(b) c"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "ul(li(a) li(b ul(li(c))) li(d))"),
        ("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "dl(dt(a) dd(b) dt(c) dd(d))"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "table(tr(td(a) td(b)) tr(td(c))) d"),
        ("<table><td>a<td>b</table>", "table(tr(td(a) td(b)))"),
        ("<table><thead><tr><th>a<tbody><tr><td>b</table>", "table(thead(tr(th(a))) tbody(tr(td(b))))"),
        ("<table><tr><td><table><tr><td>a</table>b</table>", "table(tr(td(table(tr(td(a))) b)))"),
        ("<table><tr><td><p>a</div>b</table>", "table(tr(td(p(a b))))"),
        ("<b>a<p>b</b>c</p>d", "b(a p(b c) d)"),
        ("<a>a<a>b</a>c", "a(a) a(b) c"),
        ("<h1>a<h2>b</h2>c", "h1(a) h2(b) c"),
        ("<select><option>a<option>b</select>", "select(option(a) option(b))"),
        ("<title>a</title>b", "head(title(a)) b"),
        ("<head><meta><p>a", "head(meta()) p(a)"),
        ("<nav>a<main>b</main>", "nav(a) main(b)"),
        ("<p>a<br>b</br>c<hr>d", "p(a br() b br() c) hr() d"),
        ("<pre>\n a</pre>", "pre(a)"),
        ("</p></div>a</b>", "a"),
        ("<p>a</body></html>b", "p(a b)"),
        ("<math><mspace/><mi>a</mi></math>", "math(mspace() mi(a))"),
        ("<script>'<p>'</script>a<!-- <p> -->b", "head(script('<p>')) a b"),
        ("<div/>a", "div(a)"),
        ("", ""),
    ],
)
def test_an_element_ends_where_browsers_end_it(markup: str, tree: str) -> None:
    assert outline(tree_of(markup)) == tree


def test_the_attributes_of_html_and_body_are_known_wherever_they_stand() -> None:
    root = tree_of("<p>a<html lang=de><body class=x id=y><body class=z>")
    assert [each.attrs for each in walk(root) if each.name in ("html", "body")] == [
        {"lang": "de"},
        {"class": "x", "id": "y"},
    ]


TAGS = "<p> </p> <div> </div> <b> </b> <a> <li> <ul> </ul> <table> <tr> <td> </table> <h1> <body> <br> <math> <main>"


@given(st.lists(st.sampled_from([*TAGS.split(), " one ", " two ", "\n"]), max_size=60))
def test_every_word_of_any_markup_is_in_the_tree_once_and_in_order(pieces: list[str]) -> None:
    told = "".join(each.data for each in walk(tree_of("".join(pieces))) if each.name == "#text")
    assert told.split() == [each.strip() for each in pieces if each in (" one ", " two ")]


@given(st.text(max_size=40) | st.lists(st.sampled_from([*TAGS.split(), "<script>", "<!--", "-->", "x"])).map("".join))
def test_any_markup_is_text_with_and_without_a_tree(markup: str) -> None:
    assert markup_text(markup) == markup_text(markup).strip()
    assert text_without_tags(markup) == text_without_tags(markup).strip()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a<p>b", "a\n\nb"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<td>a<td>b", "a b"),
        ("<script>if (a < b) '</p>'</script>a", "a"),
        ("<STYLE>p { }</STYLE >a", "a"),
        ("a<!-- b > c -->d", "ad"),
        ("a <b>b</b>, c &amp; d", "a b, c & d"),
        ("<p>a</p>\n\n\n<p>b</p>", "a\n\nb"),
        ("a<b", "a"),
        ("<script>a", ""),
        ("<nav>Home<main>a", "Home\n\na"),
        ("<nav>Home</nav>a", "a"),
        ("<script>a</script>b<script>c</script>d", "bd"),
        ("a<br>b", "a\nb"),
    ],
)
def test_what_is_too_much_for_a_tree_is_the_text_between_its_tags(markup: str, text: str) -> None:
    assert text_without_tags(markup) == text


UNITS = (
    *("<div>", "<p>", "<b><p>", "<a><div>", "<table><tr><td>", "<ul><li>", "<dl><dt>x", "</div>", "<b></p>", "<h1>x"),
    *("<button>x", "<td id=a>", "<form>", "<details><summary>x", "<math><mrow>", "<div class=date>3 May 2026</div>"),
    *("<time datetime=2026-05-03>", "<article>x", "<a rel=next>x</a>", "<div aria-hidden=true>x</div>", "<nav><main>"),
)


@pytest.mark.parametrize("unit", UNITS)
def test_a_page_takes_steps_in_proportion_to_its_length(unit: str, grows_in_proportion: Callable[..., None]) -> None:
    grows_in_proportion(lambda markup: read_page(markup, most_marks=10**9, longest=10**9), unit)
