"""What a request shows to be let in, read from its headers. Nothing is verified here."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from tumen.service.access.keys import split_key

_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class KeyCredential:
    """The two halves of an API key."""

    key_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordCredential:
    """A user's name and password."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenCredential:
    """A bearer token that is none of our keys: a JWT of single sign-on, if it is anything."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionCredential:
    """The token of a session at a browser, from its cookie."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something was shown, and it is nothing that could be good."""


Credential = KeyCredential | PasswordCredential | TokenCredential | SessionCredential | Unreadable


def mark_of(credential: Credential | None) -> bytes:
    """Bytes that are the same for the same credential, secret included: to hash, not to show."""
    if credential is None:
        return b""
    values = [getattr(credential, slot) for slot in credential.__slots__]
    return repr((type(credential).__name__, values)).encode()


def read_credential(
    headers: Mapping[str, str], query: str = "", *, takes_query_key: bool = False
) -> Credential | None:
    """The credential of a request; None where it shows none.

    `headers` has lower-case names. `Authorization` comes before `X-API-Key`. A key in the query
    (`api_key`) is read only where `takes_query_key`: addresses end up in logs and histories, so
    it is left to clients that have no other way.
    """
    if header := headers.get("authorization"):
        return _authorization(header)
    if text := headers.get("x-api-key"):
        return _key(text)
    if takes_query_key and "api_key=" in query:
        values = parse_qs(query).get("api_key")
        return _key(values[0]) if values else None
    return None


def read_session(headers: Mapping[str, str], cookie: str) -> SessionCredential | None:
    """The session that a browser shows in this cookie; None where it shows none."""
    for part in headers.get("cookie", "")[:_LONGEST].split(";"):
        name, _, value = part.strip().partition("=")
        if name == cookie and value:
            return SessionCredential(value)
    return None


def _authorization(header: str) -> Credential:
    scheme, _, rest = header.partition(" ")
    rest = rest.strip()
    if len(rest) > _LONGEST:
        return Unreadable()
    if scheme.lower() == "bearer" and rest:
        return _key(rest) if rest.startswith("tmn_") else TokenCredential(rest)
    if scheme.lower() == "apikey":
        # The scheme of the peer's own client.
        return _key(rest)
    if scheme.lower() == "basic":
        return _basic(rest)
    return Unreadable()


def _key(text: str) -> Credential:
    parts = split_key(text.strip())
    return KeyCredential(*parts) if parts else Unreadable()


def _basic(encoded: str) -> Credential:
    try:
        name, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return Unreadable()
    if not colon or not name:
        return Unreadable()
    # Some clients can only speak Basic: a key may stand in place of the password.
    parts = split_key(password)
    return KeyCredential(*parts) if parts else PasswordCredential(name, password)
