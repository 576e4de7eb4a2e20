"""Files of a case: attached, handed out inert, and the evidence file."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import quote

from fastapi import File, Query, Request, Response, UploadFile

from tumen.cases.attaching import MOST_BYTES, accept, attach
from tumen.cases.evidence.archive import to_zip
from tumen.cases.evidence.collect import collect
from tumen.cases.evidence.pdf import to_pdf
from tumen.service.access.people import actor_of
from tumen.service.pages.case_history import AttachedFile, attached_files
from tumen.service.pages.case_steps import Seen, take
from tumen.service.pages.frame import HEADERS, page_router
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import Decider, Reader, TheApi, now_utc
from tumen.store.work import Work

router = page_router("Cases")
_HERE = "/desk/cases/{case_id}"
# What others attached is never shown in the place of our pages, whatever a browser makes of it.
_INERT = {**HEADERS, "Content-Security-Policy": "sandbox; default-src 'none'"}


class EvidenceFormat(StrEnum):
    """How an evidence file is written."""

    PDF = "pdf"
    ZIP = "zip"


@router.post(_HERE + "/attachments")
def attach_file(
    request: Request,
    decider: Decider,
    api: TheApi,
    case_id: str,
    seen: Seen,
    file: Annotated[UploadFile, File()],
) -> Response:
    """Keep a file beside the case."""
    # One byte more than may be kept is enough to know.
    content = file.file.read(MOST_BYTES + 1)

    def step(work: Work) -> str:
        accepted = accept(file.filename or "", content)
        attach(work, case_id, seen, accepted, content, actor_of(decider), now_utc())
        return f"Attached {accepted.name}."

    return take(request, api, decider, case_id, step, {})


@router.get(_HERE + "/attachments/{sha256}")
def download(_: Reader, api: TheApi, case_id: str, sha256: str) -> Response:
    """A file that was attached to this very case."""
    with api.store.reading() as work:
        found = _file(work, case_id, sha256)
        content = work.attachments.content(sha256)
    if content is None:
        raise not_found(f"file {sha256} in the store")
    return _handed_out(content, found.name, found.media_type)


@router.get(_HERE + "/evidence")
def evidence(
    _: Reader,
    api: TheApi,
    case_id: str,
    wanted: Annotated[EvidenceFormat, Query(alias="format")] = EvidenceFormat.PDF,
) -> Response:
    """The evidence file: all that a stranger needs to follow the decision."""
    with api.store.reading() as work:
        if work.cases.summary(case_id) is None:
            raise not_found(f"case {case_id}")
        found = collect(work, case_id, now_utc())
    content = to_pdf(found) if wanted is EvidenceFormat.PDF else to_zip(found)
    return _handed_out(content, f"{found.name}.{wanted.value}", f"application/{wanted.value}")


def _file(work: Work, case_id: str, sha256: str) -> AttachedFile:
    for one in attached_files(work.cases.records(case_id)):
        if one.sha256 == sha256:
            return one
    raise not_found(f"file {sha256} in case {case_id}")


def _handed_out(content: bytes, name: str, media_type: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(
        content, 200, {**_INERT, "Content-Disposition": disposition}, media_type=media_type
    )
