"""One person's word on a hit: a recommendation in its case, which a second person approves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tumen.cases import workflow
from tumen.cases.acting import act
from tumen.cases.alerts import is_dealt_with
from tumen.cases.deadlines import due_at
from tumen.cases.gathering import bring_in, cases_of
from tumen.cases.workflow import Proposal, RefusedError
from tumen.errors import RequestError
from tumen.model.case import Actor, Case
from tumen.model.casework import CaseState
from tumen.model.watching import HitState, StandingHit
from tumen.screening.decide import release
from tumen.screening.policy import Policy
from tumen.store.work import Work


def recommend_suppression(
    work: Work,
    book_id: str,
    party_id: str,
    entity_id: str,
    proposal: Proposal,
    actor: Actor,
    now: datetime,
) -> Case:
    """The case of a hit, with the recommendation to mute it; nothing is muted yet.

    Raises RequestError where the hit does not stand open, RefusedError as `workflow.recommend`.
    """
    hit = _standing(work, book_id, party_id, entity_id)
    if hit.state is not HitState.OPEN:
        raise RequestError(f"The hit is {hit.state.value}, not open: nothing to suppress")
    bring_in(work, book_id, [hit], now, actor, {})
    case = _case_of(cases_of(work, book_id, [party_id])[party_id], hit)
    said = replace(proposal, entity_ids=(entity_id,))
    if _is_decided(case, entity_id):
        text = f"{actor.name} recommends to suppress the hit on {hit.hit.caption} [{entity_id}]"
        desk = work.desk.current()
        due = due_at(case.priority, desk.local(now), desk.holidays)
        case = act(
            work,
            case.case_id,
            case.sequence,
            lambda one: workflow.reopen(one, text, due, actor, now),
        )
    return act(
        work,
        case.case_id,
        case.sequence,
        lambda one: workflow.recommend(one, said, actor, now),
    )


def release_alone(
    work: Work, book_id: str, party_id: str, entity_id: str, policy: Policy, now: datetime
) -> StandingHit:
    """Let one person let go of a hit that fell away, below the policy's line of four eyes.

    Raises RefusedError from that line on, RequestError where it is not proposed for release.
    """
    hit = _standing(work, book_id, party_id, entity_id)
    line = policy.four_eyes_from
    if hit.state is HitState.PROPOSED_RELEASE and hit.hit.score >= line:
        told = f"below a score of {line:g}" if line else "under no circumstances"
        raise RefusedError(
            f"The policy {policy.name} {policy.version} lets one person release {told}, and this "
            f"hit scored {hit.hit.score:.2f}: recommend its release in its case"
        )
    return release(work, book_id, party_id, entity_id, now=now)


def _standing(work: Work, book_id: str, party_id: str, entity_id: str) -> StandingHit:
    found = work.hits.standing(book_id, party_ids=[party_id], entity_ids=[entity_id])
    if not found:
        raise RequestError(f"No hit of {party_id!r} on {entity_id!r} stands in {book_id!r}")
    return found[0]


def _case_of(cases: Sequence[Case], hit: StandingHit) -> Case:
    """The case that shows a hit as it stands; one that is worked on before one that is decided."""
    shown = [case for case in cases if is_dealt_with(case, hit)]
    return min(shown, key=lambda case: _is_decided(case, hit.hit.entity_id))


def _is_decided(case: Case, entity_id: str) -> bool:
    decided = {CaseState.APPROVED, CaseState.CLOSED}
    return case.state in decided or (
        case.state is CaseState.ACTIONED and entity_id not in workflow.undecided_ids(case)
    )
