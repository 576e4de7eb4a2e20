"""A case as its records make it: one small step for each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tumen.errors import RequestError
from tumen.model.case import Alert, Case, CaseRecord, Decision, Recommendation
from tumen.model.casework import (
    CaseAct,
    CaseState,
    Origin,
    Outcome,
    Priority,
    ReasonCode,
)


def fold(records: Iterable[CaseRecord]) -> Case:
    """The case that the records tell of. Raises RequestError where there are none."""
    case: Case | None = None
    for record in records:
        case = after(case, record)
    if case is None:
        raise RequestError("There is no such case")
    return case


def after(case: Case | None, record: CaseRecord) -> Case:
    """The case as it stands after one more record; a case begins with `OPENED`."""
    if record.act is CaseAct.OPENED:
        return _opened(record)
    if case is None or record.sequence != case.sequence + 1:
        raise RequestError(f"Record {record.sequence} of case {record.case_id} is out of order")
    return replace(_STEPS[record.act](case, record), sequence=record.sequence)


def _opened(record: CaseRecord) -> Case:
    details = record.details
    return Case(
        case_id=record.case_id,
        origin=Origin(details["origin"]),
        title=details["title"],
        subject_key=details["subject_key"],
        state=CaseState.NEW,
        priority=Priority(details["priority"]),
        opened_at=record.at,
        due_at=_instant(details.get("due_at")),
        sequence=record.sequence,
    )


def alert_to_dict(alert: Alert) -> dict[str, Any]:
    """An alert as a record keeps it."""
    return {
        "alert_id": alert.alert_id,
        "book_id": alert.book_id,
        "party_id": alert.party_id,
        "screening_id": alert.screening_id,
        "raised_at": alert.raised_at.isoformat(),
        "subject": dict(alert.subject),
        "hits": [dict(hit) for hit in alert.hits],
        "versions": list(alert.versions),
        "note": alert.note,
        "policy": dict(alert.policy),
    }


def _alert(details: Mapping[str, Any]) -> Alert:
    return Alert(
        **{
            **details,
            "raised_at": datetime.fromisoformat(details["raised_at"]),
            "hits": tuple(details["hits"]),
            "versions": tuple(details["versions"]),
        }
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _alert_added(case: Case, record: CaseRecord) -> Case:
    alert = _alert(record.details)
    shown = {str(hit["entity_id"]): record.sequence for hit in alert.hits}
    since = {**case.open_since, **shown}
    return replace(case, alerts=(*case.alerts, alert), open_since=since)


def _assigned(case: Case, record: CaseRecord) -> Case:
    return replace(case, assignee=record.details["user_id"])


def _moved(case: Case, record: CaseRecord) -> Case:
    return replace(case, state=CaseState(record.details["state"]))


def _noted(case: Case, record: CaseRecord) -> Case:
    return replace(case, notes=(*case.notes, record))


def _attached(case: Case, record: CaseRecord) -> Case:
    return replace(case, attachments=(*case.attachments, record.details["sha256"]))


def _tagged(case: Case, record: CaseRecord) -> Case:
    return replace(case, tags=tuple(record.details["tags"]))


def _related(case: Case, record: CaseRecord) -> Case:
    return replace(case, related=tuple(dict.fromkeys((*case.related, record.details["case_id"]))))


def _prioritised(case: Case, record: CaseRecord) -> Case:
    details = record.details
    due_at = _instant(details.get("due_at"))
    return replace(case, priority=Priority(details["priority"]), due_at=due_at)


def _escalated(case: Case, _record: CaseRecord) -> Case:
    return case


def recommendation_of(record: CaseRecord) -> Recommendation:
    """The recommendation that a record holds."""
    details = record.details
    return Recommendation(
        record.sequence,
        record.actor,
        record.at,
        tuple(details["entity_ids"]),
        ReasonCode(details["reason"]),
        Outcome(details["outcome"]),
        details["text"],
        tuple(details["evidence"]),
        date.fromisoformat(until) if (until := details.get("until")) else None,
    )


def _recommended(case: Case, record: CaseRecord) -> Case:
    return replace(case, state=CaseState.RECOMMENDED, pending=recommendation_of(record))


def _withdrawn(case: Case, _record: CaseRecord) -> Case:
    return replace(case, state=CaseState.INVESTIGATING, pending=None)


def _returned(case: Case, _record: CaseRecord) -> Case:
    return replace(case, state=CaseState.RETURNED, pending=None)


def _approved(case: Case, record: CaseRecord) -> Case:
    assert case.pending is not None
    before = case.decision
    decision = Decision(
        case.pending,
        record.actor,
        record.at,
        record.details["text"],
        before.recommendation.sequence if before else 0,
    )
    return replace(
        case, state=CaseState.APPROVED, pending=None, decisions=(*case.decisions, decision)
    )


def _actioned(case: Case, _record: CaseRecord) -> Case:
    return replace(case, state=CaseState.ACTIONED)


def _closed(case: Case, _record: CaseRecord) -> Case:
    return replace(case, state=CaseState.CLOSED, due_at=None)


def _reopened(case: Case, record: CaseRecord) -> Case:
    since = case.open_since
    if not record.details.get("keeps_decisions"):
        since = dict.fromkeys(since, record.sequence)
    return replace(
        case,
        state=CaseState.REOPENED,
        reopened_for=record.details["text"],
        reopened_by=record.sequence,
        open_since=since,
        due_at=_instant(record.details.get("due_at")),
    )


_STEPS: dict[CaseAct, Callable[[Case, CaseRecord], Case]] = {
    CaseAct.ALERT_ADDED: _alert_added,
    CaseAct.ASSIGNED: _assigned,
    CaseAct.MOVED: _moved,
    CaseAct.NOTED: _noted,
    CaseAct.ATTACHED: _attached,
    CaseAct.TAGGED: _tagged,
    CaseAct.RELATED: _related,
    CaseAct.PRIORITISED: _prioritised,
    CaseAct.ESCALATED: _escalated,
    CaseAct.RECOMMENDED: _recommended,
    CaseAct.WITHDRAWN: _withdrawn,
    CaseAct.RETURNED: _returned,
    CaseAct.APPROVED: _approved,
    CaseAct.ACTIONED: _actioned,
    CaseAct.CLOSED: _closed,
    CaseAct.REOPENED: _reopened,
}
