"""Files of a case: attached, handed out inert, and the evidence file."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import File, Query, Request, Response, UploadFile

from tumen.cases.attaching import MOST_BYTES, accept, attach
from tumen.cases.evidence.archive import to_zip
from tumen.cases.evidence.collect import collect
from tumen.cases.evidence.in_store import object_of
from tumen.cases.evidence.pdf import to_pdf
from tumen.service.access.admission import note
from tumen.service.access.people import actor_of
from tumen.service.casework import AttachedFile, file_of
from tumen.service.pages.case_steps import Seen, take
from tumen.service.pages.frame import HEADERS, page_router
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import Decider, Reader, TheApi, now_utc
from tumen.store.work import Work

router = page_router("Cases")
_HERE = "/desk/cases/{case_id}"


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
        found = file_of(work, case_id, sha256)
    if found is None:
        raise not_found(f"file {sha256} in case {case_id}")
    return Response(found.content, headers={**HEADERS, **found.headers})


@router.get(_HERE + "/evidence")
def evidence(
    request: Request,
    _: Reader,
    api: TheApi,
    case_id: str,
    wanted: Annotated[EvidenceFormat, Query(alias="format")] = EvidenceFormat.PDF,
) -> Response:
    """The evidence file: all that a stranger needs to follow the decision."""
    api.audit.flush()
    with api.store.reading() as work:
        if work.cases.summary(case_id) is None:
            raise not_found(f"case {case_id}")
        found = collect(work, case_id, now_utc())
    # By this hash the record of this use says which file left.
    note(request.scope, object=object_of(found), after=found.digest)
    content = to_pdf(found) if wanted is EvidenceFormat.PDF else to_zip(found)
    handed = AttachedFile(f"{found.name}.{wanted.value}", f"application/{wanted.value}", content)
    return Response(content, headers={**HEADERS, **handed.headers})
