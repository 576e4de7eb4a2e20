"""How cases are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from tumen.cases.history import fold
from tumen.cases.workflow import undecided_ids
from tumen.model.case import Actor, Case, CaseRecord, Decision, Recommendation
from tumen.model.casework import CaseAct, CaseState, Origin, Outcome, Priority, ReasonCode


class SummaryShape(BaseModel):
    """A case in a queue."""

    case_id: str
    sequence: int = Field(description="Its last record: say it as `seen` when you act.")
    state: CaseState
    priority: Priority
    origin: Origin
    title: str
    subject_key: str
    book_id: str
    assignee: str
    score: float
    hits: int
    lists: list[str]
    tags: list[str]
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    awaits: str


class WaitingShape(BaseModel):
    """A recommendation that waits for a second person; nothing has taken effect yet."""

    case_id: str
    sequence: int
    state: CaseState
    awaits: str
    href: str


class ByShape(BaseModel):
    """Who acted, and in whose place."""

    user_id: str
    name: str
    person: str
    deputises_for: str


class RecordShape(BaseModel):
    """One thing that happened."""

    sequence: int
    act: CaseAct
    at: datetime
    by: ByShape
    details: dict[str, Any]


class AlertShape(BaseModel):
    """All hits of one screening of the party, as they were seen."""

    alert_id: str
    book_id: str
    party_id: str
    screening_id: str
    raised_at: datetime
    score: float
    subject: dict[str, Any]
    hits: list[dict[str, Any]]
    versions: list[str]
    note: str
    policy: dict[str, Any]


class RecommendationShape(BaseModel):
    """What somebody proposed."""

    sequence: int
    by: ByShape
    at: datetime
    entity_ids: list[str]
    reason: ReasonCode
    outcome: Outcome
    text: str
    evidence: list[str]
    until: date | None


class DecisionShape(BaseModel):
    """A recommendation that a second person approved."""

    recommendation: RecommendationShape
    approved_by: ByShape
    approved_at: datetime
    text: str
    supersedes: int


class FileShape(BaseModel):
    """A file beside the case."""

    sha256: str
    name: str
    media_type: str
    size_bytes: int
    attached_at: datetime
    by: ByShape


class CaseShape(BaseModel):
    """A case whole, with all that happened in it."""

    case_id: str
    sequence: int = Field(description="Its last record: say it as `seen` when you act.")
    state: CaseState
    may_become: list[CaseState]
    priority: Priority
    origin: Origin
    title: str
    subject_key: str
    opened_at: datetime
    due_at: datetime | None
    assignee: str
    tags: list[str]
    related: list[str]
    reopened_for: str
    undecided: list[str] = Field(description="Entities that are still to be decided.")
    alerts: list[AlertShape]
    pending: RecommendationShape | None
    decisions: list[DecisionShape]
    files: list[FileShape]
    history: list[RecordShape]
    effects: list[str] = Field([], description="What followed at once from what was just done.")


class CountsShape(BaseModel):
    """How many cases there are for each value."""

    by: str
    counts: dict[str, int]
    total: int


class DecidedShape(BaseModel):
    """What became of one case of many."""

    case_id: str
    is_done: bool
    status: int = Field(description="As if it had been asked for alone.")
    detail: str
    state: CaseState | None
    sequence: int | None
    effects: list[str]


class DecidedManyShape(BaseModel):
    """What became of each."""

    results: list[DecidedShape]
    done: int


def case_shape(records: Sequence[CaseRecord], effects: Sequence[str] = ()) -> dict[str, Any]:
    """A case as its history makes it."""
    case = fold(records)
    shown = {
        name: getattr(case, name)
        for name in CaseShape.model_fields
        if name in case.__slots__ and name not in ("alerts", "pending", "decisions")
    }
    return {
        **shown,
        "may_become": sorted(case.state.moves),
        "undecided": sorted(undecided_ids(case)),
        "alerts": [
            {name: getattr(alert, name) for name in AlertShape.model_fields}
            for alert in case.alerts
        ],
        "pending": _recommendation(case.pending) if case.pending else None,
        "decisions": [_decision(one) for one in case.decisions],
        "files": [_file(one) for one in records if one.act is CaseAct.ATTACHED],
        "history": [_record(one) for one in records],
        "effects": list(effects),
    }


def _by(actor: Actor) -> dict[str, str]:
    return {name: getattr(actor, name) for name in ByShape.model_fields}


def _record(record: CaseRecord) -> dict[str, Any]:
    return {
        "sequence": record.sequence,
        "act": record.act,
        "at": record.at,
        "by": _by(record.actor),
        "details": dict(record.details),
    }


def _recommendation(one: Recommendation) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in RecommendationShape.model_fields}
    return {**shown, "by": _by(one.by)}


def _decision(one: Decision) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in DecisionShape.model_fields}
    recommendation = _recommendation(one.recommendation)
    return {**shown, "recommendation": recommendation, "approved_by": _by(one.approved_by)}


def _file(record: CaseRecord) -> dict[str, Any]:
    return {**record.details, "attached_at": record.at, "by": _by(record.actor)}


def waiting(case: Case) -> WaitingShape:
    """Where a recommendation waits."""
    return WaitingShape(
        case_id=case.case_id,
        sequence=case.sequence,
        state=case.state,
        awaits="approver",
        href=f"/api/v1/cases/{case.case_id}",
    )
