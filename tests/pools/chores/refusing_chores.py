"""A process function that needs a module of C which CPython loads in the main interpreter only."""

import faulthandler

from fanin.model import Document


def work(_: str, document: Document) -> tuple[str, str]:
    return faulthandler.__name__, document.text
