"""When a case is due, and whom a crisis that nobody takes up calls next."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta

from tumen.model.casework import CRISIS_LADDER, Priority

# A case due in business days is due when the desk closes, in the desk's time zone.
DESK_CLOSES = time(17, 0)


def due_at(
    priority: Priority, opened_at: datetime, holidays: Container[date] = frozenset()
) -> datetime:
    """When a case opened at `opened_at` (in the desk's time zone) is due."""
    if priority.hours is not None:
        return opened_at + timedelta(hours=priority.hours)
    day = opened_at.date()
    left = priority.business_days
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day, holidays)
    return datetime.combine(day, DESK_CLOSES, opened_at.tzinfo)


def is_business_day(day: date, holidays: Container[date] = frozenset()) -> bool:
    """Monday to Friday, no holiday."""
    return day.weekday() < 5 and day not in holidays


def called_by(opened_at: datetime, now: datetime, taken_up_at: datetime | None) -> tuple[str, ...]:
    """Whom the ladder of a crisis has called by `now`; it stops when somebody takes it up."""
    until = now if taken_up_at is None else min(now, taken_up_at)
    return tuple(who for after, who in CRISIS_LADDER if opened_at + after <= until)


def escalates_at(opened_at: datetime, now: datetime) -> datetime | None:
    """The next instant at which the ladder calls somebody; None after its last rung."""
    later = (opened_at + after for after, _ in CRISIS_LADDER if opened_at + after > now)
    return next(later, None)
