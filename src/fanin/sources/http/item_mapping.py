"""Maps a JSON reply to items, and items to documents, by JMESPath expressions that are parsed once (no network)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from reprlib import Repr
from typing import Any, Self, cast

from fanin import lazy
from fanin.bounded_json import without_surrogates
from fanin.errors import ConfigError, message_of
from fanin.limits import LIMITS, Limits
from fanin.model import JSON, Document
from fanin.sources.feeds.feed_entry import LONGEST_LINE, absolute_url, plain_title
from fanin.sources.json_documents import as_lines
from fanin.text.dates.date_reading import read_date

_MILLISECONDS = 1e11
"""The year 5138 in seconds: a larger number counts milliseconds, as in JavaScript."""

short_repr = Repr(maxstring=200, maxother=80).repr
"""A short form of any value, for an error message."""

_MOST_FACTS, _LONGEST_FACT = 50, 500


@dataclass(frozen=True, slots=True)
class Expression:
    """A JMESPath expression (jmespath.org), evaluated in so many steps at most; an empty one finds nothing."""

    text: str
    parsed: Any
    steps: int

    @classmethod
    def read(cls, text: str, *, key: str, limits: Limits = LIMITS) -> Self:
        """The parsed expression. Raises ConfigError with the key and the position of the mistake."""
        # 20 ms to load, and only for sources of this kind.
        from jmespath import compile as compiled  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
        from jmespath.exceptions import JMESPathError  # pyright: ignore[reportMissingTypeStubs]

        try:
            return cls(text, compiled(text).parsed if text else None, limits.expression_steps)
        except (JMESPathError, RecursionError) as error:
            mistake = message_of(error)
            raise ConfigError(
                f"{key} = {text!r} is not a JMESPath expression: {mistake}; fanin did not add the source. Correct it."
            ) from None

    def find(self, value: JSON, *, quoted: bool = False) -> JSON:
        """What it finds in a value, or None. Raises ValueError if a function of it gets a value of the wrong type.

        `quoted`: what it joins behind a "=" is quoted, as in an address.
        """
        if self.parsed is None:
            return None
        return lazy.jmespath_limits.evaluate(self.parsed, value, most=self.steps, quoted=quoted)


@dataclass(frozen=True, slots=True)
class ItemMapping:
    """Where items and their fields are. Without `items` the reply is the item or their list; `html`: texts are HTML."""

    items: Expression
    text: Expression
    title: Expression
    link: Expression
    published: Expression
    html: bool

    def select_items(self, reply: JSON) -> Sequence[JSON] | None:
        """The items of a reply; None if there is nothing at their place. Raises ValueError for a plain value there."""
        match self.items.find(reply) if self.items.text else reply:
            case None:
                return None
            case list() as items:
                return items
            case Mapping() as item:
                return (cast("JSON", item),)
            case other:
                raise ValueError(f"{short_repr(other)[:80]} is no list of items")

    def document(self, item: JSON, *, base: str) -> Document | None:
        """The item as a document, or None if it has no text; its plain values become metadata.

        Raises ValueError for a title, link or date that is a list or an object.
        """
        text = _text(self.text.find(item) if self.text.text else item)
        if not text.strip():
            return None
        return Document(
            text,
            title=plain_title(_line("title", self.title.find(item))),
            url=absolute_url(base, _line("link", self.link.find(item))),
            published=parse_date(self.published.find(item)),
            media_type="text/html" if self.html else "text/plain",
            metadata=_plain_values(item),
        )


def parse_date(value: JSON) -> str:
    """A date in ISO 8601, from ISO 8601, an e-mail date, or seconds or milliseconds since 1970; else ""."""
    text = _line("date", value)
    try:
        number = float(text)
    except ValueError:
        return read_date(text)
    if text.isdigit() and len(text) in (4, 8):
        return read_date(text)
    try:
        return datetime.fromtimestamp(number / 1000 if abs(number) > _MILLISECONDS else number, UTC).isoformat()
    except ValueError, OverflowError, OSError:
        return ""


def _text(found: JSON) -> str:
    match found:
        case str():
            return without_surrogates(found)
        case list() if all(isinstance(each, str) for each in cast("Iterable[object]", found)):
            return without_surrogates("\n".join(cast("list[str]", found)))
        case _:
            return as_lines(found)


def _line(what: str, value: JSON) -> str:
    match value:
        case None:
            return ""
        case str():
            return without_surrogates(value[:LONGEST_LINE]).strip()
        case int() | float():
            return str(value)
        case _:
            raise ValueError(f"its {what} is {short_repr(value)[:80]}, which is not a text")


def _plain_values(item: JSON) -> Mapping[str, JSON]:
    """The fields of an item that are plain values, not lists or objects."""
    if not isinstance(item, Mapping):
        return {}
    plain = {key: each for key, each in item.items() if _is_plain(each)}
    return dict(islice(plain.items(), _MOST_FACTS))


def _is_plain(value: JSON) -> bool:
    return isinstance(value, (bool, int, float)) or (isinstance(value, str) and 0 < len(value) <= _LONGEST_FACT)
