"""What a terminal or a reader gets to see of a text by a stranger, and of an error."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import LONGEST_MESSAGE, SourceError, describe, message_of
from fanin.sanitize import UNSAFE, block, line

HOSTILE = st.sampled_from(
    ["\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\r\n", "\x85", "\u202e", "\u200b", "\ud800", "\t"]
)
TEXTS = st.lists(HOSTILE | st.text(max_size=20), max_size=12).map("".join)


@given(TEXTS)
def test_a_harmless_text_has_nothing_that_commands_or_hides_and_stays_as_it_is(text: str) -> None:
    harmless = block(text)
    assert re.findall(f"[{UNSAFE}\ud800-\udfff]", harmless) == []
    assert [letter for letter in harmless if unicodedata.category(letter) == "Cc"] == ["\n"] * harmless.count("\n")
    assert block(harmless) == harmless
    harmless.encode()


@given(TEXTS, st.integers(1, 50))
def test_a_text_on_one_line_has_no_end_of_line_and_no_more_characters_than_it_may(text: str, limit: int) -> None:
    seen = line(text, limit=limit)
    assert seen.splitlines() == [seen][: len(seen)]
    assert len(seen) <= limit
    assert seen == " ".join(seen.split())


@given(st.from_regex(r"[a-z .]{0,60}", fullmatch=True))
def test_a_plain_line_stays_as_it_is(text: str) -> None:
    plain = " ".join(text.split())
    assert (block(text), line(plain, limit=len(plain) + 1), line(plain, limit=len(plain))) == (text, plain, plain)


@given(TEXTS, st.sampled_from([ValueError, OSError, SourceError, KeyError]))
def test_an_error_is_told_on_one_short_line_and_never_as_a_group(text: str, kind: type[Exception]) -> None:
    seen = describe(ExceptionGroup("several", [kind(text)]))
    assert seen == describe(kind(text))
    assert len(seen) <= LONGEST_MESSAGE
    assert seen == line(seen)
    assert message_of(kind(text)) in seen


@given(TEXTS, st.from_regex(r"[a-z]{1,9}:[a-z0-9]{1,20}", fullmatch=True))
def test_a_password_in_an_address_is_never_told(text: str, login: str) -> None:
    assert f"https://{login}@" not in describe(ValueError(f"{text} https://{login}@example.com/"))
