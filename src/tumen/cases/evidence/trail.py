"""The excerpt of the audit log: the records on some objects, each with the bytes of its hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tumen.model.audit import AuditRecord
from tumen.store.work import Work

_PAGE = 500


def audit_section(work: Work, objects: Iterable[str]) -> dict[str, Any]:
    """The records on these objects in their order, and where the log ended at that moment."""
    found = {one.sequence: one for name in dict.fromkeys(objects) for one in _records(work, name)}
    sequence, head_hash = work.audit.head()
    return {
        "records": [_shown(found[number]) for number in sorted(found)],
        "head": {"sequence": sequence, "hash": head_hash},
    }


def _records(work: Work, name: str) -> Iterator[AuditRecord]:
    after = 0
    while page := work.audit.records(after, _PAGE, None, name):
        yield from page
        after = page[-1].sequence


def _shown(record: AuditRecord) -> dict[str, Any]:
    return {
        "sequence": record.sequence,
        "previous_hash": record.previous_hash,
        "hash": record.hash,
        "text": record.entry.canonical(record.sequence).decode(),
    }
