"""The files of the page by their paths, each with its media type, as it is and compressed."""

import gzip
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from fanin.interfaces.page.joined_modules import joined
from fanin.values import value

START, SCRIPT = "js/app.js", "page.js"
"""The module that begins, and the script that has it and all that it needs."""

PAGE = "index.html"
"""The file that every address of the page shows; its scripts see by the address what to draw."""

POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html",
))  # fmt: skip
"""What the page may load and run: its own files, and nothing that is written into it."""

_TYPES: Mapping[str, str] = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@value
class PageFile:
    """One file: its media type, its bytes, the same compressed by gzip, and a tag that changes with them."""

    media_type: str
    content: bytes
    compressed: bytes
    tag: str


@cache
def page_files() -> Mapping[str, PageFile]:
    """Every file by its path, such as "js/app.js"; licences are in the package, but are not served.

    `SCRIPT` is no file of its own: it has the modules of the page, so that a browser asks for one file, not for thirty.
    """
    found = dict(_found(files("fanin.interfaces.page") / "static", ""))
    script = joined(START, {name: each.content.decode() for name, each in found.items()})
    return {**found, SCRIPT: _file(script.encode(), _TYPES["js"])}


def _found(folder: Traversable, under: str) -> Iterator[tuple[str, PageFile]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _found(each, f"{under}{each.name}/")
        elif (media_type := _TYPES.get(each.name.rpartition(".")[2])) is not None:
            yield f"{under}{each.name}", _file(each.read_bytes(), media_type)


def _file(content: bytes, media_type: str) -> PageFile:
    return PageFile(media_type, content, gzip.compress(content, mtime=0), f'"{sha256(content).hexdigest()[:20]}"')
