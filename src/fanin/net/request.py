"""Requests as values, and the request after a redirect (no network)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from yarl import URL

from fanin.errors import ConfigError, FailureKind, SourceError
from fanin.net.http_errors import redact
from fanin.net.secrets import Secret

type Method = Literal["GET", "POST"]
type Params = Mapping[str, str | int | float]
type Headers = Mapping[str, str | Secret]

REDIRECTS = (301, 302, 303, 307, 308)

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_RESERVED = frozenset(
    (
        *("accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer"),
        *("transfer-encoding", "upgrade"),
    )
)
"""Headers of the connection and of message framing."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `headers` are always sent, `origin_headers` only to the origin of the first request.

    A reply with a status of `ok_statuses` is read like one with status 200. `declared` is the source's address before
    any redirect; None is this one.
    """

    method: Method
    url: URL = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    origin_headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    body: bytes | None = field(default=None, repr=False)
    ok_statuses: tuple[int, ...] = ()
    declared: URL | None = field(default=None, repr=False)

    @property
    def is_declared_origin(self) -> bool:
        """Whether it goes to the origin (scheme, host and port) of the declared address."""
        return self.declared is None or _origin(self.declared) == _origin(self.url)


def parse_address(url: str | URL, params: Params | None = None) -> URL:
    """The address with these parameters added. Raises SourceError (kind "address") unless it is http or https."""
    try:
        whole = URL(url)
        if params:
            whole = whole.update_query({name: str(value) for name, value in params.items()})
        is_valid = whole.scheme in ("http", "https") and bool(whole.host)
    except ValueError, UnicodeError:
        whole, is_valid = URL(), False
    if not is_valid:
        raise SourceError(
            f"This is not a valid address ({redact(url)}); fanin asked nothing. Correct it in the source's settings: it"
            " begins with https:// or http:// and has a host.",
            FailureKind.ADDRESS,
        )
    return whole


def check_addresses(source: str, urls: Sequence[str]) -> None:
    """Raises ConfigError unless the source has addresses, and all are valid."""
    if not urls:
        raise ConfigError(f"The source {source!r} has no address; fanin did not add it. Give it one.")
    for url in urls:
        try:
            parse_address(url)
        except SourceError as error:
            raise ConfigError(f"The source {source!r}: {error}") from error


def check_request_headers(headers: Headers) -> dict[str, str]:
    """The headers in plain text. Raises ConfigError for reserved ones, and for characters that could end a header."""
    revealed = {name: value.reveal() if isinstance(value, Secret) else value for name, value in headers.items()}
    for name, value in revealed.items():
        if not _TOKEN.fullmatch(name) or name.lower() in _RESERVED or name.lower().startswith("proxy-"):
            raise ConfigError(f"A source cannot set the header {name!r}; fanin sent nothing. Take it out.")
        if _UNPRINTABLE.search(value) or not value.isascii():
            raise ConfigError(
                f"The header {name} has an invalid character, such as a line break; fanin sent nothing."
                " Write it in ASCII, on one line."
            )
    return revealed


def next_request(request: Request, status: int, location: str) -> Request | None:
    """The request after a redirect; None if this status is not one.

    Raises SourceError (kind "redirects") for a redirect that fanin does not follow: to another scheme than http or
    https, from https to http, or to another origin with a body.
    """
    if status not in REDIRECTS or not location:
        return None
    url = _joined(request.url, location)
    same = _origin(url) == _origin(request.url)
    method, body = request.method, request.body
    if status == 303 or (status in (301, 302) and method == "POST"):
        method, body = "GET", None
    if body is not None and not same:
        raise _redirect_error(request.url, f"a request with a body to another origin, {redact(url)}")
    headers, declared = request.headers, request.declared or request.url
    own: Mapping[str, str] = request.origin_headers if same else {}
    if body is None:
        headers = {name: value for name, value in headers.items() if name != "Content-Type"}
    return replace(request, method=method, url=url, headers=headers, origin_headers=own, body=body, declared=declared)


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.raw_host, url.port


def _joined(here: URL, location: str) -> URL:
    try:
        there = here.join(URL(location)).with_fragment(None)
        there = there.with_user(None) if there.user or there.password else there
    except ValueError, UnicodeError:
        there = URL()
    if there.scheme not in ("http", "https") or not there.host:
        raise _redirect_error(here, "to something that is not a web address")
    if here.scheme == "https" and there.scheme == "http":
        raise _redirect_error(here, f"from https to http, {redact(there)}, which is not encrypted")
    return there


def _redirect_error(url: URL, where: str) -> SourceError:
    return SourceError(
        f"It redirects {where} ({redact(url)}); fanin did not follow. Correct the address in the source's settings.",
        FailureKind.REDIRECTS,
    )
