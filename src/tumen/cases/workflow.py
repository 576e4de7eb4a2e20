"""Who may do what to a case, and when. Each function gives the next record, or refuses.

Four eyes: a decision takes effect only when a second person approves what a first recommended.
What counts is the person, not the account, role or place they act from: whoever recommended,
or stood in for who did, never approves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tumen.cases.history import alert_to_dict
from tumen.errors import RequestError
from tumen.model.access import Permission
from tumen.model.case import Actor, Alert, Case, CaseRecord, Decision, Recommendation
from tumen.model.casework import (
    CaseAct,
    CaseState,
    Origin,
    Outcome,
    Priority,
    ReasonCode,
    Verdict,
)

# A reason that a stranger understands in years takes a sentence.
LEAST_TEXT = 20
# What may follow from a verdict.
OUTCOMES: Mapping[Verdict, frozenset[Outcome]] = {
    Verdict.FALSE_POSITIVE: frozenset({Outcome.RELEASE}),
    Verdict.TRUE_MATCH: frozenset(
        {Outcome.REJECT, Outcome.FREEZE, Outcome.REPORT, Outcome.EXIT, Outcome.SEEK_LICENCE}
    ),
    Verdict.INCONCLUSIVE: frozenset({Outcome.ESCALATE, Outcome.REJECT}),
    Verdict.NO_MATCH_ASKED: frozenset({Outcome.ADOPT, Outcome.ANSWER, Outcome.REJECT}),
}


class RefusedError(RequestError):
    """The move is not allowed: by the state of the case, by a permission, or by four eyes."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a recommendation says. No `entity_ids` means every hit that is still to be decided.

    A release may hold `until` a last day only.
    """

    reason: ReasonCode
    outcome: Outcome
    text: str
    evidence: tuple[str, ...]
    entity_ids: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case begins with."""

    origin: Origin
    title: str
    subject_key: str
    priority: Priority
    due_at: datetime | None = None


def outcomes_for(reason: ReasonCode) -> frozenset[Outcome]:
    """What a recommendation with this reason may lead to."""
    other = {ReasonCode.NO_POLICY: Outcome.ANSWER, ReasonCode.NO_ADVICE: Outcome.ADOPT}
    return OUTCOMES[reason.verdict] - {other.get(reason)}


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
    _must(actor, Permission.DECIDE)
    _must_be_open(case)
    return _next(case, CaseAct.ASSIGNED, actor, now, {"user_id": user_id})


def move(case: Case, state: CaseState, actor: Actor, now: datetime) -> CaseRecord:
    """Move between the states of investigating; decisions have functions of their own."""
    _must(actor, Permission.DECIDE)
    own = {CaseState.TRIAGE, CaseState.INVESTIGATING, CaseState.AWAITING_INFO}
    if state not in own or state not in case.state.moves or case.pending is not None:
        raise RefusedError(_cannot(case, state.value))
    return _next(case, CaseAct.MOVED, actor, now, {"state": state.value})


def note(case: Case, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """A note; a closed case takes notes too."""
    _must(actor, Permission.DECIDE)
    if not text.strip():
        raise RefusedError("A note needs words")
    return _next(case, CaseAct.NOTED, actor, now, {"text": text.strip()})


def attach(case: Case, file: Mapping[str, Any], actor: Actor, now: datetime) -> CaseRecord:
    """A file that is stored by its hash: `sha256`, `name`, `media_type`, `size_bytes`."""
    _must(actor, Permission.DECIDE)
    return _next(case, CaseAct.ATTACHED, actor, now, dict(file))


def tag(case: Case, tags: Iterable[str], actor: Actor, now: datetime) -> CaseRecord:
    """The tags that the case has from now on."""
    _must(actor, Permission.DECIDE)
    kept = sorted({one.strip() for one in tags if one.strip()})
    return _next(case, CaseAct.TAGGED, actor, now, {"tags": kept})


def relate(case: Case, other_id: str, actor: Actor, now: datetime) -> CaseRecord:
    """Name another case that belongs with this one."""
    _must(actor, Permission.DECIDE)
    if other_id == case.case_id:
        raise RefusedError("A case is not related to itself")
    return _next(case, CaseAct.RELATED, actor, now, {"case_id": other_id})


def prioritise(
    case: Case, priority: Priority, due_at: datetime | None, actor: Actor, now: datetime
) -> CaseRecord:
    """Another priority, with the time it is due by."""
    _must(actor, Permission.DECIDE)
    _must_be_open(case)
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
    _must_be_open(case)
    return _next(case, CaseAct.ESCALATED, actor, now, {"to": to, "text": text})


def recommend(case: Case, proposal: Proposal, actor: Actor, now: datetime) -> CaseRecord:
    """Propose a decision. It has no effect until a second person approves it.

    Raises RefusedError where state or permission forbid it, or where reason, evidence or the
    sentence is missing or does not fit.
    """
    _must(actor, Permission.DECIDE)
    _must_be_a_person(actor)
    if not case.state.may_be_recommended:
        raise RefusedError(_cannot(case, "recommended"))
    _must_be_reasoned(case, proposal)
    _must_be_undecided(case, proposal)
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
    pending = _pending(case)
    if actor.eyes.isdisjoint(pending.by.eyes):
        raise RefusedError(f"Only {pending.by.name} may withdraw it. Return it instead")
    return _next(case, CaseAct.WITHDRAWN, actor, now, {"text": text.strip()})


def approve(case: Case, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """Give the second pair of eyes: the recommendation becomes a decision.

    Raises RefusedError where nothing is recommended, or to whoever recommended it.
    """
    _must(actor, Permission.APPROVE)
    _must_be_a_second_person(case, actor)
    return _next(case, CaseAct.APPROVED, actor, now, {"text": text.strip()})


def send_back(case: Case, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """Return a recommendation with what is missing."""
    _must(actor, Permission.APPROVE)
    _must_be_a_second_person(case, actor)
    if len(text.strip()) < LEAST_TEXT:
        raise RefusedError(f"Say what is missing, in {LEAST_TEXT} letters or more")
    return _next(case, CaseAct.RETURNED, actor, now, {"text": text.strip()})


def record_action(case: Case, text: str, actor: Actor, now: datetime) -> CaseRecord:
    """Say that what was decided is done."""
    _must(actor, Permission.DECIDE)
    if case.state is not CaseState.APPROVED:
        raise RefusedError(_cannot(case, "actioned"))
    return _next(case, CaseAct.ACTIONED, actor, now, {"text": text.strip()})


def close(case: Case, actor: Actor, now: datetime) -> CaseRecord:
    """Close what is decided and done. Raises RefusedError where it is not."""
    _must(actor, Permission.DECIDE)
    decision = case.decision
    if case.state is not CaseState.ACTIONED or decision is None:
        raise RefusedError(_cannot(case, "closed"))
    if _is_inconclusive(decision):
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
        raise RefusedError(_cannot(case, "reopened"))
    due = due_at.isoformat() if due_at else None
    details = {"text": difference, "due_at": due, "keeps_decisions": keeps_decisions}
    return _next(case, CaseAct.REOPENED, actor, now, details)


def decided_ids(case: Case) -> frozenset[str]:
    """The entities that a decision speaks of; what was decided before a reopening is open again."""
    return frozenset(decisions_in_force(case))


def undecided_ids(case: Case) -> frozenset[str]:
    """The entities of a case that are still to be decided; inconclusive decides nothing."""
    decided = decisions_in_force(case)
    return frozenset(
        one for one in _entity_ids(case) if one not in decided or _is_inconclusive(decided[one])
    )


def decisions_in_force(case: Case) -> dict[str, Decision]:
    """Entity id → the last decision about it since it was last laid before people."""
    return {
        entity_id: decision
        for decision in case.decisions
        for entity_id in decision.recommendation.entity_ids
        if decision.recommendation.sequence > case.open_since.get(entity_id, 0)
    }


def _next(
    case: Case, act: CaseAct, actor: Actor, now: datetime, details: Mapping[str, Any]
) -> CaseRecord:
    return CaseRecord(case.case_id, case.sequence + 1, act, now, actor, details)


def _entity_ids(case: Case) -> frozenset[str]:
    return frozenset(str(hit["entity_id"]) for alert in case.alerts for hit in alert.hits)


def _pending(case: Case) -> Recommendation:
    if case.pending is None:
        raise RefusedError(f"Case {case.case_id} has no recommendation that waits")
    return case.pending


def _must(actor: Actor, permission: Permission) -> None:
    if permission.value not in actor.permissions:
        raise RefusedError(f"{actor.name} may not {permission.value}")


def _must_be_a_person(actor: Actor) -> None:
    if not actor.person:
        raise RefusedError(f"{actor.name} is a program; a decision takes people")


def _must_be_open(case: Case) -> None:
    if not case.state.is_open:
        raise RefusedError(f"Case {case.case_id} is closed. Reopen it first")


def _must_be_a_second_person(case: Case, actor: Actor) -> None:
    _must_be_a_person(actor)
    pending = _pending(case)
    # The account counts too: who stands behind it may have been written anew in between.
    if not actor.eyes.isdisjoint(pending.by.eyes) or actor.user_id == pending.by.user_id:
        raise RefusedError(f"{pending.by.name} recommended it; another person has to look")


def _must_be_reasoned(case: Case, proposal: Proposal) -> None:
    if len(proposal.text.strip()) < LEAST_TEXT:
        raise RefusedError(f"Give the reason in a sentence, {LEAST_TEXT} letters or more")
    if not any(one.strip() for one in proposal.evidence):
        raise RefusedError("Name at least one piece of evidence")
    allowed = outcomes_for(proposal.reason)
    if proposal.outcome not in allowed:
        raise RefusedError(
            f"{proposal.reason.value} does not lead to {proposal.outcome.value!r}; it leads to "
            f"{', '.join(sorted(one.value for one in allowed))}"
        )
    if unknown := set(proposal.entity_ids) - _entity_ids(case):
        raise RefusedError(f"No hit of this case: {', '.join(sorted(unknown))}")
    if proposal.until is not None and proposal.outcome is not Outcome.RELEASE:
        raise RefusedError("Only a release may have a last day")
    _must_fit(case, proposal)


def _must_fit(case: Case, proposal: Proposal) -> None:
    """What puts a policy in force, or answers a request, is no judgement of hits."""
    is_policy = case.origin is Origin.POLICY
    if is_policy is not (proposal.reason is ReasonCode.NO_POLICY):
        raise RefusedError(
            f"In a case that is {case.origin.value} the reason cannot be {proposal.reason.value}"
        )
    if proposal.reason is ReasonCode.NO_ADVICE and _entity_ids(case):
        raise RefusedError(f"Case {case.case_id} has hits: say what they are")


def _must_be_undecided(case: Case, proposal: Proposal) -> None:
    """After a decision is done, only what it left open may be recommended without a reopening."""
    if case.state is not CaseState.ACTIONED:
        return
    left = undecided_ids(case)
    if decided := set(proposal.entity_ids) - left:
        raise RefusedError(f"Decided already: {', '.join(sorted(decided))}. Reopen the case first")
    decision = case.decision
    if not left and not (decision and _is_inconclusive(decision)):
        raise RefusedError(f"All of case {case.case_id} is decided. Reopen it first")


def _is_inconclusive(decision: Decision) -> bool:
    return decision.recommendation.reason.verdict is Verdict.INCONCLUSIVE


def _cannot(case: Case, what: str) -> str:
    moves = ", ".join(sorted(state.value for state in case.state.moves)) or "nothing"
    return f"Case {case.case_id} is {case.state.value} and cannot be {what}; it may be {moves}"
