"""The question of a row: a column, or a text with places for columns."""

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

from fanin.arguments import suggest
from fanin.errors import ConfigError

COLUMN = "question"
"""The column that holds the question unless something else is said."""

_NOTHING = "fanin asked nothing"


class QuestionTemplate:
    """Makes the question of a row, from "column" or from "{company} news"; "{{" is a brace. Raises ConfigError.

    Errors name the option as it is `called`.
    """

    def __init__(self, template: str = COLUMN, *, called: str = "--question") -> None:
        self._parts = _parts(template if "{" in template else f"{{{template}}}", called)
        self.columns: Sequence[str] = [name for _, name in self._parts if name]

    def question(self, values: Mapping[str, Any]) -> str:
        """The question of a row with these values. Raises ValueError where a column is missing or all is empty."""
        for name in self.columns:
            if name not in values:
                raise ValueError(f"It has no column {name!r}. {suggest(name, list(values))}")
        given = [values[name] for name in self.columns]
        if not any(each is not None and str(each).strip() for each in given):
            raise ValueError(f"Nothing stands in {' and '.join(map(repr, self.columns))}.")
        return "".join(text + ("" if not name else _text(values[name])) for text, name in self._parts).strip()


def _parts(template: str, called: str) -> Sequence[tuple[str, str]]:
    try:
        parts = [(text, name, spec, conversion) for text, name, spec, conversion in Formatter().parse(template)]
    except ValueError as error:
        raise ConfigError(
            f"{called} {template!r}: {error}; {_NOTHING}. Write columns in braces, and a brace twice: {{{{."
        ) from error
    if any(spec or conversion or name == "" for _, name, spec, conversion in parts):
        raise ConfigError(
            f'{called} {template!r}: more than names of columns; {_NOTHING}. Write it as in "{{city}} news".'
        )
    if not any(name for _, name, _, _ in parts):
        raise ConfigError(f'{called} {template!r} has no column; {_NOTHING}. Write it as in "{{city}} news".')
    return [(text, name or "") for text, name, _, _ in parts]


def _text(value: object) -> str:
    return "" if value is None else str(value)
