"""Differences between list versions, as they were found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from tumen.model.delta import Delta
from tumen.store.bulk import insert_rows, next_number
from tumen.store.codec import Codec
from tumen.store.instants import instant_text
from tumen.store.watch_tables import list_delta

_DELTA = Codec(Delta)
_COLUMNS = list_delta.c


class Deltas:
    """The deltas that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, delta: Delta, at: datetime) -> None:
        """Keep a delta; the one between two versions is always the same, and kept once."""
        if self.get(delta.before_id, delta.after_id) is not None:
            return
        row = {
            "before_id": delta.before_id,
            "after_id": delta.after_id,
            "sequence": next_number(self._connection, _COLUMNS.sequence),
            "list_id": delta.list_id,
            "found_at": instant_text(at),
            "json": _DELTA.json(delta),
        }
        insert_rows(self._connection, list_delta, [row])

    def get(self, before_id: str, after_id: str) -> Delta | None:
        """The delta between two versions; None where it was never kept."""
        query = select(_COLUMNS.json).where(
            _COLUMNS.before_id == before_id, _COLUMNS.after_id == after_id
        )
        text = self._connection.execute(query).scalar()
        return None if text is None else _DELTA.of_json(text)

    def find(
        self, list_id: str | None = None, since: datetime | None = None, limit: int = 50
    ) -> list[tuple[datetime, Delta]]:
        """Deltas with the instant they were found, newest first: of a list, found since."""
        query = select(list_delta).order_by(_COLUMNS.sequence.desc()).limit(limit)
        if list_id is not None:
            query = query.where(_COLUMNS.list_id == list_id)
        if since is not None:
            query = query.where(_COLUMNS.found_at >= instant_text(since))
        return [
            (datetime.fromisoformat(row.found_at), _DELTA.of_json(row.json))
            for row in self._connection.execute(query)
        ]
