"""Decides which IP addresses may be connected to (no network).

The tables follow IANA's registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890 and its updates), and add
the addresses at which clouds give a machine its credentials. Of IPv6 only global unicast addresses are allowed.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

type Address = IPv4Address | IPv6Address

METADATA = "an address of a cloud's own services, which may hand out credentials"
"""Why an address is refused for every source."""

_IPV4 = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("168.63.129.16/32", METADATA),  # Azure
        ("169.254.169.254/32", METADATA),  # AWS, Azure, Google and most others
        ("169.254.170.2/32", METADATA),  # AWS containers
        ("169.254.170.23/32", METADATA),  # AWS containers on Kubernetes
        ("169.254.0.23/32", METADATA),  # Tencent
        ("169.254.42.42/32", METADATA),  # Scaleway
        ("100.100.100.200/32", METADATA),  # Alibaba
        ("192.0.0.192/32", METADATA),  # Oracle
        ("0.0.0.0/8", "unspecified, which means this machine"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared within a carrier's network"),
        ("127.0.0.0/8", "loopback, which is this machine"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "a relay of 6to4"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_IPV6 = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("fd00:ec2::/32", METADATA),  # AWS
        ("fd20:ce::254/128", METADATA),  # Google
        ("fd00:c1::a9fe:a9fe/128", METADATA),  # Oracle
        ("fd00:42::42/128", METADATA),  # Scaleway
        ("fe80::a9fe:a9fe/128", METADATA),  # OpenStack
        ("::/128", "unspecified, which means this machine"),
        ("::1/128", "loopback, which is this machine"),
        ("::/96", "an IPv4 address in an obsolete IPv6 form"),
        ("64:ff9b:1::/48", "for a local translation to IPv4"),
        ("100::/64", "for discarding only"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local, which is private"),
        ("ff00::/8", "multicast"),
        ("2001::/32", "a tunnel of Teredo"),
        ("2001:2::/48", "for benchmarks"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "a tunnel of 6to4"),
        ("3ffe::/16", "of a network that was closed down, the 6bone"),
        ("3fff::/20", "for documentation"),
    )
)

_CARRIES_IPV4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
"""Mapped addresses (RFC 4291), which the kernel treats as IPv4, and NAT64 (RFC 6052): their IPv4 address counts."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")


def refusal_reason(address: Address) -> str | None:
    """Why this is not a public address, such as "private"; None if it may be one."""
    if isinstance(address, IPv4Address):
        return next((reason for network, reason in _IPV4 if address in network), None)
    if any(address in network for network in _CARRIES_IPV4):
        inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        reason = refusal_reason(inner)
        return f"{inner} in the form of IPv6, {reason}" if reason else None
    if (reason := next((reason for network, reason in _IPV6 if address in network), None)) is not None:
        return reason
    return None if address in _GLOBAL_UNICAST else "no global unicast address"


def host_refusal_reason(host: str) -> str | None:
    """As `refusal_reason`, for the text that a socket is given: anything but a canonical IP address is refused.

    A socket would also accept `127.1`, `0x7f.1` or `2130706433` as an address.
    """
    try:
        return refusal_reason(ip_address(host))
    except ValueError:
        return "not an IP address in its canonical form"


def metadata_refusal_reason(host: str) -> str | None:
    """Why this address is refused even if private ones are allowed; None if it is not.

    In an IPv6 address every IPv4 address counts that a tunnel or a translation might extract.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return "not an IP address in its canonical form"
    found = next((each for each in _embedded_ipv4(address) if refusal_reason(each) == METADATA), None)
    if found is None:
        return None
    return METADATA if found == address else f"{found} in the form of IPv6, {METADATA}"


def _embedded_ipv4(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, IPv4Address):
        return
    data = address.packed
    yield IPv4Address(data[12:])  # mapped, compatible, NAT64, and the interface of ISATAP (RFC 5214)
    yield IPv4Address(data[2:6])  # 6to4 (RFC 3056)
    yield IPv4Address(bytes(each ^ 0xFF for each in data[12:]))  # Teredo (RFC 4380)
    yield IPv4Address(data[4:8])  # Teredo's server, and NAT64 with a prefix of 32 bits (RFC 6052, 2.2)
    for at in (5, 6, 7):  # the same with 40, 48 and 56, around the eighth byte
        yield IPv4Address((data[at:8] + data[9:])[:4])
    yield IPv4Address(data[9:13])
