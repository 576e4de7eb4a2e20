"""Keeps what happens in a case, with the summary that a queue finds it by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tumen.cases.history import after, fold
from tumen.errors import RequestError
from tumen.model.case import Case, CaseRecord, CaseSummary
from tumen.model.casework import CaseState
from tumen.store.work import Work

_AWAITS = {CaseState.RECOMMENDED: "approver", CaseState.CLOSED: ""}


def load(work: Work, case_id: str) -> Case:
    """A case as it stands. Raises RequestError where there is none of that id."""
    return fold(records_of(work, case_id))


def records_of(work: Work, case_id: str) -> list[CaseRecord]:
    """All that happened in a case, first to last. Raises RequestError where there is none."""
    records = work.cases.records(case_id)
    if not records:
        raise RequestError(f"There is no case {case_id}")
    return records


def keep(work: Work, case: Case | None, records: Sequence[CaseRecord]) -> Case:
    """Add records to a case (None: a new one) and give it as it stands after them.

    Raises ConflictError where somebody else has acted on it meanwhile.
    """
    (kept,) = keep_many(work, [(case, records)])
    return kept


def keep_many(
    work: Work, changes: Iterable[tuple[Case | None, Sequence[CaseRecord]]]
) -> list[Case]:
    """Add records to many cases at once, each as `keep` does; the cases after them."""
    kept = list[Case]()
    rows = list[tuple[Sequence[CaseRecord], CaseSummary]]()
    for case, records in changes:
        for record in records:
            case = after(case, record)
        assert case is not None
        kept.append(case)
        rows.append((records, summary_of(case, records[-1])))
    work.cases.append_all(rows)
    return kept


def summary_of(case: Case, last: CaseRecord) -> CaseSummary:
    """How a case stands after its last record, as a queue shows it."""
    hits = [hit for alert in case.alerts for hit in alert.hits]
    return CaseSummary(
        case_id=case.case_id,
        sequence=last.sequence,
        state=case.state,
        priority=case.priority,
        origin=case.origin,
        title=case.title,
        subject_key=case.subject_key,
        book_id=case.alerts[-1].book_id if case.alerts else "",
        assignee=case.assignee,
        score=max((alert.score for alert in case.alerts), default=0.0),
        hits=len({hit["entity_id"] for hit in hits}),
        lists=tuple(sorted({str(hit.get("list_id", "")) for hit in hits} - {""})),
        tags=case.tags,
        opened_at=case.opened_at,
        changed_at=last.at,
        due_at=case.due_at,
        awaits=_AWAITS.get(case.state, "analyst"),
        recommended_by=case.pending.by.person if case.pending else "",
        entities=tuple(sorted({str(hit["entity_id"]) for hit in hits})),
    )
