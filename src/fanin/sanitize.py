"""Text from sources made safe to show: no control characters, nothing that hides or reorders, no endless line."""

import re

# ECMA-48: CSI sequences; OSC, DCS, SOS, PM and APC strings up to their end; other escapes. An unterminated string is
# cut at the end of its line, so that nobody can swallow the rest of a text. `re` compiles and keeps all of these when
# they are first used: most programs never need them.
_SEQUENCE = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
UNSAFE = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
"""Control characters, and those that turn or hide text: bidirectional controls (UAX #9), invisible formatting, tags; as
the inside of a regular expression's brackets."""


def block(text: str) -> str:
    """The text without control sequences and invisible characters; its line breaks stay."""
    if text.isprintable():
        return text
    lines = re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text.replace("\t", "    "))
    return "\n".join(map(_harmless, lines))


def _harmless(line: str) -> str:
    return re.sub(r"[\ud800-\udfff]", "\ufffd", re.sub(f"[{UNSAFE}]", "", re.sub(_SEQUENCE, "", line)))


def line(text: str, *, limit: int = 2_000) -> str:
    """The sanitized text on one line of at most `limit` characters."""
    joined = " ".join(block(text[: 4 * limit]).split())
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"
