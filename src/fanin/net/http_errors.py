"""The errors of failed requests: their kind, and a message without parameters and passwords."""

import time
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from fanin.errors import FailureKind, RateLimited, SourceError
from fanin.net.quota import pause_of

HEARD = (aiohttp.ClientError, ConnectionError, ValueError, TimeoutError)
"""What a request may raise by itself; when the time of a source or a question is over, it is cancelled."""

MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)
"""What taking values out of JSON may raise when it has another form than its API documents."""

LONGEST_PAUSE = 86_400.0
"""Seconds; a server that asks for more than a day is as good as gone, or its clock is wrong."""

_REASONS = {
    401: "It wants a key that it accepts: check the source's settings.",
    403: "It refuses this request: check the key and the source's settings.",
    404: "Check the address in the source's settings.",
    410: "Check the address in the source's settings.",
}


class Refused(PermissionError):
    """A connection that fanin does not make. It is an OSError, so that aiohttp takes it for a failure to connect."""


class NeverReached(Refused):
    """One that it makes for no source, whatever its settings."""


def redacted(url: URL | str) -> str:
    """The address without user, password and query."""
    try:
        address = URL(url)
        port = f":{address.explicit_port}" if address.explicit_port else ""
    except ValueError:
        return "address unreadable"
    return f"{address.host or '?'}{port}{address.path.rstrip('/')}"


def for_status(response: aiohttp.ClientResponse, url: URL) -> SourceError:
    """The error for any status but 200: RateLimited for 429, for 503 that says when to come back, and for 403 of a
    server whose limit is used up, as GitHub answers."""
    status, pause = response.status, response.headers.get("Retry-After", "")
    reason = "".join(letter for letter in (response.reason or "")[:60] if letter.isprintable())
    answered = f"It answered {status} {reason}".rstrip() + f" ({redacted(url)})"
    now = time.time()
    exhausted = pause_of(response.headers, now=now) if status in (403, 429) else None
    if status == 429 or (status == 503 and pause) or exhausted is not None:
        after = retry_after(pause, now=now) if pause else exhausted
        when = f"in {after:g} s" if after is not None else "later"
        return RateLimited(f"{answered}; fanin took nothing from it. Ask again {when}, or ask it less often.", after)
    advice = _REASONS.get(status, "Try again later, or ask without this source.")
    return SourceError(f"{answered}; fanin took nothing from it. {advice}", kind=f"http_{status}")


def failure_of(error: BaseException, url: URL | str) -> SourceError | TimeoutError:
    """What one of `HEARD` means, as an error that says nothing of the request but where it went.

    Raise it outside of the `except` block: the first error may quote the whole address and every header.
    """
    if isinstance(error, TimeoutError):
        return TimeoutError(f"It was not through in the longest time that one answer may take ({redacted(url)})")
    return _failure(*_explanation(error), url)


def unconnected(error: OSError, url: URL | str) -> SourceError:
    """Why there is no connection: nobody is there (UNREACHABLE), or fanin makes none (PRIVATE)."""
    return _failure(*_no_connection(error), url)


def retry_after(value: str, *, now: float) -> float | None:
    """Seconds to wait by a Retry-After header, which is seconds or an HTTP date (RFC 9110, 10.2.3); None if neither.

    `now` is seconds since the epoch. What is longer than `LONGEST_PAUSE` is that.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:20]), LONGEST_PAUSE)
    try:
        return min(max(0.0, parsedate_to_datetime(value).timestamp() - now), LONGEST_PAUSE)
    except ValueError, TypeError, OverflowError:
        return None


def _failure(kind: FailureKind, what: str, advice: str, url: URL | str) -> SourceError:
    return SourceError(f"{what} ({redacted(url)}); fanin took nothing more from it. {advice}", kind=kind)


def _explanation(error: BaseException) -> tuple[FailureKind, str, str]:
    match error:
        case aiohttp.ClientSSLError():
            return (
                FailureKind.TLS,
                f"There is no safe connection, {type(error).__name__}",
                "Check its certificate and this clock.",
            )
        case aiohttp.NonHttpUrlClientError() | ValueError():  # after the error of a certificate, which is one too
            return FailureKind.ADDRESS, "This is no address that can be asked", "Correct it in the source's settings."
        case aiohttp.ClientConnectorError():
            return _no_connection(error.os_error)
        case aiohttp.ClientHttpProxyError():
            return (
                FailureKind.PROXY,
                f"The proxy answered {error.status} and did not connect",
                "Check the proxy's settings.",
            )
        case aiohttp.ClientPayloadError():
            return FailureKind.TRUNCATED, "The answer broke off before its end", "Try again later."
        case aiohttp.ServerDisconnectedError() | ConnectionError() | aiohttp.ClientOSError():
            return FailureKind.DISCONNECTED, "The connection was closed without an answer", "Try again later."
        case _:
            return FailureKind.PROTOCOL, f"Its answer is not proper HTTP, {type(error).__name__}", "Check the address."


def _no_connection(error: OSError) -> tuple[FailureKind, str, str]:
    if isinstance(error, NeverReached):
        return (
            FailureKind.PRIVATE,
            f"It leads where fanin asks nothing: its address is {error}",
            "Correct the address in the source's settings.",
        )
    if isinstance(error, Refused):
        return (
            FailureKind.PRIVATE,
            f"It is not on the public internet: its address is {error}",
            "If this source is yours, name this address in its settings, and set allow_private for it.",
        )
    reason = error.strerror or type(error).__name__
    return FailureKind.UNREACHABLE, f"There is no connection, {reason}", "Check the address and the network."
