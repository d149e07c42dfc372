"""Parses JSON (RFC 8259, and as programs depart from it) within limits, and in steps that do not block threads."""

import json
import math
import re
from collections.abc import Iterable, Iterator
from functools import partial
from json.scanner import py_make_scanner  # pyright: ignore
from typing import Any, cast

from fanin.errors import FailureKind
from fanin.limits import LIMITS, Limits

C_PARSER_VALUES = 20_000
"""Values that the parser in C reads in about 10 ms. It holds the GIL, so that a thread does not help."""

_STEP = 16_384
"""Characters that are searched in one step."""

_REPAIRED = 1_000_000
"""Characters of a text that is repaired: a search through more of them would hold the GIL for too long."""

_GUARD = re.compile(r"\ufeff?\s*(?:\)\]\}'?,?|while\(1\);|for\(;;\);)?\s*")
"""Prefixes of JSON that keep browsers from running it as a script, and a byte order mark."""

_BETWEEN = re.compile(r"[\s\x1e,]*")
_NO_JSON = re.compile(
    r"""("(?:[^"\\]|\\.?)*+(?:"|\Z))|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|,(?=\s*+[\]}])""", re.DOTALL
)
"""Strings, which stay, and comments and trailing commas, which do not. What begins one always matches to its end."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""A lone surrogate: half of a character of UTF-16, which UTF-8 cannot encode."""


class JSONLimit(ValueError):
    """A text is beyond a limit; `kind` is TOO_LARGE or TOO_DEEP."""

    def __init__(self, message: str, kind: FailureKind) -> None:
        super().__init__(message)
        self.kind = kind


def bounded_json(text: str, limits: Limits = LIMITS) -> Any:
    """The value of a text. Of several values with one key the last one counts; lone surrogates become U+FFFD.

    What programs write though JSON has it not is read: NaN and infinity as null, several objects or lists one after
    another as a list of them, a mark before the text, line ends in strings, comments, and commas at the end of a list.
    Raises ValueError for anything else that is not JSON, and JSONLimit beyond a limit. It takes up to a quarter of a
    second for a large text: do not call it on the event loop for long ones.
    """
    if len(text) > limits.json_characters:
        raise JSONLimit(f"more than {limits.json_characters:,} characters", FailureKind.TOO_LARGE)
    brackets = text.count("[") + text.count("{")
    values = brackets + text.count(",")  # or more, since strings are counted too
    if values > limits.json_values:
        raise JSONLimit(f"more than {limits.json_values:,} values", FailureKind.TOO_LARGE)
    try:
        value = _value(text, _decoder(values, limits))
    except RecursionError:
        raise _too_deep(limits.json_depth) from None
    # Counting brackets is much faster than walking through the value, and sufficient for most texts.
    if brackets > limits.json_depth and _deeper_than(value, limits.json_depth):
        raise _too_deep(limits.json_depth)
    return _clean_value(value) if _may_hold_surrogates(text) else value


def _value(text: str, decoder: json.JSONDecoder) -> Any:
    try:
        return decoder.decode(text)
    except JSONLimit:
        raise
    except ValueError:
        if len(text) <= _REPAIRED:
            text = _NO_JSON.sub(lambda found: found[1] or "", text)
        values = list(_values(text, decoder))
        if len(values) == 1:
            return values[0]
        if not values or not all(isinstance(each, (dict, list)) for each in values):
            raise
        return values


def _values(text: str, decoder: json.JSONDecoder) -> Iterator[Any]:
    """The JSON values of a text that has several in a row. Raises ValueError if it has anything else."""
    at = _end(_GUARD, text, 0)
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        yield value
        at = _end(_BETWEEN, text, at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a pattern that matches anything ends."""
    found = pattern.match(text, at)
    return found.end() if found else at


def count_structure(data: bytes) -> int:
    """The number of brackets and commas in a text, an estimate of its values (those in strings are counted too)."""
    return data.count(b"[") + data.count(b"{") + data.count(b",")


def _decoder(values: int, limits: Limits) -> json.JSONDecoder:
    """A decoder; for many values it is the one in Python, which other threads can interrupt."""
    most = limits.json_number_characters
    decoder = json.JSONDecoder(
        strict=False,
        parse_constant=lambda _: None,
        parse_float=partial(_parse_float, most=most),
        parse_int=partial(_parse_int, most=most),
    )
    if values > C_PARSER_VALUES:
        decoder.scan_once = py_make_scanner(decoder)  # pyright: ignore
    return decoder


def _may_hold_surrogates(text: str) -> bool:
    escaped = "\\ud" in text or "\\uD" in text
    return escaped or (not text.isascii() and _SURROGATE.search(text) is not None)


def _too_deep(most: int) -> JSONLimit:
    return JSONLimit(f"values nested deeper than {most} levels", FailureKind.TOO_DEEP)


def _parse_int(digits: str, *, most: int) -> int:
    return int(_check_length(digits, most))


def _parse_float(digits: str, *, most: int) -> float | None:
    value = float(_check_length(digits, most))
    return None if math.isinf(value) else value


def _check_length(digits: str, most: int) -> str:
    if len(digits) > most:
        raise JSONLimit(f"a number of more than {most:,} characters", FailureKind.TOO_LARGE)
    return digits


def _deeper_than(value: Any, levels: int) -> bool:
    level: list[Any] = [value]
    for _ in range(levels):
        level = [inner for each in level for inner in _children(each) if isinstance(inner, (dict, list))]
        if not level:
            return False
    return True


def _children(value: Any) -> Iterable[Any]:
    match value:
        case dict():
            return cast("dict[str, Any]", value).values()
        case list():
            return cast("list[Any]", value)
        case _:
            return ()


def without_surrogates(text: str) -> str:
    """The text with U+FFFD in place of each lone surrogate, which JSON can hold and UTF-8 cannot."""
    if text.isascii():
        return text
    # In steps, so that other threads can run: each surrogate costs up to 0.3 µs.
    return "".join(_clean_step(text[start : start + _STEP]) for start in range(0, len(text), _STEP))


def _clean_step(text: str) -> str:
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _clean_value(value: Any) -> Any:
    match value:
        case str():
            return without_surrogates(value)
        case dict():
            pairs = cast("dict[str, Any]", value).items()
            return {_clean_value(key): _clean_value(each) for key, each in pairs}
        case list():
            return [_clean_value(each) for each in cast("list[Any]", value)]
        case _:
            return value
