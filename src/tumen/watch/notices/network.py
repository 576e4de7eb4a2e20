"""Connections that go to a checked address only, and that end at a deadline.

The name is resolved once, every address that comes of it is checked, and the connection goes to
one of those: a name that means something else a moment later changes nothing. The host of the
request and of the TLS handshake stays the name.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from tumen.watch.notices.addresses import Address, AddressRule, is_public
from tumen.watch.notices.transport import DeliveryError

Resolve = Callable[[str, int], list[str]]
_SLICE = 16 << 10


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises OSError where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def checked_addresses(
    host: str, port: int, rule: AddressRule, *, is_plain: bool, resolve: Resolve = resolve
) -> list[str]:
    """The addresses of a host, all of them allowed.

    `is_plain`: nothing is encrypted, which is for allowed private addresses alone. Raises
    DeliveryError naming the address that is not allowed, or a host that has none.
    """
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise DeliveryError(f"{host} has no address: {error}") from error
    for text in found:
        _refuse(host, ip_address(text), rule, is_plain=is_plain)
    return found


def check_url(text: str, rule: AddressRule) -> None:
    """Raises DeliveryError where a webhook to this URL could not be sent as things are now."""
    url = httpx.URL(text)
    port = url.port or (80 if url.scheme == "http" else 443)
    checked_addresses(url.raw_host.decode(), port, rule, is_plain=url.scheme == "http")


def _refuse(host: str, address: Address, rule: AddressRule, *, is_plain: bool) -> None:
    place = host if host == str(address) else f"{host} (at {address})"
    if not rule.permits(host, address):
        raise DeliveryError(
            f"{place} is no public address. If it is meant, allow it in TUMEN_WEBHOOK_ALLOW"
        )
    if is_plain and is_public(address) and not rule.names(host, address):
        raise DeliveryError(f"{place} is public: over the internet only https is used")


class CheckedNetwork(httpcore.NetworkBackend):
    """Makes the connections of one request, within `seconds` from now, all told."""

    def __init__(
        self, rule: AddressRule, seconds: float, *, is_plain: bool, resolve: Resolve = resolve
    ) -> None:
        self._rule, self._is_plain, self._resolve = rule, is_plain, resolve
        self._deadline = time.monotonic() + seconds
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        found = checked_addresses(
            host, port, self._rule, is_plain=self._is_plain, resolve=self._resolve
        )
        problem: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in found:
            try:
                stream = self._inner.connect_tcp(
                    address,
                    port,
                    timeout=_left(self._deadline, httpcore.ConnectTimeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _TimedStream(stream, self._deadline)
        raise problem or DeliveryError(f"{host} has no address")


class _TimedStream(httpcore.NetworkStream):
    """A connection whose reads and writes end at the deadline, however slowly bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._inner.read(max_bytes, _left(self._deadline, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        for start in range(0, len(buffer), _SLICE):
            left = _left(self._deadline, httpcore.WriteTimeout)
            self._inner.write(buffer[start : start + _SLICE], left)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, httpcore.ConnectTimeout)
        return _TimedStream(
            self._inner.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float, error: type[httpcore.TimeoutException]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise error("The deadline has passed")
    return left
