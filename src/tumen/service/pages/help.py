"""How can we help? Four doors, a form behind each, and a page that says what happens next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response

from tumen.cases.help import is_reference, new_reference
from tumen.model.desk import HelpKind
from tumen.service.access.permissions import unauthenticated
from tumen.service.help_desk.desk import count_sending, help_desk_of, sender_of
from tumen.service.help_desk.receiving import faults_of, take_request
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.help_data import DOORS, HelpView, help_view, kind_of, request_of
from tumen.service.pages.reader import Anybody, reader_of
from tumen.service.pages.typed import Typed
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.needs import Decider, TheApi

router = page_router("Help")
# People leave this empty, as they do not see it; programs that fill in every field do not. Its
# name is none that a browser fills in for its owner.
TRAP = "leave_empty"


@router.get("/help")
def show_doors(request: Request, _: Anybody, api: TheApi) -> Response:
    """The four doors, and the way to briefings."""
    view = _view(request, api)
    return render(request, "help/doors.html", view=view, doors=DOORS, faults={}, typed={})


@router.get("/help/{kind}")
def show_form(kind: str, request: Request, _: Anybody, api: TheApi) -> Response:
    """The form behind one door."""
    wanted, view = _wanted(kind), _asking(request, api)
    return _form(request, view, wanted, {})


@router.post("/help/{kind}")
def send_form(kind: str, request: Request, _: Anybody, api: TheApi, typed: Typed) -> Response:
    """A request: it becomes a case, and whoever sent it is told its reference and no more."""
    wanted, view = _wanted(kind), _asking(request, api)
    given = request_of(wanted, typed)
    try:
        count_sending(request)
    except ProblemError as error:
        page = _form(request, view, wanted, typed, status=error.status, refusal=error.detail)
        page.headers.update(error.headers)
        return page
    # A crisis that is taken for a program's would cost more than a false alarm.
    if typed.get(TRAP) and wanted is not HelpKind.URGENT:
        return _sent(wanted, new_reference())
    if faults := faults_of(given):
        return _form(request, view, wanted, typed, status=422, faults=faults)
    with api.store.writing() as work:
        received = take_request(work, given, sender_of(request), datetime.now(UTC))
    help_desk_of(request).rounds.nudge()
    return _sent(wanted, received.reference)


@router.get("/help/sent/{reference}")
def show_sent(
    reference: str, request: Request, _: Anybody, api: TheApi, kind: str = ""
) -> Response:
    """What happens next. It is the same page for every reference, given or not."""
    if not is_reference(reference):
        raise not_found("such reference")
    door = next((one for one in DOORS if one.kind is kind_of(kind)), None)
    view = _asking(request, api)
    return render(request, "help/sent.html", view=view, reference=reference, door=door)


@router.get("/desk/help")
def find_request(
    request: Request, _: Decider, api: TheApi, reference: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """On to the case of a reference that somebody reads out on the telephone."""
    wanted = reference.strip().upper().replace(" ", "-")
    with api.store.reading() as work:
        found = work.help_contacts.by_reference(wanted) if wanted else None
    if found is not None:
        return redirect(f"/desk/cases/{found.case_id}")
    return render(request, "help/find.html", reference=reference)


def _form(
    request: Request,
    view: HelpView,
    kind: HelpKind,
    typed: dict[str, str],
    *,
    status: int = 200,
    **told: Any,
) -> Response:
    door = next(one for one in DOORS if one.kind is kind)
    shown = {"faults": {}, "refusal": "", **told}
    return render(
        request, "help/form.html", status=status, view=view, door=door, typed=typed, **shown
    )


def _sent(kind: HelpKind, reference: str) -> Response:
    return redirect(f"/help/sent/{reference}?kind={kind.value}")


def _wanted(kind: str) -> HelpKind:
    found = kind_of(kind)
    if found is None:
        raise not_found("such page")
    return found


def _view(request: Request, api: TheApi) -> HelpView:
    with api.store.reading() as work:
        return help_view(work, is_known=reader_of(request).is_known)


def _asking(request: Request, api: TheApi) -> HelpView:
    """The view of somebody who may ask; all others are led to where they can sign in."""
    view = _view(request, api)
    if not view.may_ask:
        raise unauthenticated()
    return view
