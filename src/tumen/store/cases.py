"""Cases: their records, only ever added to, and a summary of each to find it by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, delete, func, select

from tumen.errors import ConflictError
from tumen.model.case import CaseRecord, CaseSummary
from tumen.model.casework import CaseAct, CaseState, Priority
from tumen.store.bulk import CHUNK, in_chunks, insert_rows
from tumen.store.case_tables import case_record, case_summary
from tumen.store.codec import Codec
from tumen.store.instants import instant_text, json_text, plain_text

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
    """Which cases are asked for. An empty filter lets all through.

    `text` is part of a title, a party's id or a case's; `title` is a whole title, and with
    `entity_id` tells look-alikes.
    """

    states: tuple[CaseState, ...] = ()
    priorities: tuple[Priority, ...] = ()
    assignee: str | None = None
    awaits: str = ""
    book_id: str = ""
    list_id: str = ""
    subject_key: str = ""
    title: str = ""
    entity_id: str = ""
    tag: str = ""
    text: str = ""
    due_before: datetime | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    least_score: float = 0.0


@dataclass(frozen=True, slots=True)
class CaseTally:
    """How many cases are in one state, of one priority, and wait for one side."""

    state: CaseState
    priority: Priority
    awaits: str
    count: int


class Cases:
    """The cases that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, records: Sequence[CaseRecord], summary: CaseSummary) -> None:
        """Add records to a case, with how it stands after them; raises as `append_all`."""
        self.append_all([(records, summary)])

    def append_all(self, changes: Sequence[tuple[Sequence[CaseRecord], CaseSummary]]) -> None:
        """Add records to many cases, each with how it stands after them.

        Raises ConflictError where somebody else has acted on one of the cases meanwhile.
        """
        case_ids = [summary.case_id for _, summary in changes]
        last = self._last(case_ids)
        for records, summary in changes:
            _check_next(summary.case_id, records[0].sequence, last.get(summary.case_id, 0))
        rows = [_RECORD.row(one) for records, _ in changes for one in records]
        insert_rows(self._connection, case_record, rows)
        for chunk in in_chunks([one for one in case_ids if one in last]):
            self._connection.execute(delete(case_summary).where(_COLUMNS.case_id.in_(chunk)))
        insert_rows(self._connection, case_summary, [_summary_row(one) for _, one in changes])

    def records(self, case_id: str) -> list[CaseRecord]:
        """The history of one case, first to last; empty where there is none."""
        query = select(case_record).where(case_record.c.case_id == case_id)
        rows = self._connection.execute(query.order_by(case_record.c.sequence))
        return [_RECORD.of(row) for row in rows]

    def histories(self, case_ids: Iterable[str]) -> dict[str, list[CaseRecord]]:
        """Case id → its history, of many cases at once."""
        found: dict[str, list[CaseRecord]] = {}
        for chunk in in_chunks(dict.fromkeys(case_ids)):
            query = select(case_record).where(case_record.c.case_id.in_(chunk))
            ordered = query.order_by(case_record.c.case_id, case_record.c.sequence)
            for row in self._connection.execute(ordered):
                found.setdefault(row.case_id, []).append(_RECORD.of(row))
        return found

    def of_act(self, case_ids: Iterable[str], act: CaseAct) -> list[CaseRecord]:
        """The records of one kind in the histories of many cases."""
        found: list[CaseRecord] = []
        for chunk in in_chunks(dict.fromkeys(case_ids)):
            columns = case_record.c
            query = select(case_record).where(columns.case_id.in_(chunk), columns.act == act.value)
            found += [_RECORD.of(row) for row in self._connection.execute(query)]
        return found

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

    def ages(self, wanted: CaseFilter, since: Sequence[datetime]) -> dict[str, tuple[int, ...]]:
        """By priority, how many cases were opened at each of these instants or later, and in all.

        One look at the rows: they are wide, and a queue of ten thousand has 50 ms of them.
        """
        later = (
            func.sum(case((_COLUMNS.opened_at >= instant_text(one), 1), else_=0)) for one in since
        )
        query = _filtered(select(_COLUMNS.priority, *later, func.count()), wanted)
        rows = self._connection.execute(query.group_by(_COLUMNS.priority))
        return {str(first): tuple(int(one) for one in others) for first, *others in rows}

    def alike(
        self, entities: Iterable[tuple[str, ...]], states: Collection[CaseState]
    ) -> dict[tuple[str, ...], int]:
        """How many cases in these states have hits on exactly the same entities."""
        column, found = _COLUMNS.kin, dict[tuple[str, ...], int]()
        wanted = {_kin(one): one for one in entities}
        for chunk in in_chunks(wanted):
            query = select(column, func.count()).where(column.in_(chunk)).group_by(column)
            named = query.where(_COLUMNS.state.in_([one.value for one in states]))
            rows = self._connection.execute(named)
            found.update((wanted[kin], int(number)) for kin, number in rows)
        return found

    def tally(self, wanted: CaseFilter) -> list[CaseTally]:
        """How many cases a filter lets through by state, priority and whose turn it is."""
        by = (_COLUMNS.state, _COLUMNS.priority, _COLUMNS.awaits)
        query = _filtered(select(*by, func.count()), wanted).group_by(*by)
        return [
            CaseTally(CaseState(state), Priority(priority), awaits, int(number))
            for state, priority, awaits, number in self._connection.execute(query)
        ]

    def _last(self, case_ids: Iterable[str]) -> dict[str, int]:
        """Case id → the number of its last record; cases without any are left out."""
        columns, found = case_record.c, dict[str, int]()
        for chunk in in_chunks(case_ids):
            query = select(columns.case_id, func.max(columns.sequence))
            named = query.where(columns.case_id.in_(chunk)).group_by(columns.case_id)
            found.update((case_id, last) for case_id, last in self._connection.execute(named))
        return found


def _check_next(case_id: str, first: int, last: int) -> None:
    if first != last + 1:
        raise ConflictError(
            f"Somebody else acted on case {case_id} meanwhile (it has {last} records now, "
            f"{first - 1} were seen). Look at it again"
        )


def _summary_row(summary: CaseSummary) -> dict[str, Any]:
    words = f"{summary.title} {summary.subject_key} {summary.case_id}".casefold()
    kin = _kin(summary.entities)
    return {**_SUMMARY.row(summary), "words": plain_text(words), "kin": kin}


def _kin(entities: tuple[str, ...]) -> str:
    return sha256(json_text(list(entities)).encode()).hexdigest()[:32]


_ORDERS: dict[CaseOrder, tuple[Any, ...]] = {
    CaseOrder.SCORE: (_COLUMNS.priority, _COLUMNS.score.desc(), _COLUMNS.case_id),
    CaseOrder.DUE: (_COLUMNS.due_at.is_(None), _COLUMNS.due_at, _COLUMNS.case_id),
    CaseOrder.CHANGED: (_COLUMNS.changed_at.desc(), _COLUMNS.case_id),
}


def _is_of(states: tuple[CaseState, ...]) -> ColumnElement[bool]:
    """Most states are named by the few others: then SQLite keeps to the index of the order, and
    reads a page of cases instead of sorting all of them.
    """
    others = [one.value for one in CaseState if one not in states]
    if len(others) < len(states):
        return _COLUMNS.state.not_in(others)
    return _COLUMNS.state.in_([one.value for one in states])


def _filtered(query: Select[Any], wanted: CaseFilter) -> Select[Any]:
    if wanted.states:
        query = query.where(_is_of(wanted.states))
    if wanted.priorities:
        query = query.where(_COLUMNS.priority.in_([one.value for one in wanted.priorities]))
    if wanted.assignee is not None:
        query = query.where(_COLUMNS.assignee == wanted.assignee)
    for column in ("awaits", "book_id", "subject_key", "title"):
        if value := getattr(wanted, column):
            query = query.where(_COLUMNS[column] == value)
    held = {"lists": wanted.list_id, "entities": wanted.entity_id, "tags": wanted.tag}
    for column, value in held.items():
        if value:
            query = query.where(_COLUMNS[column].contains(json_text(value), autoescape=True))
    if wanted.text:
        query = query.where(_COLUMNS.words.contains(wanted.text.casefold(), autoescape=True))
    if wanted.due_before is not None:
        query = query.where(_COLUMNS.due_at < instant_text(wanted.due_before))
    if wanted.opened_from is not None:
        query = query.where(_COLUMNS.opened_at >= instant_text(wanted.opened_from))
    if wanted.opened_before is not None:
        query = query.where(_COLUMNS.opened_at < instant_text(wanted.opened_before))
    return query.where(_COLUMNS.score >= wanted.least_score) if wanted.least_score else query
