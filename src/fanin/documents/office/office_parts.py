"""The parts of an office file: a zip archive of XML, read within limits and without building a tree."""

import io
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self, override
from xml.parsers import expat

from fanin.documents.structure import Unreadable
from fanin.errors import message_of
from fanin.text.cleaning import blank
from fanin.text.dates.date_reading import read_date

MOST_BYTES = 200_000_000
"""Bytes of all parts that are read, unpacked."""

_CHUNK = 65_536


class XmlReader:
    """Reads one part: its methods get the names of elements without namespaces, and the text in them."""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text, maybe in several pieces."""


@dataclass(slots=True)
class OfficeFile:
    """An office file whose parts can be read, until they are too much."""

    archive: zipfile.ZipFile
    left: int = MOST_BYTES
    names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = frozenset(self.archive.namelist())

    @classmethod
    def open(cls, content: bytes) -> Self:
        """The file in these bytes. Raises Unreadable for anything else, also for one that is locked."""
        try:
            return cls(zipfile.ZipFile(io.BytesIO(content)))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            locked = content.startswith(b"\xd0\xcf\x11\xe0")
            broken = f"is no office file: {message_of(error)}"
            raise Unreadable("is locked with a password, or of an older format" if locked else broken) from None

    def read(self, name: str, reader: XmlReader) -> None:
        """Tell a reader of a part. Raises Unreadable if it is broken, too large, or defines entities."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: reader.begin(
            name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        )
        parser.EndElementHandler = lambda name: reader.end(name.rpartition(" ")[2])
        parser.CharacterDataHandler = reader.text
        parser.EntityDeclHandler = _refuse_entity
        try:
            with self.archive.open(name) as part:
                while chunk := part.read(_CHUNK):
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise Unreadable(f"unpacks to more than {MOST_BYTES:,} bytes")
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except Unreadable:
            raise
        except RuntimeError:
            raise Unreadable("is locked with a password") from None
        except Exception as error:  # noqa: BLE001 - zlib, zipfile and expat each have errors of their own
            raise Unreadable(f"is broken: {message_of(error)}") from None

    def about(self) -> tuple[str, str]:
        """The title and the date that the file says of itself, or ""."""
        properties = _Properties()
        for name in ("docProps/core.xml", "meta.xml"):
            if name in self.names:
                with suppress(Unreadable):
                    self.read(name, properties)
        dates = (
            read_date(properties.values.get(name, "")) for name in ("modified", "date", "created", "creation-date")
        )
        return blank(properties.values.get("title", "")).strip()[:300], next(filter(None, dates), "")


def _refuse_entity(*_: object) -> None:
    raise Unreadable("defines entities, which no office program writes")


class _Properties(XmlReader):
    def __init__(self) -> None:
        self.values = dict[str, str]()
        self._name = ""

    @override
    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self._name = name

    @override
    def end(self, name: str) -> None:
        self._name = ""

    @override
    def text(self, text: str) -> None:
        if self._name:
            self.values[self._name] = (self.values.get(self._name, "") + text)[:1000]


def numbered(names: frozenset[str], pattern: str) -> list[str]:
    """The parts whose names match, in the order of the numbers in them."""
    found = [(int(match[1]), name) for name in names if (match := re.fullmatch(pattern, name))]
    return [name for _, name in sorted(found)]
