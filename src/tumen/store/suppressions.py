"""Decided false positives: each mutes one pair as it was seen, until it lapses."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, or_, select, update

from tumen.errors import RequestError
from tumen.model.watching import Suppression
from tumen.store.bulk import insert_new
from tumen.store.codec import Codec
from tumen.store.instants import instant_text, plain_text
from tumen.store.tables import suppression

_SUPPRESSION = Codec(Suppression)
_COLUMNS = suppression.c


class Suppressions:
    """The suppressions that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, decided: Suppression) -> None:
        """Keep a suppression. Raises RequestError where its id is taken."""
        if not insert_new(self._connection, _COLUMNS.suppression_id, [_SUPPRESSION.row(decided)]):
            raise RequestError(f"The suppression {decided.suppression_id!r} is already stored")

    def active(self, book_id: str, at: datetime) -> list[Suppression]:
        """Those of a book that were in force at an instant; their last day still counts."""
        now, today = instant_text(at), at.astimezone(UTC).date().isoformat()
        query = select(suppression).where(
            _COLUMNS.book_id == book_id,
            _COLUMNS.decided_at <= now,
            or_(_COLUMNS.lapsed_at.is_(None), _COLUMNS.lapsed_at > now),
            or_(_COLUMNS.expires_on.is_(None), _COLUMNS.expires_on >= today),
        )
        rows = self._connection.execute(query.order_by(_COLUMNS.suppression_id))
        return [_SUPPRESSION.of(row) for row in rows]

    def all(self, book_id: str) -> list[Suppression]:
        """Those of a book that ever were, in the order of their decision."""
        query = select(suppression).where(_COLUMNS.book_id == book_id)
        ordered = query.order_by(_COLUMNS.decided_at, _COLUMNS.suppression_id)
        return [_SUPPRESSION.of(row) for row in self._connection.execute(ordered)]

    def get(self, suppression_id: str) -> Suppression | None:
        """One suppression by its id; None where there is none."""
        query = select(suppression).where(_COLUMNS.suppression_id == suppression_id)
        row = self._connection.execute(query).first()
        return _SUPPRESSION.of(row) if row else None

    def lapse(self, suppression_id: str, at: datetime, reason: str) -> None:
        """End a suppression. Raises RequestError where there is none, or it lapsed before."""
        change = update(suppression).where(
            _COLUMNS.suppression_id == suppression_id, _COLUMNS.lapsed_at.is_(None)
        )
        values = {"lapsed_at": instant_text(at), "lapse_reason": plain_text(reason)}
        if self._connection.execute(change.values(**values)).rowcount == 0:
            raise RequestError(f"There is no suppression {suppression_id!r} that could lapse")
