"""Which network addresses a webhook may go to. A URL is the user's, and could mean our own house.

Refused unless allowed: private, loopback, link-local and reserved addresses, and those at which
clouds hand out the credentials of a machine. An IPv4 address inside an IPv6 one is judged as
what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import httpx

from tumen.errors import RequestError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What Python counts as global although nobody out there is reached by it.
_NOT_PUBLIC = tuple(
    ip_network(one)
    for one in (
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata are at .192
        "192.88.99.0/24",  # relays to 6to4
        "64:ff9b:1::/48",  # local translation to IPv4
        "2001::/23",  # protocol assignments, Teredo among them
        "5f00::/16",  # segment routing
    )
)
# Where clouds hand out credentials: an allowed private network does not open these.
_METADATA = tuple(
    ip_address(one)
    for one in (
        "169.254.169.254",
        "169.254.170.2",
        "169.254.169.253",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
    )
)
_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")


@dataclass(frozen=True, slots=True)
class AddressRule:
    """What is allowed beside public addresses: all private ones, or these hosts and networks."""

    is_private_allowed: bool = False
    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, allowed: str, *, is_private_allowed: bool = False) -> AddressRule:
        """A rule from `10.1.0.0/16, hooks.bank.example`: networks, addresses and host names.

        Raises RequestError for what is none of them.
        """
        hosts, networks = set[str](), list[Network]()
        for part in filter(None, (part.strip() for part in allowed.split(","))):
            try:
                networks.append(ip_network(part, strict=False))
            except ValueError:
                hosts.add(_host(part))
        return cls(is_private_allowed, frozenset(hosts), tuple(networks))

    def permits(self, host: str, address: Address) -> bool:
        """Whether a connection to `address`, which `host` was resolved to, may be made.

        The addresses of a cloud's metadata are open only where a network names them.
        """
        if is_public(address) or self._is_in_network(address):
            return True
        is_meant = self.is_private_allowed or self._is_host(host)
        return is_meant and not any(one in _METADATA for one in _meant(address))

    def names(self, host: str, address: Address) -> bool:
        """Whether the host or the address is one that was named as allowed."""
        return self._is_host(host) or self._is_in_network(address)

    def _is_host(self, host: str) -> bool:
        return host.rstrip(".").casefold() in self.hosts

    def _is_in_network(self, address: Address) -> bool:
        return any(one in network for one in _meant(address) for network in self.networks)


def _host(text: str) -> str:
    """A host name as it is looked up: in small letters, other scripts in their ASCII form."""
    try:
        if not all(char.isalnum() or char in ".-_" for char in text):
            raise ValueError(text)
        return httpx.URL(f"https://{text.rstrip('.')}").raw_host.decode()
    except (ValueError, httpx.InvalidURL) as error:
        raise RequestError(
            f"TUMEN_WEBHOOK_ALLOW: {text!r} is no host name, address or network such as 10.1.0.0/16"
        ) from error


def is_public(address: Address) -> bool:
    """Whether the address, and the IPv4 address that it may hold, is one of the open internet."""
    return all(_is_public(one) for one in _meant(address))


def _is_public(address: Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not (isinstance(address, IPv6Address) and address.is_site_local)
        and address not in _METADATA
        and not any(address in network for network in _NOT_PUBLIC)
    )


def _meant(address: Address) -> Iterator[Address]:
    """The addresses that are reached by one: IPv6 has several ways to hold an IPv4 address."""
    if isinstance(address, IPv4Address):
        yield address
        return
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    elif address in _NAT64:
        yield low
    elif address.sixtofour:
        yield from (address, address.sixtofour)
    elif address.teredo:
        yield from (address, *address.teredo)
    elif address in _COMPATIBLE and int(address) > 1:
        yield from (address, low)
    else:
        yield IPv6Address(int(address))  # without its zone
