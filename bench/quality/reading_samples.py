"""Pages and feeds as sites publish them, each with what a reader should find in it: made here, so they may be shipped.

Twenty kinds of page, each with three articles. What surrounds the text (menus, teasers, dialogs, comments) is as on real
sites, with class names and markup of common systems; the articles are invented.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple


@dataclass(frozen=True)
class Article:
    """What a page tells: `points` are a lead-in and its items, `rows` a table whose first row is the header."""

    language: str
    title: str
    author: str
    day: str
    paragraphs: Sequence[str]
    points: tuple[str, Sequence[str]]
    rows: Sequence[Sequence[str]]
    questions: Sequence[tuple[str, str]]


class Page(NamedTuple):
    """A page and what is in it: its title, its day, the blocks of its main text, and the rows of its table."""

    name: str
    html: str
    title: str
    day: str
    blocks: Sequence[str]
    rows: Sequence[Sequence[str]] = ()


class Feed(NamedTuple):
    """A feed and its items: title, day, and text of each."""

    name: str
    media_type: str
    body: str
    items: Sequence[tuple[str, str, str]]


ARTICLES = (
    Article(
        "en",
        "The old pump house opens as a library",
        "Ines Falk",
        "2026-03-12",
        (
            (
                "After nine years of work the pump house on the east quay opens its doors as the town's second library. The"
                " building held the steam engines that drained the lower streets until 1961, and had stood empty since then."
            ),
            (
                "The council paid for two thirds of the repair, which cost 3.4 million euros. The rest came from a lottery"
                " fund and from 812 readers, some of whom gave the price of a single book."
            ),
            (
                "On the ground floor there are now 22,000 books, most of them moved from the crowded branch in the station."
                " The upper floor, where the boilers stood, has desks for sixty people and a room that clubs can book."
            ),
            (
                "Loans work as in the other branch: four weeks for books, one week for films. Whoever has a card already"
                " need not apply for a new one, and children under twelve pay nothing."
            ),
        ),
        (
            "The new branch lends more than books:",
            ("sewing machines and drills for three days", "telescopes for one week", "board games for two weeks"),
        ),
        (
            ("Day", "Opens", "Closes"),
            ("Tuesday", "10:00", "18:00"),
            ("Thursday", "12:00", "20:00"),
            ("Saturday", "9:30", "14:00"),
        ),
        (
            ("Can I return books at the station?", "Yes, every branch takes back what another one has lent."),
            ("Is there a lift?", "The lift is at the quay side, and its door is 90 cm wide."),
            ("Where can I leave a bicycle?", "There are forty stands under the crane, and they are free of charge."),
        ),
    ),
    Article(
        "de",
        "Neue Fähre nach Sandholm fährt ab Mai",
        "Jörn Petersen",
        "2026-05-03",
        (
            (
                "Die Reederei Nordlicht nimmt am 9. Mai eine zweite Fähre nach Sandholm in Betrieb. Das Schiff fasst 38 Autos"
                " und 240 Fahrgäste und fährt mit Strom aus Batterien, die in der Nacht im Hafen geladen werden."
            ),
            (
                "Bisher mussten Urlauber im Sommer oft bis zu drei Stunden warten. Mit dem neuen Fahrplan legt künftig jede"
                " Stunde ein Schiff ab, am Wochenende auch am späten Abend."
            ),
            (
                "Die Überfahrt dauert wie bisher 35 Minuten. Die Preise bleiben gleich, nur für Wohnmobile über sieben Meter"
                " kommt ein Zuschlag von 12 Euro hinzu."
            ),
            (
                "Fahrkarten gibt es am Anleger und im Netz. Wer reserviert, muss 20 Minuten vor der Abfahrt an der Schranke"
                " sein, sonst verfällt der Platz."
            ),
        ),
        (
            "An Bord gelten einige Regeln:",
            ("Hunde bleiben an der Leine", "Fahrräder stehen vorn am Bug", "Motoren sind während der Fahrt aus"),
        ),
        (
            ("Fahrzeug", "Einfach", "Hin und zurück"),
            ("Auto bis 5 m", "28 €", "49 €"),
            ("Motorrad", "14 €", "25 €"),
            ("Fahrrad", "4 €", "7 €"),
        ),
        (
            ("Darf mein Hund mitfahren?", "Ja, an der Leine und ohne Aufpreis."),
            ("Was passiert bei Sturm?", "Ab Windstärke neun fällt die Fähre aus, und die Karte gilt am nächsten Tag."),
            ("Kann ich umbuchen?", "Bis zwei Stunden vor der Abfahrt ist das kostenlos möglich."),
        ),
    ),
    Article(
        "fr",
        "Le marché couvert rouvre après deux ans de travaux",
        "Claire Aubin",
        "2026-09-18",
        (
            (
                "Le marché couvert de la place des Halles rouvre samedi à huit heures, après deux ans de travaux. La charpente"
                " de 1887 a été démontée, nettoyée et remontée pièce par pièce par une entreprise de la région."
            ),
            (
                "Quarante-six commerçants reviennent sous la verrière, contre trente avant les travaux. La moitié d'entre eux"
                " vendent des produits qui viennent de moins de cinquante kilomètres."
            ),
            (
                "Le chantier a coûté 7,2 millions d'euros, dont un tiers payé par la région. Il a fini avec quatre mois de"
                " retard, parce qu'une source a été trouvée sous la cave."
            ),
            (
                "Cette source rafraîchit maintenant les étals en été. La température ne dépasse plus dix-neuf degrés, sans"
                " aucune machine, ce que la ville présente comme une première dans le département."
            ),
        ),
        (
            "Trois nouveautés attendent les visiteurs :",
            ("une cuisine ouverte aux écoles", "un atelier de réparation le mercredi", "une consigne pour les vélos"),
        ),
        (
            ("Jour", "Ouverture", "Fermeture"),
            ("Mardi", "8 h", "13 h"),
            ("Vendredi", "8 h", "19 h"),
            ("Samedi", "7 h 30", "14 h"),
        ),
        (
            ("Peut-on payer par carte ?", "Oui, chez tous les commerçants à partir de trois euros."),
            ("Où se garer ?", "Le parking de la gare est gratuit pendant la première heure."),
            ("Le marché est-il accessible ?", "Deux rampes mènent à la halle depuis la rue du Puits."),
        ),
    ),
)

TEASERS = (
    ("Ten walks for a long weekend", "Paths along the coast, with a map for each of them. Read more"),
    ("What the winter did to the roads", "The county counts 4,100 potholes and asks for patience. Read more"),
    ("A bakery that never sleeps", "At three in the morning the first loaves leave the oven. Read more"),
)
MENU = ("Home", "News", "Sports", "Weather", "Jobs", "Contact")
COOKIES = (
    "We value your privacy. We and our 640 partners store and access information on a device, such as cookies, to show"
    " personalised advertising and to measure what you read. You can change your choice at any time."
)
COMMENT = "I have waited for this for years, and I will certainly come on the first day with my whole family."
NEWSLETTER = "Never miss a story. Subscribe to our newsletter and get the best of the week every Friday."


def p(texts: Sequence[str]) -> str:
    """Paragraphs."""
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts)


def listed(article: Article, tag: str = "ul") -> str:
    """The lead-in and its items."""
    lead, items = article.points
    return f"<p>{escape(lead)}</p><{tag}>{''.join(f'<li>{escape(item)}</li>' for item in items)}</{tag}>"


def tabled(article: Article) -> str:
    """The table."""
    head, *rows = article.rows
    cells = "".join(f"<th>{escape(each)}</th>" for each in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def menu(tag: str = "nav") -> str:
    """A menu."""
    return f"<{tag}><ul>" + "".join(f'<li><a href="/{each}">{each}</a></li>' for each in MENU) + f"</ul></{tag}>"


def teasers(tag: str = "article") -> str:
    """Teasers of other articles."""
    return "".join(
        f'<{tag} class="teaser"><h3><a href="/t{n}">{title}</a></h3><p>{text}</p></{tag}>'
        for n, (title, text) in enumerate(TEASERS)
    )


def page(article: Article, head: str, body: str, *, site: str = " – The Harbour Post") -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html><html lang="{article.language}"><head><meta charset="utf-8">'
        f"<title>{escape(article.title)}{site}</title>{head}</head><body>{body}</body></html>"
    )


def day(article: Article, form: str) -> str:
    """The day of the article in words of its language."""
    months = {
        "en": ("March", "May", "September"), "de": ("März", "Mai", "September"), "fr": ("mars", "mai", "septembre"),
    }[article.language]  # fmt: skip
    year, month, number = article.day.split("-")
    return form.format(day=int(number), month=months[(3, 5, 9).index(int(month))], year=year)


def everything(article: Article) -> Sequence[str]:
    """All that an article says but for its table and its questions."""
    return (*article.paragraphs, article.points[0], *article.points[1])


def weblog(a: Article) -> Page:
    head = f'<meta property="article:published_time" content="{a.day}T08:00:00+02:00"><meta property="og:title" content="{escape(a.title)}">'
    body = (
        f'<header class="site-header">{menu()}</header><main><article class="post-17 hentry"><header><h1 class="entry-title">'
        f"{escape(a.title)}</h1><p class='entry-meta'>by <a href='/author'>{a.author}</a></p></header>"
        f"<div class='entry-content'>{p(a.paragraphs)}{listed(a)}</div><footer class='entry-footer'>Tagged <a>town</a></footer>"
        f"</article><section id='comments' class='comments-area'><h2>2 thoughts</h2><ol><li class='comment'><time "
        f"datetime='2026-10-20'>20 October 2026</time><p>{COMMENT}</p></li></ol></section></main><aside class='widget-area'>"
        f"<h2>Recent posts</h2>{teasers('div')}</aside><footer>Proudly powered by a weblog</footer>"
    )
    return Page("weblog", page(a, head, body), a.title, a.day, everything(a))


def newspaper(a: Article) -> Page:
    data = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": a.title,
            "datePublished": f"{a.day}T06:30:00Z",
        }
    )
    body = (
        f"{menu('header')}{teasers()}<div class='ad'>Advertisement</div><article itemscope><h1>{escape(a.title)}</h1>"
        f"<div class='byline'>{a.author}</div>{p(a.paragraphs[:2])}<aside class='newsletter'><form><p>{NEWSLETTER}</p>"
        f"<input type='email'><button>Sign up</button></form></aside>{p(a.paragraphs[2:])}{listed(a)}</article>"
        f"<section class='related'><h2>More on this</h2>{teasers()}</section><footer>© 2026 The Harbour Post</footer>"
    )
    return Page(
        "newspaper", page(a, f"<script type='application/ld+json'>{data}</script>", body), a.title, a.day, everything(a)
    )


def manual(a: Article) -> Page:
    near = "<div class='related' role='navigation'><ul><li class='right'><a href='n.html'>next</a> |</li><li><a>previous</a></li></ul></div>"
    body = (
        f"{near}<div class='document'><div class='documentwrapper'><div class='bodywrapper'><div class='body' role='main'>"
        f"<section><h1>{escape(a.title)}<a class='headerlink' href='#x'>¶</a></h1>{p(a.paragraphs)}{listed(a)}{tabled(a)}"
        f"</section></div></div></div><div class='sphinxsidebar' role='navigation'><h3>Table of Contents</h3>{menu('div')}</div>"
        f"</div>{near}<div class='footer'>© Copyright. Last updated on {day(a, '{month} {day}, {year}')}.</div>"
    )
    return Page(
        "manual",
        page(a, f"<meta name='dcterms.modified' content='{a.day}'>", body, site=" — manual 4.2"),
        a.title,
        a.day,
        everything(a),
        a.rows,
    )


def guide(a: Article) -> Page:
    body = (
        f"<header class='md-header'>{menu()}</header><div class='md-container'><div class='md-sidebar'>{menu('div')}</div>"
        f"<main class='md-main'><article class='md-content__inner'><h1 id='t'>{escape(a.title)}<a class='headerlink'>#</a></h1>"
        f"{p(a.paragraphs)}{tabled(a)}{listed(a, 'ol')}<aside class='md-source-file'><time datetime='{a.day}'>{a.day}</time></aside>"
        "</article></main></div><footer class='md-footer'><a>Previous Installing</a><a>Next Settings</a></footer>"
    )
    return Page("guide", page(a, f"<meta name='date' content='{a.day}'>", body), a.title, a.day, everything(a), a.rows)


def accordion(a: Article) -> Page:
    items = "".join(
        f"<div class='accordion-item'><h3><button aria-expanded='false' aria-controls='c{n}'>{escape(q)}</button></h3>"
        f"<div id='c{n}' class='accordion-panel' aria-hidden='true' style='display:none'><p>{escape(answer)}</p></div></div>"
        for n, (q, answer) in enumerate(a.questions)
    )
    body = f"{menu()}<main><h1>{escape(a.title)}</h1>{p(a.paragraphs[:2])}<section class='faq'>{items}</section></main><footer>{NEWSLETTER}</footer>"
    blocks = (*a.paragraphs[:2], *(text for pair in a.questions for text in pair))
    return Page("accordion", page(a, f"<meta name='date' content='{a.day}'>", body), a.title, a.day, blocks)


def folded(a: Article) -> Page:
    items = "".join(
        f"<details><summary>{escape(q)}</summary><p>{escape(answer)}</p></details>" for q, answer in a.questions
    )
    body = f"{menu()}<div id='content'><h1>{escape(a.title)}</h1>{p(a.paragraphs)}{items}</div><div id='sidebar'>{teasers('div')}</div>"
    blocks = (*a.paragraphs, *(text for pair in a.questions for text in pair))
    return Page("folded", page(a, f"<meta itemprop='datePublished' content='{a.day}'>", body), a.title, a.day, blocks)


def in_form(a: Article) -> Page:
    body = (
        f"<form method='post' action='./page.aspx' id='aspnetForm'><input type='hidden' name='__VIEWSTATE' value='{'dDw' * 40}'>"
        f"<div id='header'>{menu('div')}</div><div id='main'><h1>{escape(a.title)}</h1><span class='date'>{day(a, '{day} {month} {year}')}</span>"
        f"{p(a.paragraphs)}{listed(a)}{tabled(a)}</div><div id='footer'><select><option>English</option><option>Deutsch</option></select></div></form>"
    )
    return Page("form", page(a, "", body), a.title, a.day, everything(a), a.rows)


def shop(a: Article) -> Page:
    data = json.dumps({"@type": "Product", "name": a.title, "releaseDate": a.day})
    body = (
        f"{menu('header')}<ol class='breadcrumb'><li>Home</li><li>All</li></ol><div class='product'><h1 itemprop='name'>{escape(a.title)}</h1>"
        f"<button>Add to cart</button><div itemprop='description'>{p(a.paragraphs)}{listed(a)}</div>{tabled(a)}</div>"
        f"<div class='recommendations'><h2>Customers also bought</h2>{teasers('div')}</div><div class='reviews'><p>{COMMENT}</p></div>"
    )
    return Page(
        "shop",
        page(a, f"<script type='application/ld+json'>{data}</script>", body, site=" | Shop"),
        a.title,
        "",
        everything(a),
        a.rows,
    )


def encyclopedia(a: Article) -> Page:
    cited = "<sup class='reference'><a>[1]</a></sup>"
    body = (
        f"<div id='mw-navigation'>{menu('div')}</div><div id='content' role='main'><h1 id='firstHeading'>{escape(a.title)}</h1>"
        f"<div id='siteSub'>From the free encyclopedia</div><div class='mw-parser-output'><p>{escape(a.paragraphs[0])}{cited}</p><h2>History"
        f"<span class='mw-editsection'>[<a>edit</a>]</span></h2>{p(a.paragraphs[1:])}{listed(a)}{tabled(a)}<div class='navbox'>{menu('div')}</div>"
        f"</div><div id='catlinks'>Categories: <a>Towns</a></div></div><div id='footer'>This page was last edited on {day(a, '{day} {month} {year}')}.</div>"
    )
    return Page(
        "encyclopedia",
        page(a, f"<meta property='article:modified_time' content='{a.day}T10:00:00Z'>", body),
        a.title,
        a.day,
        everything(a),
        a.rows,
    )


def authority(a: Article) -> Page:
    body = (
        f"<div class='skip'><a href='#inhalt'>Skip to content</a></div><div class='kopf'>{menu('div')}</div><div class='pfad'>Start › Service › Info</div>"
        f"<div class='spalten'><div class='links'>{menu('div')}</div><div class='inhalt' id='inhalt'><h1>{escape(a.title)}</h1>"
        f"<p class='stand'>Stand: {day(a, '{day}. {month} {year}' if a.language == 'de' else '{day} {month} {year}')}</p>{p(a.paragraphs)}{listed(a)}</div></div><div class='fuss'>Imprint | Privacy | Accessibility</div>"
    )
    return Page("authority", page(a, "", body), a.title, a.day, everything(a))


def dialog(a: Article) -> Page:
    body = (
        f"<div id='onetrust-consent-sdk' class='cookie-banner' role='dialog' aria-label='Privacy'><h2>Your privacy</h2><p>{COOKIES}</p><button>Accept all</button>"
        f"<button>Reject</button></div><header>{menu()}</header><main><h1>{escape(a.title)}</h1><time datetime='{a.day}T09:00'>{a.day}</time>{p(a.paragraphs)}"
        f"{listed(a)}</main><footer>{NEWSLETTER}</footer>"
    )
    return Page("dialog", page(a, "", body), a.title, a.day, everything(a))


def tables_for_layout(a: Article) -> Page:
    links = "<br>".join(f"<a href='/{each}'><font size=2>{each}</font></a>" for each in MENU)
    text = "".join(f"<p><font face=Arial size=3>{escape(each)}</font></p>" for each in a.paragraphs)
    body = (
        f"<table width=760 border=0><tr><td colspan=2><img src=logo.gif alt=''></td></tr><tr><td width=140 valign=top bgcolor=#eeeeee>{links}</td>"
        f"<td valign=top><font size=5><b>{escape(a.title)}</b></font>{text}{listed(a)}</td></tr><tr><td colspan=2 align=center><font size=1>Best viewed with any browser</font></td></tr></table>"
    )
    return Page(
        "tables for layout",
        page(a, f"<meta name='DC.date' content='{a.day}'>", body, site=""),
        a.title,
        a.day,
        everything(a),
    )


def terms(a: Article) -> Page:
    pairs = "".join(f"<dt>{escape(q)}</dt><dd>{escape(answer)}</dd>" for q, answer in a.questions)
    body = f"{menu()}<section id='main'><h1>{escape(a.title)}</h1>{p(a.paragraphs[:3])}<dl>{pairs}</dl></section><div class='sidebar'>{teasers('div')}</div>"
    blocks = (*a.paragraphs[:3], *(text for pair in a.questions for text in pair))
    return Page("terms", page(a, f"<meta name='pubdate' content='{a.day}'>", body), a.title, a.day, blocks)


def recipe(a: Article) -> Page:
    data = json.dumps({"@type": "Recipe", "name": a.title, "datePublished": a.day})
    body = (
        f"<header>{menu()}<div class='share'>Share Pin Print</div></header><div class='recipe-card'><h1>{escape(a.title)}</h1><div class='rating'>★★★★☆ 214 votes</div>"
        f"{p(a.paragraphs[:2])}{listed(a)}<h2>Steps</h2><ol>{''.join(f'<li>{escape(each)}</li>' for each in a.paragraphs[2:])}</ol></div><div class='comments'><p>{COMMENT}</p></div>"
    )
    return Page(
        "recipe", page(a, f"<script type='application/ld+json'>{data}</script>", body), a.title, a.day, everything(a)
    )


def release_notes(a: Article) -> Page:
    body = (
        f"<div class='header'>{menu('div')}</div><div class='markdown-body'><h1>{escape(a.title)}</h1><h2>2.1.0 ({a.day})</h2>{p(a.paragraphs[:2])}{listed(a)}"
        f"<h2>2.0.0</h2>{p(a.paragraphs[2:])}</div><div class='footer'><a>Terms</a> <a>Privacy</a> <a>Status</a></div>"
    )
    return Page(
        "release notes",
        page(a, f"<meta property='og:updated_time' content='{a.day}T00:00:00Z'>", body),
        a.title,
        a.day,
        everything(a),
    )


def essay(a: Article) -> Page:
    body = (
        f"<div class='topbar'><a>Sign in</a><a>Get the app</a></div><div><section><div class='x1 y2'><h1 class='aa'>{escape(a.title)}</h1><div class='meta'><span>{a.author}</span> · <span>4 min read</span> · "
        f"<span>{day(a, '{month} {day}, {year}' if a.language == 'en' else '{day} {month} {year}')}</span></div><figure><img alt=''><figcaption>Photo: {a.author}</figcaption></figure>{''.join(f'<div class=bb><p>{escape(t)}</p></div>' for t in a.paragraphs)}"
        f"{listed(a)}</div></section><div class='claps'>812 claps · Follow · Share</div></div><div class='recommended'><h2>Recommended</h2>{teasers('div')}</div>"
    )
    return Page(
        "essay",
        page(a, f"<meta property='article:published_time' content='{a.day}T11:00:00Z'>", body),
        a.title,
        a.day,
        everything(a),
    )


def broken_lines(a: Article) -> Page:
    text = "<br><br>".join(map(escape, a.paragraphs))
    body = f"<div id=nav>{' | '.join(f'<a href=/{m}>{m}</a>' for m in MENU)}</div><div class=content><h2>{escape(a.title)}</h2><b>{day(a, '{day} {month} {year}')}</b><br>{text}<br><br>{listed(a)}</div><div id=foot>Webmaster</div>"
    return Page("broken lines", page(a, "", body, site=""), a.title, a.day, everything(a))


def timetable(a: Article) -> Page:
    head, *rows = a.rows
    body_rows = "".join(
        f"<tr><th scope='row'>{escape(row[0])}</th>"
        + "".join(f"<td><ul><li>{escape(each)}</li></ul></td>" for each in row[1:])
        + "</tr>"
        for row in rows
    )
    body = (
        f"{menu()}<main><h1>{escape(a.title)}</h1>{p(a.paragraphs[:2])}<table><caption>{escape(a.points[0])}</caption><tr>"
        f"{''.join(f'<th>{escape(each)}</th>' for each in head)}</tr>{body_rows}</table>{p(a.paragraphs[2:])}</main><footer>{NEWSLETTER}</footer>"
    )
    return Page(
        "timetable", page(a, f"<meta name='date' content='{a.day}'>", body), a.title, a.day, a.paragraphs, a.rows
    )


def formula(a: Article) -> Page:
    maths = "<math><mrow><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></mrow></math>"
    body = f"{menu()}<article><h1>{escape(a.title)}</h1>{p(a.paragraphs)}<p>{escape(a.points[0])} {maths}.</p>{listed(a)}</article><aside>{teasers('div')}</aside>"
    return Page(
        "formula",
        page(a, f"<meta name='citation_publication_date' content='{a.day.replace('-', '/')}'>", body),
        a.title,
        a.day,
        everything(a),
    )


def hydrated(a: Article) -> Page:
    state = json.dumps({"props": {"page": {"title": a.title, "teasers": TEASERS}}})
    body = (
        f"<div id='__next'><div class='css-1'><div class='css-2' role='banner'>{menu('div')}</div><div class='css-3' role='main'><h1>{escape(a.title)}</h1><div class='css-4'>{a.author}, <time datetime='{a.day}'>{a.day}</time></div>"
        f"{''.join(f'<div class=css-5>{escape(t)}</div>' for t in a.paragraphs)}{listed(a)}</div><div role='contentinfo'>{NEWSLETTER}</div></div></div><script id='__NEXT_DATA__' type='application/json'>{state}</script>"
    )
    return Page("hydrated", page(a, "", body), a.title, a.day, everything(a))


KINDS: Sequence[Callable[[Article], Page]] = (
    weblog, newspaper, manual, guide, accordion, folded, in_form, shop, encyclopedia, authority, dialog, tables_for_layout,
    terms, recipe, release_notes, essay, broken_lines, timetable, formula, hydrated,
)  # fmt: skip


def pages() -> list[Page]:
    """Sixty pages."""
    return [kind(article) for kind in KINDS for article in ARTICLES]


def _items(tag: str, a: Article, day_of: str) -> str:
    text = escape("".join(f"<p>{escape(each)}</p>" for each in a.paragraphs))
    return tag.format(
        title=escape(a.title), link=f"https://example.org/{a.day}", day=day_of, text=text, plain=escape(a.paragraphs[0])
    )


def _mail(a: Article) -> str:
    year, month, number = a.day.split("-")
    name, weekday = {"03": ("Mar", "Thu"), "05": ("May", "Sun"), "09": ("Sep", "Fri")}[month]
    return f"{weekday}, {number} {name} {year} 08:15:00 CEST"


def feeds() -> list[Feed]:
    """Feeds in the forms that are in use, each with all articles."""
    all_of = [(a.title, a.day, " ".join(a.paragraphs)) for a in ARTICLES]
    first_of = [(a.title, a.day, a.paragraphs[0]) for a in ARTICLES]
    undated = [(title, "", text) for title, _, text in first_of]

    def rss(version: str, item: str, names: str = "") -> str:
        items = "".join(_items(item, a, _mail(a)) for a in ARTICLES)
        return f'<?xml version="1.0"?><rss version="{version}"{names}><channel><title>Post</title><link>https://example.org</link><description>News</description>{items}</channel></rss>'

    plain = "<item><title>{title}</title><link>{link}</link><description>{plain}</description></item>"
    dated = "<item><title>{title}</title><link>{link}</link><pubDate>{day}</pubDate><description>{text}</description></item>"
    media = "<item><title>{title}</title><link>{link}</link><pubDate>{day}</pubDate><media:group><media:title>{title}</media:title><media:description>{plain}</media:description></media:group></item>"
    podcast = "<item><title>{title}</title><guid>{link}</guid><pubDate>{day}</pubDate><itunes:summary>{plain}</itunes:summary><enclosure url='{link}.mp3' type='audio/mpeg' length='1'/></item>"
    content = "<item><title>{title}</title><link>{link}</link><pubDate>{day}</pubDate><description>Short.</description><content:encoded>{text}</content:encoded></item>"
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://example.org/rss-0.91.dtd">'
    atom_item = "<entry><title>{title}</title><id>{link}</id><link href='{link}'/><updated>{day}T08:00:00Z</updated><content type='html'>{text}</content></entry>"
    rdf_item = "<item rdf:about='{link}'><title>{title}</title><link>{link}</link><dc:date>{day}T08:00+01:00</dc:date><description>{plain}</description></item>"
    atom = "".join(_items(atom_item, a, a.day) for a in ARTICLES)
    rdf = "".join(_items(rdf_item, a, a.day) for a in ARTICLES)
    as_json = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Post",
        "items": [
            {
                "id": a.day,
                "title": a.title,
                "url": f"https://example.org/{a.day}",
                "date_published": f"{a.day}T08:00:00Z",
                "content_html": p(a.paragraphs),
            }
            for a in ARTICLES
        ],
    }
    return [
        Feed("RSS 0.91", "text/xml", rss("0.91", plain).replace("?><rss", f"?>{doctype}<rss"), undated),
        Feed("RSS 0.92", "application/rss+xml", rss("0.92", plain), undated),
        Feed(
            "RSS 1.0",
            "application/rdf+xml",
            f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Post</title></channel>{rdf}</rdf:RDF>',
            first_of,
        ),
        Feed("RSS 2.0", "application/rss+xml", rss("2.0", dated), all_of),
        Feed(
            "RSS 2.0, content",
            "application/rss+xml",
            rss("2.0", content, ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'),
            all_of,
        ),
        Feed(
            "RSS 2.0, media",
            "application/rss+xml",
            rss("2.0", media, ' xmlns:media="http://search.yahoo.com/mrss/"'),
            first_of,
        ),
        Feed(
            "RSS 2.0, podcast",
            "application/rss+xml",
            rss("2.0", podcast, ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'),
            first_of,
        ),
        Feed(
            "Atom",
            "application/atom+xml",
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><id>x</id>{atom}</feed>',
            all_of,
        ),
        Feed("JSON Feed", "application/feed+json", json.dumps(as_json), all_of),
    ]
