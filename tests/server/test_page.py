"""What the page is made of, without a browser: its addresses, its headers, and that it asks nobody else."""

import gzip
import re
from pathlib import Path

import pytest

from fanin.interfaces.page.page_files import PAGE, POLICY, SCRIPT, page_files
from fanin.interfaces.server.authentication import PUBLIC
from fanin.interfaces.server.routes.page_routes import ADDRESSES, SHARED

FILES = sorted(page_files())
OWN = [each for each in FILES if not each.startswith("vendor/") and each != SCRIPT]
ROOT = Path(__file__).parents[2]

MOST_BYTES = 60 * 1024
"""Bytes of the page over the wire, all its views together."""


@pytest.mark.parametrize(
    "address", ["/", "/runs/0123456789abcdef", "/history", "/health", "/shared/nobody", "/?q=tide"]
)
async def test_each_address_of_the_page_shows_the_same_document_to_everybody(opened, address: str) -> None:
    server = await opened(server="require_keys = true")
    status, headers, text = await server.get(address)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert text.encode() == page_files()[PAGE].content
    assert headers.getall("Content-Security-Policy") == [POLICY]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


async def test_each_file_is_served_compressed_with_its_type_and_a_tag(opened) -> None:
    server = await opened()
    for name in FILES:
        status, headers, text = await server.get(f"/page/{name}")
        assert (status, headers["Content-Encoding"], text.encode()) == (200, "gzip", page_files()[name].content)
        again = {"If-None-Match": headers["ETag"]}
        assert (await server.get(f"/page/{name}", headers=again))[0] == 304
        plain = {"Accept-Encoding": "identity"}
        _, headers, text = await server.get(f"/page/{name}", headers=plain)
        assert ("Content-Encoding" in headers, text.encode()) == (False, page_files()[name].content)


@pytest.mark.parametrize(
    "name", ["", "js", "page_files.py", "__init__.py", "static/index.html", "vendor/README.md", "x%00"]
)
async def test_what_is_no_file_of_the_page_is_404(opened, name: str) -> None:
    status, _, problem = await (await opened()).get(f"/page/{name}")
    assert (status, problem["kind"]) == (404, "http")


async def test_other_replies_keep_the_policy_that_lets_nothing_run(opened) -> None:
    _, headers, _ = await (await opened()).get("/v1/runs")
    assert headers.getall("Content-Security-Policy") == ["default-src 'none'; frame-ancestors 'none'"]


def test_the_page_is_public_and_of_the_api_only_signing_in_and_what_was_shared() -> None:
    assert PUBLIC.issuperset(ADDRESSES)
    assert {each for each in PUBLIC if each.startswith("/v1/")} == {"/v1/session", *SHARED}


def test_the_policy_allows_neither_inline_code_nor_evaluation_nor_others() -> None:
    assert "unsafe" not in POLICY
    assert re.findall(r"https?:|data:|\*", POLICY) == []


@pytest.mark.parametrize("name", OWN)
def test_no_file_names_a_foreign_address(name: str) -> None:
    text = page_files()[name].content.decode()
    found = re.findall(r"""(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s"'`]*""", text)
    assert [each for each in found if not each.startswith("http://www.w3.org/")] == []


@pytest.mark.parametrize("name", [each for each in FILES if each.endswith(".js")])
def test_every_import_is_a_file_of_the_page(name: str) -> None:
    folder = Path("/", name).parent
    text = page_files()[name].content.decode()
    for each in re.findall(r"""(?:from|import)\s*["'](\.[^"']+)["']""", text):
        target = (folder / each).as_posix()
        while "/../" in target:
            target = re.sub(r"/[^/]+/\.\./", "/", target, count=1)
        assert target.removeprefix("/").replace("/./", "/").removeprefix("./") in page_files()


@pytest.mark.parametrize("name", OWN)
def test_no_text_becomes_markup_or_code(name: str) -> None:
    text = page_files()[name].content.decode()
    assert (
        re.findall(r"(?:inner|outer)HTML|insertAdjacent|unsafeHTML|document\.write|\beval\(|new Function", text) == []
    )
    assert re.findall(r"\bstyle=|\bon[a-z]+=\"", text) == []


def test_the_page_is_small_over_the_wire() -> None:
    text = page_files()[PAGE].content.decode()
    loaded = re.findall(r"""(?:href|src)="/page/([^"]+)\"""", text)
    assert {SCRIPT, "page.css", "tokens.css"} <= set(loaded)
    assert sum(len(page_files()[each].compressed) for each in (PAGE, *loaded)) <= MOST_BYTES
    for each in page_files().values():
        assert gzip.decompress(each.compressed) == each.content


def test_libraries_of_others_are_named_with_version_and_licence() -> None:
    folder = ROOT / "src/fanin/interfaces/page/static/vendor"
    told = (folder / "README.md").read_text()
    for each in (path for path in folder.iterdir() if path.is_dir()):
        assert (folder / each.name / "LICENSE").is_file()
        assert f"{each.name}/LICENSE" in told
