"""Screen a name, and what a screening found: read, filed, made into a case, or handed out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Path, Query, Request, Response

from tumen.errors import ConflictError, ListsMissingError, RequestError, StoreError
from tumen.screening.output import Outcome
from tumen.service.access.admission import note
from tumen.service.access.people import actor_of
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.screen_case import open_case
from tumen.service.pages.screen_data import IN_FULL, read_outcome, read_rows, read_run
from tumen.service.pages.screen_form import DETAILS, KINDS, NUMBERS, WIDE, read_form, read_terms
from tumen.service.pages.turning import PageNumber, turn
from tumen.service.pages.typed import Typed
from tumen.service.problems import ProblemError
from tumen.service.routes.v1.needs import Api, Decider, Reader, Screener, TheApi, now_utc
from tumen.service.routes.v1.screen import screen_items
from tumen.store.screenings import SAID

router = page_router("Screen")
_HERE = "/desk/screen"
_RUN = _HERE + "/{screening_id}"
Position = Annotated[int, Path(ge=0, le=2**31 - 1)]


@router.get(_HERE)
def show_form(request: Request, _: Screener, api: TheApi) -> Response:
    """The box for a name, and the place for a file."""
    return form_page(request, api, {})


@router.post(_HERE)
def screen_name(request: Request, caller: Screener, api: TheApi, typed: Typed) -> Response:
    """Screen what was typed and keep it. The name is not in the address of the result."""
    try:
        items, terms = read_form(typed), read_terms(typed, api.policy)
        answer = screen_items(request, api, caller.actor, terms, items)
    except StoreError:
        raise
    except (RequestError, ListsMissingError, ProblemError) as error:
        return form_page(request, api, typed, refusal=str(error))
    return redirect(address_of(str(answer["screening_id"])))


@router.get(_RUN)
def show_run(
    screening_id: str,
    request: Request,
    _: Reader,
    api: TheApi,
    said: Annotated[str, Query(max_length=20)] = "",
    page: PageNumber = 1,
) -> Response:
    """What a screening found: one subject in full, many as rows."""
    return run_page(request, api, screening_id, said, page)


@router.get(_RUN + "/rows/{position}")
def show_row(
    screening_id: str, position: Position, request: Request, _: Reader, api: TheApi
) -> Response:
    """One outcome of many, in full."""
    return _row_page(request, api, screening_id, position)


@router.post(_RUN + "/rows/{position}/case")
def make_case(
    screening_id: str, position: Position, request: Request, decider: Decider, api: TheApi
) -> Response:
    """Open a case about one outcome."""
    try:
        with api.store.writing() as work:
            shown = read_run(work, screening_id)
            case = open_case(work, shown, position, actor_of(decider), now_utc())
    except StoreError:
        raise
    except RequestError as error:
        status = 409 if isinstance(error, ConflictError) else 422
        return _row_page(request, api, screening_id, position, status, str(error))
    note(request.scope, object=case.case_id)
    return redirect(f"/desk/cases/{quote(case.case_id, safe='')}", say="The case is open")


def address_of(screening_id: str) -> str:
    """The page of a screening."""
    return f"{_HERE}/{quote(screening_id, safe='')}"


def form_page(
    request: Request, api: Api, typed: dict[str, str], *, refusal: str = "", file_refusal: str = ""
) -> Response:
    """The box and the place for a file, with what was typed and why it was refused."""
    with api.store.reading() as work:
        has_lists = bool(work.lists.current_versions())
    return render(
        request,
        "screen/form.html",
        status=422 if refusal or file_refusal else 200,
        typed=typed,
        refusal=refusal or file_refusal,
        is_file=bool(file_refusal),
        kinds=KINDS,
        numbers=NUMBERS,
        details=DETAILS,
        wide=min(WIDE, api.policy.floor),
        has_lists=has_lists,
    )


def run_page(
    request: Request, api: Api, screening_id: str, said: str = "", page: int = 1
) -> Response:
    """The page of a screening."""
    with api.store.reading() as work:
        shown = read_run(work, screening_id)
        if not shown.book_id and shown.kept <= IN_FULL:
            found = [read_outcome(work, shown, number) for number in range(shown.kept)]
            # What somebody must act on before what was clean.
            found.sort(key=lambda one: (_URGENCY.index(one.outcome), one.position))
            # Rows of a file, however few, are a table that can be handed out.
            if not any(one.found.where for one in found):
                return render(request, "screen/one.html", shown=shown, outcomes=found, is_row=False)
        rows, total = read_rows(work, shown, said, page)
    kinds = [("", "All that is kept", shown.kept)]
    left_out = {"not screened": len(shown.problems)}
    kinds += [(one, _WORDS[one], shown.counts[one] + left_out.get(one, 0)) for one in SAID]
    return render(
        request,
        "screen/rows.html",
        shown=shown,
        rows=rows,
        chosen=said if said in SAID else "",
        turned=turn(request, page, total),
        kinds=[(words, count, _with(screening_id, kind), kind) for kind, words, count in kinds],
    )


_URGENCY = (Outcome.NOT_SCREENED, Outcome.HIT, Outcome.POSSIBLE, Outcome.NO_HIT)
_WORDS = {
    "hit": "Hits",
    "possible": "Below the threshold",
    "no hit": "No hit",
    "not screened": "Not screened",
}


def _with(screening_id: str, kind: str) -> str:
    asked = f"?{urlencode({'said': kind})}" if kind else ""
    return address_of(screening_id) + asked


def _row_page(
    request: Request,
    api: Api,
    screening_id: str,
    position: int,
    status: int = 200,
    refusal: str = "",
) -> Response:
    with api.store.reading() as work:
        shown = read_run(work, screening_id)
        found = read_outcome(work, shown, position)
    return render(
        request, "screen/one.html", status=status, shown=shown, outcomes=[found],
        is_row=True, refusal=refusal,
    )  # fmt: skip
