"""A source that knows secrets, from which none gets out: not in a document, and not in an error."""

import traceback
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from fanin.errors import RateLimited, SourceError
from fanin.model import Document, Notice, Question
from fanin.net.secrets import Mask, Secret
from fanin.sources.source import Item, Source, reading


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
                    yield _without(item, mask)
        except Exception as error:
            failure = _telling_less(error, mask)
            if failure is error:
                raise
        else:
            return
        # Not from within `except`: the first error would come along as the context of this one.
        raise failure

    return replace(source, fetch=fetch)


def _without(item: Item, mask: Mask) -> Item:
    match item:
        case Document():
            return replace(
                item,
                text=mask(item.text),
                title=mask(item.title),
                url=mask(item.url),
                metadata=mask.within(item.metadata),
            )
        case Notice():
            return replace(item, message=mask(item.message))


def _telling_less(error: Exception, mask: Mask) -> Exception:
    told = "".join(traceback.format_exception(error))
    if mask(told) == told:
        return error
    message = mask(str(error))
    match error:
        case RateLimited():
            return RateLimited(message, error.retry_after)
        case SourceError():
            return SourceError(message, error.kind)
        case TimeoutError():
            return TimeoutError(message)
        case _:
            return SourceError(f"{type(error).__name__}: {message}", "exception")
