"""Asks services of a made-up coast in a real browser, and writes what it shows on three screens in two themes."""

import asyncio
import sys
import tempfile
from pathlib import Path

from page.coast import PLACES, QUESTION, SHORT, serving, settings
from page.conftest import Fanin, chromium, free_port, launched
from page.test_mcp_app import chat
from playwright.async_api import Browser, Page

SCREENS = {1440: 900, 820: 1180, 360: 780}
"""Widths and heights of the screens."""

MIDWAY = 2_650
"""Milliseconds after which a running answer is shown."""


async def opened(browser: Browser, width: int, scheme: str) -> Page:
    """A page of this width and theme."""
    size = {"width": width, "height": SCREENS[width]}
    context = await browser.new_context(viewport=size, color_scheme=scheme, device_scale_factor=1)
    return await context.new_page()


async def take(page: Page, folder: Path, name: str) -> None:
    """Write a picture once nothing moves any more and all fonts are there."""
    await page.evaluate("document.fonts.ready")
    await page.wait_for_timeout(500)
    await page.screenshot(path=folder / f"{name}.png")


async def main(folder: Path) -> None:
    """Write all pictures into the folder."""
    program = chromium()
    if program is None:
        sys.exit("There is no Chromium; run scripts/servers first.")
    with tempfile.TemporaryDirectory() as place:
        async with serving(PLACES) as url, launched(program) as browser:
            (Path(place) / "fanin.toml").write_text(settings(url))
            fanin = Fanin(Path(place), free_port())
            await fanin.start()
            try:
                await pictures(browser, fanin, folder)
                await in_chat(browser, fanin, folder)
            finally:
                await fanin.stop()


async def pictures(browser: Browser, fanin: Fanin, folder: Path) -> None:
    """A run midway and at its end, and the views beside it."""
    page = await opened(browser, 1440, "light")
    await ask(page, fanin, QUESTION)
    await page.wait_for_timeout(MIDWAY)
    await page.screenshot(path=folder / "midway-1440-light.png")
    await page.wait_for_selector(".run.is-final")
    run = page.url
    for question in (SHORT, "When does the fish market open?"):
        await ask(page, fanin, question)
        await page.wait_for_selector(".run.is-final")
    for width in SCREENS:
        for scheme in ("light", "dark"):
            page = await opened(browser, width, scheme)
            await page.goto(run)
            await page.wait_for_selector(".run.is-final")
            await take(page, folder, f"run-{width}-{scheme}")
    page = await opened(browser, 1440, "light")
    await page.goto(run)
    await page.click(".answer .roundel >> nth=1")
    await take(page, folder, "citation-1440-light")
    for path, selector in (("", ".recorded li"), ("health", ".sources tbody tr"), ("history", ".past li")):
        await page.goto(f"{fanin.address}/{path}")
        await page.wait_for_selector(selector)
        await take(page, folder, f"{path or 'ask'}-1440-light")


async def in_chat(browser: Browser, fanin: Fanin, folder: Path) -> None:
    """The app in the frame of a chat, while the question runs."""
    page = await (await browser.new_context(viewport={"width": 776, "height": 900})).new_page()
    async with chat(fanin.address, page, QUESTION, capabilities={"serverTools": {}}, theme="light") as frame:
        await frame.wait_for_selector(".run.is-final")
        await page.wait_for_timeout(500)
        await page.screenshot(path=folder / "chat-776-light.png")


async def ask(page: Page, fanin: Fanin, question: str) -> None:
    """Ask as a person does."""
    await page.goto(fanin.address)
    await page.wait_for_selector(".chip")
    await page.fill("#question", question)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/runs/*")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
