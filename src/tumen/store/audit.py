"""The audit log: only ever added to, each record bound to all before it by its hash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.sql import Select

from tumen.errors import StoreError
from tumen.model.audit import GENESIS, AuditEntry, AuditRecord, chained
from tumen.store.bulk import CHUNK, insert_rows
from tumen.store.chain import ENTRY, Link, entry_of, faults, record_of, span
from tumen.store.instants import instant_text
from tumen.store.tables import audit_head, audit_record

_COLUMNS = audit_record.c


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which records are asked for: texts are parts of the fields; empty lets all through."""

    actor: str = ""
    action: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Audit:
    """The audit log as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, entry: AuditEntry) -> AuditRecord:
        """Add a record at the end of the chain."""
        (record,) = self.append_all([entry])
        return record

    def append_all(self, entries: Iterable[AuditEntry]) -> list[AuditRecord]:
        """Add records at the end of the chain in their order, quicker than one by one."""
        (sequence, previous), rows, records = self.head(), [], list[AuditRecord]()
        for entry in entries:
            # What is hashed is what is read back later, instants in UTC and all.
            row = ENTRY.row(entry)
            record = chained(sequence + 1, entry_of(row), previous)
            place = {"sequence": record.sequence, "previous_hash": previous, "hash": record.hash}
            rows.append({**row, **place})
            records.append(record)
            sequence, previous = record.sequence, record.hash
        if records:
            insert_rows(self._connection, audit_record, rows)
            moved = update(audit_head).values(sequence=sequence, hash=previous)
            self._connection.execute(moved)
        return records

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last record; 0 and the genesis hash of an empty log.

        Raises StoreError where the place that says so was removed.
        """
        row = self._connection.execute(select(audit_head.c.sequence, audit_head.c.hash)).first()
        if row is None:
            raise StoreError(
                "The audit log has lost its head: somebody removed it. Run `tumen audit verify`, "
                "and restore the last backup"
            )
        return row.sequence, row.hash

    def records(
        self,
        after: int = 0,
        limit: int = 100,
        actor: str | None = None,
        object: str | None = None,
    ) -> list[AuditRecord]:
        """Records with higher numbers than `after`, in order: of one actor, on one object."""
        query = _of(actor, object).where(_COLUMNS.sequence > after)
        rows = self._connection.execute(query.order_by(_COLUMNS.sequence).limit(limit))
        return [record_of(row) for row in rows]

    def latest(
        self, limit: int = 100, actor: str | None = None, object: str | None = None
    ) -> list[AuditRecord]:
        """The last records, in order: of one actor, on one object."""
        query = _of(actor, object).order_by(_COLUMNS.sequence.desc()).limit(limit)
        return [record_of(row) for row in self._connection.execute(query)][::-1]

    def search(
        self, wanted: AuditFilter, *, before: int | None = None, after: int = 0, limit: int = 100
    ) -> list[AuditRecord]:
        """Records that a filter lets through: the last ones before a number, the newest first,
        or without one the first ones after a number, in order.
        """
        query = _filtered(select(audit_record), wanted).limit(limit)
        if before is not None:
            query = query.where(_COLUMNS.sequence < before).order_by(_COLUMNS.sequence.desc())
        else:
            query = query.where(_COLUMNS.sequence > after).order_by(_COLUMNS.sequence)
        return [record_of(row) for row in self._connection.execute(query)]

    def verify(
        self,
        noted: tuple[int, str] | None = None,
        *,
        progress: Callable[[int], None] = lambda _count: None,
    ) -> list[str]:
        """What is wrong with the log, in words with the numbers of the records; empty: intact.

        Finds records that were changed, removed (also the last ones), inserted or put in
        another order. A head `noted` elsewhere at an earlier time also finds a log that was
        written anew as a whole. `progress` hears how many records were read.
        """
        problems, previous = list[str](), Link(0, GENESIS)
        for count, row in enumerate(self._rows(), 1):
            problems += faults(row, previous)
            previous = Link(row.sequence, row.hash)
            if count % CHUNK == 0:
                progress(count)
        problems += self._head_faults(previous)
        return problems + self._noted_faults(noted) if noted else problems

    def _rows(self) -> Iterator[Row[Any]]:
        query, after = select(audit_record).order_by(_COLUMNS.sequence).limit(CHUNK), -(2**31)
        while rows := list(self._connection.execute(query.where(_COLUMNS.sequence > after))):
            yield from rows
            after = rows[-1].sequence

    def _noted_faults(self, noted: tuple[int, str]) -> list[str]:
        sequence, expected = noted
        query = select(_COLUMNS.hash).where(_COLUMNS.sequence == sequence)
        found = self._connection.execute(query).scalar() if sequence else GENESIS
        if found == expected:
            return []
        return [f"Record {sequence} does not have the hash that was noted for it"]

    def _head_faults(self, last: Link) -> list[str]:
        rows = list(self._connection.execute(select(audit_head)))
        if [row.head for row in rows] != [1]:
            return ["The head of the log, which says where it ends, was removed or doubled"]
        (head,) = rows
        if head.sequence > last.sequence:
            return [f"{span(last.sequence + 1, head.sequence)} removed from the end"]
        if head.sequence < last.sequence:
            return [f"{span(head.sequence + 1, last.sequence)} added past the end of the log"]
        if head.hash != last.hash:
            return [f"The head of the log does not have the hash of record {last.sequence}"]
        return []


def _of(actor: str | None, object: str | None) -> Select[Any]:
    query = select(audit_record)
    if actor is not None:
        query = query.where(_COLUMNS.actor == actor)
    return query if object is None else query.where(_COLUMNS.object == object)


def _filtered(query: Select[Any], wanted: AuditFilter) -> Select[Any]:
    for name in ("actor", "action", "object"):
        if text := getattr(wanted, name):
            query = query.where(_COLUMNS[name].icontains(text, autoescape=True))
    if wanted.since is not None:
        query = query.where(_COLUMNS.occurred_at >= instant_text(wanted.since))
    if wanted.until is not None:
        query = query.where(_COLUMNS.occurred_at < instant_text(wanted.until))
    return query
