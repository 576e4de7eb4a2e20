"""A case as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tumen.cases.history import fold
from tumen.cases.workflow import undecided_ids
from tumen.model.access import Permission
from tumen.model.case import Actor, Alert, Case, CaseSummary
from tumen.model.desk import HelpContact
from tumen.screening.policy import Policy
from tumen.service.pages.case_history import AttachedFile, Told, attached_files, timeline
from tumen.service.pages.case_hits import SHOWN, HitView, hit_views, seen_hits
from tumen.service.pages.case_panel import Panel, panel_for
from tumen.service.pages.case_policy import PolicyView, policy_view
from tumen.service.pages.queue_data import is_overdue, next_step
from tumen.service.pages.queue_query import OPEN
from tumen.service.problems import not_found
from tumen.store.cases import CaseFilter
from tumen.store.work import Work


@dataclass(frozen=True, slots=True)
class ByHand:
    """The screening of a name that was typed, or of a file: it is about no party of a book."""

    screening_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the page of a case shows to one reader.

    `others` are the other cases about the same subject, `contact` who asked for help, if the
    reader may know, `policy` what is proposed in a case about one, `following` the next case that
    the reader may do something with; `by_hand` is what was screened, where the case is about no
    party of a book: `book_id` and `party_id` are empty then. `more` counts the hits that are
    not shown in full; `captions` are the names of all listed entities, `undecided` those still
    to be decided.
    """

    case: Case
    summary: CaseSummary
    is_overdue: bool
    hits: tuple[HitView, ...]
    more: int
    captions: Mapping[str, str]
    undecided: tuple[tuple[str, str], ...]
    subject: Mapping[str, Any]
    book_id: str
    party_id: str
    by_hand: ByHand | None
    history: tuple[Told, ...]
    files: tuple[AttachedFile, ...]
    related: tuple[CaseSummary, ...]
    others: tuple[CaseSummary, ...]
    panel: Panel
    deciders: tuple[tuple[str, str], ...]
    contact: HelpContact | None
    policy: PolicyView | None
    following: CaseSummary | None


def case_page(
    work: Work,
    case_id: str,
    actor: Actor,
    now: datetime,
    *,
    usual_policy: Policy,
    verdict: str = "",
    shows_all: bool = False,
) -> CasePage:
    """The page of a case. Raises ProblemError where there is none of that id."""
    summary, records = work.cases.summary(case_id), work.cases.records(case_id)
    if summary is None:
        raise not_found(f"case {case_id}")
    case = fold(records)
    found = seen_hits(case)
    shown = found if shows_all else found[:SHOWN]
    captions = {str(hit["entity_id"]): str(hit.get("caption") or "") for _, hit in found}
    left = undecided_ids(case)
    last = case.alerts[-1] if case.alerts else None
    return CasePage(
        case,
        summary,
        is_overdue(summary, now),
        tuple(hit_views(work, case, shown)),
        len(found) - len(shown),
        captions,
        tuple((one, words) for one, words in captions.items() if one in left),
        last.subject if last else {},
        last.book_id if last else "",
        last.party_id if last and last.book_id else "",
        _by_hand(work, last),
        tuple(timeline(records)),
        tuple(attached_files(records)),
        _summaries(work, case.related),
        _others(work, case),
        panel_for(case, actor, verdict, now),
        deciders(work, actor, case.assignee),
        _contact(work, case_id, actor),
        policy_view(work, case, usual_policy),
        _following(work, case_id, actor),
    )


def _by_hand(work: Work, last: Alert | None) -> ByHand | None:
    """Which screening an alert without a book came of."""
    run = work.screenings.head(last.screening_id) if last and not last.book_id else None
    return ByHand(run.screening_id, run.screened_at) if run else None


def deciders(work: Work, actor: Actor, assignee: str) -> tuple[tuple[str, str], ...]:
    """Whom a case may be given to: (user, words)."""
    users = {
        f"user:{one.name}": one.name
        for one in work.access.users()
        if Permission.DECIDE in one.role.permissions
    }
    mine = {actor.user_id: f"{actor.name} (me)"} if _decides(actor) else {}
    there = {assignee: assignee.removeprefix("user:")} if assignee else {}
    return tuple({**there, **users, **mine}.items())


def _decides(actor: Actor) -> bool:
    return Permission.DECIDE.value in actor.permissions


def _summaries(work: Work, case_ids: tuple[str, ...]) -> tuple[CaseSummary, ...]:
    found = (work.cases.summary(one) for one in case_ids)
    return tuple(one for one in found if one is not None)


def _others(work: Work, case: Case) -> tuple[CaseSummary, ...]:
    if not case.subject_key:
        return ()
    found = work.cases.of_subjects([case.subject_key])
    return tuple(
        one for one in found if one.case_id != case.case_id and one.case_id not in case.related
    )


def _following(work: Work, case_id: str, actor: Actor) -> CaseSummary | None:
    """The first other case of the queue that the reader may do something with."""
    waiting = [(CaseFilter(states=OPEN, awaits="analyst"), Permission.DECIDE)]
    if Permission.APPROVE.value in actor.permissions:
        waiting.insert(0, (CaseFilter(states=OPEN, awaits="approver"), Permission.APPROVE))
    for wanted, permission in waiting:
        if permission.value in actor.permissions:
            for one in work.cases.find(wanted, limit=SHOWN):
                if one.case_id != case_id and next_step(one, actor) is not None:
                    return one
    return None


def _contact(work: Work, case_id: str, actor: Actor) -> HelpContact | None:
    """Who asked is known to those who answer, not to everybody who reads cases."""
    return work.help_contacts.of(case_id) if _decides(actor) else None
