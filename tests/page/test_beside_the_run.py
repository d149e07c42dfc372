"""History, sources, links to runs and signing in, in a real browser."""

import pytest
from page.coast import SHORT, Place

pytestmark = pytest.mark.all

QUICK = {"quick": Place(0.1, [("Notice 212", "The tide gate closes at 05:40 on Saturday.")])}


async def test_a_run_is_shared_read_by_others_and_taken_back(visit) -> None:
    seen = await visit(QUICK)
    run = await seen.ask(SHORT)
    await seen.ended()
    await seen.page.click("button:has-text('Share')")
    await seen.page.click("button:has-text('Make a link')")
    link = await seen.page.input_value(".link")
    other = await visit(fanin=seen.fanin)
    await other.page.goto(link)
    await other.ended()
    assert "05:40" in await other.page.inner_text(".answer .text")
    assert run not in await other.page.content()
    for each in (".top nav", ".follow", "button:has-text('Share')", ".stop-run"):
        assert await other.page.locator(each).count() == 0
    await other.page.keyboard.press("h")
    assert other.page.url == link
    await seen.page.click("button:has-text('Take it back')")
    await seen.page.wait_for_selector("button:has-text('Make a link')")
    await other.page.reload()
    await other.page.wait_for_selector(".problem")
    assert "There is no such link" in await other.page.inner_text(".problem")


async def test_history_is_searched_by_words_of_questions_and_answers(visit) -> None:
    seen = await visit(QUICK)
    for question in (SHORT, "Is there a fish market?"):
        await seen.ask(question)
        await seen.ended()
    page = seen.page
    await page.goto(f"{seen.fanin.address}/history")
    await page.wait_for_function("() => document.querySelectorAll('.past li').length === 2")
    await page.fill("#find", "fish mar")
    await page.wait_for_function("() => document.querySelectorAll('.past li').length === 1")
    assert await page.inner_text(".past-q") == "Is there a fish market?"
    assert await page.locator(".past .lanes path.is-ok").count() == 1
    await page.fill("#find", "lighthouse")
    await page.wait_for_selector(".past .empty")
    await page.fill("#find", "")
    await page.click(".past li a >> nth=0")
    await seen.ended()


async def test_the_sources_tell_how_they_did_and_which_questions_were_futile(visit) -> None:
    seen = await visit({"none": Place(0.1), "empty": Place(0.2)})
    await seen.ask("Where do the orchids grow?")
    await seen.ended()
    await seen.page.goto(f"{seen.fanin.address}/health")
    await seen.page.wait_for_selector(".futile li")
    assert "Where do the orchids grow?" in await seen.page.inner_text(".futile")
    rows = await seen.page.locator(".sources tbody tr").all_inner_texts()
    assert [row.split()[0] for row in rows] == ["none", "empty"]
    assert await seen.page.locator(".split >> nth=0").get_attribute("aria-label") == "1 nothing found"
    hours = await seen.page.locator(".hours").evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    assert [each.split(";")[0] for each in hours] == ["1 of 1 call went well"] * 2


async def test_where_keys_are_required_one_signs_in_once(visit) -> None:
    seen = await visit(QUICK, server="require_keys = true")
    key = seen.fanin.key
    page = seen.page
    await page.goto(seen.fanin.address)
    await page.fill("#key", "fanin_00000000_x")
    await page.click(".sign-in .strong")
    await page.wait_for_selector(".sign-in .wrong")
    await page.fill("#key", key)
    await page.click(".sign-in .strong")
    await page.wait_for_selector(".chip")
    assert key not in await page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    await seen.ask(SHORT)
    await seen.ended()
    await page.reload()
    await seen.ended()
    await page.click("button:has-text('Sign out')")
    await page.wait_for_selector("#key")


async def test_what_is_not_there_says_so(visit) -> None:
    seen = await visit(QUICK)
    await seen.page.goto(f"{seen.fanin.address}/runs/0123456789abcdef")
    await seen.page.wait_for_selector(".problem")
    assert "There is no run '0123456789abcdef' of yours" in await seen.page.inner_text(".problem")
