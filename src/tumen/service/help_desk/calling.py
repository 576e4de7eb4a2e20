"""Call whom a crisis or an overdue case calls by now; the case says so, subscribers hear of it."""

from __future__ import annotations

from datetime import datetime

from tumen.cases.escalating import escalate_due, is_call_due
from tumen.store import Store
from tumen.store.work import Work
from tumen.watch.notices.dispatch import keep


def call_who_is_due(store: Store, now: datetime) -> int:
    """Call them in a transaction of its own; how many were called."""
    with store.reading() as work:
        # There is one writer at a time, and most rounds have nothing to write.
        if not is_call_due(work, now):
            return 0
    with store.writing() as work:
        return call_in(work, now)


def call_in(work: Work, now: datetime) -> int:
    """The same within a transaction."""
    events = escalate_due(work, now)
    keep(work, events, now)
    return len(events)
