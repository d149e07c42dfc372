"""Small jobs with which `check_pool` tries a pool; workers import them by name, so this module is light.

Each is a process function: `(question: str, document: Document) -> value`.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fanin.model import Document

type Work = Callable[[str, Document], Any]


def count(question: str, document: Document) -> dict[str, Any]:
    """How often the document contains the question, and the document's number."""
    return {"count": document.text.count(question), "number": document.number}


def sleep(_: str, document: Document) -> int:
    """Sleep for as many seconds as the document says; gives its number."""
    time.sleep(float(document.text))
    return document.number


def spin(_: str, document: Document) -> str:
    """Use the CPU for as many seconds as the document says, in Python."""
    end = time.monotonic() + float(document.text)
    while time.monotonic() < end:
        pass
    return "span"


def spin_ignoring_stops(question: str, document: Document) -> str:
    """As `spin`, but swallows every Exception."""
    end = time.monotonic() + float(document.text)
    while time.monotonic() < end:
        try:
            spin(question, Document(str(end - time.monotonic())))
        except Exception:  # noqa: BLE001, S112 - code that swallows everything is what it tries
            continue
    return "span"


def suppress_the_stop(question: str, document: Document) -> str:
    """As `spin`, but swallows even what stops it, and returns a value."""
    try:
        return spin(question, document)
    except BaseException:  # noqa: BLE001 - as above
        return "ate it"


def touch(_: str, document: Document) -> None:
    """Make the file that the document names."""
    Path(document.text).touch()


def fail(_: str, document: Document) -> None:
    """Raise ValueError with the document's text."""
    raise ValueError(document.text)


def raise_silently(_: str, __: Document) -> None:
    """Raise an error that cannot even say what it is."""

    class SilentError(Exception):
        def __str__(self) -> str:
            raise SystemExit

    raise SilentError


def leave(_: str, document: Document) -> None:
    """Raise SystemExit."""
    sys.exit(document.text)


def interrupt(_: str, __: Document) -> None:
    """Raise KeyboardInterrupt."""
    raise KeyboardInterrupt


def recurse(question: str, document: Document) -> None:
    """Call itself for ever."""
    recurse(question, document)


def exhaust_memory(_: str, __: Document) -> int:
    """Ask for more memory than there is."""
    return len(bytearray(sys.maxsize))


def secret(_: str, __: Document) -> object:
    """Give something that no worker can send."""
    return lambda: None
