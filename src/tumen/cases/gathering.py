"""Standing hits gather in cases: one alert a subject and screening, one open case a subject.

Nothing here remembers what it did: what is new is what no alert of a case shows. So it may be
called as often as one likes, and takes up what was cut off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from tumen.cases import workflow
from tumen.cases.acting import new_case_id
from tumen.cases.alerts import alert_of, is_dealt_with, last_shown, priority_of
from tumen.cases.auditing import audit_entry
from tumen.cases.deadlines import due_at
from tumen.cases.differences import differences, policy_differences
from tumen.cases.history import after, fold
from tumen.cases.keep import keep_many
from tumen.cases.sides import Sides, load_sides
from tumen.model.case import Actor, Alert, Case, CaseRecord
from tumen.model.casework import CaseState, Origin, Priority
from tumen.model.desk import DeskSettings
from tumen.model.watching import Event, EventKind, HitState, Severity, StandingHit
from tumen.store.work import Work

# The states in which a hit waits for people.
WAITING = (HitState.OPEN, HitState.PROPOSED_RELEASE)
_DECIDED = frozenset({CaseState.APPROVED, CaseState.ACTIONED, CaseState.CLOSED})
_GATHERED_IN = frozenset({Origin.HIT, Origin.MANUAL, Origin.SUPPRESSION})


@dataclass(frozen=True, slots=True)
class Gathered:
    """The ids of cases that were opened, got an alert, or were reopened, and what to tell of it."""

    opened: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class _Change:
    """What is added to one case; `case` is None for a new one."""

    case: Case | None
    records: list[CaseRecord]


def gather(
    work: Work, book_id: str, now: datetime, actor: Actor, policy: Mapping[str, Any]
) -> Gathered:
    """Bring every hit of a book that waits for people into a case.

    An open case of its subject gets an alert, a decided one is reopened with the difference in
    front, else a case is opened. `policy` is the one in force, named where a screening is not
    stored.
    """
    return bring_in(work, book_id, work.hits.standing(book_id, states=WAITING), now, actor, policy)


def bring_in(
    work: Work,
    book_id: str,
    hits: Iterable[StandingHit],
    now: datetime,
    actor: Actor,
    policy: Mapping[str, Any],
) -> Gathered:
    """Bring these hits of a book, in the order of their parties, into cases, as `gather` does."""
    waiting = _by_party(hits)
    cases = cases_of(work, book_id, waiting)
    fresh = {
        party_id: new
        for party_id, hits in waiting.items()
        if (new := _not_dealt_with(hits, cases.get(party_id, ())))
    }
    if not fresh:
        return Gathered()
    sides = load_sides(work, fresh, cases, policy)
    desk = Desk(work.desk.current(), actor, now, sides)
    changes = [
        desk.change(party_id, hits, cases.get(party_id, ())) for party_id, hits in fresh.items()
    ]
    kept = keep_many(work, ((one.case, one.records) for one in changes))
    work.audit.append_all(audit_entry(record) for one in changes for record in one.records)
    return _gathered(changes, kept, desk)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where alerts come in: by whose clock, for whom, with both sides of every hit at hand."""

    settings: DeskSettings
    actor: Actor
    now: datetime
    sides: Sides

    def change(self, party_id: str, hits: Sequence[StandingHit], cases: Sequence[Case]) -> _Change:
        """The records by which these hits of one party come before people."""
        target = _target(cases)
        alerts = [self._alert(target, group) for group in _by_screening(hits)]
        priority = min(map(priority_of, alerts))
        if target is None:
            return self._opening(party_id, alerts, priority)
        records = list[CaseRecord]()
        case = target
        if target.state in _DECIDED:
            difference = "\n".join(filter(None, (one.note for one in alerts)))
            due = self._due(min(priority, target.priority))
            records.append(
                workflow.reopen(case, difference, due, self.actor, self.now, keeps_decisions=True)
            )
            case = after(case, records[-1])
        return _Change(target, [*records, *self._additions(case, alerts, priority)])

    def reopened_event(self, case: Case) -> Event:
        """What to tell of a case that was reopened."""
        alert = case.alerts[-1]
        fact = f"{EventKind.CASE_REOPENED.value} {case.case_id} {case.reopened_by}"
        return Event(
            event_id=hashlib.sha256(fact.encode()).hexdigest()[:32],
            kind=EventKind.CASE_REOPENED,
            severity=Severity.HIGH,
            occurred_at=self.now,
            title=f"Case reopened: {case.title}",
            text=case.reopened_for,
            book_id=alert.book_id,
            party_id=alert.party_id,
            groups=self.sides.groups(alert.party_id),
            data={"case_id": case.case_id},
        )

    def _opening(self, party_id: str, alerts: Sequence[Alert], priority: Priority) -> _Change:
        first = alerts[0]
        opening = workflow.Opening(
            Origin.HIT,
            self.sides.caption(party_id),
            f"{first.book_id}/{party_id}",
            priority,
            self._due(priority),
        )
        record = workflow.open_case(new_case_id(), opening, self.actor, self.now)
        case = after(None, record)
        return _Change(None, [record, *self._additions(case, alerts, priority)])

    def _additions(
        self, case: Case, alerts: Iterable[Alert], priority: Priority
    ) -> list[CaseRecord]:
        records = list[CaseRecord]()
        for alert in alerts:
            records.append(workflow.add_alert(case, alert, self.actor, self.now))
            case = after(case, records[-1])
        hurried = workflow.hurry(case, priority, self._due(priority), self.actor, self.now)
        return [*records, hurried] if hurried else records

    def _alert(self, case: Case | None, hits: Sequence[StandingHit]) -> Alert:
        run = self.sides.run(hits[0])
        subject = self.sides.subject(hits[0], case)
        plain = alert_of(hits, run, subject, self.sides.policy, self.now)
        if case is None:
            return plain
        lines = [
            line
            for hit in hits
            for line in differences(
                last_shown(case, hit), hit, plain.versions, subject, self.sides.entry
            )
        ]
        before = case.alerts[-1].policy if case.alerts else {}
        note = "\n".join((*lines, *policy_differences(before, plain.policy)))
        return alert_of(hits, run, subject, self.sides.policy, self.now, note)

    def _due(self, priority: Priority) -> datetime:
        return due_at(priority, self.settings.local(self.now), self.settings.holidays)


def _by_party(hits: Iterable[StandingHit]) -> dict[str, list[StandingHit]]:
    return {party_id: list(found) for party_id, found in groupby(hits, lambda one: one.party_id)}


def _by_screening(hits: Iterable[StandingHit]) -> list[list[StandingHit]]:
    ordered = sorted(hits, key=lambda one: (one.screening_id, one.hit.entity_id))
    return [list(found) for _, found in groupby(ordered, lambda one: one.screening_id)]


def cases_of(work: Work, book_id: str, party_ids: Collection[str]) -> dict[str, list[Case]]:
    """Party id → the cases about it in which alerts gather, the last changed first."""
    keys = {f"{book_id}/{party_id}": party_id for party_id in party_ids}
    summaries = [one for one in work.cases.of_subjects(keys) if one.origin in _GATHERED_IN]
    histories = work.cases.histories(one.case_id for one in summaries)
    found: dict[str, list[Case]] = {}
    for one in summaries:
        found.setdefault(keys[one.subject_key], []).append(fold(histories[one.case_id]))
    return found


def _not_dealt_with(hits: Iterable[StandingHit], cases: Sequence[Case]) -> list[StandingHit]:
    return [hit for hit in hits if not any(is_dealt_with(case, hit) for case in cases)]


def _target(cases: Sequence[Case]) -> Case | None:
    """The case that takes an alert: one that is worked on, else the last that was decided."""
    working = (one for one in cases if one.state not in _DECIDED)
    return next(working, cases[0] if cases else None)


def _gathered(changes: Sequence[_Change], kept: Sequence[Case], desk: Desk) -> Gathered:
    opened, added, reopened = list[str](), list[str](), list[Case]()
    for change, case in zip(changes, kept, strict=True):
        if change.case is None:
            opened.append(case.case_id)
        elif change.case.state in _DECIDED:
            reopened.append(case)
        else:
            added.append(case.case_id)
    events = tuple(desk.reopened_event(case) for case in reopened)
    ids = tuple(case.case_id for case in reopened)
    return Gathered(tuple(opened), tuple(added), ids, events)
