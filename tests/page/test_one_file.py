"""A kept run as one file: it opens offline, shows the run, runs no script but its own, and asks nobody."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from page.coast import SHORT, Place
from page.test_hostile_texts import FAILING, HOSTILE, harmless, linked, opened_all, places

from fanin.interfaces.page.joined_modules import joined
from fanin.interfaces.page.one_file import APP, FILE, KEPT, mcp_app, one_file
from fanin.interfaces.page.page_files import SCRIPT, START, page_files

QUICK = {"quick": Place(0.1, [("Notice 212", "The tide gate closes at 05:40 on Saturday.")])}


def exported(folder: Path, run: str) -> Path:
    """The file of a run, as the command prints it."""
    program = str(Path(sys.executable).with_name("fanin"))
    done = subprocess.run([program, "runs", "export", run, "--html"], cwd=folder, capture_output=True, check=True)
    file = folder / "run.html"
    file.write_bytes(done.stdout)
    return file


@pytest.mark.parametrize("start", [FILE, APP])
def test_the_script_has_no_import_and_nothing_that_ends_it_early(start: str) -> None:
    text = joined(start, {name: each.content.decode() for name, each in page_files().items()}, instead=KEPT)
    assert re.findall(r"^\s*(?:import|export)\b.*", text, re.MULTILINE) == []
    assert [each for each in ("</script", "<!--", "/v1/ask") if each in text] == []


def test_what_sources_say_cannot_end_the_data_of_the_file() -> None:
    plain, hostile = one_file({"run": {}}), one_file({"run": {"texts": HOSTILE}})
    assert hostile.count("<") == plain.count("<")


def test_the_script_of_the_page_is_its_modules_each_once_and_after_those_that_it_needs() -> None:
    text = page_files()[SCRIPT].content.decode()
    names = re.findall(r'^modules\["([^"]+)"\] = ', text, re.MULTILINE)
    assert (names[-1], len(names)) == (START, len(set(names)))
    assert {f"js/views/{each}.js" for each in ("ask", "health", "history", "runs", "signin")} < set(names)
    seen: set[str] = set()
    for name, body in zip(names, re.split(r"^modules\[.*$", text, flags=re.MULTILINE)[1:], strict=True):
        assert set(re.findall(r'modules\["([^"]+)"\]', body)) <= seen
        seen.add(name)


def test_what_is_shown_in_a_chat_may_load_nothing() -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', mcp_app())
    assert re.fullmatch(
        r"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'",
        policy,
    )


@pytest.mark.all
@pytest.mark.parametrize("which", ["quick", "texts", "errors and addresses"])
async def test_a_run_opens_offline(visit, which: str) -> None:
    asked = {"quick": QUICK, "texts": places(), "errors and addresses": linked()}[which]
    seen = await visit(asked, top=FAILING if "errors" in which else "")
    run = await seen.ask(SHORT)
    await seen.ended()
    shown = await seen.page.inner_text(".answer .text")
    file = exported(seen.fanin.folder, run)
    await seen.fanin.stop()
    await seen.context.set_offline(True)
    page = await seen.again()
    await page.goto(file.as_uri())
    await page.wait_for_selector(".run.is-final")
    seen.seen.foreign.remove(file.as_uri())
    assert await page.inner_text(".answer .text") == shown
    assert await opened_all(page) > 0
    await page.keyboard.press("t")
    assert await page.locator("table.numbers").count() == 1
    assert await page.locator(".follow, .stop-run, button:has-text('Share')").count() == 0
    assert await harmless(page)
    async with page.expect_download() as waiting:
        await page.select_option(".button.select select", "trace")
    assert '"traceEvents"' in (await (await waiting.value).path()).read_text()
