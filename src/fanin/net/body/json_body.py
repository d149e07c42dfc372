"""Decodes JSON from untrusted bytes."""

import json
from typing import Any

from yarl import URL

from fanin.bounded_json import JSONLimit, bounded_json
from fanin.errors import FailureKind, SourceError
from fanin.limits import LIMITS, Limits
from fanin.loop_time import ON_LOOP, off_loop
from fanin.net.body.text_decoding import canonical_charset
from fanin.net.http_errors import redact


async def decode_json_off_loop(body: bytes, *, charset: str = "", url: URL | str, limits: Limits = LIMITS) -> Any:
    """As `decode_json`, without blocking the event loop."""
    if len(body) <= ON_LOOP:
        return decode_json(body, charset=charset, url=url, limits=limits)
    return await off_loop(decode_json, body, charset=charset, url=url, limits=limits)


def decode_json(body: bytes, *, charset: str = "", url: URL | str, limits: Limits = LIMITS) -> Any:
    """The JSON value in the bytes, which are UTF-8 (RFC 8259), or else in the declared charset.

    Raises SourceError (kind "not_json", "too_deep" or "too_large"). Of several values with one key the last one counts.
    """
    try:
        return bounded_json(_text(body, charset), limits)
    except JSONLimit as error:
        failure = _limit_error(error, url)
    except (ValueError, LookupError) as error:
        failure = _not_json(url, body, error)
    # Raised outside of `except`: the parser's error, which would become its context, holds the whole body.
    raise failure


def _text(body: bytes, charset: str) -> str:
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        if (name := canonical_charset(charset)) is None:
            raise
    return body.decode(name)


def _limit_error(limit: JSONLimit, url: URL | str) -> SourceError:
    return SourceError(
        f"It answered with JSON of {limit} ({redact(url)}); fanin did not use it. Ask it for less, or check that the"
        " address is that of the API.",
        kind=limit.kind,
    )


def _not_json(url: URL | str, body: bytes, error: Exception) -> SourceError:
    start = body[:60].decode("utf-8", "replace")
    return SourceError(
        f"It answered with something that is not JSON, {start!r} ({type(error).__name__}, {redact(url)}); fanin did"
        " not use it. Check that the address is that of the API.",
        FailureKind.NOT_JSON,
    )
