"""What casework refuses to whom, and why: four eyes, reasons, what is still open. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tumen.errors import RequestError
from tumen.model.access import Permission
from tumen.model.case import Actor, Case, Decision, Recommendation
from tumen.model.casework import CaseState, Origin, Outcome, ReasonCode, Verdict

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


def outcomes_for(reason: ReasonCode) -> frozenset[Outcome]:
    """What a recommendation with this reason may lead to."""
    other = {ReasonCode.NO_POLICY: Outcome.ANSWER, ReasonCode.NO_ADVICE: Outcome.ADOPT}
    return OUTCOMES[reason.verdict] - {other.get(reason)}


def decided_ids(case: Case) -> frozenset[str]:
    """The entities that a decision speaks of; what was decided before a reopening is open again."""
    return frozenset(decisions_in_force(case))


def undecided_ids(case: Case) -> frozenset[str]:
    """The entities of a case that are still to be decided; inconclusive decides nothing."""
    decided = decisions_in_force(case)
    return frozenset(
        one for one in entity_ids_of(case) if one not in decided or is_inconclusive(decided[one])
    )


def decisions_in_force(case: Case) -> dict[str, Decision]:
    """Entity id → the last decision about it since it was last laid before people."""
    return {
        entity_id: decision
        for decision in case.decisions
        for entity_id in decision.recommendation.entity_ids
        if decision.recommendation.sequence > case.open_since.get(entity_id, 0)
    }


def entity_ids_of(case: Case) -> frozenset[str]:
    """The entities that the hits of a case are on."""
    return frozenset(str(hit["entity_id"]) for alert in case.alerts for hit in alert.hits)


def pending_of(case: Case) -> Recommendation:
    """The recommendation that waits. Raises RefusedError where there is none."""
    if case.pending is None:
        raise RefusedError(f"Case {case.case_id} has no recommendation that waits")
    return case.pending


def must_have(actor: Actor, permission: Permission) -> None:
    """Raises RefusedError without the permission."""
    if permission.value not in actor.permissions:
        raise RefusedError(f"{actor.name} may not {permission.value}")


def must_be_a_person(actor: Actor) -> None:
    """Raises RefusedError for a program."""
    if not actor.person:
        raise RefusedError(f"{actor.name} is a program; a decision takes people")


def must_be_open(case: Case) -> None:
    """Raises RefusedError for a closed case."""
    if not case.state.is_open:
        raise RefusedError(f"Case {case.case_id} is closed. Reopen it first")


def must_be_a_second_person(case: Case, actor: Actor) -> None:
    """Raises RefusedError for whoever recommended it, by person, account or deputy."""
    must_be_a_person(actor)
    pending = pending_of(case)
    # The account counts too: who stands behind it may have been written anew in between.
    if not actor.eyes.isdisjoint(pending.by.eyes) or actor.user_id == pending.by.user_id:
        raise RefusedError(f"{pending.by.name} recommended it; another person has to look")


def must_be_reasoned(case: Case, proposal: Proposal) -> None:
    """Raises RefusedError where sentence, evidence or outcome is missing or does not fit."""
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
    if unknown := set(proposal.entity_ids) - entity_ids_of(case):
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
    if proposal.reason is ReasonCode.NO_ADVICE and entity_ids_of(case):
        raise RefusedError(f"Case {case.case_id} has hits: say what they are")


def must_be_undecided(case: Case, proposal: Proposal) -> None:
    """After a decision is done, only what it left open may be recommended without a reopening."""
    if case.state is not CaseState.ACTIONED:
        return
    left = undecided_ids(case)
    if decided := set(proposal.entity_ids) - left:
        raise RefusedError(f"Decided already: {', '.join(sorted(decided))}. Reopen the case first")
    decision = case.decision
    if not left and not (decision and is_inconclusive(decision)):
        raise RefusedError(f"All of case {case.case_id} is decided. Reopen it first")


def is_inconclusive(decision: Decision) -> bool:
    """Whether a decision left open whether it is a match."""
    return decision.recommendation.reason.verdict is Verdict.INCONCLUSIVE


def cannot(case: Case, what: str) -> str:
    """Why a move is refused, with the moves that are allowed."""
    moves = ", ".join(sorted(state.value for state in case.state.moves)) or "nothing"
    return f"Case {case.case_id} is {case.state.value} and cannot be {what}; it may be {moves}"
