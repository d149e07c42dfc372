"""The errors of failed requests: their kind, and a message without parameters and passwords."""

import time
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from fanin.errors import FailureKind, RateLimited, SourceError, describe
from fanin.net.quota import quota_pause

REQUEST_ERRORS = (aiohttp.ClientError, ConnectionError, ValueError, TimeoutError)
"""Errors that a request may raise; at the deadline of a source or a question it is cancelled instead."""

MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)
"""Errors of reading values from JSON that has another format than documented."""

LONGEST_PAUSE = 86_400.0
"""Seconds of the longest pause: a day. A server that asks for more is broken, or its clock is wrong."""

_REASONS = {
    401: "It needs a valid key: check the source's settings.",
    403: "It refuses this request: check the key and the source's settings.",
    404: "Check the address in the source's settings.",
    410: "Check the address in the source's settings.",
}


class AddressRefused(PermissionError):
    """A connection that fanin does not make. It is an OSError, so that aiohttp treats it as a failure to connect."""


class AddressForbidden(AddressRefused):
    """A connection that fanin makes for no source, whatever its settings."""


def wrong_format(
    api: str, url: URL | str, error: Exception, advice: str = "Check that the address is that of the API."
) -> SourceError:
    """The error for a reply that is not as the documentation of this API says."""
    return SourceError(
        f"The reply has not the format of {api} ({describe(error)}, {redact(url)}); fanin did not use it. {advice}",
        FailureKind.FORMAT,
    )


def redact(url: URL | str) -> str:
    """The address without user, password and query."""
    try:
        address = URL(url)
        port = f":{address.explicit_port}" if address.explicit_port else ""
    except ValueError:
        return "address unreadable"
    return f"{address.host or ''}{port}{address.path.rstrip('/')}" or "?"


def status_error(response: aiohttp.ClientResponse, url: URL) -> SourceError:
    """The error for a status: RateLimited for 429, 503 with Retry-After, and 403 with an exhausted quota (GitHub)."""
    status, pause = response.status, response.headers.get("Retry-After", "")
    reason = "".join(letter for letter in (response.reason or "")[:60] if letter.isprintable())
    answered = f"It answered {status} {reason}".rstrip() + f" ({redact(url)})"
    now = time.time()
    exhausted = quota_pause(response.headers, now=now) if status in (403, 429) else None
    if status == 429 or (status == 503 and pause) or exhausted is not None:
        after = retry_after(pause, now=now) if pause else exhausted
        when = f"in {after:g} s" if after is not None else "later"
        return RateLimited(f"{answered}; fanin took nothing from it. Ask again {when}, or ask it less often.", after)
    advice = _REASONS.get(status, "Try again later, or ask without this source.")
    return SourceError(f"{answered}; fanin took nothing from it. {advice}", kind=f"http_{status}")


def request_error(error: BaseException, url: URL | str) -> SourceError | TimeoutError:
    """The error for one of `REQUEST_ERRORS`; its message has only the redacted address of the request.

    Raise it outside of the `except` block: the first error may hold the whole address and all headers.
    """
    if isinstance(error, TimeoutError):
        return TimeoutError(f"The reply took longer than the longest time allowed ({redact(url)})")
    return _failure(*_explanation(error), url)


def connection_error(error: OSError, url: URL | str) -> SourceError:
    """The error for a failure to connect: UNREACHABLE, or PRIVATE if fanin does not connect to the address."""
    return _failure(*_no_connection(error), url)


def retry_after(value: str, *, now: float) -> float | None:
    """Seconds to wait by a Retry-After header, which is seconds or an HTTP date (RFC 9110, 10.2.3); None if neither.

    `now` is seconds since the epoch. The result is at most `LONGEST_PAUSE`.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:20]), LONGEST_PAUSE)
    try:
        return min(max(0.0, parsedate_to_datetime(value).timestamp() - now), LONGEST_PAUSE)
    except ValueError, TypeError, OverflowError:
        return None


def _failure(kind: FailureKind, what: str, advice: str, url: URL | str) -> SourceError:
    return SourceError(f"{what} ({redact(url)}); fanin took nothing more from it. {advice}", kind=kind)


def _explanation(error: BaseException) -> tuple[FailureKind, str, str]:
    match error:
        case aiohttp.ClientSSLError():
            return (
                FailureKind.TLS,
                f"There is no safe connection, {type(error).__name__}",
                "Check its certificate and the clock of this machine.",
            )
        case aiohttp.NonHttpUrlClientError() | ValueError():  # after certificate errors, which are ValueErrors too
            return FailureKind.ADDRESS, "This is not a valid address", "Correct it in the source's settings."
        case aiohttp.ClientConnectorError():
            return _no_connection(error.os_error)
        case aiohttp.ClientHttpProxyError():
            return (
                FailureKind.PROXY,
                f"The proxy answered {error.status} and did not connect",
                "Check the proxy's settings.",
            )
        case aiohttp.ClientPayloadError():
            return FailureKind.TRUNCATED, "The reply is incomplete", "Try again later."
        case aiohttp.ServerDisconnectedError() | ConnectionError() | aiohttp.ClientOSError():
            return FailureKind.DISCONNECTED, "The connection was closed without a reply", "Try again later."
        case _:
            return FailureKind.PROTOCOL, f"Its reply is not valid HTTP, {type(error).__name__}", "Check the address."


def _no_connection(error: OSError) -> tuple[FailureKind, str, str]:
    if isinstance(error, AddressForbidden):
        return (
            FailureKind.PRIVATE,
            f"fanin never connects to it: its address is {error}",
            "Correct the address in the source's settings.",
        )
    if isinstance(error, AddressRefused):
        return (
            FailureKind.PRIVATE,
            f"It is not on the public internet: its address is {error}",
            "If this source is yours, name this address in its settings, and set allow_private for it.",
        )
    reason = error.strerror or type(error).__name__
    return FailureKind.UNREACHABLE, f"There is no connection, {reason}", "Check the address and the network."
