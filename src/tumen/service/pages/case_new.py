"""Opening a case by hand: about a party of a book, or about something else."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request, Response

from tumen.cases import acting, workflow
from tumen.errors import RequestError, StoreError
from tumen.model.case import Actor
from tumen.model.casework import Priority
from tumen.service.access.people import actor_of
from tumen.service.casework import open_about
from tumen.service.pages.case import address_of, status_of
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.routes.v1.needs import Decider, TheApi, now_utc
from tumen.store.work import Work

router = page_router("Cases")
_HERE = "/desk/cases/new"
_LONGEST_TITLE = 200
_Line = Annotated[str, Form(max_length=500)]


@router.get(_HERE)
def show_form(
    request: Request, _: Decider, api: TheApi, book: str = "", party: str = "", title: str = ""
) -> Response:
    """The form; an address may name the party."""
    typed = {"book": book, "party": party, "title": title, "priority": "P3", "text": ""}
    return _form(request, api, typed)


@router.post(_HERE)
def open_case(
    request: Request,
    decider: Decider,
    api: TheApi,
    title: _Line = "",
    book: _Line = "",
    party: _Line = "",
    priority: _Line = "P3",
    text: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Open it, with what it is about as its first note."""
    typed = {"book": book, "party": party, "title": title, "priority": priority, "text": text}
    try:
        with api.store.writing() as work:
            case_id = _open(work, typed, actor_of(decider))
    except StoreError:
        raise
    except RequestError as error:
        return _form(request, api, typed, refusal=str(error), status=status_of(error))
    return redirect(address_of(case_id), say="Opened.")


def _open(work: Work, typed: dict[str, str], actor: Actor) -> str:
    title, text, now = typed["title"].strip(), typed["text"], now_utc()
    if not title or len(title) > _LONGEST_TITLE:
        raise RequestError(f"Say what it is about, in up to {_LONGEST_TITLE} letters")
    if typed["priority"] not in {one.value for one in Priority}:
        raise RequestError(f"There is no priority {typed['priority']!r}")
    book, party = typed["book"].strip(), typed["party"].strip()
    if bool(book) is not bool(party):
        raise RequestError("Name both the book and the party, or neither")
    case = open_about(work, title, (book, party), Priority(typed["priority"]), actor, now)
    acting.act(work, case.case_id, None, lambda one: workflow.note(one, text, actor, now))
    return case.case_id


def _form(
    request: Request, api: TheApi, typed: dict[str, str], *, refusal: str = "", status: int = 200
) -> Response:
    with api.store.reading() as work:
        books = [one.book_id for one in work.books.books()]
    return render(
        request, "case/new.html", status=status, typed=typed, books=books, refusal=refusal
    )
