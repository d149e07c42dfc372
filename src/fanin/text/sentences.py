"""Where sentences begin and end: spans of a text, in order, each a sentence, a heading or an item of a list."""

import re

from fanin.text.languages.abbreviations import (
    AS_WRITTEN,
    BEFORE_NUMBER,
    BEFORE_ORDINAL,
    ENDS_A_LIST,
    FOREIGN_STARTERS,
    MAY_BE_LAST,
    NEVER_LAST,
    STARTERS,
)
from fanin.text.word_lists import (
    APOSTROPHE,
    CALENDAR,
    CLOSING_QUOTES,
    GERMAN_MONTHS,
    MENU_MARKS,
    OPENING_QUOTES,
    STOPS_ANYWHERE,
    STOPS_BEFORE_SPACE,
)

LONGEST = 1000
"""Characters of the longest sentence; what is longer is cut at a space, so that no span is without an end."""

WRAPPED = 50
"""A line that had room for the next word within so many characters was ended on purpose, not by a margin."""

_CLOSING = f"[{re.escape(CLOSING_QUOTES)}]*+(?:[\u00a0\u202f]»| »(?!\\S))?"
_STOP = rf"(?<![{STOPS_BEFORE_SPACE}])[{STOPS_BEFORE_SPACE}]++{_CLOSING}(?!\S)|[{STOPS_ANYWHERE}]++{_CLOSING}|\n"
_STOPS = re.compile(_STOP)
_THAI = re.compile("[\u0e01-\u0e4e] [\u0e01-\u0e44]")
_THAI_STOPS = re.compile(rf"{_STOP}|(?<=[\u0e01-\u0e4e]) (?=[\u0e01-\u0e44])")
_FULL_STOPS = frozenset(STOPS_BEFORE_SPACE + STOPS_ANYWHERE)
_SPACE = re.compile(r"\s*+")
_AFTER = re.compile(rf"\s*+[{re.escape(OPENING_QUOTES)}]*+")
_NEXT_LINE = re.compile(r"[^\S\n]*+(\S{0,24})")
_NEXT_WORD = re.compile(rf"[^\s,;:'{APOSTROPHE}]{{1,24}}")
_ITEM = re.compile(r"(?:[-*•‣▪]|[0-9]{1,3}[.)]|[A-Za-z][.)])\Z")
_CODE_BEGINS = frozenset("|{}<")
_SETTING = re.compile(r"\[?[\w.\-\"]+\]?\s*=")
"""How a row of a Markdown table, a tag, a prompt or a setting begins: form, not prose."""
_FENCE = re.compile(r"(?m)^[ \t]{0,12}(`{3,}|~{3,})([^\n`]*)$")
"""A line that begins or ends a block of code in Markdown."""
_STATEMENT_ENDS = frozenset(";{}|\\")
_LETTERED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\Z")
_ELIDED = re.compile(rf"^[^\W\d_]{{1,4}}['{APOSTROPHE}]")
"""An article that is written with its word: "l'art." (French, Italian)."""

_ORDINAL = re.compile(r"\d{1,2}(?:\.\d{1,2})?\Z")
_FIGURE = re.compile(r"\d|[IVXLC]{2}|(?:[A-Z]{0,3}[$€£¥]|[A-Z]{3}) ?\d")
_MONTH_IN_FIGURES, _YEAR = re.compile(r"\d{1,2}\.\s?\d{2,4}\b"), re.compile(r"(?:19|20)\d\d\b")
_QUOTE_GOES_ON = frozenset("とっなをがはのもにでや、")
"""What stands behind a quotation in Japanese where the sentence goes on: particles, and a comma."""
_WHO_SAID = re.compile(r"[^。，！？“”：\s]{1,6}[说說道问問喊叫答]")  # noqa: RUF001  marks of Chinese
"""What stands behind a quotation in Chinese where the sentence goes on: who said it."""
_THAI_GOES_ON = re.compile(
    "และ|แต่|หรือ|ที่(?!นี่|นั่น)|ซึ่ง|เพราะ|โดย(?!ทั่วไป)|เพื่อ|ว่า|จาก(?!นั้น)|ใน|ของ|กับ|เมื่อ(?!วาน|คืน)|ถ้า|ก็|จึง|ทั้ง|เช่น|ได้แก่|ๆ"
)
"""Conjunctions and prepositions of Thai, which has no full stops: sentences and clauses are apart by a space."""

_THAI_SENTENCE = 20
"""Characters of the shortest Thai sentence that a space ends."""


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans (start, end) of the text's sentences: ordered, apart and trimmed; in time linear in the text's length.

    Nothing but white space is outside of the spans. A block of code between fences is one sentence with them.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    if _is_single(text):
        _add(spans, text, 0, len(text))
        return spans
    if ("```" in text or "~~~" in text) and (blocks := _fenced(text)):
        return _around(text, blocks)
    stops = _STOPS if text.isascii() or not _THAI.search(text) else _THAI_STOPS
    for stop in stops.finditer(text):
        if stop.end() == len(text):
            break
        if _line_ends(text, stop.start()) if stop[0] == "\n" else _stop_ends(text, start, stop):
            _add(spans, text, start, stop.end())
            start = stop.end()
    _add(spans, text, start, len(text))
    return spans


def _is_single(text: str) -> bool:
    """Whether this is a single sentence for certain, found out without looking at each of its stops."""
    if ". " in text or not text.isascii() or not text.isprintable() or "! " in text or "? " in text:
        return False
    return not ('" ' in text or "' " in text or ") " in text or "] " in text)


def is_prose(sentence: str) -> bool:
    """Whether the sentence says something by itself, where a heading, a menu or a lone word does not."""
    if " | " in sentence or (not sentence.isascii() and any(mark in sentence for mark in MENU_MARKS)):
        return False
    spaces = sentence.count(" ") + sentence.count("\n")
    if sentence[-1:] in _FULL_STOPS or sentence.rstrip(CLOSING_QUOTES)[-1:] in _FULL_STOPS:
        return spaces >= 2 or not sentence.isascii()
    return spaces >= 9 and not is_fenced(sentence)


def is_fenced(sentence: str) -> bool:
    """Whether the sentence is a block of code between fences."""
    return sentence.startswith(("```", "~~~"))


def is_code(sentence: str) -> bool:
    """Whether the sentence looks like a line of code or of settings, or a row of a Markdown table."""
    if "```" in sentence or "~~~" in sentence or sentence[-1:] in _STATEMENT_ENDS or sentence[:1] in _CODE_BEGINS:
        return True
    return sentence[:2] == "$ " or ("=" in sentence and _SETTING.match(sentence) is not None)


def _fenced(text: str) -> list[tuple[int, int]]:
    """The spans of blocks of code with their fences; a fence that nothing ends begins none."""
    blocks: list[tuple[int, int]] = []
    begun: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if begun is None:
            begun = fence
        elif fence[1].startswith(begun[1]) and not fence[2].strip():
            blocks.append((begun.start(1), fence.end()))
            begun = None
    return blocks


def _around(text: str, blocks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of the blocks, and of the sentences between them."""
    spans: list[tuple[int, int]] = []
    at = 0
    for start, end in [*blocks, (len(text), len(text))]:
        spans += [(at + first, at + last) for first, last in sentences(text[at:start])]
        _add(spans, text, start, end)
        at = end
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return
    start += len(piece) - len(piece.lstrip())
    end = start + len(bare)
    while end - start > LONGEST:
        cut = max(text.rfind(" ", start + LONGEST // 2, start + LONGEST), start) or start
        cut = start + len(text[start : cut if cut > start else start + LONGEST].rstrip())
        spans.append((start, cut))
        start = _past(_SPACE, text, cut)
    spans.append((start, end))


def _line_ends(text: str, at: int) -> bool:
    """Whether the line break at `at` ends a sentence: before an empty line or an item, or made on purpose."""
    following = _NEXT_LINE.match(text, at + 1)
    word = following[1] if following else ""
    if not word or _ITEM.match(word):
        return True
    line = at - text.rfind("\n", 0, at) - 1
    return not word[0].islower() and line + 1 + len(word) < WRAPPED


def _stop_ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the stop, which may be several characters, ends the sentence that began at `start`."""
    mark = stop[0]
    if mark == " ":
        return stop.start() - start >= _THAI_SENTENCE and _THAI_GOES_ON.match(text, stop.end()) is None
    if mark[0] in STOPS_ANYWHERE:
        if mark[-1] == "”":
            return _WHO_SAID.match(text, stop.end()) is None
        return mark[-1] not in "」』" or text[stop.end() : stop.end() + 1] not in _QUOTE_GOES_ON
    after = _past(_AFTER, text, stop.end())
    if text[after : after + 1].islower():
        return False
    return mark[0] != "." or mark[:2] == ".." or not _abbreviates(text, start, stop.start(), after)


def _abbreviates(text: str, start: int, at: int, after: int) -> bool:
    """Whether the full stop at `at` belongs to the word before it, and the sentence goes on at `after`."""
    if "\u0561" <= text[at - 1 : at] <= "\u0587":
        return True  # in Armenian the full stop is another mark
    before = text[max(start, at - 24) : at].split()
    word = _ELIDED.sub("", before[-1].lstrip(OPENING_QUOTES)) if before else ""
    if len(before) == 1 and at - start < 24 and (word.isdigit() or len(word) == 1):
        return True  # "1. First", "A. First": a numbered item, not a sentence
    low = word.lower()
    earlier = before[-2].lower() if len(before) > 1 else ""
    if low in NEVER_LAST or word in AS_WRITTEN or f"{earlier}{low}" in NEVER_LAST:  # "p.ex." may also be "p. ex."
        return True
    if (low in BEFORE_NUMBER or low.endswith("str")) and _FIGURE.match(text, after):
        return True
    following = _NEXT_WORD.match(text, after)
    next_word = following[0].lower() if following else ""
    if _ORDINAL.match(low):
        if _MONTH_IN_FIGURES.match(text, after) or (_ORDINAL.match(earlier[:-1]) and _YEAR.match(text, after)):
            return True  # "5. 3. 1980"
        dated = text.startswith(GERMAN_MONTHS, after) or (
            earlier in BEFORE_ORDINAL and next_word not in FOREIGN_STARTERS
        )
        return dated and bool(next_word)
    if low in ENDS_A_LIST and following and not following[0].isupper() and next_word not in CALENDAR:
        return not following[0][0].isupper()
    counted = earlier[:1].isdigit()  # "200 g.", "4.º B."
    initial = len(word) == 1 and word.isupper() and not counted
    small = len(word) == 1 and word.islower() and not counted  # "z. B."
    if low not in MAY_BE_LAST and not initial and not small and _LETTERED.match(word) is None:
        return False
    return next_word not in STARTERS and (initial or next_word not in FOREIGN_STARTERS) and bool(next_word)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what the pattern matches at `at` ends."""
    found = pattern.match(text, at)
    return found.end() if found else at
