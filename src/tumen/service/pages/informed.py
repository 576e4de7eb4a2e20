"""Keep me informed: ask, confirm by the link of a mail, leave by one click.

The answer to an address is the same whether it is known or not. Opening a link changes nothing:
mail programs open links to look at them; only the button of the page does.
"""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from tumen.errors import RequestError
from tumen.service.access.permissions import unauthenticated
from tumen.service.help_desk.desk import count_sending, help_desk_of
from tumen.service.help_desk.informing import ask, confirm, known_topics, leave
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.help import TRAP
from tumen.service.pages.help_data import HelpView, help_view
from tumen.service.pages.reader import Anybody, reader_of
from tumen.service.pages.typed import Ticked, Typed
from tumen.service.problems import ProblemError
from tumen.service.routes.v1.needs import TheApi
from tumen.watch.notices.mail import parse_address

router = page_router("Keep me informed")
# Mail programs post here without any page of ours: what they know is the token.
by_token = APIRouter(tags=["Keep me informed"], include_in_schema=False)
_OLD = "This link is no longer good. Ask again, and open the newest mail."


@router.get("/briefings/subscribe")
def show_form(request: Request, _: Anybody, api: TheApi, topic: str = "") -> Response:
    """The form: an address and topics."""
    return _form(request, _view(request, api), {}, [topic])


@router.post("/briefings/subscribe")
def send_form(request: Request, _: Anybody, api: TheApi, typed: Typed, ticked: Ticked) -> Response:
    """Send a confirmation. Whoever typed the address learns nothing about it."""
    view = _view(request, api)
    email, topics = typed.get("email", "").strip(), ticked.get("topics", [])
    try:
        count_sending(request)
    except ProblemError as error:
        page = _form(request, view, typed, topics, status=error.status, refusal=error.detail)
        page.headers.update(error.headers)
        return page
    if typed.get(TRAP):
        return redirect("/briefings/asked")
    if faults := _faults(email, topics, view):
        return _form(request, view, typed, topics, status=422, faults=faults)
    with api.store.writing() as work:
        ask(work, email, topics, view.desk, datetime.now(UTC))
    help_desk_of(request).rounds.nudge()
    return redirect("/briefings/asked")


@router.get("/briefings/asked")
def show_asked(request: Request, _: Anybody) -> Response:
    """What happens next, for every address."""
    text = (
        "If you can be written to at this address, a mail is on its way. Open its link within "
        "three days and confirm; before that we send nothing else."
    )
    return render(request, "briefings/told.html", title="Look into your mail", text=text)


@router.get("/briefings/confirm/{token}")
def show_confirm(token: str, request: Request, _: Anybody) -> Response:
    """The button that confirms; it is there for every token."""
    return render(request, "briefings/confirm.html", token=token)


@router.post("/briefings/confirm/{token}")
def send_confirm(token: str, request: Request, _: Anybody, api: TheApi) -> Response:
    """From now on they are told."""
    with api.store.writing() as work:
        found = confirm(work, token, datetime.now(UTC))
        names = work.desk.current().topic_names
    if found is None:
        return render(
            request, "briefings/told.html", status=410, title="That did not work", text=_OLD
        )
    topics = ", ".join(names.get(key, key) for key in found.topics)
    text = f"You are kept informed on: {topics}. Every mail has a link to leave."
    return render(request, "briefings/told.html", title="You are kept informed", text=text)


@router.get("/briefings/leave/{token}")
def show_leave(token: str, request: Request, _: Anybody) -> Response:
    """The button that ends it; it is there for every token."""
    return render(request, "briefings/leave.html", token=token)


@by_token.post("/briefings/leave/{token}")
def send_leave(token: str, request: Request, _: Anybody, api: TheApi) -> Response:
    """End it: from the page, or by one click in a mail program (RFC 8058)."""
    with api.store.writing() as work:
        leave(work, token, datetime.now(UTC))
    text = "You hear no more from us by mail."
    return render(request, "briefings/told.html", title="You have left", text=text)


def _form(
    request: Request,
    view: HelpView,
    typed: dict[str, str],
    topics: list[str],
    *,
    status: int = 200,
    faults: dict[str, str] | None = None,
    refusal: str = "",
) -> Response:
    return render(
        request,
        "briefings/subscribe.html",
        status=status,
        view=view,
        typed=typed,
        chosen=topics,
        faults=faults or {},
        refusal=refusal,
    )


def _faults(email: str, topics: list[str], view: HelpView) -> dict[str, str]:
    found = dict[str, str]()
    try:
        parse_address(email)
    except RequestError:
        found["email"] = "Write one address, such as name@company.example"
    try:
        known_topics(topics, view.desk)
    except RequestError as error:
        found["topics"] = str(error)
    return found


def _view(request: Request, api: TheApi) -> HelpView:
    with api.store.reading() as work:
        view = help_view(work, is_known=reader_of(request).is_known)
    if not view.may_subscribe and not reader_of(request).is_known:
        raise unauthenticated()
    return view
