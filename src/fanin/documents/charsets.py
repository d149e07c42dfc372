"""Recognises the charset of bytes that do not say it, with chardet; what it cannot tell is not guessed."""

import importlib
import re
import sys
from functools import lru_cache
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

LOOKED_AT = 65_536
"""Bytes from which the charset is recognised."""

SURE = 0.08
"""chardet's confidence from which its charset is taken; of a sentence it is 0.15 to 0.45, of a word or two less."""

SPARSE = 0.4
"""The largest share of bytes beyond ASCII in a short Western text: accents and signs stand between plain letters."""

BROKEN = 10
"""Characters that UTF-8 reads for each one that it does not, from which a text is UTF-8 with damaged places."""

_CHARSETS = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "tis-620"),
    *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)),
    *("koi8-r", "koi8-u", "cp866", "cp437", "cp850", "cp852", "mac-roman", "mac-cyrillic"),
    *("cp932", "shift_jis_2004", "euc_jis_2004", "iso2022_jp_2", "gb18030", "big5hkscs", "cp949", "euc_kr"),
)
"""The charsets in which people's files are; chardet knows more, which few letters resemble by chance."""

_LARGER = {"iso8859-1": "cp1252", "tis-620": "cp874", "euc_kr": "cp949", "shift_jis_2004": "cp932"}
"""Charsets that are decoded as a larger one (Encoding Standard of the WHATWG, 4.2)."""

_WESTERN = ("cp1252", "iso8859-1", "iso8859-15", "iso8859-9", "cp1254")

FEW = 5
"""Bytes beyond ASCII up to which a short text is Western, if it looks so, whatever charset it resembles by chance."""

_LATIN = "[A-Za-zß-öø-ÿÀ-ÖØ-Þ]"
_IMPLAUSIBLE = re.compile(
    rf"{_LATIN}[\x80-\xbf×÷†‡ˆ‰‹›˜™€„“”•](?<!’){_LATIN}"  # noqa: RUF001
    rf"|{_LATIN}[‚„ƒ†‡ˆ‰˜¤¦¨¬¯±¶¸]|[™†‡ˆ‰˜¤¦¨¬¯±¶¸›£¥€]{_LATIN}|[a-zß-ÿ][À-ÖØ-ÞŠŒŽŸ]"  # noqa: RUF001
)
"""What no Latin text has: a sign within a word or at its edge, or a capital letter after a small one."""


def read_unmarked(content: bytes) -> str | None:
    """The text of bytes without a byte order mark: UTF-8, or what it resembles; None if that cannot be recognised.

    A text that is UTF-8 but for a few damaged places stays so, with U+FFFD in them.
    """
    if b"\x1b$" in content[:LOOKED_AT]:  # ISO-2022-JP, which is ASCII with escapes
        return _read(content, _charset(content[:LOOKED_AT]))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        sample = content[max(0, error.start - LOOKED_AT // 2) :][:LOOKED_AT]
    return _read(content, "utf-8" if _is_damaged(sample) else _charset(sample))


def _is_damaged(sample: bytes) -> bool:
    """Whether it is UTF-8 for the most part; its first and last character may be cut."""
    text = sample.decode("utf-8", "replace")
    return text.count("\ufffd") * BROKEN < sum(character > "\x7f" for character in text)


def _read(content: bytes, charset: str | None) -> str | None:
    text = content.decode(charset, "replace") if charset else ""
    return text if text and (charset == "utf-8" or text.count("\ufffd") <= len(text) // 1000) else None


def _charset(head: bytes) -> str | None:
    found: dict[str, Any] = _chardet().detect(head, include_encodings=_CHARSETS, compat_names=False)
    detected: str = found["encoding"] or ""
    if detected and found["confidence"] >= SURE:
        charset: str = _LARGER.get(detected, detected)
    else:
        beyond = sum(byte > 0x7F for byte in head)
        if beyond > len(head) * SPARSE or (detected not in _WESTERN and beyond > FEW):
            return None
        charset = "cp1252"
    return None if _IMPLAUSIBLE.search(head.decode(charset, "replace")) else charset


@lru_cache(maxsize=1)
def _chardet() -> ModuleType:
    """chardet; in a worker interpreter from its Python files, since its compiled ones load in the first one only."""
    try:
        return importlib.import_module("chardet")
    except ImportError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "chardet"]:
            del sys.modules[name]
        spec = PathFinder.find_spec("chardet")
        if spec is None or not spec.submodule_search_locations:
            raise
        for home in map(Path, spec.submodule_search_locations):
            for folder in (home, *filter(Path.is_dir, home.iterdir())):
                sys.path_importer_cache[str(folder)] = FileFinder(str(folder), (SourceFileLoader, SOURCE_SUFFIXES))
        return importlib.import_module("chardet")
