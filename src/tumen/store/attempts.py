"""Attempts to send deliveries: who sends which one just now, and how each attempt ended.

An attempt is begun in a transaction of its own before anything is sent, so that two senders
never send one delivery at once. One that was never ended tells that its sender died.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Exists, and_, exists, func, select, update

from tumen.model.watching import DeliveryAttempt, DeliveryStatus
from tumen.store.bulk import insert_rows
from tumen.store.codec import Codec
from tumen.store.instants import instant_text, plain_text
from tumen.store.watch_tables import delivery, delivery_attempt

_ATTEMPT = Codec(DeliveryAttempt)
_COLUMNS = delivery_attempt.c


class Attempts:
    """The attempts that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, delivery_id: str, holder: str, at: datetime, lease_seconds: float) -> int:
        """Begin an attempt and have the delivery for oneself for so many seconds.

        The number of the attempt, from 1; 0 where the delivery is not pending or another
        sender has it.
        """
        is_free = select(delivery.c.delivery_id).where(
            delivery.c.delivery_id == delivery_id,
            delivery.c.status == DeliveryStatus.PENDING.value,
            ~is_under_way(at),
        )
        if self._connection.execute(is_free).first() is None:
            return 0
        highest = select(func.max(_COLUMNS.attempt)).where(_COLUMNS.delivery_id == delivery_id)
        number = (self._connection.execute(highest).scalar() or 0) + 1
        until = at + timedelta(seconds=lease_seconds)
        begun = DeliveryAttempt(delivery_id, number, holder, at, until)
        insert_rows(self._connection, delivery_attempt, [_ATTEMPT.row(begun)])
        return number

    def end(self, delivery_id: str, attempt: int, at: datetime, error: str = "") -> None:
        """An attempt ended: well, or with an error."""
        change = update(delivery_attempt).where(
            _COLUMNS.delivery_id == delivery_id, _COLUMNS.attempt == attempt
        )
        self._connection.execute(change.values(ended_at=instant_text(at), error=plain_text(error)))

    def under_way(self, at: datetime) -> list[DeliveryAttempt]:
        """The attempts that a sender is at just now, or was at when it died."""
        query = select(delivery_attempt).where(_is_open(at)).order_by(_COLUMNS.began_at)
        return [_ATTEMPT.of(row) for row in self._connection.execute(query)]

    def of(self, delivery_id: str) -> list[DeliveryAttempt]:
        """All attempts to send one delivery, the first first."""
        query = select(delivery_attempt).where(_COLUMNS.delivery_id == delivery_id)
        rows = self._connection.execute(query.order_by(_COLUMNS.attempt))
        return [_ATTEMPT.of(row) for row in rows]


def is_under_way(at: datetime) -> Exists:
    """SQL: whether a sender has the delivery of the outer query just now."""
    return exists().where(_COLUMNS.delivery_id == delivery.c.delivery_id, _is_open(at))


def was_tried() -> Exists:
    """SQL: whether anybody ever tried to send the delivery of the outer query."""
    return exists().where(_COLUMNS.delivery_id == delivery.c.delivery_id)


def _is_open(at: datetime) -> ColumnElement[bool]:
    return and_(_COLUMNS.ended_at.is_(None), _COLUMNS.lease_until > instant_text(at))
