"""JSON of RFC 8259 and no more of it, within limits, and never parsed in one go that others would have to wait for."""

import json
import math
import re
from collections.abc import Iterable
from functools import partial
from json.scanner import py_make_scanner  # pyright: ignore
from typing import Any, NoReturn, cast

from fanin.errors import FailureKind
from fanin.limits import LIMITS, Limits

IN_ONE_GO = 20_000
"""Values that the parser in C takes in about 10 ms. It keeps the interpreter's lock, so that a thread does not help."""

_STEP = 16_384
"""Characters that are looked through at a time."""

_HALF = re.compile(r"[\ud800-\udfff]")
"""Half of a character that UTF-16 writes in two; nothing can print one without the other."""


class JSONLimit(ValueError):
    """A text is beyond a limit; `kind` is TOO_LARGE or TOO_DEEP."""

    def __init__(self, message: str, kind: FailureKind) -> None:
        super().__init__(message)
        self.kind = kind


def strict_json(text: str, limits: Limits = LIMITS) -> Any:
    """The value of a text. Of two values with one key the last one counts; half a character becomes U+FFFD.

    Raises ValueError for what is no JSON, NaN and infinity included, and JSONLimit beyond a limit. It takes up to a
    quarter of a second for a large text: parse what is not short off the loop.
    """
    if len(text) > limits.json_characters:
        raise JSONLimit(f"more than {limits.json_characters:,} characters", FailureKind.TOO_LARGE)
    brackets = text.count("[") + text.count("{")
    values = brackets + text.count(",")  # and whatever looks so in strings
    if values > limits.json_values:
        raise JSONLimit(f"more than {limits.json_values:,} values", FailureKind.TOO_LARGE)
    try:
        value = _decoder(values, limits).decode(text)
    except RecursionError:
        raise _too_deep(limits.json_depth) from None
    # Counting brackets is much quicker than going through the value, and settles it for most texts.
    if brackets > limits.json_depth and _deeper_than(value, limits.json_depth):
        raise _too_deep(limits.json_depth)
    return _clean_value(value) if _may_hold_surrogates(text) else value


def structure(data: bytes) -> int:
    """The brackets and commas in a text: it has hardly more values, and may have less, for strings hold some, too."""
    return data.count(b"[") + data.count(b"{") + data.count(b",")


def _decoder(values: int, limits: Limits) -> json.JSONDecoder:
    """A decoder; for many values it is the one in Python, between whose steps other threads get their turn."""
    most = limits.json_number_characters
    decoder = json.JSONDecoder(
        parse_constant=_no_number, parse_float=partial(_finite, most=most), parse_int=partial(_whole, most=most)
    )
    if values > IN_ONE_GO:
        decoder.scan_once = py_make_scanner(decoder)  # pyright: ignore
    return decoder


def _may_hold_surrogates(text: str) -> bool:
    escaped = "\\ud" in text or "\\uD" in text
    return escaped or (not text.isascii() and _HALF.search(text) is not None)


def _too_deep(most: int) -> JSONLimit:
    return JSONLimit(f"values nested deeper than {most} levels", FailureKind.TOO_DEEP)


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _whole(digits: str, *, most: int) -> int:
    return int(_of_some_length(digits, most))


def _finite(digits: str, *, most: int) -> float:
    value = float(_of_some_length(digits, most))
    if math.isinf(value):
        raise ValueError("a number that is too large")
    return value


def _of_some_length(digits: str, most: int) -> str:
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
    """The text with U+FFFD for each half of a character that UTF-16 writes in two."""
    if text.isascii():
        return text
    # Step by step, so that other threads get their turn: each half costs up to 0.3 µs.
    return "".join(_whole_step(text[start : start + _STEP]) for start in range(0, len(text), _STEP))


def _whole_step(text: str) -> str:
    if _HALF.search(text) is None:
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
