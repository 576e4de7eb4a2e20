"""Who may do what to a case, and when. Each function gives the next record, or refuses.

Four eyes: a decision takes effect only when a second person approves what a first recommended.
What counts is the person, not the account, role or place they act from: whoever recommended,
or stood in for who did, never approves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tumen.cases.history import alert_to_dict
from tumen.cases.rules import (
    LEAST_TEXT,
    OUTCOMES,
    Proposal,
    RefusedError,
    cannot,
    decided_ids,
    decisions_in_force,
    is_inconclusive,
    must_be_a_person,
    must_be_a_second_person,
    must_be_open,
    must_be_reasoned,
    must_be_undecided,
    must_have,
    outcomes_for,
    pending_of,
    undecided_ids,
)
from tumen.model.access import Permission
from tumen.model.case import Actor, Alert, Case, CaseRecord
from tumen.model.casework import (
    CaseAct,
    CaseState,
    Origin,
    Priority,
)

# The rules belong to the workflow: whoever takes steps needs them.
__all__ = [
    "LEAST_TEXT",
    "OUTCOMES",
    "Opening",
    "Proposal",
    "RefusedError",
    "add_alert",
    "approve",
    "assign",
    "attach",
    "close",
    "decided_ids",
    "decisions_in_force",
    "escalate",
    "hurry",
    "move",
    "note",
    "open_case",
    "outcomes_for",
    "prioritise",
    "recommend",
    "record_action",
    "relate",
    "reopen",
    "send_back",
    "tag",
    "undecided_ids",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case begins with."""

    origin: Origin
    title: str
    subject_key: str
    priority: Priority
    due_at: datetime | None = None


def open_case(case_id: str, opening: Opening, actor: Actor, now: datetime) -> CaseRecord:
    """The first record of a case."""
    details = {
        "origin": opening.origin.value,
        "title": opening.title,
        "subject_key": opening.subject_key,
        "priority": opening.priority.value,
        "due_at": opening.due_at.isoformat() if opening.due_at else None,
    }
    return CaseRecord(case_id, 1, CaseAct.OPENED, now, actor, details)


def add_alert(case: Case, alert: Alert, actor: Actor, now: datetime) -> CaseRecord:
    """Gather one more alert of the same subject. Raises RefusedError for one it has."""
    if any(one.alert_id == alert.alert_id for one in case.alerts):
        raise RefusedError(f"Case {case.case_id} has the alert {alert.alert_id} already")
    return _next(case, CaseAct.ALERT_ADDED, actor, now, alert_to_dict(alert))


def assign(case: Case, user_id: str, actor: Actor, now: datetime) -> CaseRecord:
    """Give an open case to somebody."""
    must_have(actor, Permission.DECIDE)
    must_be_open(case)
    return _next(case, CaseAct.ASSIGNED, actor, now, {"user_id": user_id})


def move(case: Case, state: CaseState, actor: Actor, now: datetime) -> CaseRecord:
    """Move between the states of investigating; decisions have functions of their own."""
    must_have(actor, Permission.DECIDE)
    own = {CaseState.TRIAGE, CaseState.INVESTIGATING, CaseState.AWAITING_INFO}
    if state not in own or state not in case.state.moves or case.pending is not None:
        raise RefusedError(cannot(case, state.value))
    return _next(case, CaseAct.MOVED, actor, now, {"state": state.value})


def note(case: Case, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """A note; a closed case takes notes too."""
    must_have(actor, Permission.DECIDE)
    if not text.strip():
        raise RefusedError("A note needs words")
    return _next(case, CaseAct.NOTED, actor, now, {"text": text.strip()})


def attach(case: Case, file: Mapping[str, Any], actor: Actor, now: datetime) -> CaseRecord:
    """A file that is stored by its hash: `sha256`, `name`, `media_type`, `size_bytes`."""
    must_have(actor, Permission.DECIDE)
    return _next(case, CaseAct.ATTACHED, actor, now, dict(file))


def tag(case: Case, tags: Iterable[str], actor: Actor, now: datetime) -> CaseRecord:
    """The tags that the case has from now on."""
    must_have(actor, Permission.DECIDE)
    kept = sorted({one.strip() for one in tags if one.strip()})
    return _next(case, CaseAct.TAGGED, actor, now, {"tags": kept})


def relate(case: Case, other_id: str, actor: Actor, now: datetime) -> CaseRecord:
    """Name another case that belongs with this one."""
    must_have(actor, Permission.DECIDE)
    if other_id == case.case_id:
        raise RefusedError("A case is not related to itself")
    return _next(case, CaseAct.RELATED, actor, now, {"case_id": other_id})


def prioritise(
    case: Case, priority: Priority, due_at: datetime | None, actor: Actor, now: datetime
) -> CaseRecord:
    """Another priority, with the time it is due by."""
    must_have(actor, Permission.DECIDE)
    must_be_open(case)
    due = due_at.isoformat() if due_at else None
    details = {"priority": priority.value, "due_at": due}
    return _next(case, CaseAct.PRIORITISED, actor, now, details)


def hurry(
    case: Case, priority: Priority, due_at: datetime | None, actor: Actor, now: datetime
) -> CaseRecord | None:
    """A more urgent priority, where this one is; what an alert brings may do it by itself."""
    if priority.value >= case.priority.value:
        return None
    due = due_at.isoformat() if due_at else None
    details = {"priority": priority.value, "due_at": due}
    return _next(case, CaseAct.PRIORITISED, actor, now, details)


def escalate(case: Case, to: str, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """Say that a higher level was called; the clock may do it too."""
    must_be_open(case)
    return _next(case, CaseAct.ESCALATED, actor, now, {"to": to, "text": text})


def recommend(case: Case, proposal: Proposal, actor: Actor, now: datetime) -> CaseRecord:
    """Propose a decision. It has no effect until a second person approves it.

    Raises RefusedError where state or permission forbid it, or where reason, evidence or the
    sentence is missing or does not fit.
    """
    must_have(actor, Permission.DECIDE)
    must_be_a_person(actor)
    if not case.state.may_be_recommended:
        raise RefusedError(cannot(case, "recommended"))
    must_be_reasoned(case, proposal)
    must_be_undecided(case, proposal)
    details = {
        "entity_ids": list(proposal.entity_ids or sorted(undecided_ids(case))),
        "reason": proposal.reason.value,
        "outcome": proposal.outcome.value,
        "text": proposal.text.strip(),
        "evidence": list(proposal.evidence),
        "until": proposal.until.isoformat() if proposal.until else None,
    }
    return _next(case, CaseAct.RECOMMENDED, actor, now, details)


def withdraw(case: Case, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """Take one's own recommendation back."""
    pending = pending_of(case)
    if actor.eyes.isdisjoint(pending.by.eyes):
        raise RefusedError(f"Only {pending.by.name} may withdraw it. Return it instead")
    return _next(case, CaseAct.WITHDRAWN, actor, now, {"text": text.strip()})


def approve(case: Case, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """Give the second pair of eyes: the recommendation becomes a decision.

    Raises RefusedError where nothing is recommended, or to whoever recommended it.
    """
    must_have(actor, Permission.APPROVE)
    must_be_a_second_person(case, actor)
    return _next(case, CaseAct.APPROVED, actor, now, {"text": text.strip()})


def send_back(case: Case, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """Return a recommendation with what is missing."""
    must_have(actor, Permission.APPROVE)
    must_be_a_second_person(case, actor)
    if len(text.strip()) < LEAST_TEXT:
        raise RefusedError(f"Say what is missing, in {LEAST_TEXT} letters or more")
    return _next(case, CaseAct.RETURNED, actor, now, {"text": text.strip()})


def record_action(case: Case, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """Say that what was decided is done."""
    must_have(actor, Permission.DECIDE)
    if case.state is not CaseState.APPROVED:
        raise RefusedError(cannot(case, "actioned"))
    return _next(case, CaseAct.ACTIONED, actor, now, {"text": text.strip()})


def close(case: Case, actor: Actor, now: datetime) -> CaseRecord:
    """Close what is decided and done. Raises RefusedError where it is not."""
    must_have(actor, Permission.DECIDE)
    decision = case.decision
    if case.state is not CaseState.ACTIONED or decision is None:
        raise RefusedError(cannot(case, "closed"))
    if is_inconclusive(decision):
        raise RefusedError("Inconclusive clears nobody: chase what is missing, then decide")
    if open_ids := undecided_ids(case):
        raise RefusedError(f"Not decided yet: {', '.join(sorted(open_ids))}")
    return _next(case, CaseAct.CLOSED, actor, now, {})


def reopen(
    case: Case,
    difference: str,
    due_at: datetime | None,
    actor: Actor,
    now: datetime,
    *,
    keeps_decisions: bool = False,
) -> CaseRecord:
    """Open a decided case again, with what changed in front. The clock and lists may do it.

    All of it is to be decided again; with `keeps_decisions` only what alerts bring from now on.
    """
    if CaseState.REOPENED not in case.state.moves:
        raise RefusedError(cannot(case, "reopened"))
    due = due_at.isoformat() if due_at else None
    details = {"text": difference, "due_at": due, "keeps_decisions": keeps_decisions}
    return _next(case, CaseAct.REOPENED, actor, now, details)


def _next(
    case: Case, act: CaseAct, actor: Actor, now: datetime, details: Mapping[str, Any]
) -> CaseRecord:
    return CaseRecord(case.case_id, case.sequence + 1, act, now, actor, details)
