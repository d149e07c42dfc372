"""HTML from templates: `html(t"<b>{text}</b>")`. Every value is escaped, but for what this made."""

from html import escape
from string.templatelib import Interpolation, Template

from fanin.sanitize import line


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def html(template: Template) -> Html:
    """The template with its values as text on one line without control characters; lists are joined."""
    return Html("".join(each if isinstance(each, str) else _value(each) for each in template))


def _value(given: Interpolation[object]) -> str:
    return _text(format(given.value, given.format_spec) if given.format_spec else given.value)


def _text(value: object) -> str:
    match value:
        case Html():
            return value
        case list():
            return "".join(map(_text, value))  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return escape(line(str(value), limit=1_000))
