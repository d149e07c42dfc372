"""Answers that quote both sides of a contradiction, wherever the other side stands, and say that sources differ."""

from pathlib import Path

import pytest

from fanin.answer import extract
from fanin.answer.draft import Draft
from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import analyze
from fanin.text.question_terms import question_terms


def rows(name: str) -> list[tuple[str, list[str], list[str]]]:
    """The rows of a file: a question, what the answer must quote, and the documents of each source, with " + "."""
    lines = Path(__file__).with_name(f"{name}.txt").read_text("utf-8").splitlines()
    read = [line.split(" | ") for line in lines]
    return [(question, sides.split(" / "), sources) for question, sides, *sources in read]


def answered(question: str, sources: list[str]) -> Draft:
    names = "abcdefghijklmnop"
    documents = [
        Document(text, source=name, number=number)
        for name, texts in zip(names, sources, strict=False)
        for number, text in enumerate(texts.split(" + "), 1)
    ]
    fused = fuse(question_terms(question), [(each, analyze(question, each)) for each in documents])
    return extract(question, fused, numbers={})


@pytest.mark.parametrize(("question", "sides", "sources"), rows("both_sides"))
def test_both_sides_are_quoted_and_shown_as_different(question: str, sides: list[str], sources: list[str]) -> None:
    draft = answered(question, sources)
    quotes = " ".join(each.quote for each in draft.citations)
    assert [side for side in sides if side not in quotes] == []
    assert "Sources differ: " in draft.text


@pytest.mark.parametrize(("question", "sides", "sources"), rows("one_side"))
def test_what_agrees_is_not_shown_as_different(question: str, sides: list[str], sources: list[str]) -> None:
    draft = answered(question, sources)
    assert sides[0] in draft.text
    assert draft.conflicts == ()
