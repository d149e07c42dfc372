"""Parses strict JSON (RFC 8259) within limits, and in steps, so that other threads are not blocked."""

import json
import math
import re
from collections.abc import Iterable
from functools import partial
from json.scanner import py_make_scanner  # pyright: ignore
from typing import Any, NoReturn, cast

from fanin.errors import FailureKind
from fanin.limits import LIMITS, Limits

C_PARSER_VALUES = 20_000
"""Values that the parser in C reads in about 10 ms. It holds the GIL, so that a thread does not help."""

_STEP = 16_384
"""Characters that are searched in one step."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""A lone surrogate: half of a character of UTF-16, which UTF-8 cannot encode."""


class JSONLimit(ValueError):
    """A text is beyond a limit; `kind` is TOO_LARGE or TOO_DEEP."""

    def __init__(self, message: str, kind: FailureKind) -> None:
        super().__init__(message)
        self.kind = kind


def strict_json(text: str, limits: Limits = LIMITS) -> Any:
    """The value of a text. Of several values with one key the last one counts; lone surrogates become U+FFFD.

    Raises ValueError for what is not JSON, also for NaN and infinity, and JSONLimit beyond a limit. It takes up to a
    quarter of a second for a large text: do not call it on the event loop for long ones.
    """
    if len(text) > limits.json_characters:
        raise JSONLimit(f"more than {limits.json_characters:,} characters", FailureKind.TOO_LARGE)
    brackets = text.count("[") + text.count("{")
    values = brackets + text.count(",")  # or more, since strings are counted too
    if values > limits.json_values:
        raise JSONLimit(f"more than {limits.json_values:,} values", FailureKind.TOO_LARGE)
    try:
        value = _decoder(values, limits).decode(text)
    except RecursionError:
        raise _too_deep(limits.json_depth) from None
    # Counting brackets is much faster than walking through the value, and sufficient for most texts.
    if brackets > limits.json_depth and _deeper_than(value, limits.json_depth):
        raise _too_deep(limits.json_depth)
    return _clean_value(value) if _may_hold_surrogates(text) else value


def count_structure(data: bytes) -> int:
    """The number of brackets and commas in a text, an estimate of its values (those in strings are counted too)."""
    return data.count(b"[") + data.count(b"{") + data.count(b",")


def _decoder(values: int, limits: Limits) -> json.JSONDecoder:
    """A decoder; for many values it is the one in Python, which other threads can interrupt."""
    most = limits.json_number_characters
    decoder = json.JSONDecoder(
        parse_constant=_reject_constant,
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


def _reject_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON number")


def _parse_int(digits: str, *, most: int) -> int:
    return int(_check_length(digits, most))


def _parse_float(digits: str, *, most: int) -> float:
    value = float(_check_length(digits, most))
    if math.isinf(value):
        raise ValueError("a number that is too large")
    return value


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
