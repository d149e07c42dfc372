"""What of real pages is text, and what is furniture; tables, formulas and dates of pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanin.documents.html import html
from fanin.documents.html_page import read_page
from fanin.documents.structure import Unreadable

PANEL = "<div aria-hidden=true class=panel>"
MENU = "<button aria-controls=m aria-expanded=false>Open the main menu</button><div id=m class=menu hidden>"
TEXT = "The pool opens at seven in the morning and closes at nine in the evening, on every day of the week."


@pytest.mark.parametrize(
    ("markup", "kept", "left"),
    [
        (f"<form id=aspnetForm><div><h1>Pool</h1><p>{TEXT}</p></div></form>", TEXT, "Search"),
        (f"<form action=/><p>{TEXT}</p><p>{TEXT}</p><select><option>Search</select></form>", TEXT, "Search"),
        (f"<p>{TEXT}</p><form><label>Search</label><input></form>", TEXT, "Search"),
        (f"<h3><button aria-expanded=false>When?</button></h3>{PANEL}{TEXT}</div>", TEXT, "¶"),
        (f"<button aria-controls=a1>Opening times of it</button><div id=a1 hidden>{TEXT}</div>", TEXT, "¶"),
        (f"<h3>When?</h3><div hidden=until-found>{TEXT}</div><p hidden>Not this.</p>", TEXT, "Not this"),
        (f"<div role=tabpanel hidden><p>{TEXT}</p></div>", TEXT, "¶"),
        (f"<details><summary>When is it open?</summary><p>{TEXT}</p></details>", TEXT, "¶"),
        (f"<dl><dt><button>When?</button></dt><dd style='display:none' class=faq-answer>{TEXT}</dd></dl>", TEXT, "¶"),
        (f"<div role=tabpanel class=tab-pane aria-hidden=true><p>{TEXT}</p></div>", TEXT, "¶"),
        (f"<div class=collapse><p>{TEXT}</p></div><button>Menu</button>", TEXT, "Menu"),
        (f"{MENU}Jobs</div>{TEXT}", TEXT, "Jobs"),
        (f"<p>{TEXT}</p><span aria-hidden=true>★</span><div class=modal aria-hidden=true>Log in</div>", TEXT, "Log in"),
        (f"<div role=dialog>We use cookies.</div><p>{TEXT}</p>", TEXT, "cookies"),
        (f"<div class='cookie-consent-banner'><p>We use cookies.</p></div><p>{TEXT}</p>", TEXT, "cookies"),
        (f"<div><p>We use cookies for you.</p><button>Accept all</button></div><p>{TEXT}</p>", TEXT, "cookies"),
        (f"<div id=CybotCookiebotDialog>Diese Seite verwendet Cookies.</div><p>{TEXT}</p>", TEXT, "Cookies"),
        (f"<div><p>Wir nutzen Cookies.</p><a href=#>Alle akzeptieren</a></div><p>{TEXT}</p>", TEXT, "Cookies"),
        (f"<div aria-modal=true>Subscribe now</div><p>{TEXT}</p>", TEXT, "Subscribe"),
        (f"<section id=cookie-objects><h2>Cookie objects</h2><p>{TEXT}</p></section>", TEXT, "¶"),
        (f"<table><tr><td><a href=a>Prev</a><td>Part 3<td><a href=b>Next</a></table><p>{TEXT}", TEXT, "Part 3"),
        (f"<p>{TEXT}</p><div><a rel=prev href=a>Boats</a> | <a rel=next href=b>Oars</a></div>", TEXT, "Oars"),
        (f"<p>{TEXT}</p><p>Next: <a href=b>Next</a>, Up: <a href=u>Up</a></p>", TEXT, "Up:"),
        (f"<p>{TEXT}</p><div><ul><li><a href=a>« Zurück</a><li><a href=b>Weiter »</a></ul></div>", TEXT, "Weiter"),
        (f"<p>{TEXT}</p><div class=navfooter><table><tr><td>Boats</table><p>Report a bug</div>", TEXT, "Report"),
        (f"<p>{TEXT}</p><div class='pagination'><a href=2>2</a> <a href=3>Last page</a></div>", TEXT, "Last page"),
        (f"<p>{TEXT} <a href=b>Next</a></p>", TEXT, "¶"),
        (f"<h1>Pool</h1><div><p>{TEXT}</p></div><div class=sidebar><article>New slide</article></div>", TEXT, "slide"),
        (f"<h1>Pool</h1><p>{TEXT}</p><p>{TEXT}</p><article class=teaser><h3>New slide</h3></article>", TEXT, "¶"),
        (f"<article><h1>Pool</h1><p>{TEXT}</p></article><article class=card>New slide</article>", TEXT, "slide"),
        (f"<article><h2>Pool</h2><p>{TEXT}</p><article class=comment>I swim.</article></article><p>x", TEXT, "¶"),
        (f"<article><p>{TEXT}</p></article><div id=comments>First!</div>", TEXT, "First!"),
        (f"<table><tr><td><a href=a>Boats</a><a href=b>Oars</a><a href=c>Sails</a><a href=d>Rope</a><td>{TEXT * 6}",
         TEXT, "Sails"),
        (f"<h1>Pool</h1><p>{TEXT}</p><div class=recommendations><h2>Also bought</h2>Rope</div>", TEXT, "Rope"),
        (f"<h1>Pool</h1><p>{TEXT}</p><div class=product-reviews><p>I swim a lot.</p></div>", TEXT, "a lot"),
        (f"<h1>Pool</h1><p>{TEXT}</p><div class='share-buttons'><a>Tweet</a></div>", TEXT, "Tweet"),
        (f"<div class='sidebar recommended'><h1>Pool</h1><p>{TEXT}</p></div>", TEXT, "¶"),
        (f"<p>{TEXT}<sup class=reference><a href=#cite-1>[1]</a></sup></p>", TEXT, "[1]"),
        (f"<p><a class='reference internal' href=#x>{TEXT}</a></p>", TEXT, "¶"),
        (f"<table><tr><td>{'<a href=x>Boats</a> ' * 9}</table>", "Boats Boats", "¶"),
        (f"<section id=navigation><h2>Navigation<a href=#n>¶</a></h2><p>{TEXT}</p></section>", TEXT, "Menu"),
        (f"<div class=section id=related-work><h2>Related work</h2><p>{TEXT}</p></div>", TEXT, "Menu"),
        (f"<h2 id=reviews>{TEXT}</h2><p>It is deep.</p>", TEXT, "Menu"),
        (f"<p>{TEXT}</p><section id=comments><h2>2 thoughts</h2><p>First!</p></section>", TEXT, "First!"),
        (f"<h1>Pool</h1><div id=toc class=toc><ul><li>1 History</ul></div><p>{TEXT}", TEXT, "1 History"),
    ],
)  # fmt: skip
def test_text_is_kept_and_what_stands_around_it_is_left_out(markup: str, kept: str, left: str) -> None:
    text = read_page(f"<body>{markup}").text
    assert kept in text
    assert left not in text


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Just a moment...", "<h1>shop.example</h1><p>Verifying you are human. This may take a few seconds."),
        ("Just a moment...", "<p>Checking your browser before accessing shop.example."),
        ("Attention Required! | Cloudflare", "<p>Sorry, you have been blocked"),
        ("shop.example", "<p>Please verify you are a human by pressing the button."),
        ("Security check", "<p>Please complete the security check to go on."),
        ("", "<p>Our systems have detected unusual traffic from your computer network."),
        ("Pardon Our Interruption", "<p>Something about your browser made us think you were a bot."),
        ("x", "<p>Enable JavaScript and cookies to continue"),
        ("x", "<script>window._cf_chl_opt={}</script><p>Einen Moment"),
        ("x", "<p>Press &amp; Hold to confirm you are a human (and not a bot)."),
        ("DDoS-Guard", "<p>Checking."),
        ("Bot verification", "<div>One moment</div>"),
    ],
)
def test_a_check_for_robots_is_no_page(title: str, body: str) -> None:
    page = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    assert read_page(page).is_challenge
    with pytest.raises(Unreadable, match="check for robots"):
        html(page.encode())


def test_a_long_article_about_checks_for_robots_is_a_page() -> None:
    assert not read_page("<title>Captchas</title><p>" + "Sites ask: verify you are human. " * 60).is_challenge
    assert not read_page("<title>Robots</title><p>The robots of the harbour clean hulls.").is_challenge


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("<thead><tr><th>Boat<th>Length</thead><tr><td>Ada<td>9 m", "Boat: Ada; Length: 9 m."),
        ("<tr><th>Boat<th>Length<tr><th>Ada<td>9 m", "Boat: Ada; Length: 9 m."),
        ("<tr><th>Founded<td>1821<tr><th>Area<td>4 km²", "Founded: 1821.\n\nArea: 4 km²."),
        ("<tr><td>Boat<td>Length<tr><td>Ada<td>9<tr><td>Eve<td>7", "Boat: Ada; Length: 9.\n\nBoat: Eve; Length: 7."),
        ("<tr><td>Fee<td>free<tr><td>Deposit<td>20 €", "Fee: free.\n\nDeposit: 20 €."),
        ("<tr><td>Fee<td>free<tr><td>Deposit<td>20 €<tr><td>Loss<td>5 €", "Fee: free.\n\nDeposit: 20 €.\n\nLoss: 5 €."),
        ("<tr><td>Depth<td>4 m<tr><td>Water<td>salt", "Depth: 4 m.\n\nWater: salt."),
        ("<tr><td><b>Boat</b><td><p><strong>Crew</strong></p><tr><td>Ada<td>Ann", "Boat: Ada; Crew: Ann."),
        ("<tr><th scope=row>Monday<td>9<td>17<tr><th scope=row>Sunday<td>10<td>12",
         "Monday: 9; 17.\n\nSunday: 10; 12."),
        ("<tr><td><th scope=col>Day<th scope=col>Week<tr><th scope=row>Ada<td>9<td>50", "Ada; Day: 9; Week: 50."),
        ("<caption>Fleet</caption><tr><th>Boat<th>Age<tr><td>Ada<td>9", "Fleet\n\nBoat: Ada; Age: 9."),
        ("<tr><th>Boat<th>Has<tr><td>Ada<td><ul><li>oars<li>sail</ul>", "Boat: Ada; Has: oars, sail."),
        ("<tr><th>Boat<th>Has<tr><td>Ada<td><p>oars</p><p>sail</p>", "Boat: Ada; Has: oars sail."),
        ("<tr><th rowspan=2>Boat<th colspan=2>Price<tr><th>Day<th>Week<tr><td>Ada<td>9<td>50",
         "Boat: Ada; Price Day: 9; Price Week: 50."),
        ("<tr><th>Boat<th>Day<tr><td rowspan=2>Ada<td>9<tr><td>50", "Boat: Ada; Day: 9.\n\nBoat: Ada; Day: 50."),
        ("<tr><th>Boat<th>Day<tr><td colspan=2>Small boats<tr><td>Ada<td>9", "Small boats\n\nBoat: Ada; Day: 9."),
        ("<tr><th>Boat<th>Day<tr><td>Ada<td>", "Boat: Ada."),
        ("<tr><th>Boat<th>Day<tr><td>Ada <b>II</b><td>9&nbsp;€", "Boat: Ada II; Day: 9 €."),
        ("<tr><td>One cell that only places text", "One cell that only places text"),
        ("<tr><td><pre>1\n2</pre><td><pre>a\nb</pre>", "1\n2\n\n```\na\nb\n```"),
    ],
)  # fmt: skip
def test_rows_of_a_table_are_told_by_their_columns(rows: str, text: str) -> None:
    assert read_page(f"<table>{rows}</table>").text == text


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E = mc^2"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a + b)/2"),
        ("<msqrt><mi>x</mi></msqrt>", "√(x)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "√[3](x)"),
        ("<msub><mi>H</mi><mn>2</mn></msub><mi>O</mi>", "H_2O"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_i^2"),
        ("<semantics><mi>x</mi><annotation encoding='application/x-tex'>\\x</annotation></semantics>", "x"),
        ("\n <mi>a</mi>\n <mo>≤</mo>\n <mi>b</mi>\n", "a ≤ b"),
        ("<mi>F</mi><mo>=</mo><mi>m</mi><mo>&#x2062;</mo><mi>a</mi>", "F = ma"),
        ("<msup><mi>e</mi><mrow><mi>i</mi><mi>x</mi></mrow></msup>", "e^(ix)"),
    ],
)
def test_formulas_are_text(formula: str, text: str) -> None:
    assert read_page(f"<p>So <math>{formula}</math>, always.").text == f"So {text}, always."


def test_a_formula_that_is_hidden_behind_its_picture_is_text() -> None:
    page = "<p>So <span class='mwe-math-mathml-inline' style='display: none;'><math><mi>x</mi></math></span><img>."
    assert read_page(page).text == "So x."
    page = "<span class=katex-mathml><math><mi>x</mi></math></span><span aria-hidden=true>x</span>"
    assert read_page(page).text == "x"


OWN = "2026-11-23"
OTHER = '"datePublished":"2026-01-02"'
LINKED = '<script type="application/ld+json">'
COMMENT = "<div itemtype=https://schema.org/Comment>"


@pytest.mark.parametrize(
    "markup",
    [
        f"<time datetime={OWN}></time><div class=comments><time datetime=2026-01-02></time></div>",
        f"<div class=comment><time datetime=2026-01-02></time></div><p><time datetime={OWN}></time>",
        f"<aside><time datetime=2026-01-02></time></aside><time>{OWN}</time>",
        f"<time datetime=2026-01-02></time><time itemprop=datePublished datetime={OWN}></time>",
        f"<time datetime=2026-01-02></time><time class=published datetime={OWN}></time>",
        f'{LINKED}{{"@graph":[{{"@type":"Comment",{OTHER}}},{{"@type":"Article","datePublished":"{OWN}"}}]}}</script>',
        f'{LINKED}{{"@type":"Article","comment":[{{{OTHER}}}],"datePublished":"{OWN}"}}</script>',
        f"<ol class=commentlist><li><time datetime=2026-01-02></time></ol><p><time datetime={OWN}></time>",
        f"{COMMENT}<meta itemprop=datePublished content=2026-01-02></div><meta itemprop=datePublished content={OWN}>",
        "<div class=related-posts><time datetime=2026-01-02></time></div><time>23 November 2026</time>",
        f"<meta name=citation_publication_date content={OWN}><time datetime=2026-01-02></time>",
    ],
)
def test_the_date_is_of_the_page_and_of_no_comment_on_it(markup: str) -> None:
    assert read_page(f"<body><p>Text</p>{markup}").published == OWN


def test_a_page_with_a_date_of_comments_only_has_none() -> None:
    assert read_page("<p>x</p><div id=comments><time datetime=2026-01-02></time></div>").published == ""


BOMBS = {
    "columns": "<table><tr>" + "<th colspan=9999>x" * 5_000 + "<tr><td>y" * 5_000,
    "rows": "<table><tr>" + "<td rowspan=65000>word" * 1_000 + "<tr><td>y" * 20_000,
    "long names": "<table><tr><th>" + "name " * 30 + "<th>b" + "<tr><td>1<td>2" * 20_000,
    "bars": "<div><a href=x>Next</a>" * 20_000,
    "consents": "<div>cookie<button>Accept</button>" * 10_000,
    "folds": "<button aria-controls=a>Question of it</button><div id=a hidden>x" * 10_000,
    "formulas": "<math>" + "<msup><mfrac>" * 20_000,
    "articles": "<div class=card><article>x" * 20_000,
    "forms": "<form><h1>" * 20_000,
    "classes": "<div class='" + "cookie " * 100_000 + "'>x",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_and_does_not_become_far_longer(name: str) -> None:
    assert len(read_page(BOMBS[name]).text) < 20 * len(BOMBS[name]) + 20_000


PARTS = """<form> </form> <h1> <button/aria-expanded=false> </button> <details> <summary> </summary> <article>
</article> <div/class=card> </div> <div/hidden/class=panel> <a/rel=next> </a> <math> <mfrac> <msup> <mi> </math>
<caption> <table> <tr> <th/colspan=3> <td/rowspan=9> </table> <ul> <li> <dialog> <time> cookie Accept Next"""


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*PARTS.split(), "word. "]) | st.text(max_size=5), max_size=40).map("".join))
def test_any_markup_is_a_page_whose_sections_stand_in_its_text(markup: str) -> None:
    page = read_page(markup)
    starts = [section.start for section in page.sections]
    assert starts == sorted(starts)
    assert 0 <= starts[-1] <= len(page.text)
