"""Who is called when nobody takes a case up: the ladder of a crisis, and what is overdue.

The clock runs this again and again. What was called stands in the case, so nobody is called
twice for the same level, whichever process runs it and however late.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from tumen.cases import workflow
from tumen.cases.auditing import audit_entry
from tumen.cases.deadlines import called_by
from tumen.cases.history import fold
from tumen.cases.keep import keep_many
from tumen.model.case import Actor, Case, CaseRecord, CaseSummary
from tumen.model.casework import CRISIS_LADDER, CaseAct, CaseState, Priority
from tumen.model.watching import Event, EventKind, Severity
from tumen.store.cases import CaseFilter, CaseOrder
from tumen.store.work import Work

CLOCK = Actor("clock", "", "The clock")
# Whom an overdue case calls: once, and for each time that it was opened or reopened.
NEXT_LEVEL = "approver"
_WAITING = tuple(
    state for state in CaseState if state not in {CaseState.ACTIONED, CaseState.CLOSED}
)
_TAKEN_UP = frozenset(
    {CaseAct.ASSIGNED, CaseAct.MOVED, CaseAct.RECOMMENDED, CaseAct.APPROVED, CaseAct.RETURNED}
)
_MOST = 10_000


def escalate_due(work: Work, now: datetime) -> list[Event]:
    """Record every call that is due by `now`, and give the events that tell whom it calls.

    A subscription hears of a level whose group it names: `crisis: duty officer`.
    """
    changes = list(_due_calls(work, now))
    keep_many(work, changes)
    work.audit.append_all(audit_entry(one) for _, records in changes for one in records)
    return [_event(case, one) for case, records in changes for one in records]


def is_call_due(work: Work, now: datetime) -> bool:
    """Whether `escalate_due` would call anybody; this takes no write transaction."""
    return next(_due_calls(work, now), None) is not None


def group_of(level: str) -> str:
    """The group that a subscription of the people of this level names."""
    return f"crisis: {level}"


def _due_calls(work: Work, now: datetime) -> Iterator[tuple[Case, list[CaseRecord]]]:
    """The cases that call somebody by now, each with its calls."""
    wanted = (*_crises(work), *_overdue(work, now))
    for records in work.cases.histories(one.case_id for one in wanted).values():
        case = fold(records)
        if calls := [*_crisis_calls(case, records, now), *_overdue_calls(case, now)]:
            yield case, _numbered(calls)


def _crises(work: Work) -> list[CaseSummary]:
    wanted = CaseFilter(states=_WAITING, priorities=(Priority.P1,))
    return work.cases.find(wanted, order=CaseOrder.DUE, limit=_MOST)


def _overdue(work: Work, now: datetime) -> Iterator[CaseSummary]:
    """Cases that are late and have not called anybody for it."""
    others = (Priority.P2, Priority.P3, Priority.P4)
    wanted = CaseFilter(states=_WAITING, priorities=others, due_before=now)
    late = work.cases.find(wanted, order=CaseOrder.DUE, limit=_MOST)
    calls = work.cases.of_act((one.case_id for one in late), CaseAct.ESCALATED)
    called = {(one.case_id, one.details.get("due_at")) for one in calls}
    return (one for one in late if one.due_at and (one.case_id, _due(one.due_at)) not in called)


def _crisis_calls(case: Case, records: Iterable[CaseRecord], now: datetime) -> Iterator[CaseRecord]:
    """The rungs of the ladder that are due and were not called yet."""
    if case.priority is not Priority.P1:
        return
    recent = list(records)
    began_at = _crisis_began(recent)
    since = [one for one in recent if one.at >= began_at]
    taken_up_at = next((one.at for one in since if one.act in _TAKEN_UP), None)
    called = {one.details["to"] for one in since if one.act is CaseAct.ESCALATED}
    for level in called_by(began_at, now, taken_up_at):
        if level not in called:
            minutes = next(after for after, who in CRISIS_LADDER if who == level)
            text = f"A crisis: {int(minutes.total_seconds() // 60)} minutes, and nobody took it up"
            yield workflow.escalate(case, level, text, CLOCK, now)


def _crisis_began(records: Iterable[CaseRecord]) -> datetime:
    """When the case became a crisis, or was last reopened as one."""
    began = None
    for one in records:
        is_crisis = one.details.get("priority") == Priority.P1.value
        if one.act in (CaseAct.OPENED, CaseAct.PRIORITISED):
            began = (began or one.at) if is_crisis else None
        elif one.act is CaseAct.REOPENED and began is not None:
            began = one.at
    assert began is not None
    return began


def _overdue_calls(case: Case, now: datetime) -> Iterator[CaseRecord]:
    if case.priority is not Priority.P1 and case.due_at is not None:
        text = f"{case.priority.value} was due at {case.due_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        call = workflow.escalate(case, NEXT_LEVEL, text, CLOCK, now)
        yield replace(call, details={**call.details, "due_at": _due(case.due_at)})


def _due(at: datetime) -> str:
    """When it was due, in the form by which two of them are told apart."""
    return at.astimezone(UTC).isoformat()


def _numbered(calls: Iterable[CaseRecord]) -> list[CaseRecord]:
    """Several calls at once, one after another in the case."""
    return [replace(one, sequence=one.sequence + number) for number, one in enumerate(calls)]


def _event(case: Case, call: CaseRecord) -> Event:
    is_crisis = case.priority is Priority.P1
    kind = EventKind.CRISIS if is_crisis else EventKind.CASE_DUE
    level = call.details["to"]
    fact = f"{kind.value} {case.case_id} {level} {call.at.isoformat()}"
    return Event(
        event_id=hashlib.sha256(fact.encode()).hexdigest()[:32],
        kind=kind,
        severity=Severity.CRITICAL if is_crisis else Severity.HIGH,
        occurred_at=call.at,
        title=f"{'Crisis' if is_crisis else 'Overdue'}, calling {level}: {case.title}",
        text=call.details["text"],
        book_id=case.alerts[-1].book_id if case.alerts else "",
        party_id=case.alerts[-1].party_id if case.alerts else "",
        groups=(group_of(level),) if is_crisis else (level,),
        data={"case_id": case.case_id, "level": level, "priority": case.priority.value},
    )
