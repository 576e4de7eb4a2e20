"""Locks between processes. One that its holder no longer renews runs out by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from tumen.store.bulk import insert_rows
from tumen.store.instants import instant_text
from tumen.store.watch_tables import held_lock

_COLUMNS = held_lock.c


class Locks:
    """The locks that one write transaction sees; take and give back in one of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def acquire(self, name: str, holder: str, at: datetime, ttl_seconds: float) -> str | None:
        """Take a lock for so many seconds; who takes what it holds already renews it.

        None where it was taken, else who holds it and since when.
        """
        row = self._connection.execute(select(held_lock).where(_COLUMNS.name == name)).first()
        if row and row.holder == holder and self.renew(name, holder, at, ttl_seconds):
            return None
        if row and row.expires_at > instant_text(at):
            return f"{row.holder} since {row.acquired_at}"
        self._connection.execute(delete(held_lock).where(_COLUMNS.name == name))
        taken = {
            "name": name,
            "holder": holder,
            "acquired_at": instant_text(at),
            "expires_at": _expiry(at, ttl_seconds),
        }
        insert_rows(self._connection, held_lock, [taken])
        return None

    def held(self, at: datetime) -> dict[str, str]:
        """The locks that are held, by name: who holds each, and since when."""
        query = select(held_lock).where(_COLUMNS.expires_at > instant_text(at))
        rows = self._connection.execute(query.order_by(_COLUMNS.name))
        return {row.name: f"{row.holder} since {row.acquired_at}" for row in rows}

    def renew(self, name: str, holder: str, at: datetime, ttl_seconds: float) -> bool:
        """Hold on to a lock for so many seconds more; False where it was lost."""
        change = update(held_lock).where(
            _COLUMNS.name == name,
            _COLUMNS.holder == holder,
            _COLUMNS.expires_at > instant_text(at),
        )
        renewed = change.values(expires_at=_expiry(at, ttl_seconds))
        return self._connection.execute(renewed).rowcount > 0

    def release(self, name: str, holder: str) -> None:
        """Give a lock back; one that is somebody else's by now stays theirs."""
        given = delete(held_lock).where(_COLUMNS.name == name, _COLUMNS.holder == holder)
        self._connection.execute(given)


def _expiry(at: datetime, ttl_seconds: float) -> str:
    return instant_text(at + timedelta(seconds=ttl_seconds))
