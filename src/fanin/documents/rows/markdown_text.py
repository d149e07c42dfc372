"""The text of Markdown as a reader sees it: without its marks (pure)."""

import re

_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)(.{1,400}?)(?<!`)\1(?!`)", re.DOTALL)
_TITLE = r"(?:\s{1,9}(?:\"[^\"]{0,200}\"|'[^']{0,200}'))?\s{0,9}"
_LINK = re.compile(
    rf"!?\[([^\[\]]{{0,400}})\](?:\(\s{{0,9}}<?[^()\s<>]{{0,800}}(?:\([^()\s]{{0,100}}\)[^()\s<>]{{0,200}})?>?{_TITLE}\)"
    r"|\[[^\[\]]{0,200}\])(?:\{[^{}\n]{0,100}\})?"
)
_BREAK = re.compile(r"<br\s{0,9}/?>\n?", re.IGNORECASE)
_FOOTNOTE = re.compile(r"(?<=\S)\[\^[^\[\]\s]{1,99}\](?!:)")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,500})>")
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|center|code|details|div|em|font|h[1-6]|hr|i|img|kbd|mark|p|picture|s|small|source|span|strong|sub"
    r"|summary|sup|table|tbody|td|th|thead|tr|u|ul|ol|li)(?:\s[^<>]{0,500})?/?>|<!--.{0,2000}?-->",
    re.IGNORECASE | re.DOTALL,
)
_STARS = re.compile(r"(?<!\*)(\*{2,3})(?=[^\s*])([^*]{1,500})(?<=[^\s*])\1(?!\*)")
_STAR = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,300})(?<=[^\s*\\])\*(?![\w*])")
_LINES = re.compile(r"(?<![\w\\])(_{1,3})(?=[^\s_])([^_]{1,300})(?<=[^\s_\\])\1(?!\w)")
_STRUCK = re.compile(r"~~(?=\S)([^~]{1,300})(?<=\S)~~")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]|[ \t]*\[\^[^\[\]]{1,99}\]:")
_RULE = re.compile(r" {0,3}([*_-])[ \t]*(?:\1[ \t]*){2,}")
_ADMONITION = re.compile(r"[ \t]{0,12}(?:!!!|\?\?\?\+?|:::+)[ \t]*[\w-]*[ \t]*(.{0,300})")
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?){1,9}(?:\[!\w{1,20}\][+-]?)?")
_REFERENCE = re.compile(r" {0,3}\[(\^)?[^\[\]]{1,200}\]:[ \t]*(.*)")
_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*+\{[:#.][^{}\n]{0,200}\}[ \t]*+$")


def plain(text: str) -> str:
    """A run of text without the marks of links, pictures, emphasis and tags; what stands between backticks is kept."""
    if not any(mark in text for mark in "*_[<~\\{"):
        return text
    pieces, at = list[str](), 0
    for code in _CODE.finditer(text):
        pieces += [_plain(text[at : code.start()]), code[0]]
        at = code.end()
    pieces.append(_plain(text[at:]))
    return "".join(pieces) if len(pieces) == 1 else _LINK.sub(r"\1", "".join(pieces))


def _plain(text: str) -> str:
    text = _TAG.sub("", _BREAK.sub("\n", text))
    text = _FOOTNOTE.sub("", text)
    for _ in range(2):  # a picture within a link
        text = _LINK.sub(r"\1", text)
    text = _ADDRESS.sub(r"\1", text)
    for pattern, kept in ((_STAR, r"\1"), (_STARS, r"\2"), (_STAR, r"\1"), (_LINES, r"\2"), (_STRUCK, r"\1")):
        text = pattern.sub(kept, text)
    return _ESCAPE.sub(r"\1", text)


def plain_heading(name: str) -> str:
    """The words of a heading."""
    return " ".join(plain(_ATTRIBUTES.sub("", name)).split())


def plain_line(line: str) -> str:
    """A line without the mark of a quotation, an admonition, a rule or a definition; "" if it was nothing else."""
    if line.lstrip().startswith(">"):
        line = _QUOTE.sub("", line, count=1)
    if _RULE.fullmatch(line):
        return ""
    if found := _ADMONITION.fullmatch(line):
        return found[1].strip().strip('"')
    if found := _REFERENCE.fullmatch(line):
        return found[2] if found[1] else ""
    return _ATTRIBUTES.sub("", line)


def is_container(line: str) -> bool:
    """Whether lines below this one that are indented are text of it: those of an item of a list, or an admonition."""
    return _ITEM.match(line) is not None or _ADMONITION.fullmatch(line.rstrip()) is not None
