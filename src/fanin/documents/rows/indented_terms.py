"""Terms in plain text, each with what is said of it indented below, as in manuals and reStructuredText (pure)."""

import re
from collections.abc import Iterator, Sequence

LONGEST = 90
"""Characters of a line that is a term."""

USUAL_WIDTH = 60
"""Characters to which text is wrapped at least; a line that is broken earlier is complete."""

MOST_AROUND = 5
"""Terms around a term that are told with it."""

_NO_TERM = re.compile(r"(?:[-*+\u2022\u2023\u25aa]|\d{1,3}[.)])\s|\.\. |[:#>|$%]|```|~~~|\W*$")
"""How lines begin that are no terms: items, directives, fields, comments, quotes, prompts, fences and rules."""

type Part = tuple[int, Sequence[str], bool]
"""The number of the line where a part begins, the terms around it, outermost first, and whether it is the last one."""


def with_terms(text: str) -> tuple[str, list[tuple[int, Sequence[str]]]]:
    """The text with an empty line below each term, and where parts begin in it, with the terms around each."""
    lines = text.splitlines(keepends=True)
    parts = {at: (terms, is_term) for at, terms, is_term in terms_of(lines)}
    if not parts:
        return text, []
    found, pieces, size = list[tuple[int, Sequence[str]]](), list[str](), 0
    for at, line in enumerate(lines):
        terms, is_term = parts.get(at, ((), False))
        if at in parts:
            found.append((size, terms))
        pieces.append(f"{line}\n" if is_term else line)
        size += len(pieces[-1])
    return "".join(pieces), found


def terms_of(lines: Sequence[str]) -> Iterator[Part]:
    """The terms among these lines, and where text goes on that is not about the last one; linear in their length."""
    above: list[tuple[int, str]] = []
    fenced, last = False, -1
    for at, line in enumerate(lines):
        bare = line.strip()
        fenced ^= bare.startswith(("```", "~~~"))
        if not bare or fenced:
            continue
        indent, known = _indent(line), len(above)
        while above and above[-1][0] >= indent:
            above.pop()
        is_term = _is_term(lines, at, bare, last)
        if is_term:
            above.append((indent, bare))
            last = at
        if is_term or len(above) < known:
            yield at, [name for _, name in above[-MOST_AROUND - 1 :]], is_term


def _is_term(lines: Sequence[str], at: int, bare: str, last: int) -> bool:
    """Whether a line by itself, or below the term before, has text below it that is indented more.

    It is none where it only goes on there, as a line does that is broken because it is full.
    """
    below = lines[at + 1] if at + 1 < len(lines) else ""
    if len(bare) > LONGEST or bare[-1] in ".,;!?\u2010" or _NO_TERM.match(bare) or not below.strip():
        return False
    if _indent(below) < _indent(lines[at]) + 2 or (at and lines[at - 1].strip() and last != at - 1):
        return False
    goes_on = len(_line(lines[at])) + 1 + len(below.split()[0]) <= max(USUAL_WIDTH, len(_line(below)))
    return goes_on and _NO_TERM.match(below.strip()) is None


def _line(line: str) -> str:
    """The line without white space at its end, and with spaces for tabs."""
    return line.rstrip().expandtabs(8)


def _indent(line: str) -> int:
    line = line.expandtabs(8)
    return len(line) - len(line.lstrip(" "))
