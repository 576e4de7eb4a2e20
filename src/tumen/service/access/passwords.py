"""Passwords: Argon2id, with the same work for a user who does not exist."""

from __future__ import annotations

from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tumen.errors import RequestError

LEAST_LENGTH, MOST_LENGTH = 12, 256
# Each hash takes 64 MiB: a flood of sign-ins must not take the memory of the index.
_AT_ONCE = 2


class Passwords:
    """Hashes and verifies. `hasher` sets the cost; by default that of RFC 9106 for servers."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """What is kept of a password.

        Raises RequestError for one that is too short or too long to be used.
        """
        check_password(password)
        with self._turns:
            return self._hasher.hash(password)

    def verify(self, password: str, password_hash: str) -> bool:
        """Whether the password is the one of the hash.

        Without a hash (no such user, or one of single sign-on) it is compared with that of
        nobody, so that the answer takes as long: the time tells no one who has an account.
        """
        if len(password) > MOST_LENGTH:
            return False
        with self._turns:
            try:
                is_right = self._hasher.verify(password_hash or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return is_right and bool(password_hash)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("the password of nobody")


def check_password(password: str) -> None:
    """Raises RequestError for a password that is too short or too long."""
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        raise RequestError(
            f"A password has {LEAST_LENGTH} to {MOST_LENGTH} characters, not {len(password)}"
        )
