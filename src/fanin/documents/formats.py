"""The formats of files, chosen by their names; each reader turns bytes into a text with sections, in a worker."""

from collections.abc import Callable
from pathlib import PurePath

from fanin.documents.html import html
from fanin.documents.markdown import markdown, restructured_text
from fanin.documents.office.office_text import docx, odf, pptx
from fanin.documents.office.spreadsheets import xlsx
from fanin.documents.pdf import pdf
from fanin.documents.plain_text import code, plain
from fanin.documents.rows.csv_rows import table
from fanin.documents.rows.json_rows import json_lines
from fanin.documents.structure import Parsed, Section, Unreadable
from fanin.limits import Limits
from fanin.text.word_lists import word_set

__all__ = ["Parsed", "Section", "Unreadable", "format_of", "is_known"]

type Format = Callable[[bytes, Limits], Parsed]


CODE = word_set(
    """bash bat c cc cfg clj cmake conf cpp cs cxx dart erl ex exs f90 fs go gradle groovy h hh hpp hs ini java jl js
    jsx kt kts lua m mjs ml nim php pl pm ps1 py pyi pyx r rb rs scala sh sql swift toml ts tsx v vb yaml yml zig zsh"""
)
PROSE = word_set("adoc log org tex text txt")
_NAMES = word_set("AUTHORS CHANGELOG CHANGES COPYING INSTALL LICENSE NEWS NOTICE README TODO")
_BARE = word_set("Dockerfile Makefile")


def is_known(name: str) -> bool:
    """Whether files of such a name are taken from a folder; others are read only when they are named."""
    path = PurePath(name)
    ending = _ending(path)
    known = ending in CODE or ending in PROSE or ending in _OTHERS
    return known or (not path.suffix and (path.stem in _NAMES or path.stem in _BARE))


def format_of(name: str) -> Format:
    """What reads a file of that name; text that is named oddly is read as plain text."""
    path = PurePath(name)
    ending = _ending(path)
    if name.lower().endswith(".rst.txt"):
        ending = "rst"
    if ending in CODE or path.stem in _BARE:
        return code
    return _OTHERS.get(ending, plain)


def _ending(path: PurePath) -> str:
    return path.suffix.lower().removeprefix(".")


_OTHERS: dict[str, Format] = {
    **dict.fromkeys(("md", "markdown", "mdx"), markdown),
    **dict.fromkeys(("rst", "rest"), restructured_text),
    **dict.fromkeys(("html", "htm", "xhtml"), html),
    **dict.fromkeys(("csv", "tsv"), table),
    **dict.fromkeys(("jsonl", "ndjson"), json_lines),
    "pdf": pdf,
    **dict.fromkeys(("docx", "docm", "dotx"), docx),
    **dict.fromkeys(("xlsx", "xlsm"), xlsx),
    **dict.fromkeys(("pptx", "pptm", "ppsx"), pptx),
    **dict.fromkeys(("odt", "ods", "odp", "ott"), odf),
}
