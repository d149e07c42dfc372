"""Addresses and JSON bodies with places for a question, fixed when the settings are read. Nothing here asks anybody.

A value can fill a segment of the path, the value of a parameter, a string in a JSON body, or a stretch of one of them;
it can never end what it stands in. Scheme, host, port, the number of segments and the names of parameters are those
that were written.
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
from fanin.net.secrets import Secret, looked_up

type Values = Mapping[str, str | int | float]

_MARKED = re.compile(r"\$\$|\{\{|\}\}|\$\{(?P<secret>[^{}]*)\}|\{(?P<place>[^{}]*)\}|[{}]")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\\ue000-\uf8ff]")

_STAND_IN = 0xE000
"""The first of the private characters that stand for what is filled in, while an address is taken to pieces."""

_IN_PATH = "%:@!$&'()*+,;=-._~"
_IN_QUERY = "%:@!$'()*+,;/?-._~"
"""Characters that a segment and a parameter may hold as they are (RFC 3986, 3.3 and 3.4)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes, by its name."""

    name: str


type Piece = str | Place | Secret
type Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What a template may name: the `known` places, and secrets from `environ` or from files below `folder`."""

    known: Collection[str] = ("question",)
    environ: Mapping[str, str] | None = None
    folder: Path | None = None

    def pieces(self, text: str) -> Pieces:
        """The text in pieces; `{name}` is a place, `${NAME}` a secret, and `{{`, `}}` and `$$` are `{`, `}` and `$`.

        Raises ConfigError for a place that is not known and a secret that is not there.
        """
        pieces: list[Piece] = []
        at = 0
        for match in _MARKED.finditer(text):
            pieces += (text[at : match.start()], self._meant(match, text))
            at = match.end()
        return tuple(piece for piece in (*pieces, text[at:]) if piece != "")

    def _meant(self, match: re.Match[str], text: str) -> Piece:
        if (name := match["secret"]) is not None:
            return Secret(looked_up(name, self.environ or {}, self.folder or Path()))
        if (name := match["place"]) is not None and name in self.known:
            return Place(name)
        if match[0] in ("{{", "}}", "$$"):
            return match[0][0]
        places = ", ".join(f"{{{known}}}" for known in self.known)
        raise _mistake(text, f"{match[0]} is no place for a value. There are: {places}; write {{{{ and }}}} for braces")


@dataclass(frozen=True, slots=True)
class AddressTemplate:
    """An address in pieces; `fill` makes it whole. It prints without its secrets."""

    origin: str
    path: tuple[Pieces, ...]
    query: tuple[tuple[str, Pieces], ...]

    @classmethod
    def read(cls, text: str, words: Words) -> Self:
        """The template in a text such as "https://api.example.com/{place}/search?q={question}&key=${KEY}".

        Raises ConfigError unless scheme, host and port are written out, and for a place anywhere but in a segment of
        the path or the value of a parameter.
        """
        if _UNPRINTABLE.search(_MARKED.sub("", text)):
            raise _mistake(text, "it holds a blank, a backslash or another character that no address can have")
        apart = _Apart(text, words)
        try:
            address = urlsplit(apart.text)
            origin = _origin(address.scheme, address.netloc, text)
            if address.fragment:
                raise ValueError("no server is told what stands behind a #")
        except ValueError as error:
            raise _mistake(text, message_of(error)) from None
        path = tuple(apart.put_back(segment, safe=_IN_PATH) for segment in address.path.split("/")[1:])
        if any(segment in ((".",), ("..",)) for segment in path):
            raise _mistake(text, "its path has a segment of dots")
        return cls(origin, path, tuple(_parameters(apart, address.query, text)))

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be told of an address made with it."""
        return _secrets(self._parts())

    @property
    def places(self) -> frozenset[str]:
        """The names of the values that it takes."""
        return _places(self._parts())

    def _parts(self) -> Iterable[Pieces]:
        return (*self.path, *(pieces for _, pieces in self.query))

    def with_parameters(self, parameters: Mapping[str, str | int | float], words: Words) -> Self:
        """The same with more parameters, in whose values names stand for values; raises ConfigError as `read` does."""
        added = (
            (f"{quote(name, safe='')}=", _plain_quoted(words.pieces(str(told)))) for name, told in parameters.items()
        )
        return replace(self, query=(*self.query, *added))

    def fill(self, values: Values) -> URL:
        """The address with these values, which has secrets in it if the template has.

        Raises SourceError (kind "question") when a segment would be empty or all dots: servers take that for another
        path, however it is written.
        """
        path = "".join(f"/{_segment(pieces, values)}" for pieces in self.path)
        query = "&".join(f"{name}{_filled(pieces, values)}" for name, pieces in self.query)
        return URL(f"{self.origin}{path}{'?' if query else ''}{query}", encoded=True)


@dataclass(frozen=True, slots=True)
class BodyTemplate:
    """A JSON value whose strings have places in them; its keys have none."""

    shape: Any

    @classmethod
    def read(cls, value: JSON, words: Words) -> Self:
        """The template in a value such as `{"query": "{question}", "limit": 5}`; raises ConfigError as addresses do."""
        return cls(_shaped(value, words))

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be told of a body made with it."""
        return _secrets(_strings(self.shape))

    @property
    def places(self) -> frozenset[str]:
        """The names of the values that it takes."""
        return _places(_strings(self.shape))

    def fill(self, values: Values) -> JSON:
        """The value with these values in its strings; a string that is one place becomes its value: 2, not "2"."""
        return _whole(self.shape, values)


@dataclass(frozen=True, slots=True)
class _Text:
    pieces: Pieces


class _Apart:
    """An address in which one private character stands for each piece that is filled in."""

    def __init__(self, text: str, words: Words) -> None:
        self._pieces: list[Piece] = []
        self.text = "".join(map(self._stand_in, words.pieces(text)))

    def _stand_in(self, piece: Piece) -> str:
        if isinstance(piece, str):
            return piece
        self._pieces.append(piece)
        return chr(_STAND_IN + len(self._pieces) - 1)

    def put_back(self, text: str, *, safe: str) -> Pieces:
        """The pieces of a part of the address, in which plain text is quoted where it has to be."""
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
        raise _mistake(text, "it does not begin with http:// or https:// and a host")
    if _has_place(netloc):
        raise _mistake(text, "its host and port must be written out, so that no question can choose whom fanin asks")
    if "@" in netloc:
        raise _mistake(text, "it holds a user or password. Send them in a header: Authorization")
    return str(URL(f"{scheme}://{netloc}").origin())


def _parameters(apart: _Apart, query: str, text: str) -> Iterator[tuple[str, Pieces]]:
    for parameter in query.split("&") if query else ():
        name, equals, value = parameter.partition("=")
        if _has_place(name):
            raise _mistake(text, "a value can stand for the value of a parameter only, as in ?q={question}")
        yield quote(name, safe=_IN_QUERY) + equals, apart.put_back(value, safe=_IN_QUERY + "=")


def _filled(pieces: Pieces, values: Values) -> str:
    return "".join(piece if isinstance(piece, str) else _quoted(piece, values) for piece in pieces)


def _quoted(piece: Place | Secret, values: Values) -> str:
    return quote(_value(piece, values), safe="", errors="replace")


def _value(piece: Place | Secret, values: Values) -> str:
    return piece.reveal() if isinstance(piece, Secret) else str(values[piece.name])


def _segment(pieces: Pieces, values: Values) -> str:
    segment = _filled(pieces, values)
    if unquote(segment) in ("", ".", "..") and pieces:
        raise SourceError(
            f"{segment!r} cannot be a part of the address's path; fanin asked nothing. Ask in other words.",
            FailureKind.QUESTION,
        )
    return segment


def _shaped(value: JSON, words: Words) -> Any:
    match value:
        case str():
            return _Text(words.pieces(value))
        case Mapping():
            return {key: _shaped(each, words) for key, each in value.items()}
        case list() | tuple():
            return [_shaped(each, words) for each in cast("Iterable[JSON]", value)]
        case _:
            return value


def _whole(shape: Any, values: Values) -> Any:
    match shape:
        case _Text((Place(name),)):
            return values[name]
        case _Text(pieces):
            return "".join(piece if isinstance(piece, str) else _value(piece, values) for piece in pieces)
        case dict():
            return {key: _whole(each, values) for key, each in cast("dict[str, Any]", shape).items()}
        case list():
            return [_whole(each, values) for each in cast("list[Any]", shape)]
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
    return frozenset(piece.name for pieces in parts for piece in pieces if isinstance(piece, Place))


def _plain_quoted(pieces: Pieces) -> Pieces:
    return tuple(quote(piece, safe="") if isinstance(piece, str) else piece for piece in pieces)


def _mistake(text: str, what: str) -> ConfigError:
    shown = text.partition("?")[0][:200]
    return ConfigError(f"The address or text {shown!r}: {what}; fanin did not add the source. Correct it.")
