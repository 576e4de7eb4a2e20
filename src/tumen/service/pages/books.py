"""Books of parties: importing a file, screening, and who is in them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import File, Form, Query, Request, Response, UploadFile

from tumen.model.watching import HitState
from tumen.screening.book import BookOptions, read_book
from tumen.screening.books import import_book
from tumen.service.access.admission import note
from tumen.service.jobs import Job, Report
from tumen.service.list_loading import saved
from tumen.service.pages.books_data import PartyFilter, all_books, one_book
from tumen.service.pages.frame import page_router, render
from tumen.service.pages.progress import wait_for
from tumen.service.pages.turning import PageNumber, turn
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.needs import Api, Editor, Reader, TheApi, now_utc
from tumen.service.screening_books import screen_stored_book

router = page_router("Books")
_SIZE = 50
_MOST_PROBLEMS = 50
_STATES = {state.value: state for state in HitState}


@router.get("/desk/books")
def show_books(request: Request, _: Reader, api: TheApi) -> Response:
    """All books as they are now."""
    return _books_page(request, api, {})


def _books_page(
    request: Request, api: Api, typed: Mapping[str, str], refusal: str = ""
) -> Response:
    books = all_books(api.store)
    status = 422 if refusal else 200
    return render(
        request, "books/all.html", status=status, books=books, refusal=refusal, typed=typed
    )


@router.post("/desk/books")
def import_file(
    request: Request,
    caller: Editor,
    api: TheApi,
    file: Annotated[UploadFile | None, File()] = None,
    book_id: Annotated[str, Form(max_length=200)] = "",
    schema_: Annotated[str, Form(alias="schema", max_length=100)] = "",
    date_order: Annotated[str, Form(pattern="^(|day|month)$")] = "",
    strict: Annotated[bool, Form()] = False,
) -> Response:
    """Take a file as the next version of a book, behind the page; rows at fault are named."""
    typed = {"book_id": book_id, "schema": schema_, "date_order": date_order}
    if file is None or not file.filename:
        return _books_page(request, api, typed, "Choose the file of the book")
    if not book_id.strip():
        return _books_page(request, api, typed, "Say which book it is: give it an id")
    notices: list[str] = []
    options = BookOptions(
        schema=schema_, date_order=date_order, is_strict=strict, notice=notices.append
    )
    note(request.scope, object=book_id)
    job = _importing(api, caller.actor, book_id.strip(), file, options, notices)
    return wait_for(job, f"/desk/books/{quote(book_id.strip(), safe='')}")


def _importing(
    api: Api, actor: str, book_id: str, file: UploadFile, options: BookOptions, notices: list[str]
) -> Job:
    kept = ExitStack()
    (path,) = kept.enter_context(saved([file])).iterdir()

    def work(_: Report) -> Mapping[str, Any]:
        with kept:
            rows = read_book(path, options)
            made = import_book(api.store, book_id, rows, now_utc(), path.name)
        return {
            "version": made.version.version,
            "parties": made.version.parties,
            "is_new": made.is_new,
            "notices": notices,
            "problems": _problems(made.version.problems),
        }

    try:
        return api.jobs.start("import a book", actor, work)
    except ProblemError:
        kept.close()
        raise


def _problems(rows: tuple[Mapping[str, Any], ...]) -> list[str]:
    """The rows that gave no party, in words; the page of the book names all."""
    told = [
        ". ".join(part for part in (f"{one['where']}: {one['problem']}", one["mend"]) if part)
        for one in rows[:_MOST_PROBLEMS]
    ]
    more = len(rows) - len(told)
    return [*told, f"{more:,} more: the page of the book names them"] if more else told


@router.get("/desk/books/{book_id}")
def show_book(
    book_id: str,
    request: Request,
    _: Reader,
    api: TheApi,
    text: Annotated[str, Query(alias="q", max_length=200)] = "",
    state: Annotated[str, Query(max_length=40)] = "",
    page: PageNumber = 1,
) -> Response:
    """One book with a page of its parties."""
    wanted = PartyFilter(text.strip(), _STATES.get(state))
    found = one_book(api.store, book_id, wanted, (page - 1) * _SIZE, _SIZE)
    shown = turn(request, page, found.total, _SIZE)
    states = [(name, name.capitalize()) for name in _STATES]
    return render(request, "books/one.html", found=found, wanted=wanted, shown=shown, states=states)


@router.post("/desk/books/{book_id}/screen")
def screen_now(book_id: str, request: Request, caller: Editor, api: TheApi) -> Response:
    """Screen the current version of a book whole, behind the page."""
    with api.store.reading() as work:
        if work.books.version(book_id) is None:
            raise not_found(f"book {book_id!r}")
    note(request.scope, object=book_id)

    def screen(report: Report) -> Mapping[str, Any]:
        return screen_stored_book(api, book_id, caller.actor, report)

    job = api.jobs.start("screen a book", caller.actor, screen)
    return wait_for(job, f"/desk/books/{quote(book_id, safe='')}")
