"""What whoever looks may do with a case, and why not: asked of the workflow itself. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tumen.cases import workflow
from tumen.cases.workflow import RefusedError
from tumen.model.access import Permission
from tumen.model.case import Actor, Case, CaseRecord
from tumen.model.casework import CaseState
from tumen.service.pages.case_proposal import Choice, choices

_OWN = (CaseState.TRIAGE, CaseState.INVESTIGATING, CaseState.AWAITING_INFO)


@dataclass(frozen=True, slots=True)
class Panel:
    """What may be done. Where a `why_not…` is empty, the reader may do it."""

    may_decide: bool
    choices: tuple[Choice, ...]
    chosen: Choice | None
    why_not_recommend: str
    why_not_approve: str
    why_not_close: str
    may_withdraw: bool
    may_record: bool
    may_reopen: bool
    moves: tuple[CaseState, ...]


def panel_for(case: Case, actor: Actor, verdict: str, now: datetime) -> Panel:
    """What the reader may do; `verdict` is the one that was chosen on the page."""
    may_decide = Permission.DECIDE.value in actor.permissions
    offered = choices(case)
    chosen = next((one for one in offered if one.verdict.value == verdict), None)
    is_free = may_decide and case.pending is None
    return Panel(
        may_decide=may_decide,
        choices=offered,
        chosen=chosen if chosen or len(offered) != 1 else offered[0],
        why_not_recommend=_why_not_recommend(case, actor),
        why_not_approve=_why_not_approve(case, actor, now),
        why_not_close=_refusal(lambda: workflow.close(case, actor, now)),
        may_withdraw=_is_own(case, actor),
        may_record=may_decide and case.state is CaseState.APPROVED,
        may_reopen=may_decide and CaseState.REOPENED in case.state.moves,
        moves=tuple(one for one in _OWN if is_free and one in case.state.moves),
    )


def _why_not_recommend(case: Case, actor: Actor) -> str:
    if Permission.DECIDE.value not in actor.permissions:
        return "You may read cases, not decide them."
    if not actor.person:
        return "A program decides nothing."
    if not case.state.may_be_recommended:
        return f"The case is {case.state.value}."
    if case.state is CaseState.ACTIONED and not workflow.undecided_ids(case):
        return "All of it is decided. Reopen it first."
    return ""


def _why_not_approve(case: Case, actor: Actor, now: datetime) -> str:
    pending = case.pending
    if pending is None:
        return "Nothing is recommended."
    if Permission.APPROVE.value not in actor.permissions:
        return "An approver has to look; your role does not approve."
    if actor.person and actor.person == pending.by.person:
        if actor.user_id == pending.by.user_id:
            return "You recommended it; another person has to look."
        return f"You recommended it, as {pending.by.name}; another person has to look."
    if _is_own(case, actor):
        return (
            f"{pending.by.name} recommended it, and one of you stands in for the other; "
            "another person has to look."
        )
    return _refusal(lambda: workflow.approve(case, "", actor, now))


def _is_own(case: Case, actor: Actor) -> bool:
    return case.pending is not None and not actor.eyes.isdisjoint(case.pending.by.eyes)


def _refusal(step: Callable[[], CaseRecord]) -> str:
    try:
        step()
    except RefusedError as error:
        return f"{error}."
    return ""
