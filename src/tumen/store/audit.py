"""The audit log: only ever added to, each record bound to all before it by its hash."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select, update

from tumen.errors import RequestError, StoreError
from tumen.model.audit import GENESIS, AuditEntry, AuditRecord, chained
from tumen.store.bulk import CHUNK
from tumen.store.codec import Codec
from tumen.store.tables import audit_head, audit_record

_ENTRY = Codec(AuditEntry)
_COLUMNS = audit_record.c


class Audit:
    """The audit log as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, entry: AuditEntry) -> AuditRecord:
        """Add a record at the end of the chain."""
        sequence, previous_hash = self.head()
        # What is hashed is what is read back later, instants in UTC and all.
        row = _ENTRY.row(entry)
        record = chained(sequence + 1, _entry_of(row), previous_hash)
        place = {"sequence": record.sequence, "previous_hash": previous_hash, "hash": record.hash}
        self._connection.execute(insert(audit_record), [{**row, **place}])
        moved = update(audit_head).values(sequence=record.sequence, hash=record.hash)
        self._connection.execute(moved)
        return record

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
        query = select(audit_record).where(_COLUMNS.sequence > after)
        if actor is not None:
            query = query.where(_COLUMNS.actor == actor)
        if object is not None:
            query = query.where(_COLUMNS.object == object)
        rows = self._connection.execute(query.order_by(_COLUMNS.sequence).limit(limit))
        return [_record_of(row) for row in rows]

    def verify(self) -> list[str]:
        """What is wrong with the log, in words with the numbers of the records; empty: intact.

        Finds records that were changed, removed (also the last ones), inserted or put in
        another order.
        """
        problems, previous = list[str](), _Link(0, GENESIS)
        for row in self._rows():
            problems += _faults(row, previous)
            previous = _Link(row.sequence, row.hash)
        return problems + self._head_faults(previous)

    def _rows(self) -> Iterator[Row[Any]]:
        query, after = select(audit_record).order_by(_COLUMNS.sequence).limit(CHUNK), -(2**31)
        while rows := list(self._connection.execute(query.where(_COLUMNS.sequence > after))):
            yield from rows
            after = rows[-1].sequence

    def _head_faults(self, last: _Link) -> list[str]:
        rows = list(self._connection.execute(select(audit_head)))
        if [row.head for row in rows] != [1]:
            return ["The head of the log, which says where it ends, was removed or doubled"]
        (head,) = rows
        if head.sequence > last.sequence:
            return [f"{_span(last.sequence + 1, head.sequence)} removed from the end"]
        if head.sequence < last.sequence:
            return [f"{_span(head.sequence + 1, last.sequence)} added past the end of the log"]
        if head.hash != last.hash:
            return [f"The head of the log does not have the hash of record {last.sequence}"]
        return []


class _Link(NamedTuple):
    """The record before: its number and its hash."""

    sequence: int
    hash: str


def _faults(row: Row[Any], previous: _Link) -> list[str]:
    """What is wrong with one row after the one before it."""
    problems = []
    if row.sequence > previous.sequence + 1:
        problems.append(f"{_span(previous.sequence + 1, row.sequence - 1)} removed")
    elif row.sequence != previous.sequence + 1:
        problems.append(f"Record {row.sequence} has a number that the log does not begin with")
    elif row.previous_hash != previous.hash:
        problems.append(
            f"Record {row.sequence} does not follow record {previous.sequence}: one of the two "
            "was changed, inserted or moved"
        )
    if not _is_as_written(row):
        problems.append(f"Record {row.sequence} was changed")
    return problems


def _is_as_written(row: Row[Any]) -> bool:
    """Whether a row says, letter by letter, what was hashed when it was written."""
    try:
        record = _record_of(row)
        expected = chained(row.sequence, record.entry, row.previous_hash)
        kept = _ENTRY.row(record.entry)
    except (ValueError, TypeError, AttributeError, RequestError):
        return False
    is_same = all(getattr(row, name) == value for name, value in kept.items())
    return is_same and expected.hash == row.hash


def _record_of(row: Row[Any]) -> AuditRecord:
    return AuditRecord(row.sequence, _ENTRY.of(row), row.previous_hash, row.hash)


def _entry_of(row: dict[str, Any]) -> AuditEntry:
    return _ENTRY.of(SimpleNamespace(**row))


def _span(first: int, last: int) -> str:
    return f"Record {first} was" if first == last else f"Records {first} to {last} were"
