"""The files of the page by their paths, each with its media type, as it is and compressed."""

import gzip
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from fanin.values import value

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
    """Every file by its path, such as "js/app.js"; licences are in the package, but are not served."""
    return dict(_found(files("fanin.interfaces.page") / "static", ""))


def _found(folder: Traversable, under: str) -> Iterator[tuple[str, PageFile]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _found(each, f"{under}{each.name}/")
        elif (media_type := _TYPES.get(each.name.rpartition(".")[2])) is not None:
            content = each.read_bytes()
            tag = f'"{sha256(content).hexdigest()[:20]}"'
            yield f"{under}{each.name}", PageFile(media_type, content, gzip.compress(content, mtime=0), tag)
