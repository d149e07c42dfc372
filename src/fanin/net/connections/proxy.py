"""Who may be reached through a proxy: decided here, and said to the proxy in a way that it cannot take otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp.abc import AbstractResolver
from yarl import URL

from fanin.errors import FailureKind, SourceError
from fanin.net.addresses import metadata_refusal_of_host, refusal_of_host
from fanin.net.connections.resolver import PublicNames
from fanin.net.http_errors import NeverReached, Refused, redacted, unconnected


@dataclass(frozen=True, slots=True)
class Aim:
    """What aiohttp is given: an address, the name that its certificate must have, and headers that say that name."""

    url: URL
    server_hostname: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


async def aimed(url: URL, names: AbstractResolver) -> Aim:
    """The same address with an IP address that may be reached for its host; raises SourceError (kind "private").

    A proxy that is given a name looks it up by itself, perhaps to another address than the one that was judged. So a
    name is looked up here, and a tunnel asked for to what was found; the certificate is still checked for the name.
    Without TLS there is no tunnel, and a name is refused.
    """
    host = url.raw_host or ""
    if _is_no_name(host):
        if reason := refusal_of_host(host):
            raise unconnected(Refused(reason), url)
        return Aim(url)
    if url.scheme != "https":
        raise SourceError(
            f"Its address is http and a name ({redacted(url)}), and fanin cannot see where a proxy would go with that;"
            " fanin did not ask. Use https, or set allow_private for this source if you trust the proxy to choose.",
            FailureKind.PRIVATE,
        )
    try:
        found = await PublicNames(names).resolve(host, url.port or 443)
    except OSError as error:
        raise unconnected(error, url) from None
    return Aim(url.with_host(found[0]["host"]), host, {"Host": url.raw_authority})


async def refuse_metadata(url: URL, names: AbstractResolver) -> None:
    """Raise SourceError (kind "private") for an address of a cloud's own services, as far as can be seen from here.

    Where a name is not known here, the proxy decides alone.
    """
    host = url.raw_host or ""
    try:
        found = [host] if _is_no_name(host) else [each["host"] for each in await names.resolve(host, url.port or 0)]
    except OSError:
        return
    if reason := next(filter(None, map(metadata_refusal_of_host, found)), None):
        raise unconnected(NeverReached(reason), url)


def _is_no_name(host: str) -> bool:
    # All digits and dots, or with a colon: an IP address, or one of the spellings that some programs take for one.
    return ":" in host or host.replace(".", "").isdigit()
