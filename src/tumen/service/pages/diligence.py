"""The pages of a due-diligence file: read, and handed over. Its forms are in `diligence_forms`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response

from tumen.cases.diligence.answering import files_of
from tumen.cases.diligence.export import Form, collect
from tumen.cases.diligence.known import NoSuchPartyError
from tumen.cases.diligence.overview import overview
from tumen.cases.diligence.paper import progress_words
from tumen.cases.diligence.sections import Kind
from tumen.model.diligence import Conclusion
from tumen.service.access.admission import note
from tumen.service.access.people import actor_of
from tumen.service.access.principal import Principal
from tumen.service.pages.diligence_data import (
    FilePage,
    file_page,
    tone_of,
    trigger_tone,
    typed_of,
)
from tumen.service.pages.frame import HEADERS, page_router, render
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.needs import Api, Reader, TheApi, now_utc

router = page_router("Due diligence")
# A party's id may hold any character, a slash too: it stands last in every address.
PARTY = "{book_id}/{party_id:path}"
# What others attached is never shown in the place of our pages, whatever a browser makes of it.
_INERT = {**HEADERS, "Content-Security-Policy": "sandbox; default-src 'none'"}
_Word = Annotated[str, Query(max_length=100)]


@router.get(f"/desk/diligence/{PARTY}")
def show_file(
    request: Request,
    reader: Reader,
    api: TheApi,
    book_id: str,
    party_id: str,
    section: _Word = "",
    field: _Word = "",
) -> Response:
    """A file: its state and gaps, or one section, or what happened in it."""
    note(request.scope, object=f"{book_id}/{party_id}")
    page = page_of(api, reader, (book_id, party_id), section, field)
    return file_response(request, page)


@router.get(f"/desk/diligence-export/{{form}}/{PARTY}")
def export(
    request: Request, _: Reader, api: TheApi, form: Form, book_id: str, party_id: str
) -> Response:
    """The file to hand over."""
    note(request.scope, object=f"{book_id}/{party_id}", form=form.value)
    with naming(), api.store.reading() as work:
        found = collect(work, book_id, party_id, api.usual_policy, now_utc())
    return _handed_out(found.to(form), f"{found.name}.{form.value}", form.media_type)


@router.get(f"/desk/diligence-evidence/{{sha256}}/{PARTY}")
def evidence(
    request: Request, _: Reader, api: TheApi, sha256: str, book_id: str, party_id: str
) -> Response:
    """A file that this very due-diligence file names."""
    note(request.scope, object=f"{book_id}/{party_id}", file=sha256)
    with naming(), api.store.reading() as work:
        view = overview(work, book_id, party_id, api.usual_policy, now_utc())
        is_named = sha256 in files_of(*view.records)
        content = work.attachments.content(sha256) if is_named else None
    if content is None:
        raise not_found(f"file {sha256} in this due-diligence file")
    return _handed_out(content, f"{sha256[:12]}.bin", "application/octet-stream")


def address_of(book_id: str, party_id: str, kind: str = "diligence") -> str:
    """Where the file of a party is, or what else begins so."""
    return f"/desk/{kind}/{quote(book_id, safe='')}/{quote(party_id, safe='')}"


def page_of(
    api: Api, principal: Principal, place: tuple[str, str], section: str, field: str
) -> FilePage:
    """The page of a file as it stands now."""
    actor, now = actor_of(principal), now_utc()
    with naming(), api.store.reading() as work:
        return file_page(work, *place, api.usual_policy, actor, now, section=section, field=field)


def file_response(
    request: Request,
    page: FilePage,
    *,
    status: int = 200,
    refusal: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The page, or the page again with why something was refused and what was typed."""
    place = page.view.file.book_id, page.view.file.party_id
    return render(
        request,
        "diligence/page.html",
        status=status,
        refusal=refusal,
        page=page,
        view=page.view,
        here=address_of(*place),
        sign_at=address_of(*place, "diligence-sign"),
        exports={form.value: address_of(*place, f"diligence-export/{form.value}") for form in Form},
        evidence_at=lambda sha256: address_of(*place, f"diligence-evidence/{sha256}"),
        files=files_of(*page.view.records),
        typed=typed if typed is not None else typed_of(page.field),
        words=progress_words,
        tone=tone_of,
        trigger_tone=trigger_tone,
        several=(Kind.LIST, Kind.DOCUMENT),
        conclusions=tuple(Conclusion),
    )


@contextmanager
def naming() -> Iterator[None]:
    """A party that is not there is 404."""
    try:
        yield
    except NoSuchPartyError as error:
        raise ProblemError("not-found", str(error)) from error


def _handed_out(content: bytes, name: str, media_type: str) -> Response:
    headers = {**_INERT, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, headers, media_type=media_type)
