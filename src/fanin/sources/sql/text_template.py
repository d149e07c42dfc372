"""Templates with `{name}`, which use only the given values, and no attributes, indexes or calls."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Self

from fanin.errors import ConfigError, message_of

type Encode = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders: pieces of plain text, each with the name and the format of the value after it."""

    pieces: tuple[tuple[str, str | None, str], ...]

    @classmethod
    def read(cls, text: str, *, known: Collection[str] | None = None) -> Self:
        """The template in a text such as "{name} costs {price:.2f}"; `{{` and `}}` are braces.

        Raises ConfigError for anything else between braces, and for names that are not in `known`.
        """
        try:
            pieces = tuple(_piece(*parts) for parts in Formatter().parse(text))
        except ValueError as error:
            raise _config_error(text, message_of(error)) from error
        template = cls(pieces)
        if known is not None and (unknown := [name for name in template.names if name not in known]):
            raise _config_error(text, f"there is no {unknown[0]!r}; there are: {', '.join(known)}")
        return template

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its placeholders, in order."""
        return tuple(name for _, name, _ in self.pieces if name is not None)

    def fill(self, values: Mapping[str, Any], *, encode: Encode = str) -> str:
        """The text with the encoded values in place of the placeholders; None becomes "".

        Raises KeyError for a missing value, ValueError or TypeError for one that does not fit its format.
        """
        return "".join(text + (encode(_format(values[name], how)) if name else "") for text, name, how in self.pieces)


def _piece(text: str, name: str | None, spec: str | None, conversion: str | None) -> tuple[str, str | None, str]:
    spec = spec or ""
    if name is not None and (not name.isidentifier() or conversion or "{" in spec):
        raise ValueError(f"{name!r} is not a plain name")
    return text, name, spec


def _format(value: Any, spec: str) -> str:
    return "" if value is None else format(value, spec)


def _config_error(text: str, what: str) -> ConfigError:
    return ConfigError(f"The template {text!r}: {what}; fanin did not add the source. Correct it.")
