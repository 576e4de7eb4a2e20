"""Cases over HTTP: opened, looked at, and decided by two people."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from tumen.cases import workflow
from tumen.cases.acting import approve
from tumen.service.access.admission import note
from tumen.service.access.people import actor_of
from tumen.service.casework import is_known, open_about
from tumen.service.problems import not_found
from tumen.service.routes.v1 import case_bulk, case_files, case_queue, case_work
from tumen.service.routes.v1.case_shapes import (
    CaseId,
    OpenBody,
    RecommendBody,
    ReturnBody,
    SeenBody,
    TextBody,
)
from tumen.service.routes.v1.case_steps import (
    ApprovedCase,
    WorkedCase,
    must_exist,
    refusals,
    shown,
)
from tumen.service.routes.v1.case_views import CaseShape
from tumen.service.routes.v1.needs import (
    Decider,
    Reader,
    Repeatable,
    TheApi,
    now_utc,
    router_of,
)
from tumen.store.work import Work

router = router_of("Cases")
# Before the address of one case, which would take `counts` for an id.
router.include_router(case_queue.router)


@router.post(
    "/cases",
    response_model=CaseShape,
    status_code=201,
    summary="Open a case by hand",
    dependencies=[Repeatable],
)
def open_case(
    body: OpenBody, request: Request, response: Response, caller: Decider, api: TheApi
) -> Any:
    """Open a case about a party of a book, or about something else."""
    subject = (body.book_id, body.party_id)
    with refusals(), api.store.writing() as work:
        if body.book_id and not is_known(work, *subject):
            raise not_found(f"party {body.party_id!r} in a book {body.book_id!r}")
        case = open_about(work, body.title, subject, body.priority, actor_of(caller), now_utc())
        answer = shown(work, case.case_id, response)
    note(request.scope, object=case.case_id)
    response.headers["Location"] = f"/api/v1/cases/{case.case_id}"
    return answer


@router.get("/cases/{case_id}", response_model=CaseShape, summary="One case")
def show_case(case_id: CaseId, response: Response, _: Reader, api: TheApi) -> Any:
    """A case whole: its alerts, decisions, files, and all that happened in it."""
    with api.store.reading() as work:
        must_exist(work, case_id)
        return shown(work, case_id, response)


@router.post(
    "/cases/{case_id}/recommend",
    response_model=CaseShape,
    summary="Recommend a decision",
    dependencies=[Repeatable],
)
def recommend(body: RecommendBody, case: WorkedCase) -> Any:
    """Propose what is to be done. It has no effect until a second person approves it."""
    actor, proposal = case.person, body.proposal(body.entity_ids)
    seen = case.must_have_seen(body.seen)
    return case.step(seen, lambda found: workflow.recommend(found, proposal, actor, case.now))


@router.post(
    "/cases/{case_id}/approve",
    response_model=CaseShape,
    summary="Approve a recommendation",
    dependencies=[Repeatable],
)
def approve_case(body: TextBody, case: ApprovedCase) -> Any:
    """Give the second pair of eyes. What a release means for the hits is done at once."""
    actor, seen = case.person, case.must_have_seen(body.seen)

    def approving(work: Work) -> tuple[str, ...]:
        return approve(work, case.case_id, seen, body.text, actor, case.now).effects

    return case.do(approving)


@router.post(
    "/cases/{case_id}/return",
    response_model=CaseShape,
    summary="Return a recommendation",
    dependencies=[Repeatable],
)
def return_case(body: ReturnBody, case: ApprovedCase) -> Any:
    """Send a recommendation back, and say what is missing."""
    actor, seen = case.person, case.must_have_seen(body.seen)
    return case.step(seen, lambda found: workflow.send_back(found, body.text, actor, case.now))


@router.post(
    "/cases/{case_id}/withdraw",
    response_model=CaseShape,
    summary="Take a recommendation back",
    dependencies=[Repeatable],
)
def withdraw(body: TextBody, case: WorkedCase) -> Any:
    """Take your own recommendation back."""
    actor, seen = case.person, case.must_have_seen(body.seen)
    return case.step(seen, lambda found: workflow.withdraw(found, body.text, actor, case.now))


@router.post(
    "/cases/{case_id}/action",
    response_model=CaseShape,
    summary="Say that it is done",
    dependencies=[Repeatable],
)
def record_action(body: TextBody, case: WorkedCase) -> Any:
    """Record that what was decided is done: the payment rejected, the report made."""
    actor = case.person
    return case.step(
        body.seen, lambda found: workflow.record_action(found, body.text, actor, case.now)
    )


@router.post(
    "/cases/{case_id}/close",
    response_model=CaseShape,
    summary="Close a case",
    dependencies=[Repeatable],
)
def close(body: SeenBody, case: WorkedCase) -> Any:
    """Close what is decided and done."""
    actor = case.person
    return case.step(body.seen, lambda found: workflow.close(found, actor, case.now))


for _one in (case_work, case_files, case_bulk):
    router.include_router(_one.router)
