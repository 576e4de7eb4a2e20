"""One record of the audit log, and the chain that binds it to all before it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

# What the first record of a log follows.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which object, and when. `before` and `after` are hashes of the object."""

    occurred_at: datetime
    actor: str
    action: str
    object: str
    auth_method: str = ""
    address: str = ""
    reason: str = ""
    before: str = ""
    after: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def canonical(self, sequence: int) -> bytes:
        """The bytes that are hashed: JSON with sorted keys and no spaces (as RFC 8785)."""
        return orjson.dumps(
            {
                "sequence": sequence,
                "occurred_at": self.occurred_at.isoformat(),
                "actor": self.actor,
                "action": self.action,
                "object": self.object,
                "auth_method": self.auth_method,
                "address": self.address,
                "reason": self.reason,
                "before": self.before,
                "after": self.after,
                "details": dict(self.details),
            },
            option=orjson.OPT_SORT_KEYS,
        )


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An entry in its place: `hash` is the SHA-256 over the hash before it and its own bytes."""

    sequence: int
    entry: AuditEntry
    previous_hash: str
    hash: str


def chained(sequence: int, entry: AuditEntry, previous_hash: str) -> AuditRecord:
    """The record that `entry` makes after one with `previous_hash`."""
    digest = hashlib.sha256(previous_hash.encode() + entry.canonical(sequence)).hexdigest()
    return AuditRecord(sequence, entry, previous_hash, digest)
