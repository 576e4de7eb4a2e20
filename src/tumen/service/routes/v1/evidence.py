"""Evidence files: of a case, and of a stored screening, also where nothing was found."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request, Response

from tumen.cases.evidence.archive import to_zip
from tumen.cases.evidence.collect import collect, collect_search
from tumen.cases.evidence.in_store import object_of
from tumen.cases.evidence.pdf import to_pdf
from tumen.cases.evidence.shape import Evidence
from tumen.service.access.admission import note
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import Reader, TheApi, now_utc, router_of

router = router_of("Evidence")


class FileKind(StrEnum):
    """A ZIP with all of it and a manifest of hashes, or the pages with the data inside."""

    ZIP = "zip"
    PDF = "pdf"


_MAKERS: dict[FileKind, tuple[str, Callable[[Evidence], bytes]]] = {
    FileKind.ZIP: ("application/zip", to_zip),
    FileKind.PDF: ("application/pdf", to_pdf),
}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The evidence file",
        "content": {"application/zip": {}, "application/pdf": {}},
    }
}
_Kind = Annotated[FileKind, Query(alias="format", description="What kind of file.")]


@router.get(
    "/cases/{case_id}/evidence",
    response_class=Response,
    responses=_FILES,
    summary="The evidence file of a case",
)
def case_evidence(
    case_id: str, request: Request, _: Reader, api: TheApi, kind: _Kind = FileKind.ZIP
) -> Response:
    """All that a third party needs to re-create the decisions, and to verify it without us."""
    api.audit.flush()
    with api.store.reading() as work:
        if work.cases.summary(case_id) is None:
            raise not_found(f"case {case_id!r}")
        found = collect(work, case_id, now_utc())
    return _answer(request, found, kind)


@router.get(
    "/screenings/{screening_id}/evidence",
    response_class=Response,
    responses=_FILES,
    summary="The evidence file of a search",
)
def search_evidence(
    screening_id: str,
    request: Request,
    _: Reader,
    api: TheApi,
    kind: _Kind = FileKind.ZIP,
    subject_id: Annotated[
        str | None, Query(max_length=500, description="Of this subject alone.")
    ] = None,
) -> Response:
    """Screened on, against, and what was found: nothing is said as such, not screened too."""
    api.audit.flush()
    with api.store.reading() as work:
        if work.screenings.get(screening_id) is None:
            raise not_found(f"screening {screening_id!r}")
        found = collect_search(work, screening_id, subject_id, now_utc())
    return _answer(request, found, kind)


def _answer(request: Request, found: Evidence, kind: FileKind) -> Response:
    media_type, make = _MAKERS[kind]
    # By this hash the record of this use says which file left.
    note(request.scope, object=object_of(found), after=found.digest)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}.{kind.value}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(make(found), media_type=media_type, headers=headers)
