"""The page of due-diligence files that are due, or that do not hold."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from tumen.cases.diligence.refresh import ReviewState
from tumen.service.pages.diligence_due_data import LOOKED_AT, NOT_IN_FORCE, due_page
from tumen.service.pages.frame import page_router, render
from tumen.service.pages.turning import PageNumber, turn
from tumen.service.routes.v1.needs import Reader, TheApi, now_utc

router = page_router("Due diligence")
_Word = Annotated[str, Query(max_length=100)]


@router.get("/desk/diligence")
def show_due(
    request: Request,
    _: Reader,
    api: TheApi,
    book: _Word = "",
    state: _Word = NOT_IN_FORCE,
    page: PageNumber = 1,
) -> Response:
    """The files that somebody has begun, by state; those that hold only where asked for."""
    with api.store.reading() as work:
        found = due_page(work, api.usual_policy, now_utc(), book_id=book, state=state, number=page)
    return render(
        request,
        "diligence/due.html",
        found=found,
        shown=turn(request, page, found.total, LOOKED_AT),
        books=[(one, one) for one in found.books],
        states=[(one.value, one.value.capitalize()) for one in ReviewState],
    )
