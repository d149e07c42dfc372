"""The report of a batch in a browser: it opens without a network, asks nobody and runs nothing."""

from pathlib import Path

import pytest
from batch.test_batch_report import told
from hostile_strings import CANARY
from playwright.async_api import Browser

from fanin.interfaces.report.batch_report import batch_report


@pytest.mark.all
async def test_it_opens_offline_and_asks_nobody(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(batch_report(told(f"<script>window.hacked = 1</script><img src={CANARY}>"), title="q"), "utf-8")
    context = await browser.new_context(offline=True)
    page = await context.new_page()
    asked, said = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    await page.goto(file.as_uri())
    assert await page.evaluate("window.hacked") is None
    widths = await page.evaluate(
        "[...document.querySelectorAll('.lanes rect')].map(e => e.getBoundingClientRect().width)"
    )
    assert min(widths) > 10
    assert await page.evaluate("getComputedStyle(document.querySelector('.good')).fill") != "rgb(0, 0, 0)"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (asked, said) == ([file.as_uri()], [])
    await context.close()
