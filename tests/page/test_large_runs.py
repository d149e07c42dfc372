"""Many sources, many documents, long and short runs: the page stays readable and smooth."""

import json

import pytest
from page.coast import Place

pytestmark = [pytest.mark.all, pytest.mark.alone]

MOST_SECONDS = 0.1
"""Seconds of CPU that a task of the page takes at most; on the clock it takes longer where others have the cores."""


def cpu_of_tasks(trace: bytes) -> list[float]:
    """Seconds of CPU of each task of the page's main thread, in a trace of the browser."""
    events = json.loads(trace)["traceEvents"]
    names = [each for each in events if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"]
    threads = {(each["pid"], each["tid"]) for each in names}
    tasks = [each for each in events if each["name"].endswith("RunTask") and (each["pid"], each["tid"]) in threads]
    return [each["tdur"] / 1e6 for each in tasks if "tdur" in each]


def many(sources: int, documents: int, *, seconds: float) -> dict[str, Place]:
    """Sources that answer one after another within these seconds, each with so many documents.

    They have more time than that, as a busy machine may take longer; see `ask_patiently`.
    """
    return {
        f"source-{number:02}": Place(
            seconds * (number + 1) / sources,
            [
                (f"Notice {number}-{each}", f"The tide gate {number}-{each} closes at {each % 24}:40 on Saturday.")
                for each in range(documents)
            ],
            settings='timeout = "30s"',
        )
        for number in range(sources)
    }


async def ask_patiently(seen) -> None:
    """Ask with the longest deadline of the page, so that every source ends before it also on a busy machine."""
    await seen.page.goto(f"{seen.fanin.address}/")
    await seen.page.click(".stops label >> nth=-1")
    await seen.ask("When does the tide gate close on Saturday?")


async def test_fifty_sources_and_five_hundred_documents_stay_readable(visit) -> None:
    seen = await visit(many(50, 10, seconds=3), viewport={"width": 1440, "height": 900})
    await ask_patiently(seen)
    await seen.ended()
    page = seen.page
    assert await page.locator(".row[data-source]").count() == 50
    assert "50 of 50 sources" in await page.inner_text(".answer-head")
    assert await page.locator(".doc").count() >= 500
    heights = await page.locator(".row[data-source]").evaluate_all("all => all.map(each => each.offsetHeight)")
    assert max(heights) <= 20


async def test_no_task_of_the_page_is_long_while_twenty_sources_stream(visit, browser) -> None:
    seen = await visit(many(20, 15, seconds=5))
    await browser.start_tracing(page=seen.page, categories=["toplevel", "devtools.timeline"])
    await ask_patiently(seen)
    await seen.ended()
    tasks = cpu_of_tasks(await browser.stop_tracing())
    assert len(tasks) > 100
    assert max(tasks) <= MOST_SECONDS


async def test_a_kept_run_is_painted_within_a_second(visit) -> None:
    seen = await visit(many(5, 3, seconds=0.3))
    await seen.ask("When does the tide gate close on Saturday?")
    await seen.ended()
    await seen.page.reload()
    await seen.ended()
    painted = await seen.page.evaluate("performance.now()")
    assert painted < 1_000


async def test_a_run_that_is_over_at_once_is_shown_whole(visit) -> None:
    seen = await visit({"quick": Place(0, [("Notice", "The tide gate closes at 05:40.")])})
    await seen.ask("When does the tide gate close?")
    await seen.ended()
    assert "05:40" in await seen.page.inner_text(".answer .text")
    assert "1 of 1 source" in await seen.page.inner_text(".answer-head")


async def test_a_run_of_a_minute_is_watched_to_its_end_and_drawn_at_events_only(visit) -> None:
    places = {
        "quick": Place(0.1, [("Notice", "The tide gate closes at 05:40.")]),
        "slow": Place(
            57, [("Table", "The tide gate of the harbour closes at 06:10 on Sunday.")], settings='timeout = "59s"'
        ),
    }
    seen = await visit(places)
    await seen.context.add_init_script(
        "localStorage.setItem('fanin-deadline', '60'); window.drawn = 0; addEventListener('DOMContentLoaded', () =>"
        " new MutationObserver(all => window.drawn += all.length).observe(document.querySelector('#main'), { subtree: true,"
        " childList: true }));"
    )
    await seen.ask("When does the tide gate close?")
    page = seen.page
    await page.wait_for_selector(".sentence")
    await page.wait_for_timeout(2_000)
    before = await page.evaluate("window.drawn")
    await page.wait_for_timeout(48_000)
    assert await page.evaluate("window.drawn") == before
    assert "of 60 s" in await page.inner_text(".elapsed")
    await seen.ended()
    assert "2 of 2 sources" in await page.inner_text(".answer-head")
    ticks = await page.locator(".axis .tick").all_inner_texts()
    assert ticks == ["0 s", "10", "20", "30", "40", "50", "60"]
