"""Files beside cases over HTTP: put there after a look into them, handed out inert."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Form, Response, UploadFile
from fastapi import Path as PathParameter

from tumen.cases.attaching import MOST_BYTES, accept, attach
from tumen.service.casework import file_of
from tumen.service.problems import not_found
from tumen.service.routes.v1.case_shapes import CaseId
from tumen.service.routes.v1.case_steps import WorkedCase, refusals
from tumen.service.routes.v1.case_views import CaseShape
from tumen.service.routes.v1.needs import Reader, Repeatable, TheApi, router_of
from tumen.store.work import Work

router = router_of("Cases")
_Sha256 = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{64}$")]


@router.post(
    "/cases/{case_id}/attachments",
    response_model=CaseShape,
    status_code=201,
    summary="Put a file beside a case",
    dependencies=[Repeatable],
)
def add_file(
    case: WorkedCase,
    file: Annotated[
        UploadFile,
        File(description="PDF, PNG, JPEG, text, CSV, JSON, EML, MSG, DOCX or XLSX; 25 MiB."),
    ],
    seen: Annotated[int | None, Form(ge=1, le=2**31 - 1)] = None,
) -> Any:
    """Keep a file for good. What runs when it is opened is refused: scripts, macros, programs."""
    looked_at = case.seen(seen)
    with refusals():
        content = file.file.read(MOST_BYTES + 1)
        taken = accept(file.filename or "", content)

    def attaching(work: Work) -> tuple[str, ...]:
        attach(work, case.case_id, looked_at, taken, content, case.actor, case.now)
        return ()

    place = f"/api/v1/cases/{case.case_id}/attachments/{taken.sha256}"
    case.response.headers["Location"] = place
    return case.do(attaching)


@router.get(
    "/cases/{case_id}/attachments/{sha256}",
    response_class=Response,
    summary="A file of a case",
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file"}},
)
def show_file(case_id: CaseId, sha256: _Sha256, _: Reader, api: TheApi) -> Response:
    """The bytes as they were put there, to be saved and never shown by a browser itself."""
    with api.store.reading() as work:
        found = file_of(work, case_id, sha256)
    if found is None:
        raise not_found(f"file {sha256} in a case {case_id!r}")
    return Response(found.content, headers=found.headers)
