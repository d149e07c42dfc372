"""Hides the secrets of a source in its documents, notices and errors."""

import asyncio
import traceback
import warnings
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import cast

from fanin.errors import FailureKind, SourceError, describe, message_of
from fanin.model import Document, Notice, Question
from fanin.net.secrets import Mask, Secret
from fanin.sources.source import Item, Source, open_stream

LONG = 20_000
"""Characters of a text that are searched without a pause for the event loop."""


def mask_source(source: Source, secrets: Iterable[Secret]) -> Source:
    """The source with `***` in place of these secrets, in case a server sends them back.

    They are added to its `secrets`. Wrap it before any policy, so that no cache stores a secret. An error that holds a
    secret, in itself or in its traceback, is replaced by a SourceError of the same kind without it.
    """
    known = tuple(secrets)
    source = replace(source, secrets=(*source.secrets, *known))
    mask = Mask(known)
    if not mask:
        return source

    async def fetch(question: Question) -> AsyncIterator[Item]:
        try:
            async with open_stream(source, question) as stream:
                async for item in stream:
                    yield _mask_item(item, mask, text=await _masked_text(item, mask))
        except Exception as error:
            failure = _mask_error(error, mask)
            if failure is error:
                raise
        else:
            return
        # Raised outside of `except`, where the first error would become its context.
        raise failure

    return replace(source, fetch=fetch)


def masked(source: Source, secrets: Iterable[Secret]) -> Source:
    """Deprecated: `mask_source` under its old name."""
    message = "fanin.sources.masked_source.masked is called mask_source now; change the import."
    warnings.warn(message, DeprecationWarning, stacklevel=2)
    return mask_source(source, secrets)


async def _masked_text(item: Item, mask: Mask) -> str:
    """The text of a document without secrets; searching a long one pauses for the event loop."""
    if not isinstance(item, Document):
        return ""
    if len(item.text) <= LONG:
        return mask(item.text)
    steps = mask.mask_in_steps(item.text)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast("str", end.value)
        await asyncio.sleep(0)


def _mask_item(item: Item, mask: Mask, *, text: str) -> Item:
    match item:
        case Document():
            return replace(
                item,
                text=text,
                title=mask(item.title),
                url=mask(item.url),
                published=mask(item.published),
                media_type=mask(item.media_type),
                metadata=mask.mask_value(item.metadata),
            )
        case Notice():
            return replace(item, message=mask(item.message))


def _mask_error(error: Exception, mask: Mask) -> Exception:
    shown = "".join((*traceback.format_exception(error), *map(_repr, _chain(error))))
    text = message_of(error)
    if mask(shown) == shown and mask.message(text) == text:
        return error
    match error:
        case SourceError():
            return error.with_message(message_of(error, mask=mask.message))
        case TimeoutError():
            return TimeoutError(message_of(error, mask=mask.message))
        case _:
            return SourceError(describe(error, mask=mask.message), FailureKind.EXCEPTION)


def _chain(error: BaseException) -> Iterable[BaseException]:
    """The error with its causes and contexts, and the members of groups."""
    found: list[BaseException] = [error]
    for each in found:
        group = (
            cast("BaseExceptionGroup[BaseException]", each).exceptions if isinstance(each, BaseExceptionGroup) else ()
        )
        more = (each.__cause__, each.__context__, *group)
        found += [one for one in more if one is not None and not any(one is known for known in found)]
    return found


def _repr(one: BaseException) -> str:
    # Only searched, never shown: it holds what a traceback does not, such as the text that could not be encoded.
    try:
        return repr(one)
    except Exception:  # noqa: BLE001 - then no one else can show it either
        return ""
