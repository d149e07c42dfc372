"""The result of a tool as documents: texts, structured content, linked and embedded resources."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from fanin.bounded_json import without_surrogates
from fanin.model import JSON, Document
from fanin.sanitize import line
from fanin.sources.json_documents import as_lines, document_from_json, parse_json
from fanin.sources.mcp.result_lists import beside, result_document, results
from fanin.sources.mcp.result_text import results_in_text

if TYPE_CHECKING:
    from mcp_types import CallToolResult, ResourceLink

_FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(.*?)\n\s*```\s*", re.DOTALL)


def documents(result: CallToolResult) -> Iterator[Document]:
    """The documents in a result, one for each result of a search; images and audio are left out.

    JSON that lists no results becomes lines `name: value`. Servers repeat structured content in a text, for older
    clients, as JSON or in words. Words are preferred, but for a list of results.
    """
    structured = _unwrapped(cast("JSON", result.structured_content))
    known = _repeated_forms(structured)
    texts = (block.text for block in result.content if block.type == "text")
    prose = [text for text in texts if not _repeats(text, known)]
    listed = list(_from_json(structured)) if not prose or results(structured) else []
    yield from listed
    for text in prose:
        if not any(each.title and each.title in text for each in listed):
            yield from _from_text(text)
    for block in result.content:
        if block.type == "resource_link":
            yield _linked_document(block)
        elif block.type == "resource" and (text := getattr(block.resource, "text", "")):
            kind = "text/html" if "html" in (block.resource.mime_type or "") else "text/plain"
            yield Document(without_surrogates(text), url=block.resource.uri, media_type=kind)


def error_text(result: CallToolResult) -> str:
    """The text of a result that is an error, in one line."""
    return line(" ".join(getattr(block, "text", "") for block in result.content), limit=500)


def _unwrapped(structured: JSON) -> JSON:
    """The structured content; servers wrap what is not an object, such as a list, as `{"result": …}`."""
    match structured:
        case {"result": inner, **rest} if not rest:
            return inner
        case _:
            return structured


def _from_text(text: str) -> Iterator[Document]:
    """The documents in a text: JSON, maybe fenced as in Markdown, a list of results, or the text itself."""
    text = without_surrogates(text)
    fenced = _FENCED.fullmatch(text)
    bare = fenced[1] if fenced else text
    if bare.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        with suppress(ValueError):
            yield from _from_json(parse_json(bare), text)
            return
    yield from results_in_text(text) or (Document(text),)


def _from_json(value: JSON, text: str = "") -> Iterator[Document]:
    if found := results(value):
        yield from beside(value)
        for each in found:
            yield from _from_result(each)
        return
    match value:
        case None:
            return
        case str():
            yield Document(without_surrogates(value))
        case {"text": str()}:
            yield _own_document(value)
        case Mapping():
            if text_lines := _lines_or_repr(value):
                yield Document(text_lines, metadata=value)
        case Sequence() if all(isinstance(each, (str, Mapping)) for each in value):
            for each in value:
                yield from _from_json(each)
        case _:
            yield Document(text or _lines_or_repr(value))


def _from_result(item: JSON) -> Iterator[Document]:
    made = result_document(item) if isinstance(item, Mapping) else None
    if made is None or not isinstance(item, Mapping):
        yield from _from_json(item)
    elif isinstance(item.get("text"), str):
        own = _own_document(item)
        published = own.published or made.published
        yield replace(own, title=own.title or made.title, url=own.url or made.url, published=published)
    else:
        yield made


def _own_document(value: Mapping[str, JSON]) -> Document:
    try:
        return document_from_json(value)
    except ValueError:
        return Document(_lines_or_repr(value), metadata=value)


def _lines_or_repr(value: JSON) -> str:
    try:
        return as_lines(value)
    except ValueError:
        return without_surrogates(repr(value))


def _repeated_forms(structured: JSON) -> Set[str]:
    """The forms in which a text may repeat the structured content or one item of it: as text, or canonical JSON."""
    if structured is None:
        return frozenset()
    values = [structured, *structured] if isinstance(structured, list) else [structured]
    return {each for each in values if isinstance(each, str)} | {_canonical(each) for each in values}


def _repeats(text: str, known: Set[str]) -> bool:
    if text in known:
        return True
    try:
        return bool(known) and _canonical(parse_json(text)) in known
    except ValueError:
        return False


def _canonical(value: JSON) -> str:
    return json.dumps(value, sort_keys=True)


def _linked_document(link: ResourceLink) -> Document:
    title = link.title or link.name
    return Document(without_surrogates(link.description or title), title=without_surrogates(title), url=link.uri)
