"""The audit log as a page shows it: what was asked for, newest first, and all of it as lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import orjson

from tumen.errors import RequestError
from tumen.model.audit import AuditRecord
from tumen.service.routes.v1.audit import record_shape
from tumen.store import Store
from tumen.store.audit import AuditFilter

_CHUNK = 1_000
_PAST_ALL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Records, the newest first, and whether there are older ones that the filter lets through."""

    records: tuple[AuditRecord, ...]
    has_older: bool
    total: int
    head_hash: str


def audit_page(store: Store, wanted: AuditFilter, before: int | None, limit: int) -> AuditPage:
    """The last records before a number (None: of all) that a filter lets through."""
    place = _PAST_ALL if before is None else before
    with store.reading() as work:
        found = work.audit.search(wanted, before=place, limit=limit + 1)
        total, head_hash = work.audit.head()
    return AuditPage(tuple(found[:limit]), len(found) > limit, total, head_hash)


def audit_lines(store: Store, wanted: AuditFilter) -> Iterator[bytes]:
    """Every record that a filter lets through as a line of JSON, in the order of the log."""
    after = 0
    while True:
        # A transaction each: a slow reader holds none open.
        with store.reading() as work:
            found = work.audit.search(wanted, after=after, limit=_CHUNK)
        if not found:
            return
        yield b"".join(orjson.dumps(record_shape(one)) + b"\n" for one in found)
        after = found[-1].sequence


def filter_of(typed: Mapping[str, str]) -> AuditFilter:
    """The filter that a form asks for; days count whole, in UTC. Raises RequestError."""
    until = _day(typed.get("until", ""))
    return AuditFilter(
        typed.get("actor", "").strip(),
        typed.get("action", "").strip(),
        typed.get("object", "").strip(),
        _day(typed.get("since", "")),
        until + timedelta(days=1) if until else None,
    )


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC) if text else None
    except ValueError:
        raise RequestError(f"{text!r} is no day: write it as 2026-02-20") from None
