"""The audit log: read, verified before the reader's eyes, exported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from tumen.errors import RequestError
from tumen.service.jobs import Report
from tumen.service.pages.audit_data import audit_lines, audit_page, filter_of
from tumen.service.pages.frame import HEADERS, page_router, render
from tumen.service.pages.progress import wait_for
from tumen.service.pages.progress_data import VERIFY
from tumen.service.pages.turning import address_with
from tumen.service.problems import Fault, ProblemError
from tumen.service.routes.v1.audit import verified
from tumen.service.routes.v1.needs import Auditor, TheApi
from tumen.store.audit import AuditFilter

router = page_router("Audit")
_SIZE = 100
_FIELDS = ("actor", "action", "object", "since", "until")


@router.get("/desk/audit")
def show_log(
    request: Request,
    _: Auditor,
    api: TheApi,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """The records of the log, the newest first. This reading is recorded as well."""
    typed = _typed(request)
    api.audit.flush()
    try:
        wanted, refusal = filter_of(typed), ""
    except RequestError as error:
        wanted, refusal = AuditFilter(), str(error)
    found = audit_page(api.store, wanted, before, _SIZE)
    last = found.records[-1].sequence if found.has_older else 0
    return render(
        request,
        "audit/log.html",
        status=422 if refusal else 200,
        refusal=refusal,
        found=found,
        typed=typed,
        before=before,
        older=address_with(request, before=str(last)) if last else "",
        newest=address_with(request, before=""),
        export="/desk/audit/export?" + urlencode({k: v for k, v in typed.items() if v}),
    )


@router.post("/desk/audit/verify")
def verify(caller: Auditor, api: TheApi) -> Response:
    """Read the whole chain anew, and say whether it is as it was written."""

    def work(report: Report) -> Mapping[str, Any]:
        return verified(api, report)

    return wait_for(api.jobs.start(VERIFY, caller.actor, work), "/desk/audit")


@router.get("/desk/audit/export")
def export(request: Request, _: Auditor, api: TheApi) -> Response:
    """The records that the filter lets through, as lines of JSON with their hashes."""
    api.audit.flush()
    try:
        wanted = filter_of(_typed(request))
    except RequestError as error:
        raise ProblemError("invalid", str(error), [Fault("query", str(error))]) from error
    name = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    lines = audit_lines(api.store, wanted)
    return StreamingResponse(lines, 200, {**HEADERS, **name}, "application/x-ndjson")


def _typed(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "")[:200] for name in _FIELDS}
