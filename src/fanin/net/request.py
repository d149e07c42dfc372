"""What is asked, as a value, and what a redirect makes of it. Nothing here touches the network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from yarl import URL

from fanin.errors import ConfigError, FailureKind, SourceError
from fanin.net.http_errors import redacted
from fanin.net.secrets import Secret

type Method = Literal["GET", "POST"]
type Params = Mapping[str, str | int | float]
type Headers = Mapping[str, str | Secret]

REDIRECTS = (301, 302, 303, 307, 308)

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_OURS = frozenset(
    (
        *("accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer"),
        *("transfer-encoding", "upgrade"),
    )
)
"""Headers that belong to the connection, or say where a message ends."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `headers` go wherever it is sent, `own` only to the origin that it was first meant for.

    An answer with a status of `ok_statuses` is read like one with status 200. `declared` is the address that the source
    was to ask before any redirect; None is for this one.
    """

    method: Method
    url: URL = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    own: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    body: bytes | None = field(default=None, repr=False)
    ok_statuses: tuple[int, ...] = ()
    declared: URL | None = field(default=None, repr=False)

    @property
    def at_home(self) -> bool:
        """Whether it goes to the origin (scheme, host and port) that was declared."""
        return self.declared is None or _origin(self.declared) == _origin(self.url)


def address(url: str | URL, params: Params | None = None) -> URL:
    """The address with these parameters added; raises SourceError (kind "address") unless it is http or https."""
    try:
        whole = URL(url)
        if params:
            whole = whole.update_query({name: str(value) for name, value in params.items()})
        sound = whole.scheme in ("http", "https") and bool(whole.host)
    except ValueError, UnicodeError:
        whole, sound = URL(), False
    if not sound:
        raise SourceError(
            f"This is no address that can be asked ({redacted(url)}); fanin asked nothing. Correct it in the source's"
            " settings: it begins with https:// or http:// and names a host.",
            FailureKind.ADDRESS,
        )
    return whole


def checked(headers: Headers) -> dict[str, str]:
    """The headers as they go over the wire; raises ConfigError for what could end one or belongs to the connection."""
    revealed = {name: value.reveal() if isinstance(value, Secret) else value for name, value in headers.items()}
    for name, value in revealed.items():
        if not _TOKEN.fullmatch(name) or name.lower() in _OURS or name.lower().startswith("proxy-"):
            raise ConfigError(f"{name!r} is no header that a source can set; fanin sent nothing. Take it out.")
        if _UNPRINTABLE.search(value) or not value.isascii():
            raise ConfigError(
                f"The header {name} has a character that no header can have, such as a line break; fanin sent nothing."
                " Write it in ASCII, on one line."
            )
    return revealed


def redirected(request: Request, status: int, location: str) -> Request | None:
    """The request to send next, or None when this status is no redirect.

    Raises SourceError (kind "redirects") for a step that fanin does not take: to another scheme than http or https,
    from https to http, or away from the origin with a body.
    """
    if status not in REDIRECTS or not location:
        return None
    url = _joined(request.url, location)
    same = _origin(url) == _origin(request.url)
    method, body = request.method, request.body
    if status == 303 or (status in (301, 302) and method == "POST"):
        method, body = "GET", None
    if body is not None and not same:
        raise _refused(request.url, f"with what was asked to another place, {redacted(url)}")
    headers, declared = request.headers, request.declared or request.url
    own: Mapping[str, str] = request.own if same else {}
    if body is None:
        headers = {name: value for name, value in headers.items() if name != "Content-Type"}
    return replace(request, method=method, url=url, headers=headers, own=own, body=body, declared=declared)


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.raw_host, url.port


def _joined(here: URL, location: str) -> URL:
    try:
        there = here.join(URL(location)).with_fragment(None)
        there = there.with_user(None) if there.user or there.password else there
    except ValueError, UnicodeError:
        there = URL()
    if there.scheme not in ("http", "https") or not there.host:
        raise _refused(here, "to what is no address of the web")
    if here.scheme == "https" and there.scheme == "http":
        raise _refused(here, f"from https to http, {redacted(there)}, where anybody could listen")
    return there


def _refused(url: URL, where: str) -> SourceError:
    return SourceError(
        f"It redirects {where} ({redacted(url)}); fanin did not follow. Correct the address in the source's settings.",
        FailureKind.REDIRECTS,
    )
