"""Texts that nobody may read: a type that prints as `***`, and a mask that hides what it holds in everything else."""

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Generator, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Never, Self, cast, override
from urllib.parse import quote, quote_plus

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
    """Hides secrets in texts: as they are, and as they look in an address, in JSON, in Python, in HTML, in Base64."""

    __slots__ = ("_looks", "_parts", "_pieces", "_written")

    def __init__(self, secrets: Iterable[Secret]) -> None:
        found = {part for secret in secrets for part in secret.reveal_parts()}
        parts = {each for part in found for each in (part, *_lines_of(part)) if len(each) >= SHORTEST}
        # The longest first, so that a secret that begins with another one is hidden whole.
        looks = {look for part in parts for look in _looks(part)}
        self._looks = sorted(looks, key=len, reverse=True)
        written = "|".join(_written(part) for part in sorted(parts, key=len, reverse=True) if len(part) <= _LETTERS)
        self._written = re.compile(written) if written else None
        self._parts = [part for part in parts if len(part) >= _PIECE]
        self._pieces = ["\n".join(_looks(_ends(part))) for part in parts if len(part) >= _PIECE]

    def __bool__(self) -> bool:
        return bool(self._looks)

    def __call__(self, text: str) -> str:
        """The text with `***` in place of every secret, and of one that the text breaks off in."""
        return self._without_end(self.hide(text))

    def steps(self, text: str) -> Generator[None, None, str]:
        """What a call gives, for a long text in steps of a few milliseconds: it is what the generator returns."""
        for look in self._looks:
            text = text.replace(look, STARS) if look in text else text
            yield
        if self._written is not None and any(each in text for each in "%&+\\"):
            kept, done, start = list[str](), 0, 0
            while start < len(text):
                for match in self._written.finditer(text, start, start + _STEP + _OVERLAP):
                    if match.start() >= start + _STEP:
                        break
                    kept += text[done : match.start()], STARS
                    done = match.end()
                start = max(start + _STEP, done)
                yield
            text = "".join((*kept, text[done:]))
        return self._without_end(text)

    def _without_end(self, text: str) -> str:
        for part in self._parts:
            at = text.rfind(part[:_PIECE])
            if at >= 0 and part.startswith(text[at:].rstrip("… ")):
                text = text[:at] + STARS  # a title or a line was cut within it
        return text

    def hide(self, text: str) -> str:
        """The same for a text that goes on: how a secret begins at its end stays."""
        for look in self._looks:
            if look in text:
                text = text.replace(look, STARS)
        if self._written is not None and any(each in text for each in "%&+\\"):
            text = self._written.sub(STARS, text)
        return text

    def message(self, text: str) -> str:
        """The same for a message, which may be cut: without pieces of secrets either, as far as it is ever shown."""
        text = self(text)[:_LONGEST]
        for looks in self._pieces:
            text = _without_pieces(text, looks)
        return text

    def within(self, value: Any) -> Any:
        """The text without secrets for every string and key in a value that JSON can hold."""
        match value:
            case str():
                return self(value)
            case Mapping():
                pairs = cast("Mapping[Any, Any]", value).items()
                return {self.within(key): self.within(each) for key, each in pairs}
            case list() | tuple():
                return [self.within(each) for each in cast("Iterable[Any]", value)]
            case int() | float():
                text = str(value)
                return value if self(text) == text else STARS
            case _:
                return value


_STEP, _OVERLAP = 20_000, 40_000
"""Characters of a long text that are looked through at a time, and how long a quoted secret is at most found there."""

_LONGEST = 4_100
"""Characters of a message in which pieces are looked for; fewer are ever shown."""

_PIECE = 8
"""Characters by which a piece of a secret is known."""

_LETTERS = 1_024
"""Letters of a secret that is looked for with any of its letters quoted; of a longer one the usual ways to write it are
looked for, since the pattern would take seconds to make."""

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


def _ends(secret: str) -> str:
    """The secret, of a very long one only how it begins and ends: that is what a cut leaves."""
    return secret if len(secret) <= 2 * _LONGEST else secret[:_LONGEST] + secret[-_LONGEST:]


def _lines_of(secret: str) -> list[str]:
    """What is left of a secret where libraries drop or split at line breaks and other letters: its longer stretches."""
    return [each for each in _UNPRINTABLE.split(secret) if len(each) >= _PIECE]


def _looks(secret: str) -> set[str]:
    """The secret as it is, and as libraries write it."""
    data = secret.encode("utf-8", "surrogatepass")
    texts = {secret, *(json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))}
    texts |= {repr(secret)[1:-1], ascii(secret)[1:-1], repr(data)[2:-1], escape(secret), escape(secret, quote=False)}
    quoted = quote(secret, safe="", errors="replace")
    texts |= {data.decode("latin-1"), quoted, quote(quoted, safe=""), quote_plus(secret, errors="replace")}
    texts |= {repr(text)[1:-1] for text in tuple(texts)}  # an error within an error
    return texts | _in_base64(data) | _in_base64(quoted.encode()) | _in_base64(json.dumps(secret)[1:-1].encode())


def _in_base64(data: bytes) -> set[str]:
    """What the bytes are in Base64 wherever they begin: the letters that depend on nothing before or after them."""
    looks = set[str]()
    for before in range(3):
        letters = b64encode(bytes(before) + data).decode().rstrip("=")
        inner = letters[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        looks |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {look for look in looks if len(look) >= SHORTEST}


def _written(secret: str) -> str:
    """A pattern for the secret with any of its letters quoted, as in an address, in HTML, in JSON, or in Python."""
    return "".join(f"(?:{'|'.join(_forms(letter))})" for letter in secret)


def _forms(letter: str) -> Iterator[str]:
    if letter == "\\":
        yield _SLASHES
        return
    yield re.escape(letter)
    data = letter.encode("utf-8", "replace")
    yield "".join(f"%(?:25){{0,4}}{_hex(byte)}" for byte in data)
    if letter == " ":
        yield r"\+"
    if letter.isalnum() and letter.isascii():
        return
    number = ord(letter)
    yield f"&(?:{'|'.join((*_ENTITIES.get(letter, ()), f'#0*{number}', f'#[xX]0*{number:x}'))});"
    short = _SHORT.get(letter, letter)
    quoted = "".join(f"%{_hex(byte)}" for byte in short.encode("utf-8", "replace"))
    yield rf"{_SLASHES}(?:{re.escape(short)}|{quoted}|x{number:02x}|u{number:04x}|U{number:08x})"
    yield "".join(f"{_SLASHES}x{byte:02x}" for byte in data)
    if number > 0xFFFF:
        pair = letter.encode("utf-16-be")
        yield f"{_SLASHES}u{pair[:2].hex()}{_SLASHES}u{pair[2:].hex()}"


_SLASHES = r"(?:\\|%(?:25){0,4}5[cC]){1,8}+"
"""Backslashes, of which a text within a text has more; a run of them is not looked through again and again."""

_ENTITIES = {"&": ("amp",), "<": ("lt",), ">": ("gt",), '"': ("quot",), "'": ("apos",)}
_SHORT = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}


def _hex(byte: int) -> str:
    # Both cases of the digits are written out: ignoring case would make the search many times slower.
    return "".join(digit if digit.isdigit() else f"[{digit}{digit.upper()}]" for digit in f"{byte:02x}")


def _without_pieces(text: str, looks: str) -> str:
    """The text without each stretch of at least `_PIECE` characters that stands in the looks of a secret."""
    kept, at = list[str](), 0
    while (end := at + _PIECE) <= len(text):
        if text[at:end] not in looks:
            kept.append(text[at])
            at += 1
            continue
        while end < len(text) and text[at : end + 1] in looks:
            end += 1
        kept.append(STARS)
        at = end
    return "".join(kept) + text[at:]
