"""Cases: their records, only ever added to, and a summary of each to find it by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, or_, select

from tumen.errors import ConflictError
from tumen.model.case import CaseRecord, CaseSummary
from tumen.model.casework import CaseState, Priority
from tumen.store.bulk import CHUNK, in_chunks, insert_rows
from tumen.store.case_tables import case_record, case_summary
from tumen.store.codec import Codec
from tumen.store.instants import instant_text

_RECORD, _SUMMARY = Codec(CaseRecord), Codec(CaseSummary)
_COLUMNS = case_summary.c


def record_json(record: CaseRecord) -> str:
    """A record as canonical JSON: the same text before it is kept and when it is read back."""
    return _RECORD.json(_RECORD.of(SimpleNamespace(**_RECORD.row(record))))


class CaseOrder(StrEnum):
    """How a queue is ordered; within a priority, what is due first comes first."""

    SCORE = "score"
    DUE = "due"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are asked for. An empty filter lets all through; `text` is part of a title."""

    states: tuple[CaseState, ...] = ()
    priorities: tuple[Priority, ...] = ()
    assignee: str | None = None
    awaits: str = ""
    book_id: str = ""
    list_id: str = ""
    subject_key: str = ""
    text: str = ""
    due_before: datetime | None = None
    least_score: float = 0.0


class Cases:
    """The cases that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, records: Sequence[CaseRecord], summary: CaseSummary) -> None:
        """Add records to a case, with how it stands after them.

        Raises ConflictError where somebody else has acted on the case meanwhile.
        """
        case_id, first = records[0].case_id, records[0].sequence
        last = self._last(case_id)
        if first != last + 1:
            raise ConflictError(
                f"Somebody else acted on case {case_id} meanwhile (it has {last} records now, "
                f"{first - 1} were seen). Look at it again"
            )
        insert_rows(self._connection, case_record, [_RECORD.row(one) for one in records])
        self._connection.execute(delete(case_summary).where(_COLUMNS.case_id == case_id))
        insert_rows(self._connection, case_summary, [_SUMMARY.row(summary)])

    def records(self, case_id: str) -> list[CaseRecord]:
        """The history of one case, first to last; empty where there is none."""
        query = select(case_record).where(case_record.c.case_id == case_id)
        rows = self._connection.execute(query.order_by(case_record.c.sequence))
        return [_RECORD.of(row) for row in rows]

    def summary(self, case_id: str) -> CaseSummary | None:
        """How one case stands; None where there is none."""
        query = select(case_summary).where(_COLUMNS.case_id == case_id)
        row = self._connection.execute(query).first()
        return _SUMMARY.of(row) if row else None

    def of_subjects(self, subject_keys: Collection[str]) -> list[CaseSummary]:
        """All cases about any of these subjects, the last changed first."""
        found: list[Row[Any]] = []
        for chunk in in_chunks(dict.fromkeys(subject_keys), CHUNK):
            query = select(case_summary).where(_COLUMNS.subject_key.in_(chunk))
            found += self._connection.execute(query)
        summaries = [_SUMMARY.of(row) for row in found]
        return sorted(summaries, key=lambda one: (one.changed_at, one.case_id), reverse=True)

    def find(
        self,
        wanted: CaseFilter,
        *,
        order: CaseOrder = CaseOrder.SCORE,
        offset: int = 0,
        limit: int = 50,
    ) -> list[CaseSummary]:
        """A page of the queue."""
        query = _filtered(select(case_summary), wanted).order_by(*_ORDERS[order])
        rows = self._connection.execute(query.offset(offset).limit(limit))
        return [_SUMMARY.of(row) for row in rows]

    def count(self, wanted: CaseFilter) -> int:
        """How many cases a filter lets through."""
        query = _filtered(select(func.count()).select_from(case_summary), wanted)
        return int(self._connection.execute(query).scalar() or 0)

    def counts(self, column: str, wanted: CaseFilter) -> dict[str, int]:
        """How many there are for each `state`, `priority`, `assignee`, `awaits` or `book_id`."""
        by = _COLUMNS[column]
        query = _filtered(select(by, func.count()), wanted).group_by(by)
        return {str(value): int(number) for value, number in self._connection.execute(query)}

    def _last(self, case_id: str) -> int:
        query = select(func.max(case_record.c.sequence)).where(case_record.c.case_id == case_id)
        return int(self._connection.execute(query).scalar() or 0)


_ORDERS: dict[CaseOrder, tuple[Any, ...]] = {
    CaseOrder.SCORE: (_COLUMNS.priority, _COLUMNS.score.desc(), _COLUMNS.case_id),
    CaseOrder.DUE: (_COLUMNS.due_at.is_(None), _COLUMNS.due_at, _COLUMNS.case_id),
    CaseOrder.CHANGED: (_COLUMNS.changed_at.desc(), _COLUMNS.case_id),
}


def _filtered(query: Select[Any], wanted: CaseFilter) -> Select[Any]:
    if wanted.states:
        query = query.where(_COLUMNS.state.in_([one.value for one in wanted.states]))
    if wanted.priorities:
        query = query.where(_COLUMNS.priority.in_([one.value for one in wanted.priorities]))
    if wanted.assignee is not None:
        query = query.where(_COLUMNS.assignee == wanted.assignee)
    for column in ("awaits", "book_id", "subject_key"):
        if value := getattr(wanted, column):
            query = query.where(_COLUMNS[column] == value)
    if wanted.list_id:
        query = query.where(_COLUMNS.lists.contains(f'"{wanted.list_id}"', autoescape=True))
    if wanted.text:
        words = _COLUMNS.title.icontains(wanted.text, autoescape=True)
        query = query.where(or_(words, _COLUMNS.case_id == wanted.text))
    if wanted.due_before is not None:
        query = query.where(_COLUMNS.due_at < instant_text(wanted.due_before))
    return query.where(_COLUMNS.score >= wanted.least_score) if wanted.least_score else query
