"""The audit log: who did what, when and from where; and whether the chain is intact."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel

from tumen.model.audit import AuditRecord
from tumen.service.jobs import Report
from tumen.service.paging import WantedPage, answer, ends
from tumen.service.routes.v1.needs import Api, Auditor, TheApi, router_of
from tumen.service.routes.v1.shapes import Paged

router = router_of("Audit")


class RecordShape(BaseModel):
    """One record. `hash` is over `previous_hash` and the record's own canonical JSON."""

    sequence: int
    occurred_at: datetime
    actor: str
    action: str
    object: str
    auth_method: str
    address: str
    reason: str
    before: str
    after: str
    details: dict[str, Any]
    previous_hash: str
    hash: str


class VerifiedShape(BaseModel):
    """Whether the log is intact, and up to which record."""

    is_intact: bool
    problems: list[str]
    records: int
    head_hash: str


def record_shape(record: AuditRecord) -> dict[str, Any]:
    """A record as it is answered and exported."""
    entry = record.entry
    shown = {slot: getattr(entry, slot) for slot in entry.__slots__}
    return {
        **shown,
        "sequence": record.sequence,
        "previous_hash": record.previous_hash,
        "hash": record.hash,
    }


@router.get("/audit/records", response_model=Paged[RecordShape], summary="Read the audit log")
def show_records(
    request: Request,
    response: Response,
    _: Auditor,
    api: TheApi,
    page: WantedPage,
    after: Annotated[int, Query(ge=0, le=2**53, description="From the record behind this.")] = 0,
    actor: str = "",
    object_: Annotated[str, Query(alias="object")] = "",
) -> Any:
    """The records in their order. This reading is recorded as well."""
    api.audit.flush()
    place = page.place(int)
    with api.store.reading() as work:
        found = work.audit.records(
            after=place[0] if place else after,
            limit=page.limit + 1,
            actor=actor or None,
            object=object_ or None,
        )
    cursor = ends(found, page, lambda one: (one.sequence,))
    return answer(request, response, [record_shape(one) for one in found[: page.limit]], cursor)


@router.get("/audit/verify", response_model=VerifiedShape, summary="Verify the audit log")
def verify(_: Auditor, api: TheApi) -> Any:
    """Look for records that were changed, removed or put in another order."""
    return verified(api)


def verified(api: Api, report: Report = lambda _done, _total: None) -> dict[str, Any]:
    """Whether the log is as it was written, up to its last record now."""
    api.audit.flush()
    with api.store.reading() as work:
        sequence, head_hash = work.audit.head()
        problems = work.audit.verify(progress=lambda count: report(count, sequence))
    return {
        "is_intact": not problems,
        "problems": problems,
        "records": sequence,
        "head_hash": head_hash,
    }
