"""Secrets: a type that prints as `***`, and a mask that hides secrets in other texts."""

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

MASKED = "***"

SHORTEST = 4
"""Characters that a secret must have to be hidden inside other texts: shorter ones occur there by chance."""

_FILLING = re.compile(r"\$(?:\$|\{([^{}]*)\})")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Secret:
    """A text that prints as `***`; only `reveal()` gives it. It cannot be pickled or written as JSON.

    `parts` are its secret parts; without any, all of it is secret.
    """

    __slots__ = ("_parts", "_text")

    def __init__(self, text: str, *, parts: Iterable[str] = ()) -> None:
        self._text = text
        self._parts = tuple(part for part in parts if part) or (text,)

    def reveal(self) -> str:
        """The text itself, to send it."""
        return self._text

    def reveal_parts(self) -> tuple[str, ...]:
        """Its secret parts, to hide them in other texts."""
        return self._parts

    @override
    def __repr__(self) -> str:
        return MASKED

    __str__ = __repr__

    @override
    def __format__(self, spec: str) -> str:
        return format(MASKED, spec)

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


def reveal_all(texts: Iterable[str | Secret]) -> tuple[list[str], tuple[Secret, ...]]:
    """The plain texts, and those of them that are secret."""
    known = tuple(texts)
    plain = [each.reveal() if isinstance(each, Secret) else each for each in known]
    return plain, tuple(each for each in known if isinstance(each, Secret))


def secrets_in(named: Mapping[str, str | Secret] | None) -> tuple[Secret, ...]:
    """The values that are secret, in the order of their names."""
    return tuple(value for _, value in sorted((named or {}).items()) if isinstance(value, Secret))


def _bytes(secret: Secret) -> bytes:
    return secret.reveal().encode("utf-8", "surrogatepass")


def fill_secrets(text: str, *, environ: Mapping[str, str], folder: Path | None = None) -> str | Secret:
    """The text with each `${NAME}` from `environ` and each `${file:PATH}` from a file (relative to `folder`) filled in.

    A text in which anything was filled in is a Secret. `$$` is one `$`. Raises ConfigError for a missing value.
    """
    parts: list[str] = []

    def fill(match: re.Match[str]) -> str:
        if match[1] is None:
            return "$"
        parts.append(look_up_secret(match[1], environ, folder or Path()))
        return parts[-1]

    whole = _FILLING.sub(fill, text)
    return Secret(whole, parts=parts) if parts else whole


def basic_authorization(user: str | Secret, password: str | Secret) -> Secret:
    """The header Authorization for a user and a password (HTTP Basic authentication, RFC 7617).

    Raises ConfigError for a user with a colon, which ends the user there.
    """
    name, word = (each.reveal() if isinstance(each, Secret) else each for each in (user, password))
    if ":" in name:
        raise ConfigError("user: It has a colon, which no user may have; fanin did not start. Give another one.")
    encoded = b64encode(f"{name}:{word}".encode()).decode()
    return Secret(f"Basic {encoded}", parts=[encoded, word])


def look_up_secret(name: str, environ: Mapping[str, str], folder: Path) -> str:
    """The value of `${name}`: the variable of that name, or after "file:" the content of a file, stripped.

    Raises ConfigError if it is missing or empty.
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
        text = path.read_text("utf-8-sig").strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise ConfigError(f"The secret's file {path} cannot be read, {reason}; fanin did not start.") from None
    if not text:
        raise ConfigError(f"The secret's file {path} is empty; fanin did not start. Write the secret into it.")
    return text


class Mask:
    """Hides secrets in texts: as they are, and as escaped in addresses, JSON, Python, HTML and Base64."""

    __slots__ = ("_parts", "_pieces", "_representations", "_written")

    def __init__(self, secrets: Iterable[Secret]) -> None:
        found = {part for secret in secrets for part in secret.reveal_parts()}
        parts = {each for part in found for each in (part, *_lines_of(part)) if len(each) >= SHORTEST}
        # The longest first, so that a secret that begins with another one is hidden completely.
        looks = {look for part in parts for look in _representations(part)}
        self._representations = sorted(looks, key=len, reverse=True)
        written = "|".join(
            _escaped_pattern(part) for part in sorted(parts, key=len, reverse=True) if len(part) <= _LETTERS
        )
        self._written = re.compile(written) if written else None
        self._parts = [part for part in parts if len(part) >= _PIECE]
        self._pieces = ["\n".join(_representations(_searchable(part))) for part in parts if len(part) >= _PIECE]

    def __bool__(self) -> bool:
        return bool(self._representations)

    def __call__(self, text: str) -> str:
        """The text with `***` in place of every secret, also of one that is cut off at its end."""
        return self._without_end(self.hide(text))

    def mask_in_steps(self, text: str) -> Generator[None, None, str]:
        """As a call, in steps of a few milliseconds for a long text; the generator returns the result."""
        for look in self._representations:
            text = text.replace(look, MASKED) if look in text else text
            yield
        if self._written is not None and any(each in text for each in "%&+\\"):
            kept, done, start = list[str](), 0, 0
            while start < len(text):
                for match in self._written.finditer(text, start, start + _STEP + _OVERLAP):
                    if match.start() >= start + _STEP:
                        break
                    kept += text[done : match.start()], MASKED
                    done = match.end()
                start = max(start + _STEP, done)
                yield
            text = "".join((*kept, text[done:]))
        return self._without_end(text)

    def _without_end(self, text: str) -> str:
        for part in self._parts:
            at = text.rfind(part[:_PIECE])
            if at >= 0 and part.startswith(text[at:].rstrip("… ")):
                text = text[:at] + MASKED  # a title or a line was cut within it
        return text

    def hide(self, text: str) -> str:
        """As a call, for a text that continues: the beginning of a secret at its end is kept."""
        for look in self._representations:
            if look in text:
                text = text.replace(look, MASKED)
        if self._written is not None and any(each in text for each in "%&+\\"):
            text = self._written.sub(MASKED, text)
        return text

    def message(self, text: str) -> str:
        """As a call, for a message, which may have been cut: pieces of secrets are hidden too."""
        text = self(text)[:_LONGEST]
        for looks in self._pieces:
            text = _without_pieces(text, looks)
        return text

    def mask_value(self, value: Any) -> Any:
        """A JSON value with secrets hidden in all of its strings and keys."""
        match value:
            case str():
                return self(value)
            case Mapping():
                pairs = cast("Mapping[Any, Any]", value).items()
                return {self.mask_value(key): self.mask_value(each) for key, each in pairs}
            case list() | tuple():
                return [self.mask_value(each) for each in cast("Iterable[Any]", value)]
            case int() | float():
                text = str(value)
                return value if self(text) == text else MASKED
            case _:
                return value


_STEP, _OVERLAP = 20_000, 40_000
"""Characters of a long text that are searched in one step, and the length of the longest escaped secret in it."""

_LONGEST = 4_100
"""Characters of a message that are searched for pieces; no more are shown anywhere."""

_PIECE = 8
"""Characters of the shortest piece of a secret that is recognised."""

_LETTERS = 1_024
"""Characters of a secret that is found with any of its characters escaped; a longer one is found only in the usual
forms, since its pattern would take seconds to compile."""

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


def _searchable(secret: str) -> str:
    """The secret; of a very long one only its beginning and end."""
    return secret if len(secret) <= 2 * _LONGEST else secret[:_LONGEST] + secret[-_LONGEST:]


def _lines_of(secret: str) -> list[str]:
    """The longer parts of a secret that remain where libraries split at line breaks and drop characters."""
    return [each for each in _UNPRINTABLE.split(secret) if len(each) >= _PIECE]


def _representations(secret: str) -> set[str]:
    """The secret as it is, and as libraries escape it."""
    data = secret.encode("utf-8", "surrogatepass")
    texts = {secret, *(json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))}
    texts |= {repr(secret)[1:-1], ascii(secret)[1:-1], repr(data)[2:-1], escape(secret), escape(secret, quote=False)}
    quoted = quote(secret, safe="", errors="replace")
    texts |= {data.decode("latin-1"), quoted, quote(quoted, safe=""), quote_plus(secret, errors="replace")}
    texts |= {repr(text)[1:-1] for text in tuple(texts)}  # for the repr of an error within another error
    return texts | _in_base64(data) | _in_base64(quoted.encode()) | _in_base64(json.dumps(secret)[1:-1].encode())


def _in_base64(data: bytes) -> set[str]:
    """The bytes in Base64 at each of the three offsets, without the characters that depend on neighbouring bytes."""
    looks = set[str]()
    for before in range(3):
        letters = b64encode(bytes(before) + data).decode().rstrip("=")
        inner = letters[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        looks |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {look for look in looks if len(look) >= SHORTEST}


def _escaped_pattern(secret: str) -> str:
    """A pattern for the secret with any of its characters escaped, as in an address, HTML, JSON, or Python."""
    return "".join(f"(?:{'|'.join(_escaped_forms(letter))})" for letter in secret)


def _escaped_forms(letter: str) -> Iterator[str]:
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
"""Backslashes, of which nested texts have several; possessive, so that a run of them is searched only once."""

_ENTITIES = {"&": ("amp",), "<": ("lt",), ">": ("gt",), '"': ("quot",), "'": ("apos",)}
_SHORT = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}


def _hex(byte: int) -> str:
    # Both cases are written out, since ignoring case would make the search many times slower.
    return "".join(digit if digit.isdigit() else f"[{digit}{digit.upper()}]" for digit in f"{byte:02x}")


def _without_pieces(text: str, looks: str) -> str:
    """The text without each piece of at least `_PIECE` characters that is part of a representation of a secret."""
    kept, at = list[str](), 0
    while (end := at + _PIECE) <= len(text):
        if text[at:end] not in looks:
            kept.append(text[at])
            at += 1
            continue
        while end < len(text) and text[at : end + 1] in looks:
            end += 1
        kept.append(MASKED)
        at = end
    return "".join(kept) + text[at:]
