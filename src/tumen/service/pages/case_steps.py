"""What the forms of a case do: one step each, on the case as it was seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import Form, Request, Response

from tumen.cases import acting, workflow
from tumen.errors import RequestError, StoreError
from tumen.model.case import Actor, Case, CaseRecord
from tumen.model.casework import CaseState, Priority, ReasonCode
from tumen.service.access.people import actor_of
from tumen.service.access.principal import Principal
from tumen.service.casework import due_from
from tumen.service.pages.case import TypedForms, address_of, case_response, status_of
from tumen.service.pages.case_data import deciders
from tumen.service.pages.case_proposal import TypedProposal, kept
from tumen.service.pages.frame import page_router, redirect
from tumen.service.routes.v1.needs import Api, Approver, Decider, TheApi, now_utc
from tumen.store.work import Work

router = page_router("Cases")
_HERE = "/desk/cases/{case_id}"
# The last record of the case that the sender of a form has seen.
Seen = Annotated[int, Form(ge=1, le=1_000_000_000)]
Text = Annotated[str, Form(max_length=10_000)]
Word = Annotated[str, Form(max_length=500)]


class Worded(NamedTuple):
    """A step that is made of words alone, what is said of it, and the form it comes from."""

    step: Callable[[Case, str, Actor, datetime], CaseRecord]
    said: str
    form: str


_RETURN = Worded(workflow.send_back, "Returned.", "approve")
_WITHDRAW = Worded(workflow.withdraw, "Withdrawn.", "withdraw")


def take(
    request: Request,
    api: Api,
    principal: Principal,
    case_id: str,
    step: Callable[[Work], str],
    typed: TypedForms,
    verdict: str = "",
) -> Response:
    """Take a step in a transaction and say what came of it; or the page again, and why not."""
    try:
        with api.store.writing() as work:
            say = step(work)
    except StoreError:
        raise
    except RequestError as error:
        return case_response(
            request,
            api,
            principal,
            case_id,
            verdict=verdict,
            refusal=str(error),
            status=status_of(error),
            typed=typed,
        )
    return redirect(address_of(case_id), say=say)


def take_words(
    request: Request,
    api: Api,
    principal: Principal,
    case_id: str,
    seen: int,
    worded: Worded,
    text: str,
) -> Response:
    """Take a step that is made of words alone."""

    def step(work: Work) -> str:
        actor, now = actor_of(principal), now_utc()
        acting.act(work, case_id, seen, lambda one: worded.step(one, text, actor, now))
        return worded.said

    return take(request, api, principal, case_id, step, {worded.form: {"text": text}})


@router.post(_HERE + "/recommend")
def recommend(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen,
    typed: TypedProposal, verdict: Word = "",
) -> Response:  # fmt: skip
    """Recommend a decision about the hits that are ticked."""

    def step(work: Work) -> str:
        said = typed.proposal()
        actor, now = actor_of(decider), now_utc()
        acting.act(work, case_id, seen, lambda one: workflow.recommend(one, said, actor, now))
        return "Recommended. It takes effect when another person approves it."

    chosen = verdict or _verdict(typed.reason)
    return take(request, api, decider, case_id, step, {"recommend": kept(typed)}, chosen)


@router.post(_HERE + "/approve")
def approve(
    request: Request, approver: Approver, api: TheApi, case_id: str, seen: Seen, text: Text = ""
) -> Response:
    """Approve what another person recommended, and carry it out."""

    def step(work: Work) -> str:
        done = acting.approve(work, case_id, seen, text, actor_of(approver), now_utc())
        return ". ".join(("Approved", *done.effects)) + "."

    return take(request, api, approver, case_id, step, {"approve": {"text": text}})


@router.post(_HERE + "/return")
def send_back(
    request: Request, approver: Approver, api: TheApi, case_id: str, seen: Seen, text: Text = ""
) -> Response:
    """Return a recommendation with what is missing."""
    return take_words(request, api, approver, case_id, seen, _RETURN, text)


@router.post(_HERE + "/withdraw")
def withdraw(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen, text: Text = ""
) -> Response:
    """Take one's own recommendation back."""
    return take_words(request, api, decider, case_id, seen, _WITHDRAW, text)


@router.post(_HERE + "/action")
def record_action(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen, text: Text = ""
) -> Response:
    """Say that what was decided is done."""

    def step(work: Work) -> str:
        actor, now = actor_of(decider), now_utc()
        if len(text.strip()) < workflow.LEAST_TEXT:
            raise RequestError(f"Say what was done, in {workflow.LEAST_TEXT} letters or more")
        acting.act(work, case_id, seen, lambda one: workflow.record_action(one, text, actor, now))
        return "Recorded as done."

    return take(request, api, decider, case_id, step, {"action": {"text": text}})


@router.post(_HERE + "/close")
def close(request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen) -> Response:
    """Close what is decided and done."""

    def step(work: Work) -> str:
        actor, now = actor_of(decider), now_utc()
        acting.act(work, case_id, seen, lambda one: workflow.close(one, actor, now))
        return "Closed."

    return take(request, api, decider, case_id, step, {})


@router.post(_HERE + "/reopen")
def reopen(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen, text: Text = ""
) -> Response:
    """Open a decided case again, with the reason in front."""

    def step(work: Work) -> str:
        actor, now = actor_of(decider), now_utc()
        if len(text.strip()) < workflow.LEAST_TEXT:
            raise RequestError(f"Say why, in {workflow.LEAST_TEXT} letters or more")

        def opened(one: Case) -> CaseRecord:
            due = due_from(work, one.priority, now)
            return workflow.reopen(one, text.strip(), due, actor, now)

        acting.act(work, case_id, seen, opened)
        return "Reopened."

    return take(request, api, decider, case_id, step, {"reopen": {"text": text}})


@router.post(_HERE + "/move")
def move(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen, state: Word
) -> Response:
    """Move a case between the states of investigating."""

    def step(work: Work) -> str:
        actor, now = actor_of(decider), now_utc()
        if state not in {one.value for one in CaseState}:
            raise RequestError(f"There is no state {state!r}")
        to = CaseState(state)
        acting.act(work, case_id, seen, lambda one: workflow.move(one, to, actor, now))
        return f"Moved to {to.value}."

    return take(request, api, decider, case_id, step, {})


@router.post(_HERE + "/assign")
def assign(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen, user: Word = ""
) -> Response:
    """Give a case to somebody who may decide, or to nobody."""

    def step(work: Work) -> str:
        actor, now = actor_of(decider), now_utc()
        known = dict(deciders(work, actor, ""))
        if user and user not in known:
            raise RequestError(f"Nobody called {user.removeprefix('user:')!r} may decide cases")
        acting.act(work, case_id, seen, lambda one: workflow.assign(one, user, actor, now))
        return f"Assigned to {known[user]}." if user else "Assigned to nobody."

    return take(request, api, decider, case_id, step, {"assign": {"user": user}})


@router.post(_HERE + "/priority")
def prioritise(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen, priority: Word
) -> Response:
    """Set the priority, and with it when the case is due."""

    def step(work: Work) -> str:
        actor, now = actor_of(decider), now_utc()
        if priority not in {one.value for one in Priority}:
            raise RequestError(f"There is no priority {priority!r}")
        to = Priority(priority)
        due = due_from(work, to, now)
        acting.act(work, case_id, seen, lambda one: workflow.prioritise(one, to, due, actor, now))
        return f"Priority {to.value}, due {due:%Y-%m-%d %H:%M}."

    return take(request, api, decider, case_id, step, {})


def _verdict(reason: str) -> str:
    known = {one.value: one.verdict.value for one in ReasonCode}
    return known.get(reason, "")
