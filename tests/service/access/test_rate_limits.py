"""Token buckets: never more than the burst and the rate allow, and back after the wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.service.access.limits import Buckets, Rate, SignInLimit

STEPS = st.lists(st.floats(0, 10), min_size=1, max_size=60)


@given(STEPS, st.integers(1, 20), st.floats(0.1, 50))
def test_never_more_than_burst_and_rate(steps: list[float], burst: int, rate: float) -> None:
    """In any time at most the burst, and the rate times that time."""
    buckets, now, allowed = Buckets(Rate(rate, burst)), 100.0, 0
    for step in steps:
        now += step
        allowed += buckets.take("a", now).is_allowed
    assert allowed <= burst + rate * (now - 100.0) + 1e-6


@given(STEPS)
def test_after_the_wait_that_it_names_one_is_allowed(steps: list[float]) -> None:
    """A client that does as `Retry-After` says gets in."""
    buckets, now = Buckets(Rate(0.5, 2)), 0.0
    for step in steps:
        now += step
        allowance = buckets.take("a", now)
        if not allowance.is_allowed:
            assert allowance.retry_after >= 1
            now += allowance.retry_after
            assert buckets.take("a", now).is_allowed


def test_names_do_not_share() -> None:
    """One who asks too much takes nothing from another."""
    buckets = Buckets(Rate(1, 1))
    assert buckets.take("a", 0).is_allowed
    assert not buckets.take("a", 0).is_allowed
    assert buckets.take("b", 0).is_allowed


def test_memory_is_bounded_and_the_active_stay() -> None:
    """A flood of new names drops the one unused for longest."""
    buckets = Buckets(Rate(1, 1), most_names=2)
    for name in ("a", "b", "a", "c"):
        buckets.take(name, 0)
    assert not buckets.look("a", 0).is_allowed
    assert buckets.look("b", 0).is_allowed


def test_a_clock_that_goes_back_gives_nothing() -> None:
    """No refill for negative time."""
    buckets = Buckets(Rate(1, 1))
    buckets.take("a", 10)
    assert not buckets.take("a", 5).is_allowed


def test_five_wrong_passwords_and_the_account_waits() -> None:
    """From that address; its owner at another address still gets in."""
    limit = SignInLimit()
    for _ in range(5):
        assert limit.allowance("user:anna", "10.0.0.9", 0).is_allowed
        limit.failed("user:anna", "10.0.0.9", 0)
    refused = limit.allowance("user:anna", "10.0.0.9", 0)
    assert not refused.is_allowed
    assert refused.retry_after == 30
    assert limit.allowance("user:anna", "10.0.0.1", 0).is_allowed
    assert limit.allowance("user:anna", "10.0.0.9", 30).is_allowed


def test_a_good_sign_in_forgives() -> None:
    """Slips of the pen do not add up over the day."""
    limit = SignInLimit()
    for _ in range(10):
        for _ in range(2):
            limit.failed("user:anna", "a", 0)
        limit.succeeded("user:anna", "a")
    assert limit.allowance("user:anna", "a", 0).is_allowed


@pytest.mark.parametrize(("accounts", "addresses"), [(40, 1), (1, 120)])
def test_spread_attacks_end_too(accounts: int, addresses: int) -> None:
    """Many accounts from one address, and one account from many addresses."""
    limit = SignInLimit()
    for account in range(accounts):
        for address in range(addresses):
            limit.failed(f"user:{account}", f"10.0.0.{address}", 0)
    account, address = ("user:new", "10.0.0.0") if addresses == 1 else ("user:0", "10.1.1.1")
    assert not limit.allowance(account, address, 0).is_allowed
