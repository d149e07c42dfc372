"""A run inside a chat: the MCP App in the sandboxed frame of a host, which passes on what a real server tells it."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("mcp")

from mcp.client.client import Client
from mcp.client.extension import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from page.coast import SHORT, Place
from page.test_appearance import violations
from page.test_hostile_texts import FAILING, harmless, linked, opened_all, places
from playwright.async_api import Frame, Page

from fanin.interfaces.mcp.mcp_server import APP

pytestmark = pytest.mark.all

APPS = advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})
TWO = {
    "quick": Place(0.1, [("Notice 212", "The tide gate closes at 05:40 on Saturday.")]),
    "slow": Place(4, [("Tide table", "The tide gate of the harbour closes two hours before high water.")]),
}

HOST = """<!doctype html><body><iframe id="app" sandbox="allow-scripts" style="width: 720px; height: 300px; border: 0"></iframe><script>
const app = document.getElementById("app");
window.told = [];
const post = (message) => app.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
addEventListener("message", async ({ source, data }) => {
  if (source !== app.contentWindow) return;
  told.push(data);
  const { id, method, params } = data;
  if (method === "ui/initialize") post({ id, result: { protocolVersion: "2026-01-26", hostInfo: { name: "test", version: "1" },
    hostCapabilities: window.capabilities, hostContext: { theme: window.theme } } });
  if (method === "ui/notifications/initialized") {
    post({ method: "ui/notifications/tool-input", params: { arguments: { question: window.question } } });
    post({ method: "ui/notifications/tool-result", params: await callTool("ask", { question: window.question, deadline: 10 }) });
  }
  if (method === "ui/notifications/size-changed") app.style.height = params.height + "px";
  if (method === "tools/call") post({ id, result: await callTool(params.name, params.arguments) });
  if (method === "ui/open-link") post({ id, result: {} });
});
</script></body>"""


@asynccontextmanager
async def chat(
    address: str, page: Page, question: str, *, capabilities: dict[str, object], theme: str = "dark"
) -> AsyncGenerator[Frame]:
    """The frame of the app in a page that becomes a host of a server at this address."""
    async with Client(f"{address}/mcp", extensions=[APPS]) as client:

        async def call_tool(name: str, arguments: dict) -> dict:
            return (await client.call_tool(name, arguments)).model_dump(mode="json", by_alias=True, exclude_none=True)

        (resource,) = (await client.read_resource(APP)).contents
        assert resource.mime_type == APP_MIME_TYPE
        await page.expose_function("callTool", call_tool)
        await page.set_content(HOST)
        given = json.dumps([question, capabilities, theme, resource.text])
        await page.evaluate(f"() => {{ [window.question, window.capabilities, window.theme, app.srcdoc] = {given}; }}")
        frame = await (await page.wait_for_selector("#app")).content_frame()
        assert frame is not None
        yield frame


async def told(page) -> list[str]:
    """The methods that the app has called."""
    return await page.evaluate("told.map(each => each.method)")


async def test_a_run_is_watched_in_a_chat_while_it_goes_on_and_its_links_are_opened_by_the_host(visit) -> None:
    seen = await visit(TWO)
    page = await seen.again()
    async with chat(seen.fanin.address, page, SHORT, capabilities={"serverTools": {}, "openLinks": {}}) as frame:
        await frame.wait_for_selector(".sentence")
        assert await frame.locator(".run.is-final").count() == 0
        await frame.wait_for_selector(".run.is-final")
        assert await frame.inner_text("h1") == SHORT
        assert "2 of 2 sources" in await frame.inner_text(".answer-head")
        rows = await frame.locator(".row[data-source]").evaluate_all("all => all.map(each => each.dataset.source)")
        assert rows == ["quick", "slow"]
        assert await frame.locator(".bar.work").count() > 0
        assert await frame.evaluate("document.documentElement.dataset.theme") == "dark"
        for each in ("nav", ".follow", ".stop-run", "button:has-text('Share')", "text=Download"):
            assert await frame.locator(each).count() == 0
        await frame.click(".answer .roundel >> nth=0")
        await frame.click("#cite a")
        await page.wait_for_function("told.some(each => each.method === 'ui/open-link')")
        assert "ui/notifications/size-changed" in await told(page)
        heights = await frame.evaluate("[document.documentElement.scrollHeight, innerHeight]")
        assert heights[0] <= heights[1] + 1
        assert await violations(frame) == []


async def test_a_host_that_passes_no_calls_on_shows_the_run_when_it_is_over(visit) -> None:
    seen = await visit({"quick": TWO["quick"]})
    page = await seen.again()
    async with chat(seen.fanin.address, page, SHORT, capabilities={}) as frame:
        await frame.wait_for_selector(".run.is-final")
        assert "05:40" in await frame.inner_text(".answer .text")
        assert "tools/call" not in await told(page)
        await frame.click("h1")
        await page.keyboard.press("Home")
        assert await frame.inner_text(".status") == "Asking 1 source."


async def test_a_question_that_is_not_taken_says_why(visit) -> None:
    seen = await visit({"quick": TWO["quick"]})
    page = await seen.again()
    async with chat(seen.fanin.address, page, "x" * 8_001, capabilities={}) as frame:
        await frame.wait_for_selector(".run.is-final")
        assert "do not fit; fanin did nothing" in await frame.inner_text(".status")


@pytest.mark.parametrize("which", ["texts", "errors and addresses"])
async def test_no_script_of_a_source_runs_in_a_chat(visit, which: str) -> None:
    seen = await (visit(places()) if which == "texts" else visit(linked(), top=FAILING))
    page = await seen.again()
    async with chat(seen.fanin.address, page, SHORT, capabilities={"serverTools": {}}) as frame:
        await frame.wait_for_selector(".run.is-final")
        assert await opened_all(frame) > 0
        await page.keyboard.press("t")
        assert await frame.locator("table.numbers").count() == 1
        assert await harmless(frame)
