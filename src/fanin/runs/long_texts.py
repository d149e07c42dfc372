"""Takes long texts out of JSON values, so that each is kept once, and puts them back in (pure)."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, cast

LONG = 500
"""Characters from which a text is kept apart: a reference to one takes about 30."""

_KEY = "$text"


class LongTexts:
    """The long texts of one run, each once, in the order in which they were first met."""

    def __init__(self) -> None:
        self.texts: dict[bytes, str] = {}
        self._places: dict[str, int] = {}

    def take_out(self, value: Any) -> Any:
        """The value with `{"$text": N}` in place of each long text, the N-th from 0; other keys like that get a "$"."""
        kind = cast("type[object]", type(value))
        if kind is dict:
            members = cast("dict[str, Any]", value).items()
            return {key if key[:1] != "$" else _escaped(key): self.take_out(each) for key, each in members}
        if kind is list:
            return [*map(self.take_out, cast("list[Any]", value))]
        if isinstance(value, str) and len(value) >= LONG:
            return {_KEY: self._place(value)}
        return value

    def _place(self, text: str) -> int:
        if (place := self._places.get(text)) is None:
            place = self._places[text] = len(self.texts)
            self.texts[digest(text)] = text
        return place


def put_in(value: Any, texts: Sequence[str]) -> Any:
    """The value of which `take_out` made this one."""
    match value:
        case {"$text": int() as place}:
            return texts[place]
        case dict():
            members = cast("dict[str, Any]", value).items()
            return {_unescaped(key): put_in(each, texts) for key, each in members}
        case list():
            return [put_in(each, texts) for each in cast("list[Any]", value)]
        case _:
            return value


def digest(text: str) -> bytes:
    """What names a text: its SHA-256."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _escaped(key: str) -> str:
    return f"${key}" if key.lstrip("$") == "text" and key.startswith("$") else key


def _unescaped(key: str) -> str:
    return key[1:] if key.lstrip("$") == "text" and key.startswith("$$") else key
