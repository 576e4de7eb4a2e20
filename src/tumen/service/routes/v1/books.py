"""Books of parties: import a file, show the versions and the parties in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from fastapi import File, Form, Query, Request, Response, UploadFile
from fastapi import Path as PathParameter
from pydantic import BaseModel, Field

from tumen.model.watching import BookVersion, Party
from tumen.screening.book import BookOptions, read_book
from tumen.screening.books import import_book
from tumen.screening.columns import ColumnChoice
from tumen.service.access.admission import note
from tumen.service.paging import WantedPage, answer, cursor_of, cut
from tumen.service.problems import Fault, ProblemError, not_found
from tumen.service.routes.v1.entities import EntityShape
from tumen.service.routes.v1.needs import (
    Editor,
    KnownAt,
    Reader,
    Repeatable,
    TheApi,
    now_utc,
    router_of,
)
from tumen.service.routes.v1.shapes import Paged

router = router_of("Books")
BookId = Annotated[
    str, PathParameter(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["customers"])
]
Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


class BookShape(BaseModel):
    """One version of a book."""

    book_id: str
    version: int
    content_hash: str
    imported_at: datetime
    parties: int
    source: str
    problems: int = Field(description="Rows that gave no party; the version itself names them.")


class BookVersionShape(BookShape):
    """One version of a book with the rows that gave no party, and why."""

    problem_rows: list[dict[str, Any]]


class ImportedShape(BookVersionShape):
    """What an import made. `is_new` is false where the same content was there already."""

    is_new: bool
    notices: list[str]


class PartyShape(BaseModel):
    """One party of a book."""

    party_id: str
    caption: str
    groups: list[str]
    entity: EntityShape


def _shown(version: BookVersion) -> dict[str, Any]:
    shown = {slot: getattr(version, slot) for slot in version.__slots__}
    rows = [dict(one) for one in version.problems]
    return {**shown, "problems": len(rows), "problem_rows": rows}


def _party(party: Party) -> dict[str, Any]:
    return {
        "party_id": party.party_id,
        "caption": party.entity.caption,
        "groups": party.groups,
        "entity": party.entity.to_dict(),
    }


@router.get("/books", response_model=Paged[BookShape], summary="Books")
def show_books(
    request: Request, response: Response, _: Reader, api: TheApi, page: WantedPage
) -> Any:
    """The current version of each book."""
    with api.store.reading() as work:
        every = work.books.books()
    found, cursor = cut(every, page, lambda one: one.book_id)
    return answer(request, response, [_shown(one) for one in found], cursor)


@router.get("/books/{book_id}", response_model=BookVersionShape, summary="One book")
def show_book(book_id: BookId, _: Reader, api: TheApi, known_at: KnownAt = None) -> Any:
    """The current version of a book, or the one that was current at an instant."""
    with api.store.reading() as work:
        found = work.books.version(book_id, known_at=known_at)
    if found is None:
        raise not_found(f"book {book_id!r}")
    return _shown(found)


@router.get(
    "/books/{book_id}/versions", response_model=Paged[BookShape], summary="Versions of a book"
)
def show_versions(
    book_id: BookId, request: Request, response: Response, _: Reader, api: TheApi, page: WantedPage
) -> Any:
    """All versions of a book, first to last."""
    with api.store.reading() as work:
        every = work.books.versions(book_id)
    if not every:
        raise not_found(f"book {book_id!r}")
    found, cursor = cut(every, page, lambda one: f"{one.version:010}")
    return answer(request, response, [_shown(one) for one in found], cursor)


@router.get(
    "/books/{book_id}/versions/{number}",
    response_model=BookVersionShape,
    summary="One version of a book",
)
def show_version(book_id: BookId, number: Number, _: Reader, api: TheApi) -> Any:
    """One version, with the rows that gave no party."""
    with api.store.reading() as work:
        found = work.books.version(book_id, number)
    if found is None:
        raise not_found(f"version {number} of a book {book_id!r}")
    return _shown(found)


@router.post(
    "/books/{book_id}/versions",
    response_model=ImportedShape,
    status_code=201,
    summary="Import a book",
    responses={200: {"model": ImportedShape, "description": "The same content was there already"}},
    dependencies=[Repeatable],
)
def import_file(
    book_id: BookId,
    request: Request,
    response: Response,
    _: Editor,
    api: TheApi,
    file: Annotated[
        UploadFile, File(description="CSV, XLSX, Parquet, JSON lines; told by content.")
    ],
    schema_: Annotated[str, Form(alias="schema", description="Of rows without a type.")] = "",
    encoding: Annotated[str, Form()] = "",
    sheet: Annotated[str, Form()] = "",
    date_order: Annotated[Literal["", "day", "month"], Form()] = "",
    strict: Annotated[bool, Form(description="Values that cannot be read are problems.")] = False,
    column: Annotated[
        list[str] | None, Form(description="'Heading=property', for headings that are not known.")
    ] = None,
    ignore_column: Annotated[list[str] | None, Form(description="Headings left out.")] = None,
) -> Any:
    """The whole book as it is now: parties that are not in the file have left it."""
    notices: list[str] = []
    options = BookOptions(
        schema=schema_,
        encoding=encoding,
        sheet=sheet,
        date_order=date_order,
        is_strict=strict,
        columns=ColumnChoice(_columns(column or []), tuple(ignore_column or ())),
        notice=notices.append,
    )
    with _saved(file) as path:
        made = import_book(api.store, book_id, read_book(path, options), now_utc(), path.name)
    version = made.version
    note(request.scope, object=f"{book_id}@{version.version}", after=version.content_hash)
    response.status_code = 201 if made.is_new else 200
    response.headers["Location"] = f"/api/v1/books/{book_id}/versions/{version.version}"
    return {**_shown(version), "is_new": made.is_new, "notices": notices}


def _columns(given: list[str]) -> dict[str, str]:
    """Heading → property, as `Heading=property` states each."""
    parted = [text.rpartition("=") for text in given]
    if odd := [text for text, (heading, _, _) in zip(given, parted, strict=True) if not heading]:
        fault = Fault("body.column", f"{odd[0]!r} is no choice", "Write it as Heading=property")
        raise ProblemError("invalid", f"The column {odd[0]!r} cannot be read", [fault])
    return {heading: prop for heading, _, prop in parted}


@contextmanager
def _saved(file: UploadFile) -> Iterator[Path]:
    """The uploaded file on disk under its own name: its ending helps to tell its format."""
    with TemporaryDirectory(prefix="tumen-") as folder:
        name = Path((file.filename or "").replace("\\", "/")).name.lstrip(".")
        path = Path(folder, name[-100:] or "book")
        with path.open("wb") as target:
            shutil.copyfileobj(file.file, target, 1 << 20)
        yield path


@router.get(
    "/books/{book_id}/parties", response_model=Paged[PartyShape], summary="Parties of a book"
)
def show_parties(
    book_id: BookId,
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    party_id: Annotated[list[str] | None, Query(description="These alone.")] = None,
) -> Any:
    """The parties of a version (by default the current one), as they were imported."""
    place = page.place(int, int)
    with api.store.reading() as work:
        # The pages of one reading are of one version, whatever is imported meanwhile.
        book = work.books.version(book_id, place[0] if place else version)
        if book is None:
            raise not_found(f"version of a book {book_id!r} asked for")
        start = max(0, place[1]) if place else 0
        ids = list(work.books.party_hashes(book_id, book.version))
        if party_id is not None:
            wanted = set(party_id)
            ids = [one for one in ids if one in wanted]
        shown = ids[start : start + page.limit]
        found = [_party(one) for one in work.books.parties(book_id, book.version, shown)]
    end = start + page.limit
    return answer(request, response, found, cursor_of(book.version, end) if end < len(ids) else "")
