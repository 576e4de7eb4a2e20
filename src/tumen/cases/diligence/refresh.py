"""When a file is to be looked at again: by residual risk, or earlier by what happened."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tumen.model.diligence import ResidualRisk, SignOff

# So long before its day a refresh is announced.
NOTICE = timedelta(days=30)


class ReviewState(StrEnum):
    """Where a file is between two sign-offs."""

    NOT_SIGNED = "not signed off"
    IN_FORCE = "in force"
    DUE_SOON = "due soon"
    DUE = "due for review"


@dataclass(frozen=True, slots=True)
class Review:
    """Whether a file holds. `reasons` say why it is due; `due_on` is None before a sign-off."""

    state: ReviewState
    due_on: date | None = None
    reasons: tuple[str, ...] = ()


def refresh_due_on(risk: ResidualRisk, signed_on: date) -> date:
    """The day on which a file of this risk is looked at again, if nothing happens before."""
    return add_months(signed_on, risk.months)


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def due_on(signed: SignOff) -> date:
    """When a signed file is due: what its people said, and never later than its risk allows."""
    assert signed.approved_at is not None
    return min(signed.valid_until, refresh_due_on(signed.risk, signed.approved_at.date()))


def review(signed: SignOff | None, changes: Sequence[str], today: date) -> Review:
    """Whether a file holds today, given what changed materially since it was recommended."""
    if signed is None:
        return Review(ReviewState.NOT_SIGNED)
    due = due_on(signed)
    reasons = list(changes)
    if today >= due:
        reasons.insert(0, f"The file held until {due}")
    if reasons:
        return Review(ReviewState.DUE, min(due, today), tuple(reasons))
    if today >= due - NOTICE:
        return Review(ReviewState.DUE_SOON, due, (f"The file holds until {due}",))
    return Review(ReviewState.IN_FORCE, due)
