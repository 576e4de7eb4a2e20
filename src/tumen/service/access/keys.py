"""API keys: `tmn_<id>_<secret>`, shown once; only the hash of the secret is kept."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tumen.model.access import ApiKey, Role

_FORM = re.compile(r"tmn_([a-z0-9]{12})_([A-Za-z0-9]{43})", re.ASCII)
_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + _ID_LETTERS


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key and its text. The text exists only here: it cannot be had again."""

    key: ApiKey
    text: str


def make_key(name: str, role: Role, now: datetime, expires_at: datetime | None = None) -> NewKey:
    """A new key for a program called `name`."""
    key_id = _random(_ID_LETTERS, 12)
    secret = _random(_SECRET_LETTERS, 43)
    key = ApiKey(key_id, name, role, hash_secret(secret), now, expires_at)
    return NewKey(key, f"tmn_{key_id}_{secret}")


def split_key(text: str) -> tuple[str, str] | None:
    """Id and secret of a key's text; None where it is no key."""
    found = _FORM.fullmatch(text)
    return (found[1], found[2]) if found else None


def hash_secret(secret: str) -> str:
    """What is kept of a secret.

    Plain SHA-256: a secret of 256 random bits cannot be guessed however fast the hash is, so a
    slow one (as for passwords, which people choose) would only cost every request its time.
    """
    return sha256(secret.encode()).hexdigest()


def is_good(key: ApiKey, secret: str, now: datetime) -> bool:
    """Whether the secret is this key's and the key is in force. Takes the same time for both."""
    is_right = hmac.compare_digest(hash_secret(secret), key.secret_hash)
    return is_right and is_in_force(key, now)


def is_in_force(key: ApiKey, now: datetime) -> bool:
    """Whether a key was neither ended nor has expired."""
    return key.ended_at is None and (key.expires_at is None or now < key.expires_at)


def _random(letters: str, length: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(length))
