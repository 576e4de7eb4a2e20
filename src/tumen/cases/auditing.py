"""The audit record of what happened in a case: it binds the record to the chain by its hash."""

from __future__ import annotations

import hashlib

from tumen.model.audit import AuditEntry
from tumen.model.case import CaseRecord
from tumen.store.cases import record_json


def record_hash(record: CaseRecord) -> str:
    """The SHA-256 of a record as it is kept, as canonical JSON."""
    return hashlib.sha256(record_json(record).encode()).hexdigest()


def audit_entry(record: CaseRecord) -> AuditEntry:
    """What the audit log says of one record; `after` is the record's hash."""
    return AuditEntry(
        occurred_at=record.at,
        actor=record.actor.user_id,
        action=f"case {record.act.value}",
        object=record.case_id,
        after=record_hash(record),
        details={"sequence": record.sequence, "person": record.actor.person},
    )
