"""JSON from bytes that may be anything: RFC 8259 and no more of it, no deeper than `MAX_DEPTH`."""

import json
import math
import re
from collections.abc import Iterable
from typing import Any, NoReturn, cast

from yarl import URL

from fanin.errors import SourceError
from fanin.net.body.text import known
from fanin.net.failures import called

MAX_DEPTH = 100
"""Lists and objects within each other; RELIABILITY's figure, far beyond what any API nests."""

MOST_VALUES = 1_000_000
"""Values in one answer: each costs up to 240 bytes, while `[],` is sent in three."""

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a character that UTF-16 writes in two; one without the other is none, and nothing can print it."""


def decode_json(body: bytes, *, charset: str = "", url: URL | str) -> Any:
    """What the bytes say in JSON, which is UTF-8 (RFC 8259) unless only the declared charset can read it.

    Raises SourceError (kind "not_json", "too_deep" or "too_large"). Of two values with one key the last one counts.
    """
    try:
        text = _text(body, charset)
        brackets = text.count("[") + text.count("{")
        if brackets + text.count(",") > MOST_VALUES:
            raise _too_much(f"more than {MOST_VALUES:,} values", "too_large", url)
        value = _STRICT.decode(text)
    except (ValueError, LookupError, RecursionError) as error:
        failure = _not_json(url, body, error)
    else:
        # Counting brackets is much quicker than going through the value, and settles it for most answers.
        if brackets > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
            raise _too_much(f"values nested deeper than {MAX_DEPTH} levels", "too_deep", url)
        return _without_halves(value) if "\\u" in text and _HALF.search(text) else value
    # Not from within `except`: the error of the parser would tell all of the body.
    raise failure


def _text(body: bytes, charset: str) -> str:
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        if (name := known(charset)) is None:
            raise
    return body.decode(name)


def _too_much(what: str, kind: str, url: URL | str) -> SourceError:
    return SourceError(
        f"It answered with JSON of {what} ({called(url)}); fanin did not use it. Ask it for less, or check that the"
        " address is that of the API.",
        kind=kind,
    )


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError("a number that is too large")
    return value


_STRICT = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite)


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


def _without_halves(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            pairs = cast("dict[str, Any]", value).items()
            return {_without_halves(key): _without_halves(each) for key, each in pairs}
        case list():
            return [_without_halves(each) for each in cast("list[Any]", value)]
        case _:
            return value


def _not_json(url: URL | str, body: bytes, error: Exception) -> SourceError:
    start = body[:60].decode("utf-8", "replace")
    return SourceError(
        f"It answered with something that is not JSON, {start!r} ({type(error).__name__}, {called(url)}); fanin did"
        " not use it. Check that the address is that of the API.",
        kind="not_json",
    )
