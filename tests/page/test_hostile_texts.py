"""What sources say is only ever text: in the page, in citations and in a shared run, no script of theirs runs."""

import json

import pytest
from page.coast import Place

pytestmark = pytest.mark.all

_RUNS = "window.hacked=1"
_MARKUP = (
    f"<script>{_RUNS}</script>", f"<img src=x onerror={_RUNS}>", f"<svg onload={_RUNS}>", f"<body onload={_RUNS}>",
    f"<iframe srcdoc='<script>parent.{_RUNS}</script>'>", f"<a href='javascript:{_RUNS}'>here</a>",
    f"<input autofocus onfocus={_RUNS}>", f"<details open ontoggle={_RUNS}>", f"<video><source onerror={_RUNS}>",
    f"<math><mtext><script>{_RUNS}</script></mtext></math>", f"<template><script>{_RUNS}</script></template>",
    "<style>@import 'https://evil.example/a.css';</style>", "<link rel=stylesheet href=https://evil.example/b.css>",
    "<base href=https://evil.example/>", "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action=https://evil.example/><button>Send</button></form>", "<object data=https://evil.example/c.swf>",
    "<img src=https://evil.example/pixel.gif>", "<p style=\"background:url('https://evil.example/d.png')\">",
    f"${{{_RUNS}}}", f"{{{{constructor.constructor('{_RUNS}')()}}}}", f"`;{_RUNS};`", f"';{_RUNS};'", f"\";{_RUNS};\"",
    f"--><script>{_RUNS}</script><!--", f"</textarea><script>{_RUNS}</script>", f"]]><script>{_RUNS}</script>",
    f"<scr<script>ipt>{_RUNS}</script>", f"&lt;script&gt;{_RUNS}&lt;/script&gt;", f"\u202e<script>{_RUNS}</script>",
)  # fmt: skip
HOSTILE = [f"{before}{each}{after}" for each in _MARKUP for before, after in (("", ""), ('"', '"'), ("'>", "<'"), ("?lit$", "$"), ("x ", " [1] [99999]"))]  # fmt: skip
"""150 strings, each of which runs a script or sends a request where it is taken for markup or code."""

ADDRESSES = (
    f"javascript:{_RUNS}", f"JaVaScRiPt:{_RUNS}", f" javascript:{_RUNS}", f"java\nscript:{_RUNS}",
    f"data:text/html,<script>{_RUNS}</script>", f"vbscript:{_RUNS}", "file:///etc/passwd", "//evil.example/x",
    f"https://quick.example/\"onclick=\"{_RUNS}", "http://[", "https://", "blob:https://evil.example/1",
)  # fmt: skip


def places() -> dict[str, Place]:
    """A source for ten strings each: as titles, and in the middle of texts."""
    made = {}
    for start in range(0, len(HOSTILE), 10):
        documents = [
            (each, f"The tide gate closes at {number}:40 with {each} on day {number}.")
            for number, each in enumerate(HOSTILE[start : start + 10], start)
        ]
        made[f"source-{start}"] = Place(0.05, documents)
    return made


FAILING = "".join(
    f'[sources.broken-{number}]\nkind = "simulated"\nlatency = "10ms"\nretries = 0\nfail = {json.dumps(each)}\n'
    for number, each in enumerate(HOSTILE)
)
"""Sources that fail with these strings as their messages."""

ELEMENTS = "main script, main img, main iframe, main link, main object, main base"
"""What none of the strings may become."""


def linked() -> dict[str, Place]:
    """A source whose documents have these strings as their addresses."""
    links = [*HOSTILE, *ADDRESSES]
    documents = [(f"Notice {number}", f"The tide gate {number} closes at 05:40.") for number in range(len(links))]
    return {"linked": Place(0.05, documents, links=links)}


async def harmless(page) -> bool:
    """Whether no string became an element or ran, and all links are of the web, or of a file's own."""
    schemes = await page.locator("a[href]").evaluate_all("all => all.map(each => each.protocol)")
    hacked, found = await page.evaluate("window.hacked"), await page.locator(ELEMENTS).count()
    return hacked is None and not found and set(schemes) <= {"http:", "https:", "file:", "about:"}


def test_there_are_a_hundred_and_fifty() -> None:
    assert len(set(HOSTILE)) == 150


async def opened_all(page) -> int:
    """Open every citation of the answer; gives how many there were."""
    numbers = await page.locator(".answer .text .roundel").count()
    for number in range(numbers):
        await page.locator(".answer .text .roundel").nth(number).click()
        await page.locator("body").press("Escape")
    return numbers


async def test_no_script_of_a_source_runs_and_nobody_else_is_asked(visit) -> None:
    seen = await visit(places())
    page = seen.page
    for question in ("When does the tide gate close?", f"When does the gate <img src=x onerror={_RUNS}> close?"):
        run = await seen.ask(question)
        await seen.ended()
        assert await page.inner_text("h1") == question
        assert await opened_all(page) > 0
        await page.keyboard.press("t")
        _, _, shared = (None, None, await (await page.request.post(f"{seen.fanin.address}/v1/runs/{run}/share", headers={"Origin": seen.fanin.address})).json())  # fmt: skip
        other = await seen.again()
        await other.goto(f"{seen.fanin.address}{shared['path']}")
        await other.wait_for_selector(".run.is-final")
        await opened_all(other)
        for each in (page, other):
            assert await each.evaluate("window.hacked") is None
            foreign = "document.querySelectorAll('main script, main img, main iframe, main link, main object, main base').length"
            assert await each.evaluate(foreign) == 0
    await page.goto(f"{seen.fanin.address}/history")
    await page.wait_for_selector(".past li a")
    assert await page.evaluate("window.hacked") is None


async def test_no_script_in_an_error_or_an_address_runs(visit) -> None:
    seen = await visit(linked(), top=FAILING)
    page = seen.page
    run = await seen.ask("Which tide gate closes when, and how many?")
    await seen.ended()
    assert await page.locator(".missing li.is-failed").count() == 150
    await opened_all(page)
    await page.keyboard.press("t")
    assert await harmless(page)
    shared = await page.request.post(
        f"{seen.fanin.address}/v1/runs/{run}/share", headers={"Origin": seen.fanin.address}
    )
    for path, shown in (
        ((await shared.json())["path"], ".run.is-final"),
        ("/history", ".past li"),
        ("/health", ".sources td"),
    ):
        await page.goto(seen.fanin.address + path)
        await page.wait_for_selector(shown)
        assert await harmless(page)


async def test_only_addresses_of_the_web_become_links(visit) -> None:
    seen = await visit({"quick": Place(0.05, [("Notice", "The tide gate closes at 05:40 on Saturday.")])})
    await seen.page.goto(f"{seen.fanin.address}/page/mark.svg")  # a document in which the page's script does not run
    script = (
        "async urls => { const { webAddress } = await import('/page/js/run/cite.js');"
        " return urls.filter(webAddress).map(each => webAddress(each).href); }"
    )
    assert await seen.page.evaluate(script, ADDRESSES) == ["https://quick.example/%22onclick=%22window.hacked=1"]
