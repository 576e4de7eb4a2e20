"""List versions that were refused, until a person has looked at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from tumen.errors import RequestError
from tumen.store.bulk import insert_rows, next_number
from tumen.store.codec import Codec
from tumen.store.instants import instant_text, plain_text
from tumen.store.watch_tables import quarantine


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A list version that was refused: where its files lie, and why. Open until resolved."""

    quarantine_id: str
    list_id: str
    quarantined_at: datetime
    content_hash: str
    place: str
    reason: str
    checks: tuple[Mapping[str, Any], ...] = ()
    resolved_at: datetime | None = None
    note: str = ""


_QUARANTINED = Codec(Quarantined)
_COLUMNS = quarantine.c


class Quarantine:
    """The refused versions that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        list_id: str,
        at: datetime,
        content_hash: str,
        place: str,
        reason: str,
        checks: Iterable[Mapping[str, Any]] = (),
    ) -> str:
        """Keep a refusal; returns its id. The same content that waits already is not kept twice."""
        waiting = select(_COLUMNS.quarantine_id).where(
            _COLUMNS.list_id == list_id,
            _COLUMNS.content_hash == content_hash,
            _COLUMNS.resolved_at.is_(None),
        )
        if found := self._connection.execute(waiting).scalar():
            return str(found)
        sequence = next_number(self._connection, _COLUMNS.sequence)
        refused = Quarantined(
            f"Q{sequence}", list_id, at, content_hash, place, reason, tuple(checks)
        )
        row = {**_QUARANTINED.row(refused), "sequence": sequence}
        insert_rows(self._connection, quarantine, [row])
        return refused.quarantine_id

    def all(self, open_only: bool = True) -> list[Quarantined]:
        """The refusals that wait for a person, or all that ever were, first to last."""
        query = select(quarantine).order_by(_COLUMNS.sequence)
        if open_only:
            query = query.where(_COLUMNS.resolved_at.is_(None))
        return [_QUARANTINED.of(row) for row in self._connection.execute(query)]

    def resolve(self, quarantine_id: str, at: datetime, note: str) -> None:
        """A person has looked. Raises RequestError where there is none open with that id."""
        change = update(quarantine).where(
            _COLUMNS.quarantine_id == quarantine_id, _COLUMNS.resolved_at.is_(None)
        )
        values = {"resolved_at": instant_text(at), "note": plain_text(note)}
        if self._connection.execute(change.values(**values)).rowcount == 0:
            raise RequestError(f"There is no open quarantine {quarantine_id!r}")
