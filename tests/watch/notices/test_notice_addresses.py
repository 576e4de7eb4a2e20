"""Which addresses a webhook may go to, and that no way round is open."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.errors import RequestError
from tumen.watch.notices.addresses import AddressRule, is_public
from tumen.watch.notices.network import checked_addresses, resolve
from tumen.watch.notices.transport import DeliveryError

INNER = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.8.8",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]
INNER_V6 = [
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "64:ff9b:1::1",
]
OUTER = ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("text", [*INNER, *INNER_V6])
def test_no_inner_address_is_public(text: str) -> None:
    """Private, loopback, link-local, shared, reserved, multicast, metadata."""
    assert not is_public(ip_address(text))
    assert not AddressRule().permits("hooks.example", ip_address(text))


@pytest.mark.parametrize("text", OUTER)
def test_the_open_internet_is_public(text: str) -> None:
    """In each of its forms."""
    assert is_public(ip_address(text))
    assert AddressRule().permits("hooks.example", ip_address(text))


@given(st.ip_addresses(v=4))
@settings(deadline=None)
def test_an_ipv4_address_inside_an_ipv6_one_is_judged_as_itself(inner: IPv4Address) -> None:
    """Mapped, translated, 6to4 and the old compatible form are no way round."""
    number, public = int(inner), is_public(inner)
    assert is_public(IPv6Address((0xFFFF << 32) | number)) is public
    assert is_public(IPv6Address((0x64FF9B << 96) | number)) is public
    if not public:
        assert not is_public(IPv6Address((0x2002 << 112) | (number << 80)))
        assert not is_public(IPv6Address(number))


@pytest.mark.parametrize("text", [*INNER, *INNER_V6])
def test_private_addresses_can_be_allowed_but_not_metadata(text: str) -> None:
    """Who opens his own network does not mean the credentials of the machine."""
    address = ip_address(text)
    is_metadata = text in (
        *("169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"),
    )
    rule = AddressRule(is_private_allowed=True)
    assert rule.permits("hooks.example", address) is not is_metadata
    by_name = AddressRule.parse("hooks.example")
    assert by_name.permits("hooks.example", address) is not is_metadata
    assert AddressRule.parse(text.split("%")[0]).permits("hooks.example", address)


def test_what_is_allowed_by_name_and_network() -> None:
    """Names in any case, with or without the last dot; a network in either family."""
    rule = AddressRule.parse(" 10.1.0.0/16, Hooks.Bank.example , fd12::/16")
    assert rule.permits("other.example", ip_address("10.1.2.3"))
    assert rule.permits("other.example", ip_address("::ffff:10.1.2.3"))
    assert rule.permits("other.example", ip_address("fd12::9"))
    assert rule.permits("hooks.bank.EXAMPLE.", ip_address("192.168.0.1"))
    assert not rule.permits("other.example", ip_address("10.2.0.1"))
    assert not rule.permits("hooks.bank.example.evil", ip_address("192.168.0.1"))
    other_script = AddressRule.parse("Банк.example")
    assert other_script.permits("xn--80ab2al.example", ip_address("10.0.0.1"))


@pytest.mark.parametrize(
    "text", ["10.0.0.0/99", "http://x/", "a b", "*", "-\u200d", "a" * 70 + "é"]
)
def test_a_setting_that_means_nothing_is_refused(text: str) -> None:
    """A typing error must not open or close anything in silence."""
    with pytest.raises(RequestError, match=r"no host name, address or network"):
        AddressRule.parse(text)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "0"]
)
def test_other_ways_to_write_loopback_are_refused(host: str) -> None:
    """What counts is the address that is connected to, not how it was written."""
    with pytest.raises(DeliveryError, match="no public address"):
        checked_addresses(host, 443, AddressRule(), is_plain=False)


def test_one_bad_address_among_good_ones_is_refused() -> None:
    """A name that means both the internet and our house is not to be trusted."""
    with pytest.raises(DeliveryError, match=r"10\.0\.0\.5.*TUMEN_WEBHOOK_ALLOW"):
        checked_addresses(
            "mixed.example",
            443,
            AddressRule(),
            is_plain=False,
            resolve=lambda _host, _port: ["8.8.8.8", "10.0.0.5"],
        )


def test_plain_http_is_for_allowed_private_addresses() -> None:
    """Over the internet everybody would read along."""
    rule = AddressRule(is_private_allowed=True)

    def one(address: str, rule: AddressRule = rule) -> list[str]:
        return checked_addresses("h.example", 80, rule, is_plain=True, resolve=lambda *_: [address])

    assert one("10.0.0.5") == ["10.0.0.5"]
    with pytest.raises(DeliveryError, match="only https"):
        one("8.8.8.8")
    assert one("8.8.8.8", AddressRule.parse("8.8.8.8")) == ["8.8.8.8"]


def test_a_host_without_an_address_is_named() -> None:
    """Also one that is too long to ask for."""

    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror("Name or service not known")

    with pytest.raises(DeliveryError, match=r"nowhere\.example has no address: Name or service"):
        checked_addresses("nowhere.example", 443, AddressRule(), is_plain=False, resolve=unknown)
    with pytest.raises(DeliveryError, match="has no address"):
        checked_addresses("a" * 300, 443, AddressRule(), is_plain=False)


def test_resolving_gives_each_address_once() -> None:
    """Connecting tries them in the order of the system."""
    found = resolve("localhost", 80)
    assert found
    assert len(found) == len(set(found))
