"""Nine attempts over about a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from notice_samples import NOW

from tumen.watch.notices.backoff import MOST_ATTEMPTS, next_attempt


def _waits(delivery_id: str) -> list[timedelta]:
    at, waits, attempts = NOW, list[timedelta](), 1
    while (following := next_attempt(delivery_id, attempts, at)) is not None:
        waits.append(following - at)
        at, attempts = following, attempts + 1
    return waits


@given(st.text())
@settings(deadline=None)
def test_all_attempts_span_about_a_day(delivery_id: str) -> None:
    """A receiver may be down over a night and still gets its notice."""
    waits = _waits(delivery_id)
    assert len(waits) == MOST_ATTEMPTS - 1
    assert timedelta(hours=18) < sum(waits, timedelta()) < timedelta(hours=30)
    assert all(2 < later / earlier < 4.6 for earlier, later in pairwise(waits))


def test_notices_of_one_outage_come_back_apart() -> None:
    """Their waits differ, and each is the same when asked for again."""
    seconds = {next_attempt(f"dlv_{number}", 3, NOW) for number in range(50)}
    assert len(seconds) == 50
    assert next_attempt("dlv_1", 3, NOW) == next_attempt("dlv_1", 3, NOW)


@given(st.integers(1, MOST_ATTEMPTS - 1), st.floats(0, 1e9))
@settings(deadline=None)
def test_what_the_receiver_asks_for_is_a_least(attempts: int, asked: float) -> None:
    """`Retry-After` lengthens a wait, up to a day, and shortens none."""
    usual = next_attempt("dlv_1", attempts, NOW)
    got = next_attempt("dlv_1", attempts, NOW, asked_seconds=asked)
    assert usual is not None
    assert got is not None
    assert got == max(usual, NOW + timedelta(seconds=min(asked, 86_400)))


def test_after_the_last_attempt_it_is_given_up() -> None:
    """Whatever the receiver asked for."""
    given_up: datetime | None = next_attempt("dlv_1", MOST_ATTEMPTS, NOW, asked_seconds=10)
    assert given_up is None
