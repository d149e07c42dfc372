"""Checks addresses that are reached through a proxy, and gives the proxy an IP address instead of a name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp.abc import AbstractResolver
from yarl import URL

from fanin.errors import FailureKind, SourceError
from fanin.net.addresses import host_refusal_reason, metadata_refusal_reason
from fanin.net.connections.resolver import PublicResolver
from fanin.net.http_errors import AddressForbidden, AddressRefused, connection_error, redact


@dataclass(frozen=True, slots=True)
class ProxyTarget:
    """The arguments for aiohttp: an address, the name that its certificate must have, and headers with that name."""

    url: URL
    server_hostname: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


async def resolve_target(url: URL, resolver: AbstractResolver) -> ProxyTarget:
    """The address with an allowed IP address as its host. Raises SourceError (kind "private").

    A proxy resolves a name itself, perhaps to another address than the one that was checked here. So the name is
    resolved here, and the tunnel leads to that IP address; the certificate is still checked for the name. Without TLS
    there is no tunnel, and a name is refused.
    """
    host = url.raw_host or ""
    if _is_ip_address(host):
        if reason := host_refusal_reason(host):
            raise connection_error(AddressRefused(reason), url)
        return ProxyTarget(url)
    if url.scheme != "https":
        raise SourceError(
            f"Its address is http with a name ({redact(url)}), and fanin cannot check to which address the proxy would"
            " connect; fanin did not ask it. Use https, or set allow_private for this source if you trust the proxy.",
            FailureKind.PRIVATE,
        )
    try:
        found = await PublicResolver(resolver).resolve(host, url.port or 443)
    except OSError as error:
        raise connection_error(error, url) from None
    return ProxyTarget(url.with_host(found[0]["host"]), host, {"Host": url.raw_authority})


async def raise_if_metadata(url: URL, resolver: AbstractResolver) -> None:
    """Raise SourceError (kind "private") for an address of a cloud's own services.

    A name that cannot be resolved here is left to the proxy.
    """
    host = url.raw_host or ""
    try:
        found = (
            [host] if _is_ip_address(host) else [each["host"] for each in await resolver.resolve(host, url.port or 0)]
        )
    except OSError:
        return
    if reason := next(filter(None, map(metadata_refusal_reason, found)), None):
        raise connection_error(AddressForbidden(reason), url)


def _is_ip_address(host: str) -> bool:
    # All digits and dots, or with a colon: an IP address, or another notation that some programs accept as one.
    return ":" in host or host.replace(".", "").isdigit()
