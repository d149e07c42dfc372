"""Texts that nobody may read: a type that prints as `***`, and a mask that hides what it holds in everything else."""

import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any, Never, Self, cast, override

from fanin.errors import ConfigError

STARS = "***"

SHORTEST = 4
"""Characters that a secret needs for being hidden inside other texts: fewer would stand in many innocent ones."""

_FILLING = re.compile(r"\$(?:\$|\{([^{}]*)\})")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Secret:
    """A text that prints as `***`; only `reveal()` gives it. It cannot be pickled or written as JSON.

    `parts` are what is secret in it; all of it when none are named.
    """

    __slots__ = ("_parts", "_text")

    def __init__(self, text: str, *, parts: Iterable[str] = ()) -> None:
        self._text = text
        self._parts = tuple(part for part in parts if part) or (text,)

    def reveal(self) -> str:
        """The text itself: for the wire only."""
        return self._text

    def reveal_parts(self) -> tuple[str, ...]:
        """What is secret in it: for hiding it elsewhere."""
        return self._parts

    @override
    def __repr__(self) -> str:
        return STARS

    __str__ = __repr__

    @override
    def __format__(self, spec: str) -> str:
        return format(STARS, spec)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(_bytes(self), _bytes(other))

    @override
    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    @override
    def __reduce_ex__(self, _: object) -> Never:
        raise TypeError("A secret cannot be pickled; fanin keeps it in this process. Send the name of its variable.")


def revealed(texts: Iterable[str | Secret]) -> tuple[list[str], tuple[Secret, ...]]:
    """The texts for the wire, and those among them that are secret."""
    known = tuple(texts)
    plain = [each.reveal() if isinstance(each, Secret) else each for each in known]
    return plain, tuple(each for each in known if isinstance(each, Secret))


def _bytes(secret: Secret) -> bytes:
    return secret.reveal().encode("utf-8", "surrogatepass")


def filled(text: str, *, environ: Mapping[str, str], folder: Path | None = None) -> str | Secret:
    """The text with each `${NAME}` from `environ` and each `${file:PATH}` from a file (`folder` is where paths start).

    A text that takes in anything is a Secret. `$$` stands for one `$`. Raises ConfigError for what is not there.
    """
    parts: list[str] = []

    def fill(match: re.Match[str]) -> str:
        if match[1] is None:
            return "$"
        parts.append(looked_up(match[1], environ, folder or Path()))
        return parts[-1]

    whole = _FILLING.sub(fill, text)
    return Secret(whole, parts=parts) if parts else whole


def looked_up(name: str, environ: Mapping[str, str], folder: Path) -> str:
    """What `${name}` stands for: the variable of that name, or after "file:" what a file holds, without blanks around.

    Raises ConfigError when there is none, or nothing in it.
    """
    if name.startswith("file:"):
        return _read(folder / Path(name.removeprefix("file:")).expanduser())
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"${{{name}}} names no variable; fanin did not start. Write ${{NAME}}, ${{file:PATH}}, or $$ for a $."
        )
    if not environ.get(name):
        raise ConfigError(f"The variable {name} is not set or empty; fanin did not start. Set it: export {name}=…")
    return environ[name]


def _read(path: Path) -> str:
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise ConfigError(f"The secret's file {path} cannot be read, {reason}; fanin did not start.") from None
    if not text:
        raise ConfigError(f"The secret's file {path} is empty; fanin did not start. Write the secret into it.")
    return text


class Mask:
    """Hides secrets in texts: as they are, and as they look in an address, in JSON and in HTML."""

    __slots__ = ("_hidden",)

    def __init__(self, secrets: Iterable[Secret]) -> None:
        parts = {part for secret in secrets for part in secret.reveal_parts() if len(part) >= SHORTEST}
        # The longest first, so that a secret that begins with another one is hidden whole.
        told = "|".join(_any_look(part) for part in sorted(parts, key=len, reverse=True))
        self._hidden = re.compile(told) if told else None

    def __bool__(self) -> bool:
        return self._hidden is not None

    def __call__(self, text: str) -> str:
        """The text with `***` in place of every secret."""
        return self._hidden.sub(STARS, text) if self._hidden is not None else text

    def within(self, value: Any) -> Any:
        """The same for every string and key in a value that JSON can hold."""
        match value:
            case str():
                return self(value)
            case Mapping():
                pairs = cast("Mapping[Any, Any]", value).items()
                return {self.within(key): self.within(each) for key, each in pairs}
            case list() | tuple():
                return [self.within(each) for each in cast("Iterable[Any]", value)]
            case _:
                return value


_LOOKS: tuple[Callable[[str], str], ...] = (
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: repr(text)[1:-1],
    escape,
)


def _any_look(secret: str) -> str:
    """A pattern for the secret as it is, in an address with any of its letters quoted, in JSON, in Python, in HTML."""
    in_address = "".join(f"(?:{re.escape(letter)}|{_quoted(letter)})" for letter in secret)
    return "|".join((in_address, *{re.escape(look(secret)) for look in _LOOKS}))


def _quoted(letter: str) -> str:
    # Both cases of the digits are written out: ignoring case would make the search many times slower.
    quoted = "".join(f"%{_digit(byte >> 4)}{_digit(byte & 15)}" for byte in letter.encode("utf-8", "replace"))
    return rf"\+|{quoted}" if letter == " " else quoted


def _digit(value: int) -> str:
    digit = f"{value:x}"
    return digit if digit.isdigit() else f"[{digit}{digit.upper()}]"
