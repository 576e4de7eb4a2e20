"""Call whom a crisis or an overdue case calls by now; the case says so, subscribers hear of it."""

from __future__ import annotations

from datetime import datetime

from tumen.cases.escalating import escalate_due
from tumen.model.casework import CaseState, Priority
from tumen.store import Store
from tumen.store.cases import CaseFilter
from tumen.store.work import Work
from tumen.watch.notices.dispatch import keep

_OPEN = tuple(state for state in CaseState if state.is_open)


def call_who_is_due(store: Store, now: datetime) -> int:
    """Call them in a transaction of its own; how many were called."""
    with store.reading() as work:
        # There is one writer at a time, and most rounds have nothing to write.
        if not _may_be_due(work, now):
            return 0
    with store.writing() as work:
        return call_in(work, now)


def call_in(work: Work, now: datetime) -> int:
    """The same within a transaction."""
    events = escalate_due(work, now)
    keep(work, events, now)
    return len(events)


def _may_be_due(work: Work, now: datetime) -> bool:
    crises = CaseFilter(states=_OPEN, priorities=(Priority.P1,))
    overdue = CaseFilter(states=_OPEN, due_before=now)
    return bool(work.cases.count(crises) or work.cases.count(overdue))
