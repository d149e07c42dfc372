"""What of a JSON reply is an item, and what of an item is a document: JMESPath expressions, read once (no network)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from reprlib import Repr
from typing import Any, Self, cast

from fanin import lazy
from fanin.errors import ConfigError, message_of
from fanin.model import JSON, Document
from fanin.sources.feeds.feed_dates import iso_8601
from fanin.sources.feeds.feed_entry import LONGEST_LINE, address, plain
from fanin.sources.json_documents import facts, sound

_MILLISECONDS = 1e11
"""Seconds of the year 5138: a number beyond it counts milliseconds, as JavaScript does."""

briefly = Repr(maxstring=200, maxother=80).repr
"""A value as it may stand in an error, however large it is."""

_MOST_FACTS, _LONGEST_FACT = 50, 500


@dataclass(frozen=True, slots=True)
class Expression:
    """A JMESPath expression (jmespath.org); one without text finds nothing."""

    text: str
    parsed: Any

    @classmethod
    def read(cls, text: str, *, key: str) -> Self:
        """The expression; raises ConfigError that names the key and where the mistake is."""
        # 20 ms to load, and only for sources of this kind.
        from jmespath import compile as compiled  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
        from jmespath.exceptions import JMESPathError  # pyright: ignore[reportMissingTypeStubs]

        try:
            return cls(text, compiled(text).parsed if text else None)
        except (JMESPathError, RecursionError) as error:
            told = message_of(error)
            raise ConfigError(
                f"{key} = {text!r} is no JMESPath expression: {told}; fanin did not add the source. Correct it."
            ) from None

    def find(self, value: JSON) -> JSON:
        """What it finds in a value, None for nothing; raises ValueError when a function does not fit what is there."""
        if self.parsed is None:
            return None
        return lazy.jmespath_limits.evaluated(self.parsed, value)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a reply is read. Without `items` the reply itself is the item, or the list of them; `html` is of the text."""

    items: Expression
    text: Expression
    title: Expression
    link: Expression
    published: Expression
    html: bool

    def found(self, reply: JSON) -> Sequence[JSON] | None:
        """The items of a reply; None when nothing stands where they should be. Raises ValueError for a mere value."""
        match self.items.find(reply) if self.items.text else reply:
            case None:
                return None
            case list() as items:
                return items
            case Mapping() as item:
                return (cast("JSON", item),)
            case other:
                raise ValueError(f"{briefly(other)[:80]} is no list of items")

    def document(self, item: JSON, *, base: str) -> Document | None:
        """The item as a document, or None when it has no text; its plain values are metadata.

        Raises ValueError for a title, link or date that is a list or an object.
        """
        text = _text(self.text.find(item) if self.text.text else item)
        if not text.strip():
            return None
        return Document(
            text,
            title=plain(_line("title", self.title.find(item))),
            url=address(base, _line("link", self.link.find(item))),
            published=instant(self.published.find(item)),
            media_type="text/html" if self.html else "text/plain",
            metadata=_plain_values(item),
        )


def instant(value: JSON) -> str:
    """A date as ISO 8601: from that, from an e-mail's date, or from seconds or milliseconds since 1970; else ""."""
    told = _line("date", value)
    try:
        number = float(told)
    except ValueError:
        return iso_8601(told)
    if told.isdigit() and len(told) in (4, 8):
        return iso_8601(told)
    try:
        return datetime.fromtimestamp(number / 1000 if abs(number) > _MILLISECONDS else number, UTC).isoformat()
    except ValueError, OverflowError, OSError:
        return ""


def _text(found: JSON) -> str:
    match found:
        case str():
            return sound(found)
        case list() if all(isinstance(each, str) for each in cast("Iterable[object]", found)):
            return sound("\n".join(cast("list[str]", found)))
        case _:
            return facts(found)


def _line(what: str, value: JSON) -> str:
    match value:
        case None:
            return ""
        case str():
            return sound(value[:LONGEST_LINE]).strip()
        case int() | float():
            return str(value)
        case _:
            raise ValueError(f"its {what} is {briefly(value)[:80]}, which is no text")


def _plain_values(item: JSON) -> Mapping[str, JSON]:
    """What an item says in plain values, which templates can name."""
    if not isinstance(item, Mapping):
        return {}
    told = {key: each for key, each in item.items() if _is_plain(each)}
    return dict(islice(told.items(), _MOST_FACTS))


def _is_plain(value: JSON) -> bool:
    return isinstance(value, (bool, int, float)) or (isinstance(value, str) and 0 < len(value) <= _LONGEST_FACT)
