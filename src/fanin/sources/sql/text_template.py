"""Texts with `{name}` in them, that only ever take the values given: no attribute, index or call can be reached."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Self

from fanin.errors import ConfigError, message_of

type Encode = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Template:
    """A text with places for values: pieces of plain text, each with the name and the format of what follows it."""

    pieces: tuple[tuple[str, str | None, str], ...]

    @classmethod
    def read(cls, text: str, *, known: Collection[str] | None = None) -> Self:
        """The template in a text such as "{name} costs {price:.2f}"; `{{` and `}}` are braces.

        Raises ConfigError for anything else between braces, and for names that are not among the `known`.
        """
        try:
            pieces = tuple(_piece(*parts) for parts in Formatter().parse(text))
        except ValueError as error:
            raise _mistake(text, message_of(error)) from error
        template = cls(pieces)
        if known is not None and (strange := [name for name in template.names if name not in known]):
            raise _mistake(text, f"there is no {strange[0]!r}; there are: {', '.join(known)}")
        return template

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the values that it takes, in order."""
        return tuple(name for _, name, _ in self.pieces if name is not None)

    def fill(self, values: Mapping[str, Any], *, encode: Encode = str) -> str:
        """The text with the values in their places, each encoded; None leaves its place empty.

        Raises KeyError for a value that is not there, ValueError or TypeError for one that its format does not fit.
        """
        return "".join(text + (encode(_shown(values[name], how)) if name else "") for text, name, how in self.pieces)


def _piece(text: str, name: str | None, how: str | None, conversion: str | None) -> tuple[str, str | None, str]:
    how = how or ""
    if name is not None and (not name.isidentifier() or conversion or "{" in how):
        raise ValueError(f"{name!r} is no plain name")
    return text, name, how


def _shown(value: Any, how: str) -> str:
    return "" if value is None else format(value, how)


def _mistake(text: str, what: str) -> ConfigError:
    return ConfigError(f"The template {text!r}: {what}; fanin did not add the source. Correct it.")
