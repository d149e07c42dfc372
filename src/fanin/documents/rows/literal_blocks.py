"""Blocks of code without fences, such as literal blocks of reStructuredText, put between fences (pure)."""

import re
from collections.abc import Sequence

LONGEST = 1_500
"""Characters of a block of code that is put between fences; a longer one is a listing, or a page of text."""

_DIRECTIVE = re.compile(r"\.\. (?:code-block|code|sourcecode|parsed-literal|prompt|console)::[ \t]*([\w+-]{0,30})")
_OPTION = re.compile(r"[ \t]+:[\w-]+:")
_ITEM = re.compile(r"[ \t]*(?:(?:[-*+\u2022]|\d{1,3}[.)])[ \t]+)?")
_FENCE = re.compile(r"[ \t]{0,12}(```|~~~)")
_SIGNS = re.compile(r"(?m)^\s*[a-z]|[{}();=<>|$\\`_/~@#]| -\w")
_SPOKEN = re.compile(r"\W{0,3}[^\W_a-z][^{}();=<>|$\\`_]{24,}")
"""A line of prose: some words without the marks of code."""


def is_code_block(text: str) -> bool:
    """Whether lines that stand as they are look like code, and not like prose, and are no more than usual."""
    if not 0 < len(text.strip()) <= LONGEST or "```" in text or not _SIGNS.search(text):
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    spoken = [1 for line in lines if _SPOKEN.fullmatch(line) and " --" not in line and line.count(" ") >= 4]
    return 2 * len(spoken) <= len(lines)


def with_fences(text: str) -> str:
    """The text, in which code that is indented below a line that ends with a colon stands between fences.

    The directives of reStructuredText that begin code are left out.
    """
    lines, at, result, fence = text.splitlines(keepends=True), 0, list[str](), ""
    while at < len(lines):
        if (found := _FENCE.match(lines[at])) and fence in ("", found[1]):
            fence = "" if fence else found[1]
        end = _end_of_block(lines, at + 1) if not fence and _leads(lines[at]) else at + 1
        block = lines[at + 1 : end]
        if is_code_block("".join(block)) or (block and _is_literal(lines[at])):
            result += [*_lead(lines[at]), *_between_fences(block, lines[at])]
        else:
            result += [lines[at], *block]
        at = end
    return "".join(result)


def _leads(line: str) -> bool:
    return line.rstrip().endswith(":") or _is_literal(line)


def _is_literal(line: str) -> bool:
    """Whether what is indented below the line is code whatever it says."""
    bare = line.strip()
    return _DIRECTIVE.match(bare) is not None or (bare.endswith("::") and not bare.startswith(".. "))


def _end_of_block(lines: Sequence[str], start: int) -> int:
    """Where the lines end that are indented below an empty one; `start` if there are none."""
    mark = _ITEM.match(lines[start - 1])
    indent, at = mark.end() if mark else 0, start
    while at < len(lines) and _OPTION.match(lines[at]):
        at += 1
    if at >= len(lines) or lines[at].strip():
        return start
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at < len(lines) and (item := _ITEM.match(lines[at])) and item[0].strip():
        return start
    end = start
    while at < len(lines):
        line = lines[at].expandtabs(4)
        if line.strip():
            if len(line) - len(line.lstrip()) < indent + 3:
                break
            end = at + 1
        at += 1
    return end


def _lead(line: str) -> list[str]:
    """The line before a block: "Run::" ends with one colon; what only announces code is left out."""
    bare = line.rstrip()
    if _DIRECTIVE.match(line.lstrip()) or bare.strip() == "::":
        return []
    return [f"{bare.removesuffix('::')}:\n" if bare.endswith("::") else line]


def _between_fences(block: Sequence[str], lead: str) -> list[str]:
    """The lines of code without options of a directive, and without their indentation."""
    lines = [line.expandtabs(4) for line in block if not _OPTION.match(line)]
    while lines and not lines[0].strip():
        lines.pop(0)
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    code = [line[indent:] if line.strip() else "\n" for line in lines]
    code[-1] = f"{code[-1].rstrip()}\n"
    found = _DIRECTIVE.match(lead.lstrip())
    return ["\n", f"```{found[1] if found else ''}\n", *code, "```\n"]
