"""Maps a row to a document: the columns for its text, title, link and date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, cast
from urllib.parse import quote

from fanin.bounded_json import without_surrogates
from fanin.errors import FailureKind, SourceError, message_of
from fanin.model import JSON, Document
from fanin.sources.json_documents import as_lines, jsonable
from fanin.sources.sql.text_template import Template


@dataclass(frozen=True, slots=True)
class RowMapping:
    """A template for each part of a document; without one the part is empty, and the text has all other columns."""

    text: Template | None
    title: Template | None
    link: Template | None
    published: Template | None

    @classmethod
    def read(cls, text: str, title: str, link: str, published: str) -> Self:
        """The mapping in these settings, each a column's name or a text with `{column}` in it."""
        return cls(*(_template(each) for each in (text, title, link, published)))

    @property
    def names(self) -> set[str]:
        """The columns in its templates."""
        parts = (self.text, self.title, self.link, self.published)
        return {name for part in parts if part is not None for name in part.names}

    def check(self, columns: Sequence[str]) -> None:
        """Raise SourceError (kind "columns") unless the query gives all columns of the templates."""
        if missing := sorted(self.names - set(columns)):
            raise SourceError(
                f"The query gives no column {missing[0]!r}; fanin took nothing from it. It gives:"
                f" {', '.join(columns)}. Name one of these, or let the query give it.",
                FailureKind.COLUMNS,
            )

    def document(self, row: Mapping[str, Any]) -> Document:
        """The document for a row; columns that are in no template become its metadata."""
        used = self.names
        values = {name: jsonable(value) for name, value in row.items()}
        others = {name: value for name, value in values.items() if name not in used}
        shown = {name: values[name] if isinstance(row[name], bytes) else row[name] for name in used}
        return Document(
            _fill(self.text, shown) if self.text else _text_of(others),
            title=_fill(self.title, shown),
            url=_fill(self.link, shown, address=True),
            published=_fill(self.published, values),
            metadata=others,
        )


def _text_of(values: Mapping[str, JSON]) -> str:
    try:
        return as_lines(values)
    except ValueError as error:
        raise SourceError(
            f"A row cannot be written as text: {error}; fanin stopped reading. Set its `text` in the settings.",
            FailureKind.TOO_LARGE,
        ) from error


def characters(value: Any) -> int:
    """The number of characters and bytes of the texts in a row or a cell."""
    match value:
        case str() | bytes():
            return len(value)
        case Mapping():
            return sum(characters(each) for pair in cast("Mapping[Any, Any]", value).items() for each in pair)
        case list() | tuple():
            return sum(map(characters, cast("Sequence[Any]", value)))
        case _:
            return 0


def _template(setting: str) -> Template | None:
    if not setting:
        return None
    return Template.read(setting) if "{" in setting else Template((("", setting, ""),))


def _fill(template: Template | None, values: Mapping[str, Any], *, address: bool = False) -> str:
    if template is None:
        return ""
    is_column = len(template.pieces) == 1 and not template.pieces[0][0]
    encode = partial(quote, safe="") if address and not is_column else str
    try:
        return without_surrogates(template.fill(values, encode=encode))
    except (ValueError, TypeError) as error:
        raise SourceError(
            f"A row does not fit its template: {message_of(error)}; fanin stopped reading. Correct the format in the"
            " settings.",
            FailureKind.COLUMNS,
        ) from error
