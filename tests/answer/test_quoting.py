"""How a quote reads in an answer."""

import pytest

from fanin.answer.quoting import as_answered, quoted_parts, without_marks


@pytest.mark.parametrize(
    ("quote", "reads"),
    [
        ("One line.", "One line."),
        ("One\n  wrapped   line.", "One wrapped line."),
        ("You need:\n- a rope\n- a torch", "You need: a rope; a torch"),
        ("You need:\n\n1. You need: a rope\n2. You need: a\n   torch", "You need: a rope; a torch"),
        ("Do it. You need:\n- You need: a rope", "Do it. You need: a rope"),
        ("Turn it off.\n2) Wait.", "Turn it off. Wait."),
        ("* salt: a pinch\n* oil", "salt: a pinch; oil"),
        ("It takes 5 - 10 minutes.", "It takes 5 - 10 minutes."),
    ],
)
def test_a_list_is_told_in_one_line_without_marks(quote: str, reads: str) -> None:
    assert without_marks(quote) == reads


@pytest.mark.parametrize(
    ("quote", "parts", "reads"),
    [
        ("Run:\n\n```sh\nmake\n```", ["Run:", "make"], "Run: make"),
        ("Run it with\n```\nmake\nrun\n```", ["Run it with", "make\nrun"], "Run it with:\nmake\nrun"),
        ("~~~\n  a\n    b\n~~~\nis it.", ["  a\n    b", "is it."], "a\n  b\nis it."),
        ("1. Do:\n   ```\n   make\n   ```\n2. Wait.", ["1. Do:", "make", "2. Wait."], "Do: make\nWait."),
        ("Run:\n```sh\nmake", ["Run:", "make"], "Run: make"),
        ("Empty:\n```\n```\nend.", ["Empty:", "end."], "Empty: end."),
    ],
)
def test_code_is_told_as_it_stands_without_its_fences(quote: str, parts: list[str], reads: str) -> None:
    found = quoted_parts(quote)
    assert [quote[start:end] for start, end, _ in found] == parts
    assert as_answered(quote, found) == reads
