"""Templates for addresses and JSON bodies, parsed when the settings are read (no network).

A placeholder can be (part of) a segment of the path, the value of a parameter, or a string in a JSON body. Values are
escaped, so that they cannot change the scheme, host, port, number of segments or names of parameters.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import quote, unquote, urlsplit

from yarl import URL

from fanin.errors import ConfigError, FailureKind, SourceError, message_of
from fanin.model import JSON
from fanin.net.secrets import Secret, look_up_secret

type Values = Mapping[str, str | int | float | None]
"""The values of placeholders; a parameter, or a key of a body, with one that is None is left out."""

_MARKED = re.compile(r"\$\$|\{\{|\}\}|\$\{(?P<secret>[^{}]*)\}|\{(?P<place>[^{}]*)\}|[{}]")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\\ue000-\uf8ff]")

_STAND_IN = 0xE000
"""The first of the private-use characters that mark the placeholders while an address is parsed."""

_IN_PATH = "%:@!$&'()*+,;=-._~"
_IN_QUERY = "%:@!$'()*+,;/?-._~"
"""Characters that need no escaping in a segment and in a parameter (RFC 3986, 3.3 and 3.4)."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder for the value of this name."""

    name: str


type Piece = str | Placeholder | Secret
type Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class TemplateNames:
    """The names that a template may use: the `known` placeholders, and secrets of `environ` or files below `folder`."""

    known: Collection[str] = ("question",)
    environ: Mapping[str, str] | None = None
    folder: Path | None = None

    def pieces(self, text: str) -> Pieces:
        """The text in pieces: `{name}` is a placeholder, `${NAME}` a secret, `{{`, `}}` and `$$` are `{`, `}` and `$`.

        Raises ConfigError for an unknown placeholder and a missing secret.
        """
        pieces: list[Piece] = []
        at = 0
        for match in _MARKED.finditer(text):
            pieces += (text[at : match.start()], self._piece_for(match, text))
            at = match.end()
        return tuple(piece for piece in (*pieces, text[at:]) if piece != "")

    def _piece_for(self, match: re.Match[str], text: str) -> Piece:
        if (name := match["secret"]) is not None:
            return Secret(look_up_secret(name, self.environ or {}, self.folder or Path()))
        if (name := match["place"]) is not None and name in self.known:
            return Placeholder(name)
        if match[0] in ("{{", "}}", "$$"):
            return match[0][0]
        places = ", ".join(f"{{{known}}}" for known in self.known)
        raise _config_error(
            text, f"{match[0]} is not a placeholder. There are: {places}; write {{{{ and }}}} for braces"
        )


@dataclass(frozen=True, slots=True)
class AddressTemplate:
    """A template of an address. Its repr has no secrets."""

    origin: str
    path: tuple[Pieces, ...]
    query: tuple[tuple[str, Pieces], ...]

    @classmethod
    def read(cls, text: str, words: TemplateNames) -> Self:
        """The template in a text such as "https://api.example.com/{place}/search?q={question}&key=${KEY}".

        Raises ConfigError unless scheme, host and port are written out, and for a placeholder anywhere but in a segment
        of the path or the value of a parameter.
        """
        if _UNPRINTABLE.search(_MARKED.sub("", text)):
            raise _config_error(text, "it has a space, a backslash or another character that is invalid in an address")
        apart = _MarkedText(text, words)
        try:
            address = urlsplit(apart.text)
            origin = _origin(address.scheme, address.netloc, text)
            if address.fragment:
                raise ValueError("it has a fragment after a #, which is never sent to a server")
        except ValueError as error:
            raise _config_error(text, message_of(error)) from None
        path = tuple(apart.put_back(segment, safe=_IN_PATH) for segment in address.path.split("/")[1:])
        if any(segment in ((".",), ("..",)) for segment in path):
            raise _config_error(text, "its path has a segment of dots")
        return cls(origin, path, tuple(_parameters(apart, address.query, text)))

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets in it."""
        return _secrets(self._parts())

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of its placeholders."""
        return _places(self._parts())

    def _parts(self) -> Iterable[Pieces]:
        return (*self.path, *(pieces for _, pieces in self.query))

    def with_parameters(self, parameters: Mapping[str, str | int | float], words: TemplateNames) -> Self:
        """The template with more parameters, whose values may have placeholders. Raises ConfigError as `read` does."""
        added = (
            (f"{quote(name, safe='')}=", _plain_quoted(words.pieces(str(value)))) for name, value in parameters.items()
        )
        return replace(self, query=(*self.query, *added))

    def fill(self, values: Values) -> URL:
        """The address with these values, and with the secrets of the template.

        Raises SourceError (kind "question") if a segment would be empty or only dots, which servers treat as another
        path, even if escaped.
        """
        path = "".join(f"/{_segment(pieces, values)}" for pieces in self.path)
        query = "&".join(
            f"{name}{_fill_pieces(pieces, values)}" for name, pieces in self.query if not _lacks_value(pieces, values)
        )
        return URL(f"{self.origin}{path}{'?' if query else ''}{query}", encoded=True)


@dataclass(frozen=True, slots=True)
class BodyTemplate:
    """A template of a JSON value, with placeholders in its strings but not in its keys."""

    shape: Any

    @classmethod
    def read(cls, value: JSON, words: TemplateNames) -> Self:
        """The template in a value such as `{"query": "{question}", "limit": 5}`. Raises ConfigError as addresses do."""
        return cls(_parse_value(value, words))

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets in it."""
        return _secrets(_strings(self.shape))

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of its placeholders."""
        return _places(_strings(self.shape))

    def fill(self, values: Values) -> JSON:
        """The JSON with these values; a string that is only a placeholder becomes its value: 2, not "2"."""
        return _fill_value(self.shape, values)


@dataclass(frozen=True, slots=True)
class _Text:
    pieces: Pieces


class _MarkedText:
    """An address in which each placeholder is marked by one private-use character."""

    def __init__(self, text: str, words: TemplateNames) -> None:
        self._pieces: list[Piece] = []
        self.text = "".join(map(self._stand_in, words.pieces(text)))

    def _stand_in(self, piece: Piece) -> str:
        if isinstance(piece, str):
            return piece
        self._pieces.append(piece)
        return chr(_STAND_IN + len(self._pieces) - 1)

    def put_back(self, text: str, *, safe: str) -> Pieces:
        """The pieces of a part of the address; plain text is escaped where necessary."""
        parts = re.split(r"([\ue000-\uf8ff])", text)
        return tuple(
            self._pieces[ord(part) - _STAND_IN] if index % 2 else quote(part, safe=safe)
            for index, part in enumerate(parts)
            if part
        )


def _has_place(text: str) -> bool:
    return any("\ue000" <= letter <= "\uf8ff" for letter in text)


def _origin(scheme: str, netloc: str, text: str) -> str:
    if scheme not in ("http", "https") or not netloc:
        raise _config_error(text, "it does not begin with http:// or https:// and a host")
    if _has_place(netloc):
        raise _config_error(text, "its host and port must be written out, so that no question can choose them")
    if "@" in netloc:
        raise _config_error(text, "it has a user or password. Send them in a header: Authorization")
    return str(URL(f"{scheme}://{netloc}").origin())


def _parameters(apart: _MarkedText, query: str, text: str) -> Iterator[tuple[str, Pieces]]:
    for parameter in query.split("&") if query else ():
        name, equals, value = parameter.partition("=")
        if _has_place(name):
            raise _config_error(text, "only the value of a parameter can be a placeholder, as in ?q={question}")
        yield quote(name, safe=_IN_QUERY) + equals, apart.put_back(value, safe=_IN_QUERY + "=")


def _fill_pieces(pieces: Pieces, values: Values) -> str:
    return "".join(piece if isinstance(piece, str) else _quoted(piece, values) for piece in pieces)


def _quoted(piece: Placeholder | Secret, values: Values) -> str:
    return quote(_value(piece, values), safe="", errors="replace")


def _value(piece: Placeholder | Secret, values: Values) -> str:
    return piece.reveal() if isinstance(piece, Secret) else str(values[piece.name])


def _lacks_value(pieces: Pieces, values: Values) -> bool:
    return any(isinstance(piece, Placeholder) and values[piece.name] is None for piece in pieces)


def _segment(pieces: Pieces, values: Values) -> str:
    segment = _fill_pieces(pieces, values)
    if unquote(segment) in ("", ".", "..") and pieces:
        raise SourceError(
            f"{segment!r} cannot be a segment of the address; fanin asked nothing. Ask in other words.",
            FailureKind.QUESTION,
        )
    return segment


def _parse_value(value: JSON, words: TemplateNames) -> Any:
    match value:
        case str():
            return _Text(words.pieces(value))
        case Mapping():
            return {key: _parse_value(each, words) for key, each in value.items()}
        case list() | tuple():
            return [_parse_value(each, words) for each in cast("Iterable[JSON]", value)]
        case _:
            return value


def _fill_value(shape: Any, values: Values) -> Any:
    match shape:
        case _Text((Placeholder(name),)):
            return values[name]
        case _Text(pieces):
            return "".join(piece if isinstance(piece, str) else _value(piece, values) for piece in pieces)
        case dict():
            members = cast("dict[str, Any]", shape).items()
            return {
                key: _fill_value(each, values)
                for key, each in members
                if not (isinstance(each, _Text) and _lacks_value(each.pieces, values))
            }
        case list():
            return [_fill_value(each, values) for each in cast("list[Any]", shape)]
        case _:
            return shape


def _strings(shape: Any) -> Iterator[Pieces]:
    match shape:
        case _Text(pieces):
            yield pieces
        case dict():
            for each in cast("dict[str, Any]", shape).values():
                yield from _strings(each)
        case list():
            for each in cast("list[Any]", shape):
                yield from _strings(each)
        case _:
            return


def _secrets(parts: Iterable[Pieces]) -> tuple[Secret, ...]:
    return tuple(piece for pieces in parts for piece in pieces if isinstance(piece, Secret))


def _places(parts: Iterable[Pieces]) -> frozenset[str]:
    return frozenset(piece.name for pieces in parts for piece in pieces if isinstance(piece, Placeholder))


def _plain_quoted(pieces: Pieces) -> Pieces:
    return tuple(quote(piece, safe="") if isinstance(piece, str) else piece for piece in pieces)


def _config_error(text: str, what: str) -> ConfigError:
    shown = text.partition("?")[0][:200]
    return ConfigError(f"The address or text {shown!r}: {what}; fanin did not add the source. Correct it.")
