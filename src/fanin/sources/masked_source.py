"""A source that knows secrets, from which none gets out: not in a document, and not in an error."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import cast

from fanin.errors import FailureKind, SourceError, describe, message_of
from fanin.model import Document, Notice, Question
from fanin.net.secrets import Mask, Secret
from fanin.sources.source import Item, Source, reading

LONG = 20_000
"""Characters of a text that are looked through at once."""


def masked(source: Source, secrets: Iterable[Secret]) -> Source:
    """The source with `***` in place of these secrets in whatever it says, should a server say them back.

    They are its `secrets` then. Wrap it before any policy, so that no cache keeps one either. An error that would tell
    a secret, itself or in its traceback, is replaced by a SourceError of the same kind that tells its message without
    it.
    """
    known = tuple(secrets)
    source = replace(source, secrets=(*source.secrets, *known))
    mask = Mask(known)
    if not mask:
        return source

    async def fetch(question: Question) -> AsyncIterator[Item]:
        try:
            async with reading(source, question) as stream:
                async for item in stream:
                    yield _without(item, mask, text=await _text(item, mask))
        except Exception as error:
            failure = _telling_less(error, mask)
            if failure is error:
                raise
        else:
            return
        # Not from within `except`: the first error would come along as the context of this one.
        raise failure

    return replace(source, fetch=fetch)


async def _text(item: Item, mask: Mask) -> str:
    """The text of a document without secrets; the loop has its turn while a long one is looked through."""
    if not isinstance(item, Document):
        return ""
    if len(item.text) <= LONG:
        return mask(item.text)
    steps = mask.steps(item.text)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast("str", end.value)
        await asyncio.sleep(0)


def _without(item: Item, mask: Mask, *, text: str) -> Item:
    match item:
        case Document():
            return replace(
                item,
                text=text,
                title=mask(item.title),
                url=mask(item.url),
                published=mask(item.published),
                media_type=mask(item.media_type),
                metadata=mask.within(item.metadata),
            )
        case Notice():
            return replace(item, message=mask(item.message))


def _telling_less(error: Exception, mask: Mask) -> Exception:
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
    """The error, what it came from, and what is in it if it is a group."""
    found: list[BaseException] = [error]
    for each in found:
        group = (
            cast("BaseExceptionGroup[BaseException]", each).exceptions if isinstance(each, BaseExceptionGroup) else ()
        )
        more = (each.__cause__, each.__context__, *group)
        found += [one for one in more if one is not None and not any(one is known for known in found)]
    return found


def _repr(one: BaseException) -> str:
    # Looked through, and never shown: it has what a traceback does not, as the whole text of a letter that no encoding
    # could write.
    try:
        return repr(one)
    except Exception:  # noqa: BLE001 - then nobody else can show it either
        return ""
