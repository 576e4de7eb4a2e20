"""Pages on which many cases are decided with one reason."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Query, Request, Response

from tumen.errors import RequestError
from tumen.model.access import Permission
from tumen.model.casework import CaseState
from tumen.service.access.people import actor_of
from tumen.service.access.principal import Principal
from tumen.service.pages.case_proposal import Typed, TypedProposal, bulk_choices
from tumen.service.pages.frame import page_router, render
from tumen.service.pages.queue_bulk import (
    MOST,
    BulkResult,
    BulkRow,
    Decide,
    alike,
    approving,
    bulk_rows,
    decide_all,
    marked,
    recommending,
)
from tumen.service.problems import ProblemError
from tumen.service.routes.v1.needs import Api, Decider, TheApi, now_utc

router = page_router("Queue")


@router.get("/desk/queue/decide")
def show_ticked(
    request: Request,
    decider: Decider,
    api: TheApi,
    cases: Annotated[list[str] | None, Query(alias="case")] = None,
    entity: str = "",
) -> Response:
    """The cases that were ticked in the queue, to be decided with one reason."""
    seen = marked(cases or ())
    with api.store.reading() as work:
        rows = bulk_rows(work, seen)
    refusal = "" if rows else "Tick the cases in the queue first"
    return _page(request, decider, rows, entity=entity, refusal=refusal)


@router.get("/desk/queue/alike")
def show_alike(
    request: Request,
    decider: Decider,
    api: TheApi,
    case_id: Annotated[str, Query(alias="case")],
    by: str = "",
) -> Response:
    """All cases that look like one: hits on the same listed entities, or its name as well."""
    with api.store.reading() as work:
        found, case_ids = alike(work, case_id, actor_of(decider), has_same_name=by == "name")
        rows = bulk_rows(work, case_ids)
    return _page(request, decider, rows, found=found, by=by, left=max(0, len(case_ids) - MOST))


@router.post("/desk/queue/decide")
def decide(
    request: Request,
    decider: Decider,
    api: TheApi,
    typed: TypedProposal,
    step: Annotated[str, Form(max_length=20)],
    cases: Annotated[list[str] | None, Form(alias="case")] = None,
    entity: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Decide each of the cases that stay ticked; what came of each of them."""
    seen = marked(cases or ())
    with api.store.reading() as work:
        rows = bulk_rows(work, seen)
    try:
        if not seen:
            raise RequestError("Tick at least one case")
        act = _act(decider, step, typed, entity)
    except RequestError as error:
        return _page(request, decider, rows, typed=typed, entity=entity, refusal=str(error))
    titles = {row.case.case_id: row.case.title for row in rows}
    results = decide_all(api.store, seen, titles, act)
    if any(one.is_done for one in results):
        return render(request, "queue/results.html", results=results, step=step)
    return _none_done(request, api, decider, results, typed, entity)


def _none_done(
    request: Request,
    api: Api,
    decider: Principal,
    results: list[BulkResult],
    typed: Typed,
    entity: str,
) -> Response:
    """The form again, with what each case says to it, as the cases are by now."""
    with api.store.reading() as work:
        rows = bulk_rows(work, [one.case_id for one in results])
    said = dict.fromkeys(one.words for one in results)
    refusal = ". ".join(list(said)[:3])
    return _page(request, decider, rows, typed=typed, entity=entity, refusal=refusal, status=409)


def _act(decider: Principal, step: str, typed: Typed, entity: str) -> Decide:
    actor = actor_of(decider)
    if step == "recommend":
        return recommending(typed.proposal(), entity, actor, now_utc())
    if step != "approve":
        raise RequestError(f"There is no step {step!r}")
    if not decider.may(Permission.APPROVE):
        raise ProblemError("forbidden", "This needs the permission 'approve'")
    return approving(typed.text, actor, now_utc())


def _page(
    request: Request, decider: Principal, rows: list[BulkRow], *, status: int = 422, **given: Any
) -> Response:
    told = {"found": None, "by": "", "left": 0, "entity": "", "typed": Typed(), "refusal": ""}
    return render(
        request,
        "queue/decide.html",
        status=status if given.get("refusal") else 200,
        rows=rows,
        choices=bulk_choices(),
        may_recommend=any(row.case.state.may_be_recommended for row in rows),
        may_approve=decider.may(Permission.APPROVE)
        and any(row.case.state is CaseState.RECOMMENDED for row in rows),
        **{**told, **given},
    )
