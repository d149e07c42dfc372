"""Asking and watching in a real browser: what a person does, and what they see."""

import asyncio
import json
import re

import pytest
from page.coast import PLACES, QUESTION, SHORT, Place, writing

pytestmark = pytest.mark.all

TWO = {
    "quick": Place(0.1, [("Notice 212", "The tide gate closes at 05:40 on Saturday.")]),
    "slow": Place(2.5, [("Tide table", "The tide gate of the harbour closes two hours before high water.")]),
}
QUICK = {"quick": TWO["quick"]}


async def answered(visit, places):
    """The page of a run that has ended."""
    seen = await visit(places)
    await seen.ask(SHORT)
    await seen.ended()
    return seen


async def test_a_question_is_asked_and_its_answer_revised_and_what_is_missing_says_why(visit) -> None:
    seen = await visit()
    await seen.ask(QUESTION)
    page = seen.page
    await page.wait_for_selector(".sentence")
    assert await page.inner_text("h1") == QUESTION
    assert await page.locator(".stop-run").count() == 1
    await seen.ended()
    assert re.match(r"(?:Partial answer|Not answered) in \d", await page.inner_text(".status"))
    rows = await page.locator(".timetable .rows .row[data-source]").evaluate_all(
        "all => all.map(each => each.dataset.source)"
    )
    assert rows == list(PLACES)
    missing = await page.inner_text(".missing")
    assert "radar Blocked: over quota." in missing
    assert "press-archive Blocked: refused." in missing
    assert "tide-gauge Too late." in missing
    assert "almanac Nothing found." in missing
    assert "3 tries" in await page.inner_text('.row[data-source="islanders"] .end')
    assert await page.locator(".bar.work").count() > 0
    assert await page.locator(".route-band").count() > 0


async def test_a_citation_has_one_number_in_every_revision_in_the_final_answer_and_in_its_json(visit) -> None:
    seen = await visit()
    run = await seen.ask(QUESTION)
    await seen.ended()
    page = seen.page
    shown: dict[str, set[int]] = {}
    for _ in range(40):
        told = await page.evaluate(
            "() => [...document.querySelectorAll('.timetable .row[data-source]')].flatMap(row =>"
            " [...row.querySelectorAll('[data-cite]')].map(each => [row.dataset.source, Number(each.dataset.cite)]))"
        )
        for source, number in told:
            shown.setdefault(source, set()).add(number)
        await page.keyboard.press("[")
    assert len(shown) >= 3
    await page.keyboard.press("End")
    final = (await (await page.request.get(f"{seen.fanin.address}/v1/runs/{run}")).json())["answer"]["citations"]
    numbers = await page.locator(".answer .text .roundel").all_inner_texts()
    assert list(dict.fromkeys(map(int, numbers))) == list(range(1, len(set(numbers)) + 1))
    assert {each["source"]: each["number"] for each in final}.items() <= {
        (name, number) for name, all_ in shown.items() for number in all_
    }
    single = {name: len(numbers) for name, numbers in shown.items() if len(PLACES[name].documents) == 1}
    assert set(single.values()) == {1}


async def test_a_citation_opens_by_click_with_its_words_marked_and_a_link_to_them(visit) -> None:
    seen = await answered(visit, TWO)
    page = seen.page
    await page.click(".answer .roundel >> nth=0")
    box = page.locator("#cite")
    assert await box.is_visible()
    assert await box.locator("mark").count() >= 1
    link = box.locator("a")
    assert re.match(r"https://(quick|slow)\.example/1#:~:text=The%20", await link.get_attribute("href"))
    assert (await link.get_attribute("rel"), await link.get_attribute("target")) == ("noopener noreferrer", "_blank")
    assert await page.locator(".row.lit").count() == 1
    await page.keyboard.press("Escape")
    assert not await box.is_visible()
    assert await page.evaluate("document.activeElement.matches('.roundel')")


async def test_a_citation_opens_by_hover_and_by_focus(visit) -> None:
    seen = await answered(visit, QUICK)
    page = seen.page
    await page.hover(".answer .roundel >> nth=0")
    await page.wait_for_selector("#cite:popover-open")
    await page.mouse.move(5, 5)
    await page.wait_for_selector("#cite:popover-open", state="hidden")
    await page.keyboard.press("Tab")
    while not await page.evaluate("document.activeElement.matches('.answer .roundel')"):
        await page.keyboard.press("Tab")
    await page.wait_for_selector("#cite:popover-open")
    assert await page.locator("#cite mark").count() >= 1


async def test_a_citation_opens_by_a_tap_and_closes_by_one_beside_it(visit) -> None:
    seen = await visit(QUICK, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 780})
    await seen.ask(SHORT)
    await seen.ended()
    await seen.page.tap(".answer .roundel >> nth=0")
    await seen.page.wait_for_selector("#cite:popover-open a")
    assert await seen.page.locator("#cite mark").count() >= 1
    await seen.page.tap("h1")
    await seen.page.wait_for_selector("#cite:popover-open", state="hidden")
    assert await seen.page.locator("#cite:popover-open").count() == 0


async def test_a_reload_and_a_second_tab_join_the_run_which_goes_on(visit) -> None:
    seen = await visit(TWO)
    run = await seen.ask(SHORT)
    await seen.page.wait_for_selector(".sentence")
    await seen.page.reload()
    other = await seen.again()
    await other.goto(seen.page.url)
    for page in (seen.page, other):
        await page.wait_for_selector(".run.is-final")
        assert "2 of 2 sources" in await page.inner_text(".answer-head")
    assert run in other.url


async def test_a_run_that_everybody_has_left_goes_on_to_its_end(visit) -> None:
    seen = await visit({"slow": Place(4.4, TWO["slow"].documents)})
    await seen.ask(SHORT)
    address = seen.page.url
    await seen.page.goto("about:blank")
    await asyncio.sleep(3.8)  # longer than a run of which nobody waits for the end is kept
    await seen.page.goto(address)
    await seen.ended()
    assert "1 of 1 source" in await seen.page.inner_text(".answer-head")
    seen.seen.foreign.clear()


async def test_a_lost_network_is_told_and_the_run_is_joined_again(visit) -> None:
    seen = await visit(TWO)
    await seen.ask(SHORT)
    await seen.page.wait_for_selector(".sentence")
    await seen.page.reload()
    await seen.page.wait_for_selector(".sentence")
    await seen.context.set_offline(True)
    await seen.context.set_offline(False)
    await seen.ended()
    assert "2 of 2 sources" in await seen.page.inner_text(".answer-head")


async def test_a_server_that_goes_away_is_told_and_a_run_that_it_lost_is_asked_again_when_it_is_back(visit) -> None:
    seen = await visit({"slow": Place(3, TWO["slow"].documents), "other": Place(0.1)})
    page = seen.page
    await page.goto(seen.fanin.address)
    await page.click(".chip:has-text('other')")
    await page.fill("#question", SHORT)
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".row[data-source]")
    lost = page.url
    await seen.fanin.stop(kill=True)
    await page.wait_for_selector(".status .lost")
    await seen.fanin.start()
    await page.wait_for_url(lambda url: "/runs/" in url and url != lost)
    assert "it was asked again" in await page.inner_text("#toast")
    await seen.ended()
    assert await page.inner_text("h1") == SHORT
    assert await page.locator(".row[data-source]").evaluate_all("all => all.map(each => each.dataset.source)") == [
        "slow"
    ]
    assert await page.locator(".sentence").count() == 1
    assert await page.locator(".status .lost").count() == 0
    await page.goto(lost)
    await page.wait_for_selector(".problem")


async def test_a_question_in_the_address_is_asked_at_once_and_going_back_does_not_ask_again(visit) -> None:
    seen = await visit(QUICK)
    await seen.page.goto(f"{seen.fanin.address}/history")
    await seen.page.goto(f"{seen.fanin.address}/?q=When+does+the+tide+gate+close%3F")
    await seen.page.wait_for_url("**/runs/*")
    await seen.ended()
    assert await seen.page.inner_text("h1") == "When does the tide gate close?"
    await seen.page.go_back()
    await seen.page.wait_for_url("**/history")


async def test_text_is_shown_while_a_model_writes_and_then_the_answer_with_its_citations(visit) -> None:
    sentences = [
        "The tide gate closes at 05:40 on Saturday [1]. ",
        "The tide gate closes at 05:40 on Saturday, <b>says</b> a notice [1].",
    ]
    async with writing(sentences, pause=1.2) as model:
        seen = await visit(QUICK, top=f'[answer]\nwriter = "{model}"\n')
        await seen.context.add_init_script("localStorage.setItem('fanin-deadline', '30')")
        await seen.ask(SHORT)
        page = seen.page
        await page.wait_for_selector(".written")
        assert await page.inner_text(".written b") == "small is writing"
        assert (await page.inner_text(".written span")).rstrip(".") == "The tide gate closes at 05:40 on Saturday"
        await seen.ended()
    assert await page.locator(".written").count() == 0
    assert (await page.inner_text(".sentence >> nth=0")).startswith("The tide gate closes at 05:40 on Saturday")
    assert await page.locator(".answer .text .roundel").count() >= 1
    assert "writing by small" in await page.inner_text(".facts")
    await page.keyboard.press("[")
    assert await page.locator(".written").count() == 0


async def test_a_run_is_stopped_and_answers_with_what_has_arrived(visit) -> None:
    seen = await visit({**QUICK, "never": Place(60)})
    await seen.ask(SHORT)
    await seen.page.wait_for_selector(".sentence")
    await seen.page.click(".stop-run")
    await seen.ended()
    assert "05:40" in await seen.page.inner_text(".answer .text")
    assert "never Not needed." in await seen.page.inner_text(".missing")


async def test_chosen_sources_alone_are_asked(visit) -> None:
    seen = await visit(TWO)
    await seen.page.goto(seen.fanin.address)
    await seen.page.wait_for_selector(".chip")
    await seen.page.click(".chip:has-text('slow')")
    await seen.page.fill("#question", SHORT)
    await seen.page.click(".go")
    await seen.page.wait_for_url("**/runs/*")
    await seen.ended()
    rows = await seen.page.locator(".row[data-source]").evaluate_all("all => all.map(each => each.dataset.source)")
    assert rows == ["quick"]


async def test_a_follow_up_is_asked_below_with_what_was_asked_before(visit) -> None:
    seen = await visit(QUICK)
    first = await seen.ask(SHORT)
    await seen.ended()
    posted = []
    seen.page.on("request", lambda request: posted.append(request.post_data) if request.method == "POST" else None)
    await seen.page.fill("#more", "And on Sunday?")
    await seen.page.keyboard.press("Enter")
    await seen.page.wait_for_function(f"() => !location.pathname.endsWith('{first}')")
    await seen.ended()
    asked = json.loads(posted[0])
    assert (asked["question"], asked["on_disconnect"]) == ("And on Sunday?", "continue")
    assert asked["deadline"] == 6
    assert [each["question"] for each in asked["conversation"]] == [SHORT]
    assert await seen.page.inner_text("h1") == "And on Sunday?"
    assert "Asked as: When does the tide gate close on Sunday?" in await seen.page.inner_text(".notes")
    assert await seen.page.inner_text(".before a b") == SHORT
    assert "05:40" in await seen.page.inner_text(".before a span")
    await seen.page.fill("#more", "And on Monday?")
    await seen.page.keyboard.press("Enter")
    await seen.page.wait_for_selector(".before li >> nth=1")
    await seen.ended()
    assert await seen.page.locator(".before b").all_inner_texts() == [SHORT, "And on Sunday?"]
    await seen.page.click(".before a >> nth=0")
    await seen.page.wait_for_url(f"**/{first}")


async def test_a_run_is_replayed_zoomed_folded_and_shown_as_a_table(visit) -> None:
    seen = await answered(visit, TWO)
    page = seen.page
    await page.keyboard.press("Home")
    assert await page.inner_text(".status") == "Asking 2 sources."
    await page.keyboard.press("]")
    assert await page.locator(".sentence").count() >= 1
    await page.keyboard.press("+")
    end = "each => Number(each.style.getPropertyValue('--b'))"
    bar = page.locator('.row[data-source="quick"] .bar.fetch')
    zoomed = await bar.evaluate(end)
    await page.keyboard.press("0")
    assert zoomed > 1.5 * await bar.evaluate(end)
    await page.keyboard.press("f")
    assert await page.locator(".cut").count() >= 1
    await page.keyboard.press("t")
    assert await page.locator("table.numbers tbody tr").count() == 2
    await page.click("[aria-label=Speed] button >> nth=3")
    await page.click("h1")
    await page.keyboard.press("Home")
    await page.keyboard.press(" ")
    await page.wait_for_selector("button:has-text('Pause')")
    await seen.ended()


@pytest.mark.parametrize(("what", "ending"), [("md", ".md"), ("json", ".json"), ("trace", ".trace.json")])
async def test_a_run_is_downloaded(visit, what: str, ending: str) -> None:
    seen = await visit(QUICK)
    run = await seen.ask(SHORT)
    await seen.ended()
    async with seen.page.expect_download() as waiting:
        await seen.page.select_option(".button.select select", what)
    file = await waiting.value
    assert file.suggested_filename == f"fanin-{run}{ending}"
    text = (await file.path()).read_text()
    assert {"md": "05:40", "json": '"citations"', "trace": '"traceEvents"'}[what] in text


async def test_a_run_without_an_answer_says_what_may_help(visit) -> None:
    seen = await visit({"shut": Place(0.1, statuses=[403] * 9), "empty": Place(0.1)})
    await seen.ask(SHORT)
    await seen.ended()
    assert (await seen.page.inner_text(".status")).startswith("No answer.")
    assert "Access may help" in await seen.page.inner_text(".help-list")
