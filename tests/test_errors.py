"""What an exception says, made safe to show."""

import re
import time
from pathlib import Path

import pytest

import fanin
from fanin.errors import LONGEST_MESSAGE, RateLimited, SourceError, describe, message_of
from fanin.sanitize import line

KEY = "sk-SECRETKEY12345é"


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def nested(error: Exception) -> Exception:
    return ExceptionGroup("outer", [ExceptionGroup("inner", [error]), ValueError("second")])


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("no number"), "ValueError: no number"),
        (ValueError(), "ValueError"),
        (KeyError("query"), "KeyError: 'query'"),
        (SourceError("It is down.", "down"), "It is down."),
        (SourceError(""), "SourceError"),
        (RateLimited("Too many.", 3.0), "Too many."),
        (Mute(), "Mute: (its message raised RuntimeError)"),
        (nested(OSError("broken")), "OSError: broken"),
        (ValueError("one\r\ntwo\n\n three"), "ValueError: one two three"),
        (
            ValueError("\x1b[31mred\x1b]0;title\x07 \u202eturned\u2066 hid\u200bden \x00\x9b"),
            "ValueError: red turned hidden",
        ),
        (SourceError("half \ud800 a \x07character"), "half \ufffd a character"),
        (OSError("at postgresql://user:pass@host/name"), "OSError: at postgresql://***@host/name"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_exception_says_its_message_and_nothing_that_hides_or_commands(error: Exception, text: str) -> None:
    assert describe(error) == text


def test_the_arguments_of_an_exception_are_not_its_message() -> None:
    with pytest.raises(UnicodeEncodeError) as caught:
        KEY.encode("ascii")
    assert KEY in repr(caught.value)
    assert "SECRETKEY" not in describe(caught.value)
    assert "ordinal not in range" in describe(caught.value)


def test_a_message_is_cut_and_never_through_a_secret() -> None:
    for before in range(LONGEST_MESSAGE - 40, LONGEST_MESSAGE):
        text = describe(ValueError("x" * before + KEY), mask=lambda told: told.replace(KEY, "***"))
        assert len(text) <= LONGEST_MESSAGE
        assert "sk-" not in text


def test_an_endless_message_costs_no_more_than_a_long_one() -> None:
    began = time.perf_counter()
    assert len(describe(ValueError("\x1b]" * 10_000_000))) <= LONGEST_MESSAGE
    assert len(message_of(ValueError("://" + "a" * 10_000_000))) == LONGEST_MESSAGE
    assert time.perf_counter() - began < 2.0


def test_a_line_is_as_long_as_it_may_be() -> None:
    assert line("a" * 9, limit=9) == "a" * 9
    assert line("a" * 10, limit=9) == "a" * 8 + "…"


MADE_ELSEWHERE = re.compile(
    r"\{(\w*(error|failure|raised|exc|exception|cause|deeper))!r"
    r"|repr\((error|failure|raised|exc)\)|%r.*, (error|failure)\)"
)


def test_no_module_shows_the_repr_of_an_exception() -> None:
    root = Path(fanin.__file__).parent
    found = [
        f"{path.relative_to(root)}: {each[0]}"
        for path in root.rglob("*.py")
        for each in MADE_ELSEWHERE.finditer(path.read_text("utf-8"))
    ]
    assert not found
