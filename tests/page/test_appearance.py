"""How the page looks and is used: by everybody, on every screen, in every theme, by keyboard alone."""

import json
from importlib.resources import files

import pytest
from page.coast import QUESTION, SHORT, Place

pytestmark = pytest.mark.all

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
QUICK = {"quick": Place(0.1, [("Notice 212", "The tide gate closes at 05:40 on Saturday.")])}

FADING = "() => Promise.all(document.getAnimations().map(each => each.finished.catch(() => {})))"


async def violations(page) -> list[tuple[str, list[str]]]:
    """The rules that the page breaks, with the elements that break them."""
    await page.evaluate(FADING)
    await page.evaluate(AXE)
    told = await page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in told["violations"]]


async def width(page) -> int:
    """By how many pixels the page is wider than the screen."""
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize(
    ("scheme", "theme", "size"),
    [
        ("light", "", (1440, 900)),
        ("dark", "", (1440, 900)),
        ("light", "", (360, 780)),
        ("dark", "", (360, 780)),
        ("light", "contrast", (1440, 900)),
        ("dark", "contrast", (320, 640)),
    ],
)
async def test_axe_finds_nothing_in_any_view_and_none_is_wider_than_the_screen(visit, scheme, theme, size) -> None:
    seen = await visit(color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
    await seen.context.add_init_script(f"localStorage.setItem('fanin-theme', '{theme}')")
    page, found = seen.page, {}

    async def look(name: str) -> None:
        found[name] = (await violations(page), await width(page))

    await page.goto(seen.fanin.address)
    await page.wait_for_selector(".chip")
    await look("ask")
    await seen.ask(QUESTION)
    await page.wait_for_selector(".sentence")
    await look("running")
    await seen.ended()
    await look("ended")
    await page.click(".answer .roundel >> nth=0")
    await look("citation")
    await page.keyboard.press("Escape")
    await page.keyboard.press("t")
    await look("table")
    await page.click("button:has-text('Share')")
    await page.click("button:has-text('Make a link')")
    await page.wait_for_selector(".link")
    await look("share")
    shared = await shared_name(seen)
    await page.fill("#more", "And on Sunday?")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".before a")
    await seen.ended()
    await look("follow-up")
    await page.goto(f"{seen.fanin.address}/shared/{shared}")
    await seen.ended()
    await look("shared")
    for path, selector in (("history", ".past li a"), ("health", ".sources tbody tr")):
        await page.goto(f"{seen.fanin.address}/{path}")
        await page.wait_for_selector(selector)
        await look(path)
    await page.keyboard.press("?")
    await look("keys")
    assert found == dict.fromkeys(found, ([], 0))


async def shared_name(seen) -> str:
    return (await seen.page.input_value(".link")).rpartition("/")[2]


@pytest.mark.parametrize("width_", [320, 680, 820, 1100, 1920])
async def test_a_run_fits_every_screen(visit, width_: int) -> None:
    seen = await visit(viewport={"width": width_, "height": 800})
    await seen.ask(QUESTION)
    await seen.ended()
    assert await width(seen.page) == 0


async def test_everything_is_done_by_keyboard_alone_and_single_keys_can_be_switched_off(visit) -> None:
    seen = await visit(QUICK)
    page = seen.page
    await page.goto(f"{seen.fanin.address}/health")
    await page.wait_for_selector(".sources tbody tr")
    await page.keyboard.press("/")
    await page.wait_for_selector("#question:focus")
    await page.keyboard.type(SHORT)
    await page.keyboard.press("Enter")
    await seen.ended()
    await page.keyboard.press("1")
    await page.wait_for_selector("#cite:popover-open a:focus, #cite:popover-open button:focus")
    await page.keyboard.press("Escape")
    await page.keyboard.press("h")
    await page.wait_for_selector(".past li a")
    await page.keyboard.press("?")
    await page.wait_for_selector("#sheet[open]")
    await page.locator(".single input").focus()
    await page.keyboard.press(" ")
    await page.keyboard.press("Escape")
    await page.wait_for_selector("#sheet[open]", state="detached")
    await page.keyboard.press("s")
    await page.keyboard.press("/")
    assert page.url.endswith("/history")


async def test_the_voice_speaks_at_boundaries_only(visit) -> None:
    seen = await visit()
    await seen.context.add_init_script(
        "addEventListener('DOMContentLoaded', () => { window.said = []; new MutationObserver(() => said.push("
        "document.querySelector('#live').textContent)).observe(document.querySelector('#live'), {childList: true}); });"
    )
    await seen.ask(QUESTION)
    await seen.ended()
    said = await seen.page.evaluate("said")
    assert [each.split(" ")[0].strip(".") for each in said] == ["Asking", "Partial", "Done"]
    assert said[0] == "Asking 11 sources, at most 6 s."
    assert await seen.page.locator("[aria-live]").count() == 1


async def test_text_from_right_to_left_reads_so(visit) -> None:
    text = "بوابة المد تغلق في الساعة 05:40 يوم السبت."
    seen = await visit({"arabic": Place(0.1, [("إشعار 212", text)])})
    await seen.ask("متى تغلق بوابة المد؟")
    await seen.ended()
    page = seen.page
    direction = "each => getComputedStyle(each).direction"
    assert await page.locator("h1").evaluate(direction) == "rtl"
    assert await page.locator(".sentence >> nth=0").evaluate(direction) == "rtl"
    await page.click(".answer .roundel >> nth=0")
    assert await page.locator("#cite blockquote").evaluate(direction) == "rtl"
    assert await width(page) == 0


async def test_time_runs_to_the_right_and_each_text_in_its_own_direction_whatever_the_document_says(visit) -> None:
    seen = await visit(
        {"arabic": Place(0.4, [("إشعار 212", "بوابة المد تغلق في الساعة 05:40 يوم السبت.")]), "late": Place(1)}
    )
    await seen.ask("متى تغلق بوابة المد؟")
    await seen.ended()
    places = (
        "() => ['.tick', '.bar', '.doc', '.deadline', '.now', '.revision', '.answer', '.panel', '.fan circle'].map(name =>"
        " [...document.querySelectorAll(name)].map(each => Math.round(each.getBoundingClientRect().left)))"
    )
    before = await seen.page.evaluate(places)
    ticks = before[0]
    assert ticks == sorted(ticks)
    await seen.page.evaluate("document.documentElement.dir = 'rtl'")
    assert await seen.page.evaluate(places) == before
    for name, direction in ((".sentence", "rtl"), ("h1", "rtl"), (".status", "ltr"), (".panel", "ltr")):
        assert await seen.page.locator(name).first.evaluate("each => getComputedStyle(each).direction") == direction


async def test_on_paper_there_is_the_answer_with_its_references_and_nothing_to_press(visit) -> None:
    seen = await visit(QUICK)
    await seen.ask(SHORT)
    await seen.ended()
    await seen.page.emulate_media(media="print")
    shown = {name: await seen.page.locator(name).first.is_visible() for name in (".text", ".references", ".panel")}
    hidden = {
        name: await seen.page.locator(name).first.is_visible() for name in (".tools", ".follow", ".top nav", ".scrub")
    }
    assert (shown, hidden) == (dict.fromkeys(shown, True), dict.fromkeys(hidden, False))
    assert "https://quick.example/1" in await seen.page.inner_text(".references")


async def test_the_theme_is_chosen_and_kept(visit) -> None:
    seen = await visit(QUICK, color_scheme="light")
    await seen.page.goto(seen.fanin.address)
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = await seen.page.evaluate(ground)
    await seen.page.select_option(".theme select", "dark")
    dark = await seen.page.evaluate(ground)
    await seen.page.reload()
    await seen.page.wait_for_selector(".chip")
    assert (light != dark, await seen.page.evaluate(ground)) == (True, dark)
