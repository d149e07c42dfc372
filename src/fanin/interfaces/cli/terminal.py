"""Writes to standard output and standard error: lines fit the terminal, and characters its encoding."""

import codecs
import io
import os
import re
import sys
import textwrap
from contextlib import suppress
from typing import TextIO

from fanin.sanitize import line

_NARROWEST, _USUAL = 20, 80
"""Columns that every terminal has, and those of one that does not say how many it has."""

_LEAST = 24
"""Columns that the text of a cell needs beside others; with fewer it is put below them."""

_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u2033\xab\xbb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict(zip("\xd7ßæøł", ("x", "ss", "ae", "o", "l"), strict=True)),
    **dict(zip("…→•€", ("...", "->", "*", "EUR"), strict=True)),
}
"""Replacements for characters that an encoding lacks and Unicode does not decompose."""


def prepare() -> None:
    """Make the standard streams safe to use: closed ones lead nowhere, and a character that one lacks is replaced."""
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # Else a file or connection that is opened later would take the stream's number, and get its output.
            setattr(sys, name, open(os.devnull, "r+" if descriptor else "r", encoding="utf-8"))  # noqa: PTH123, SIM115
    codecs.register_error("fanin", _replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="fanin")


def say(text: str) -> None:
    """Write lines on the standard output at once, broken at words to fit a terminal. Raises OSError."""
    _write(sys.stdout, wrap(text, width(sys.stdout)))


def say_json(text: str) -> None:
    """Write JSON on the standard output at once; characters that its encoding lacks are escaped. Raises OSError."""
    _write(sys.stdout, text if has_unicode(sys.stdout) else re.sub(r"[^\x00-\x7f]", _escaped, text))


def say_file(text: str) -> None:
    """Write a file on the standard output, in UTF-8 whatever its encoding is. Raises OSError."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def note(text: str, *, whole: bool = False) -> None:
    """Write lines on the standard error, as `say` does, or as `whole` ones; that they cannot be written is no error."""
    with suppress(OSError, ValueError):
        _write(sys.stderr, text if whole else wrap(text, width(sys.stderr)))


def width(stream: TextIO) -> int | None:
    """The columns of the terminal that the stream writes to, or None if it is none."""
    try:
        if stream.isatty():
            return max(_NARROWEST, os.get_terminal_size(stream.fileno()).columns or _USUAL)
    except OSError, ValueError:
        pass
    return None


def is_screen(stream: TextIO) -> bool:
    """Whether the stream writes to a terminal that can move its cursor."""
    return width(stream) is not None and os.environ.get("TERM", "").lower() not in ("dumb", "unknown")


def has_unicode(stream: TextIO) -> bool:
    """Whether the stream can write any character."""
    return (stream.encoding or "").lower().startswith("utf")


def wrap(text: str, columns: int | None) -> str:
    """The text with lines of at most `columns`, broken at white space; a longer word is not broken."""
    if columns is None:
        return text
    return "\n".join(piece for each in text.split("\n") for piece in _pieces(each, columns))


def table(*rows: tuple[str, ...], columns: int | None = None) -> str:
    """Rows of text in columns, sanitized and as wide as the terminal; what does not fit is put below its row."""
    rows = tuple(tuple(line(cell, limit=500) for cell in row) for row in rows)
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    if columns is None:
        return "\n".join(_beside(row, widths) for row in rows)
    least = [*widths[:1], *(min(each, _LEAST) for each in widths[1:])]
    count = next(
        n for n in range(len(widths), 0, -1) if n == 1 or sum(widths[: n - 1]) + 2 * (n - 1) + least[n - 1] <= columns
    )
    lines: list[str] = []
    for row in rows:
        start = sum(widths[: count - 1]) + 2 * (count - 1)
        first, *more = _pieces(row[count - 1], max(columns - start, _NARROWEST)) or [""]
        lines.append(_beside((*row[: count - 1], first), widths[:count]))
        lines += [" " * start + each for each in more]
        if row is not rows[0]:
            for heading, cell in zip(rows[0][count:], row[count:], strict=True):
                lines += _pieces(f"    {heading}: {cell}", columns)
    return "\n".join(lines)


def _beside(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(f"{cell:<{each}}" for cell, each in zip(cells, widths, strict=True)).rstrip()


def _pieces(text: str, columns: int) -> list[str]:
    if len(text) <= columns:
        return [text]
    indent = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(text, columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _write(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """What to write for characters that an encoding lacks: the letters that they are made of, or a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    import unicodedata

    made = "".join(
        _plain(letter, unicodedata.normalize("NFKD", letter)) for letter in error.object[error.start : error.end]
    )
    return made, error.end


def _plain(letter: str, apart: str) -> str:
    return _PLAIN.get(letter) or "".join(each for each in apart if each.isascii()) or "?"
