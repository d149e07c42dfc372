"""Who may be reached: a table of addresses, and of the ways in which one may be spelled."""

import asyncio
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import SourceError
from fanin.net.addresses import host_refusal_reason, refusal_reason
from fanin.net.client import Client

PUBLIC = """
    1.0.0.1 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.215.14 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1
    151.101.1.195 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 185.199.108.153 191.255.255.255 192.0.1.0
    192.0.3.0 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255
    198.51.101.0 203.0.112.255 203.0.114.0 208.80.154.224 223.255.255.255 168.63.129.15 168.63.129.17
    2000::1 2001:200::1 2001:470::1 2001:4860:4860::8888 2001:db7::1 2001:db9::1 2003::1 2400:cb00::1 2600::
    2606:4700::1111 2620:fe::fe 2a00:1450:4001:80b::200e 2c0f:fb50::1 3000::1 3ffd::1 3fff:1000::1
    2606:4700:4700::1001 2a03:2880:f12f:83:face:b00c:0:25de
    ::ffff:8.8.8.8 ::ffff:1.1.1.1 64:ff9b::8.8.8.8 64:ff9b::5db8:d822
"""

REFUSED = {
    "unspecified": "0.0.0.0 0.0.0.1 0.1.2.3 0.255.255.255 ::",
    "private": """
        10.0.0.0 10.0.0.1 10.255.255.255 172.16.0.0 172.16.0.1 172.20.10.1 172.31.255.255 192.168.0.0 192.168.0.1
        192.168.1.254 192.168.255.255 fc00:: fc00::1 fd00::1 fd12:3456:789a:1::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
        fec0:: fec0::1 feff:ffff::1
    """,
    "carrier": "100.64.0.0 100.64.0.1 100.100.100.100 100.127.255.255",
    "loopback": "127.0.0.0 127.0.0.1 127.0.0.53 127.1.2.3 127.255.255.255 ::1",
    "link-local": """
        169.254.0.0 169.254.0.1 169.254.169.253 169.254.255.255 fe80:: fe80::1 fe80::1%eth0 fe80::5efe:c0a8:1 febf::1
    """,
    "credentials": """
        169.254.169.254 169.254.170.2 168.63.129.16 100.100.100.200 192.0.0.192 fd00:ec2::254 fd00:ec2::23 fd20:ce::254
        fd00:c1::a9fe:a9fe
    """,
    "reserved": """
        192.0.0.0 192.0.0.1 192.0.0.8 192.0.0.170 192.0.0.255 240.0.0.0 240.0.0.1 250.1.2.3 255.255.255.254
        255.255.255.255 2001:1::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:1ff:ffff::1
    """,
    "documentation": """
        192.0.2.0 192.0.2.1 192.0.2.255 198.51.100.0 198.51.100.7 198.51.100.255 203.0.113.0 203.0.113.200 203.0.113.255
        2001:db8:: 2001:db8::1 2001:db8:ffff::1 3fff:: 3fff::1 3fff:fff::1
    """,
    "6to4": "192.88.99.0 192.88.99.1 192.88.99.255 2002:: 2002:7f00:1::1 2002:a00:1::1 2002:808:808::1 2002:ffff::1",
    "benchmarks": "198.18.0.0 198.18.0.1 198.19.255.255 2001:2::1 2001:2:0:ffff::1",
    "multicast": """
        224.0.0.0 224.0.0.1 224.0.0.251 239.255.255.250 239.255.255.255 ff00:: ff02::1 ff02::fb ff0e::1 ffff::1
    """,
    "obsolete": "::2 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 ::ffff",
    "local translation": "64:ff9b:1:: 64:ff9b:1::8.8.8.8 64:ff9b:1:fffe::7f00:1",
    "Teredo": "2001:: 2001:0:53aa:64c::1 2001:0:7f00:1::1",
    "discarding": "100:: 100::1",
    "6bone": "3ffe:: 3ffe:831f::1",
    "no global": """
        ::1:0:0 ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8 1::1 64:ff9a::1 64:ff9b:0:1::1 64:ff9b:2::1 100:0:0:1::1 200::1
        400::1 1000::1 1fff:ffff::1 4000::1 5f00::1 8000::1 e000::1 f000::1 fbff::1 fe00::1 fe7f::1
    """,
    "in the form of IPv6": """
        ::ffff:127.0.0.1 ::ffff:0.0.0.0 ::ffff:10.0.0.1 ::ffff:192.168.1.1 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe
        ::ffff:100.64.0.1 ::ffff:224.0.0.1 ::ffff:255.255.255.255 ::ffff:198.18.0.1
        64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b::c0a8:1 64:ff9b::
    """,
}
TABLE = [(address, None) for address in PUBLIC.split()] + [
    (address, reason) for reason, addresses in REFUSED.items() for address in addresses.split()
]

NO_ADDRESSES = """
    127.1 127.0.1 0177.0.0.1 0x7f.0.0.1 0x7f000001 2130706433 017700000001 127.0.0.01 127.0.0.1. 127.0.0.1.5 1.2.3
    256.1.1.1 \u0661\u0662\u0667.\u0660.\u0660.\u0661 ①②⑦.⓪.⓪.① localhost [::1] ::1/128 :::1 ::ffff:127.1
    ::ffff:0x7f.1 1::2::3 fe80::1% example.com 8.8.8.8:80 8.8.8.8/32 -1.0.0.0 +127.0.0.1
"""


def test_the_table_is_long_enough_and_says_nothing_twice() -> None:
    addresses = [address for address, _ in TABLE]
    assert len(addresses) == len(set(addresses)) >= 150


@pytest.mark.parametrize(("address", "reason"), TABLE)
def test_an_address_is_public_or_refused_for_a_reason(address: str, reason: str | None) -> None:
    seen = refusal_reason(ip_address(address))
    assert (seen is None) == (reason is None)
    if reason is not None:
        assert reason in str(seen)
    assert host_refusal_reason(address) == seen


@pytest.mark.parametrize("host", ["", " 8.8.8.8", "8.8.8.8\n", "127.0.0.1\0", *NO_ADDRESSES.split()])
def test_what_is_no_address_in_its_one_spelling_is_refused(host: str) -> None:
    assert host_refusal_reason(host) == "not an IP address in its canonical form"


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_the_one_inside(address) -> None:
    for disguise in ("::ffff:", "64:ff9b::"):
        assert (refusal_reason(ip_address(f"{disguise}{address}")) is None) == (refusal_reason(address) is None)


@given(st.ip_addresses())
def test_what_python_takes_for_private_is_never_let_through(address) -> None:
    if refusal_reason(address) is None:
        inner = getattr(address, "ipv4_mapped", None) or address
        assert inner.is_global


SPELLINGS = """
    127.0.0.1 127.1 127.0.1 0177.0.0.1 0x7f.1 0x7f000001 2130706433 017700000001 127.0.0.1. 127.0.0.1.. ①②⑦.⓪.⓪.①
    \uff11\uff12\uff17.\uff10.\uff10.\uff11 127。0。0。1 localhost LOCALHOST localhost. 0 0.0.0.0 [::1] [::]
    [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1]
    [2002:7f00:1::1] [2001:0:7f00:1::] [fe80::1] [fd00::1] [fec0::1] 10.0.0.1 192.168.0.1 169.254.169.254 100.64.0.1
    198.18.0.1 240.0.0.1 224.0.0.1 user:word@127.0.0.1 8.8.8.8@127.0.0.1 %31%32%37.0.0.1 127.0.0.1%00.example.com
"""


@pytest.mark.parametrize("host", SPELLINGS.split())
async def test_however_this_machine_is_spelled_nothing_is_connected(host: str, connected: list[str], canary) -> None:
    client = Client()
    with pytest.raises(SourceError) as caught:
        await client.get_json(f"http://{host}:{canary.port}/")
    await client.close()
    assert caught.value.kind in ("private", "address", "unreachable")
    assert connected == []
    assert canary.hits == 0


async def test_a_source_that_may_reach_private_addresses_does(connected: list[str], canary) -> None:
    client = Client(allow_private=True)
    assert await client.get_json(canary.url) == "canary"
    await client.close()
    assert (connected, canary.hits) == (["127.0.0.1"], 1)


async def test_a_connection_that_may_be_private_serves_no_guarded_source(canary) -> None:
    from fanin.net.network import Network

    network = Network()
    trusting, guarded = Client(network, allow_private=True), Client(network)
    assert await trusting.get_json(canary.url) == "canary"
    with pytest.raises(SourceError, match="loopback") as caught:
        await guarded.get_json(canary.url)
    assert await trusting.get_json(canary.url) == "canary"
    await asyncio.gather(trusting.close(), guarded.close())
    assert (caught.value.kind, canary.hits) == ("private", 2)
