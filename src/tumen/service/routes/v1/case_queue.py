"""The queue of cases over HTTP: which cases are asked for, page by page, and how many."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import AwareDatetime

from tumen.model.casework import CaseState, Priority
from tumen.service.access.permissions import principal_of
from tumen.service.paging import WantedPage, answer, cursor_of
from tumen.service.routes.v1.case_views import CountsShape, SummaryShape
from tumen.service.routes.v1.needs import Reader, TheApi, router_of
from tumen.service.routes.v1.shapes import Paged
from tumen.store.cases import CaseFilter, CaseOrder

router = router_of("Cases")
_Id = Annotated[str, Query(max_length=600)]


async def wanted_cases(
    request: Request,
    state: Annotated[list[CaseState] | None, Query()] = None,
    priority: Annotated[list[Priority] | None, Query()] = None,
    assignee: Annotated[
        str | None, Query(max_length=200, description="A user, `me`, or `nobody`.")
    ] = None,
    awaits: Annotated[Literal["", "analyst", "approver"], Query()] = "",
    book_id: _Id = "",
    list_id: _Id = "",
    subject_key: Annotated[str, Query(max_length=600, description="`book/party`.")] = "",
    entity_id: _Id = "",
    tag: Annotated[str, Query(max_length=60)] = "",
    text: Annotated[
        str, Query(max_length=200, description="Part of a title, of a party's id or a case's.")
    ] = "",
    due_before: Annotated[AwareDatetime | None, Query()] = None,
    least_score: Annotated[float, Query(ge=0, le=1)] = 0.0,
) -> CaseFilter:
    """Which cases a request asks for."""
    return CaseFilter(
        states=tuple(state or ()),
        priorities=tuple(priority or ()),
        assignee=_account(request, assignee),
        awaits=awaits,
        book_id=book_id,
        list_id=list_id,
        subject_key=subject_key,
        entity_id=entity_id,
        tag=tag,
        text=text,
        due_before=due_before,
        least_score=least_score,
    )


def _account(request: Request, name: str | None) -> str | None:
    """The account that a name stands for; None where no name is asked for."""
    if name is None or ":" in name:
        return name
    if name == "me":
        return principal_of(request).actor
    return "" if name in ("", "nobody") else f"user:{name}"


WantedCases = Annotated[CaseFilter, Depends(wanted_cases)]


@router.get("/cases", response_model=Paged[SummaryShape], summary="The queue of cases")
def show_cases(
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    wanted: WantedCases,
    order: CaseOrder = CaseOrder.SCORE,
) -> Any:
    """The cases that are asked for. A queue moves while its pages are turned: a case that goes up
    or down meanwhile may come twice, or not at all.
    """
    place = page.place(int)
    start = min(max(0, place[0]), 2**31 - 1) if place else 0
    with api.store.reading() as work:
        found = work.cases.find(wanted, order=order, offset=start, limit=page.limit + 1)
    end = start + page.limit
    cursor = cursor_of(end) if len(found) > page.limit else ""
    return answer(request, response, found[: page.limit], cursor)


@router.get("/cases/counts", response_model=CountsShape, summary="How many cases there are")
def count_cases(
    _: Reader,
    api: TheApi,
    wanted: WantedCases,
    by: Literal["state", "priority", "assignee", "awaits", "book_id"] = "state",
) -> Any:
    """How many of the cases asked for there are for each value."""
    with api.store.reading() as work:
        counts = work.cases.counts(by, wanted)
    return {"by": by, "counts": counts, "total": sum(counts.values())}
