"""What a tool answers, as documents: texts, structured content, links to resources, and embedded ones."""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, cast

from fanin.model import JSON, Document
from fanin.sanitize import line
from fanin.sources.json_documents import document, facts, parsed, sound

if TYPE_CHECKING:
    from mcp_types import CallToolResult, ResourceLink


def documents(result: CallToolResult) -> Iterator[Document]:
    """The documents in a result; JSON is told as lines `name: value`, pictures and sounds are left out.

    Servers repeat structured content as JSON in a text, for older clients, or say it there in words: the words are
    taken if there are any.
    """
    structured = _unwrapped(cast("JSON", result.structured_content))
    known = _forms(structured)
    texts = (block.text for block in result.content if block.type == "text")
    prose = [text for text in texts if not _repeats(text, known)]
    if not prose:
        yield from _from_json(structured)
    for text in prose:
        yield from _from_text(text)
    for block in result.content:
        if block.type == "resource_link":
            yield _link(block)
        elif block.type == "resource" and (text := getattr(block.resource, "text", "")):
            kind = "text/html" if "html" in (block.resource.mime_type or "") else "text/plain"
            yield Document(sound(text), url=block.resource.uri, media_type=kind)


def words(result: CallToolResult) -> str:
    """The text of a result that is an error, in one line."""
    return line(" ".join(getattr(block, "text", "") for block in result.content), limit=500)


def _unwrapped(structured: JSON) -> JSON:
    """Servers wrap what is no object, such as a list, as `{"result": …}`."""
    match structured:
        case {"result": inner, **rest} if not rest:
            return inner
        case _:
            return structured


def _from_text(text: str) -> Iterator[Document]:
    if text.lstrip()[:1] in ("{", "["):
        try:
            yield from _from_json(parsed(text), text)
        except ValueError:
            yield Document(sound(text))
    else:
        yield Document(sound(text))


def _from_json(value: JSON, text: str = "") -> Iterator[Document]:
    match value:
        case None:
            return
        case str():
            yield Document(sound(value))
        case {"text": str()}:
            yield _own(value)
        case Mapping():
            if told := _told(value):
                yield Document(told, metadata=value)
        case Sequence() if all(isinstance(each, (str, Mapping)) for each in value):
            for each in value:
                yield from _from_json(each)
        case _:
            yield Document(text or _told(value))


def _own(value: Mapping[str, JSON]) -> Document:
    try:
        return document(value)
    except ValueError:
        return Document(_told(value), metadata=value)


def _told(value: JSON) -> str:
    try:
        return facts(value)
    except ValueError:
        return sound(repr(value))


def _forms(structured: JSON) -> Set[str]:
    """What a text may say again: the structured content or one item of it, as text or as JSON in one form."""
    if structured is None:
        return frozenset()
    values = [structured, *structured] if isinstance(structured, list) else [structured]
    return {each for each in values if isinstance(each, str)} | {_form(each) for each in values}


def _repeats(text: str, known: Set[str]) -> bool:
    if text in known:
        return True
    try:
        return bool(known) and _form(parsed(text)) in known
    except ValueError:
        return False


def _form(value: JSON) -> str:
    return json.dumps(value, sort_keys=True)


def _link(link: ResourceLink) -> Document:
    title = link.title or link.name
    return Document(sound(link.description or title), title=sound(title), url=link.uri)
