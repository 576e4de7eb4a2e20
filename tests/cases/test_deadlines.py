"""When a case is due, and whom a crisis calls."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.cases.deadlines import called_by, due_at, escalates_at, is_business_day
from tumen.model.casework import CRISIS_LADDER, Priority

FRIDAY = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("priority", "expected"),
    [
        (Priority.P1, datetime(2026, 3, 6, 17, 30, tzinfo=UTC)),
        (Priority.P2, datetime(2026, 3, 6, 20, 30, tzinfo=UTC)),
        (Priority.P3, datetime(2026, 3, 9, 17, 0, tzinfo=UTC)),
        (Priority.P4, datetime(2026, 3, 13, 17, 0, tzinfo=UTC)),
    ],
)
def test_each_priority_has_its_clock(priority: Priority, expected: datetime) -> None:
    """Hours run through the night, business days skip the weekend."""
    assert due_at(priority, FRIDAY) == expected


def test_a_holiday_is_no_business_day() -> None:
    """Monday is a holiday: due on Tuesday."""
    assert due_at(Priority.P3, FRIDAY, {date(2026, 3, 9)}).date() == date(2026, 3, 10)


def test_due_in_the_desks_time_zone() -> None:
    """The desk closes at five where it is, also when the clocks change."""
    paris = datetime(2026, 3, 27, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
    due = due_at(Priority.P3, paris)
    assert (due.time(), due.utcoffset()) == (time(17), timedelta(hours=2))


@given(
    st.integers(0, 20 * 365 * 24 * 60).map(lambda minutes: FRIDAY + timedelta(minutes=minutes)),
    st.sampled_from(list(Priority)),
)
def test_due_is_later_and_on_a_business_day(opened: datetime, priority: Priority) -> None:
    """A more urgent case is never due after a less urgent one."""
    due = due_at(priority, opened)
    assert due > opened
    assert priority.hours or is_business_day(due.date())
    dues = [due_at(one, opened) for one in (Priority.P1, Priority.P2, Priority.P4)]
    assert dues == sorted(dues)


@pytest.mark.parametrize(
    ("minutes", "count"), [(0, 1), (14, 1), (15, 2), (30, 3), (59, 3), (60, 4)]
)
def test_the_ladder_of_a_crisis(minutes: int, count: int) -> None:
    """0, 15, 30 and 60 minutes: one more level each."""
    called = called_by(FRIDAY, FRIDAY + timedelta(minutes=minutes), None)
    assert called == tuple(who for _, who in CRISIS_LADDER[:count])


def test_the_ladder_stops_when_somebody_takes_it_up() -> None:
    """Nobody is called out of bed for what is in hands."""
    taken = FRIDAY + timedelta(minutes=10)
    assert called_by(FRIDAY, FRIDAY + timedelta(hours=5), taken) == ("duty officer",)


@given(st.integers(0, 90))
def test_the_next_rung_is_the_next_call(minutes: int) -> None:
    """Between two rungs nothing happens; at the rung one more is called."""
    now = FRIDAY + timedelta(minutes=minutes)
    upcoming = escalates_at(FRIDAY, now)
    if upcoming is None:
        assert len(called_by(FRIDAY, now, None)) == len(CRISIS_LADDER)
    else:
        before = called_by(FRIDAY, upcoming - timedelta(seconds=1), None)
        assert before == called_by(FRIDAY, now, None)
        assert len(called_by(FRIDAY, upcoming, None)) == len(before) + 1
