"""The page of a case, and the page again where something was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response

from tumen.errors import ConflictError
from tumen.service.access.people import actor_of
from tumen.service.access.principal import Principal
from tumen.service.pages.case_data import case_page
from tumen.service.pages.frame import page_router, render
from tumen.service.routes.v1.needs import Api, Reader, TheApi, now_utc

router = page_router("Cases")
# What was typed into which form of the page.
TypedForms = Mapping[str, Mapping[str, object]]


@router.get("/desk/cases/{case_id}")
def show_case(
    request: Request,
    reader: Reader,
    api: TheApi,
    case_id: str,
    verdict: Annotated[str, Query(max_length=40)] = "",
    hits: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """A case. `verdict` is the one whose reasons are offered; `hits=all` shows every hit."""
    return case_response(request, api, reader, case_id, verdict=verdict, shows_all=hits == "all")


def case_response(
    request: Request,
    api: Api,
    principal: Principal,
    case_id: str,
    *,
    verdict: str = "",
    shows_all: bool = False,
    refusal: str = "",
    status: int = 200,
    typed: TypedForms | None = None,
) -> Response:
    """The page as the case stands now."""
    with api.store.reading() as work:
        page = case_page(
            work,
            case_id,
            actor_of(principal),
            now_utc(),
            usual_policy=api.usual_policy,
            verdict=verdict,
            shows_all=shows_all,
        )
    return render(
        request,
        "case/page.html",
        status=status,
        page=page,
        here=address_of(case_id),
        typed=typed or {},
        refusal=refusal,
    )


def status_of(error: Exception) -> int:
    """409 where somebody else has acted meanwhile, 422 where what was sent cannot be done."""
    return 409 if isinstance(error, ConflictError) else 422


def address_of(case_id: str) -> str:
    """Where a case is."""
    return f"/desk/cases/{quote(case_id, safe='')}"
