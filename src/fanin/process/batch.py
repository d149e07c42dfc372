"""The analysis of many short documents in one job: to hand each of them over alone would cost more than to do it."""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from fanin.errors import describe
from fanin.model import Document
from fanin.process.analysis import analyze


class Analyzed(NamedTuple):
    """The analysis of one document, or the error that it raised; it ran between these instants of time.monotonic."""

    value: Any
    error: str
    started: float
    ended: float


def analyze_each(pairs: Sequence[tuple[str, Document]]) -> list[Analyzed]:
    """The analysis of each document against its question; one that fails does not end the others."""
    return [_analyzed(question, document) for question, document in pairs]


def _analyzed(question: str, document: Document) -> Analyzed:
    value, error, started = None, "", time.monotonic()
    try:
        value = analyze(question, document)
    except Exception as raised:  # noqa: BLE001 - what a document makes of the analysis is its outcome
        error = describe(raised)
    return Analyzed(value, error, started, time.monotonic())
