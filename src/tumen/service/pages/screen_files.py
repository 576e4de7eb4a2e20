"""A file of parties, dropped on the page: screened behind it, then worked on or handed out."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import File, Form, Query, Request, Response, UploadFile

from tumen.errors import ListsMissingError, RequestError
from tumen.model.access import Permission
from tumen.service.access.admission import note
from tumen.service.jobs import Job, JobStatus, Report
from tumen.service.list_loading import saved
from tumen.service.pages.frame import HEADERS, page_router, redirect
from tumen.service.pages.progress import wait_for
from tumen.service.pages.progress_data import SCREEN_FILE
from tumen.service.pages.screen import Position, address_of, form_page
from tumen.service.pages.screen_file_job import FileTerms, screen_file, screen_file_as_book
from tumen.service.pages.screen_result import ResultKind, result_file
from tumen.service.pages.typed import Typed
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.evidence import FileKind, search_evidence
from tumen.service.routes.v1.needs import Api, Reader, Screener, TheApi
from tumen.service.routes.v1.screen import ground_of
from tumen.service.routes.v1.screen_shapes import Terms

router = page_router("Screen")
_RUN = "/desk/screen/{screening_id}"
_Kind = Annotated[FileKind, Query(alias="format")]
# What holds the words of others is never shown in the place of our pages.
_INERT = {**HEADERS, "Content-Security-Policy": "sandbox; default-src 'none'"}


@router.post("/desk/screen/files")
def screen_upload(
    request: Request,
    caller: Screener,
    api: TheApi,
    typed: Typed,
    file: Annotated[UploadFile, File()],
    kind: Annotated[str, Form(max_length=100)] = "",
    date_order: Annotated[str, Form(pattern="^(|day|month)$")] = "",
    book_id: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Screen each row of a file behind the page; kept as a book where one is named."""
    book_id = book_id.strip()
    if not file.filename:
        return form_page(request, api, typed, file_refusal="Choose a file, or drop one here")
    if book_id and not caller.may(Permission.EDIT_BOOKS):
        raise ProblemError("forbidden", "To keep a file as a book is for those who edit books")
    terms = FileTerms(Path(file.filename).name, kind.strip(), date_order)
    try:
        job = _start(request, api, caller.actor, file, terms, book_id)
    except (ListsMissingError, RequestError) as error:
        return form_page(request, api, typed, file_refusal=str(error))
    note(request.scope, object=book_id)
    return wait_for(job, f"/desk/screen/files/{job.job_id}")


def _start(
    request: Request, api: Api, actor: str, file: UploadFile, terms: FileTerms, book_id: str
) -> Job:
    ground = ground_of(request, api, Terms())
    kept = ExitStack()
    folder = kept.enter_context(saved([file]))

    def work(report: Report) -> Any:
        with kept:
            path = next(folder.iterdir())
            if book_id:
                return screen_file_as_book(api, path, book_id, terms, actor, report)
            return screen_file(api, path, terms, ground, actor, report)

    try:
        return api.jobs.start(SCREEN_FILE, actor, work)
    except ProblemError:
        kept.close()
        raise


@router.get("/desk/screen/files/{job_id}")
def show_file(job_id: str, request: Request, _: Screener, api: TheApi) -> Response:
    """On to the result of a file once it is there; until then, to how far it is."""
    job = api.jobs.get(job_id)
    if job is None or job.kind != SCREEN_FILE:
        raise not_found("such a file on this machine; what was screened is kept as a screening")
    if job.status is JobStatus.FAILED:
        detail = str((job.problem or {}).get("detail", "It could not be screened"))
        return form_page(request, api, {}, file_refusal=detail)
    if job.status is not JobStatus.DONE:
        return wait_for(job, f"/desk/screen/files/{job_id}")
    told = " ".join(job.result.get("notices", ()))
    return redirect(address_of(str(job.result["screening_id"])), say=told)


@router.get(_RUN + "/result")
def hand_out(
    screening_id: str,
    request: Request,
    _: Reader,
    api: TheApi,
    kind: Annotated[ResultKind, Query(alias="format")] = ResultKind.CSV,
) -> Response:
    """The result as a file, as the command line writes it."""
    with api.store.reading() as work:
        content = result_file(work, screening_id, kind)
    note(request.scope, object=screening_id)
    return _download(content, f"screening-{screening_id}.{kind.value}", kind.media_type)


@router.get(_RUN + "/evidence")
def evidence(
    screening_id: str, request: Request, reader: Reader, api: TheApi, kind: _Kind = FileKind.PDF
) -> Response:
    """The evidence file: screened on, against, and what was found or that nothing was."""
    return _inert(search_evidence(screening_id, request, reader, api, kind, None))


@router.get(_RUN + "/rows/{position}/evidence")
def row_evidence(
    screening_id: str,
    position: Position,
    request: Request,
    reader: Reader,
    api: TheApi,
    kind: _Kind = FileKind.PDF,
) -> Response:
    """The evidence file of one row. Its party's id, which may be a name, is in no address."""
    with api.store.reading() as work:
        found = work.screenings.outcome_at(screening_id, position)
    if found is None:
        raise not_found(f"row {position} in screening {screening_id!r}")
    return _inert(search_evidence(screening_id, request, reader, api, kind, found.subject_id))


def _inert(answer: Response) -> Response:
    answer.headers.update(_INERT)
    return answer


def _download(content: bytes, name: str, media_type: str) -> Response:
    headers = {
        **_INERT,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
    }
    return Response(content, 200, headers, media_type=media_type)
