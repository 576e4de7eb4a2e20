"""Passwords are hashed with Argon2id, and nobody learns who has an account."""

from __future__ import annotations

from time import perf_counter

import pytest
from argon2 import PasswordHasher

from tumen.errors import RequestError
from tumen.service.access.passwords import Passwords

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
GOOD = "correct horse battery"


def test_the_right_password_alone_is_right() -> None:
    """And the hash names its algorithm, so that it can be renewed."""
    kept = CHEAP.hash(GOOD)
    assert kept.startswith("$argon2id$")
    assert CHEAP.verify(GOOD, kept)
    assert not CHEAP.verify(GOOD.upper(), kept)
    assert not CHEAP.verify("", kept)


def test_the_usual_cost_is_that_of_the_standard() -> None:
    """RFC 9106, second choice: 64 MiB, three passes."""
    assert "m=65536,t=3" in Passwords().hash(GOOD)


def test_a_missing_or_damaged_hash_lets_nobody_in() -> None:
    """A user of single sign-on has no password; no text is the right one."""
    assert not CHEAP.verify(GOOD, "")
    assert not CHEAP.verify("the password of nobody", "")
    assert not CHEAP.verify(GOOD, "$argon2id$damaged")


def test_a_user_who_does_not_exist_takes_as_long() -> None:
    """Within a factor that a network hides; without the same work it would be a thousandth."""
    slow = Passwords(PasswordHasher(time_cost=2, memory_cost=16 << 10, parallelism=1))
    kept = slow.hash(GOOD)
    slow.verify("warm up, please", "")

    def seconds(password_hash: str) -> float:
        took = []
        for _ in range(5):
            start = perf_counter()
            slow.verify("some wrong password", password_hash)
            took.append(perf_counter() - start)
        return min(took)

    assert seconds("") > seconds(kept) / 4


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
def test_a_password_of_no_use_is_refused(password: str) -> None:
    """With the lengths that are taken."""
    with pytest.raises(RequestError, match="12 to 256 characters"):
        CHEAP.hash(password)


def test_an_endless_password_costs_nothing() -> None:
    """It is refused before it is hashed."""
    assert not CHEAP.verify("x" * 10_000_000, CHEAP.hash(GOOD))
