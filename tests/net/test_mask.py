"""Secrets are hidden however a library, a server or an error writes them, and wherever a message was cut."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from html import escape
from urllib.parse import quote, quote_plus

import pytest

from fanin.net.secrets import MASKED, Mask, Secret

KEY = "sk-ab'\"\\ é&<+%/c1\U0001f600"


@pytest.mark.parametrize(
    "text",
    [
        b64encode(b"Basic " + KEY.encode()).decode(),
        b64encode(b"x:" + KEY.encode() + b"y").decode(),
        urlsafe_b64encode(b"xx" + KEY.encode()).decode(),
        b64encode(quote(KEY, safe="").encode()).decode(),
        quote(quote(KEY, safe=""), safe=""),
        quote_plus(KEY).lower(),
        quote(json.dumps(KEY)),
        json.dumps(json.dumps(KEY)),
        json.dumps(json.dumps(KEY, ensure_ascii=False)),
        repr(repr(KEY)),
        repr(KEY.encode()),
        ascii(KEY),
        KEY.encode().decode("latin-1"),
        escape(KEY),
        KEY.replace("&", "&#38;").replace("<", "&#x3c;").replace('"', "&quot;"),
        KEY.replace("&", "&amp;").replace("<", "&lt;"),
    ],
)
def test_a_secret_is_hidden_however_libraries_write_it(text: str) -> None:
    shown = Mask([Secret(KEY)])(f"before {text} after")
    assert MASKED in shown
    # Of Base64 a letter may be left at either end, in which a few bits of the secret are.
    assert len(shown.replace(MASKED, "").replace(b64encode(b"Basic ").decode(), "")) <= len("before  after") + 8


@pytest.mark.parametrize("at", range(1, len(KEY)))
def test_a_message_that_was_cut_holds_no_piece_of_a_secret(at: int) -> None:
    mask = Mask([Secret(KEY)])
    for text in (f"It said {KEY[:at]}", f"{KEY[at:]} is wrong", f"{KEY[:at]!r} is wrong"):
        shown = mask.message(text)
        assert not any(KEY[start : start + 8] in shown for start in range(len(KEY) - 7))
    assert mask.message("nothing of it") == "nothing of it"


def test_a_number_that_is_a_secret_is_hidden() -> None:
    mask = Mask([Secret("12345678")])
    value = {"id": 12345678, "other": [1234, 0.5, True, None], "12345678": 912345678.5}
    assert mask.mask_value(value) == {"id": MASKED, "other": [1234, 0.5, True, None], MASKED: MASKED}


def test_the_lines_of_a_secret_are_hidden_one_by_one() -> None:
    assert Mask([Secret("first-line\nsecond-line\r\u200bthird-line\nd")])("a first-line second-line, third-line d") == (
        "a *** ***, *** d"
    )


def test_a_very_long_secret_costs_little(steps: Callable[..., int]) -> None:
    def hide(length: int) -> None:
        key = "".join(f"{number:x}" for number in range(length))
        mask = Mask([Secret(key)])
        assert mask(f"a {quote(key)} {key} b") == "a *** *** b"
        assert "12345" not in mask.message(f"It said {key[:500]}")

    hide(100)
    assert steps(hide, 24_000) <= 9 * steps(hide, 3_000)
