"""Answers to requests that may be repeated: the second time the same answer, not the same deed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from tumen.errors import RequestError
from tumen.store.bulk import insert_rows
from tumen.store.instants import instant_text
from tumen.store.tables import idempotency_key

_COLUMNS = idempotency_key.c


class Idempotency:
    """The kept answers that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, key: str, actor: str) -> tuple[str, int, str] | None:
        """The hash of the request, the status and the body that were kept under a key."""
        query = select(idempotency_key).where(_COLUMNS.key == key, _COLUMNS.actor == actor)
        row = self._connection.execute(query).first()
        return (row.request_hash, row.status, row.body) if row else None

    def put(
        self, key: str, actor: str, request_hash: str, status: int, body: str, at: datetime
    ) -> None:
        """Keep an answer. Raises RequestError where the key was used before."""
        if self.find(key, actor) is not None:
            raise RequestError(f"The idempotency key {key!r} was used before")
        row = {
            "key": key,
            "actor": actor,
            "request_hash": request_hash,
            "status": status,
            "body": body,
            "stored_at": instant_text(at),
        }
        insert_rows(self._connection, idempotency_key, [row])

    def forget_before(self, at: datetime) -> int:
        """Drop the answers kept before an instant; returns how many."""
        gone = delete(idempotency_key).where(_COLUMNS.stored_at < instant_text(at))
        return self._connection.execute(gone).rowcount
