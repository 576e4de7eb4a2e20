"""Whether the records of the audit log still are what was once written, link by link."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Row

from tumen.errors import RequestError
from tumen.model.audit import AuditEntry, AuditRecord, chained
from tumen.store.codec import Codec

ENTRY = Codec(AuditEntry)


class Link(NamedTuple):
    """The record before: its number and its hash."""

    sequence: int
    hash: str


def faults(row: Row[Any], previous: Link) -> list[str]:
    """What is wrong with one row after the one before it."""
    problems = []
    if row.sequence > previous.sequence + 1:
        problems.append(f"{span(previous.sequence + 1, row.sequence - 1)} removed")
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
        record = record_of(row)
        expected = chained(row.sequence, record.entry, row.previous_hash)
        kept = ENTRY.row(record.entry)
    except (ValueError, TypeError, AttributeError, RequestError):
        return False
    is_same = all(getattr(row, name) == value for name, value in kept.items())
    return is_same and expected.hash == row.hash


def record_of(row: Row[Any]) -> AuditRecord:
    """The record that a row keeps."""
    return AuditRecord(row.sequence, ENTRY.of(row), row.previous_hash, row.hash)


def entry_of(row: dict[str, Any]) -> AuditEntry:
    """The entry as it will be read back from a row that is yet to be written."""
    return ENTRY.of(SimpleNamespace(**row))


def span(first: int, last: int) -> str:
    """The numbers of some records, as the subject of a sentence."""
    return f"Record {first} was" if first == last else f"Records {first} to {last} were"
