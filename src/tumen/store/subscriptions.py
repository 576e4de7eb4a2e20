"""Who wants to hear of what, and how."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from tumen.errors import RequestError
from tumen.model.watching import Subscription
from tumen.store.bulk import insert_new
from tumen.store.codec import Codec
from tumen.store.instants import instant_text
from tumen.store.watch_tables import subscription

_SUBSCRIPTION = Codec(Subscription)
_COLUMNS = subscription.c


class Subscriptions:
    """The subscriptions that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, wanted: Subscription) -> None:
        """Keep a subscription. Raises RequestError where its id is taken."""
        if not insert_new(self._connection, _COLUMNS.subscription_id, [_SUBSCRIPTION.row(wanted)]):
            raise RequestError(f"The subscription {wanted.subscription_id!r} is already stored")

    def end(self, subscription_id: str, at: datetime) -> None:
        """End a subscription. Raises RequestError where there is none, or it ended before."""
        change = update(subscription).where(
            _COLUMNS.subscription_id == subscription_id, _COLUMNS.ended_at.is_(None)
        )
        if self._connection.execute(change.values(ended_at=instant_text(at))).rowcount == 0:
            raise RequestError(f"There is no subscription {subscription_id!r} that could end")

    def all(self, include_ended: bool = False) -> list[Subscription]:
        """The subscriptions in force, or all that ever were, in the order of their making."""
        query = select(subscription).order_by(_COLUMNS.created_at, _COLUMNS.subscription_id)
        if not include_ended:
            query = query.where(_COLUMNS.ended_at.is_(None))
        return [_SUBSCRIPTION.of(row) for row in self._connection.execute(query)]

    def get(self, subscription_id: str) -> Subscription | None:
        """One subscription by its id, ended or not; None where there is none."""
        query = select(subscription).where(_COLUMNS.subscription_id == subscription_id)
        row = self._connection.execute(query).first()
        return _SUBSCRIPTION.of(row) if row else None
