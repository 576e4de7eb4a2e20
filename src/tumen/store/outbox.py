"""Events and their deliveries. What is due is read from here, so a crash loses no notice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from tumen.errors import RequestError
from tumen.model.watching import Delivery, DeliveryStatus, Event, EventKind
from tumen.store.attempts import is_under_way, was_tried
from tumen.store.bulk import in_chunks, insert_new, known, next_number
from tumen.store.codec import Codec
from tumen.store.instants import instant_text, plain_text
from tumen.store.watch_tables import delivery, event

_EVENT, _DELIVERY = Codec(Event), Codec(Delivery)


class Outbox:
    """The events and deliveries that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_events(self, events: Iterable[Event], deliveries: Iterable[Delivery]) -> int:
        """Keep events and deliveries; those already there are left as they are.

        Returns how many events were new.
        """
        first = next_number(self._connection, event.c.sequence)
        rows = [{**_EVENT.row(one), "sequence": n} for n, one in enumerate(events, first)]
        new = insert_new(self._connection, event.c.event_id, rows)
        first = next_number(self._connection, delivery.c.sequence)
        rows = [{**_DELIVERY.row(one), "sequence": n} for n, one in enumerate(deliveries, first)]
        insert_new(self._connection, delivery.c.delivery_id, rows)
        return len(new)

    def events(
        self,
        *,
        since: datetime | None = None,
        kinds: Collection[EventKind] | None = None,
        list_id: str | None = None,
        book_id: str | None = None,
        before: str | None = None,
        limit: int = 100,
    ) -> list[Event]:
        """Events, the last kept first; `before` is the event id that a page before ended with."""
        query = select(event).order_by(event.c.sequence.desc()).limit(limit)
        if since is not None:
            query = query.where(event.c.occurred_at >= instant_text(since))
        if kinds is not None:
            query = query.where(event.c.kind.in_([kind.value for kind in kinds]))
        if list_id is not None:
            query = query.where(event.c.list_id == list_id)
        if book_id is not None:
            query = query.where(event.c.book_id == book_id)
        if before is not None:
            place = select(event.c.sequence).where(event.c.event_id == before)
            query = query.where(event.c.sequence < place.scalar_subquery())
        return [_EVENT.of(row) for row in self._connection.execute(query)]

    def event(self, event_id: str) -> Event | None:
        """One event by its id; None where it is not stored."""
        row = self._connection.execute(select(event).where(event.c.event_id == event_id)).first()
        return _EVENT.of(row) if row else None

    def events_by_id(self, event_ids: Iterable[str]) -> list[Event]:
        """The events with these ids, in their order; those that are not stored are left out."""
        wanted = list(event_ids)
        found = dict[str, Event]()
        for chunk in in_chunks(wanted):
            rows = self._connection.execute(select(event).where(event.c.event_id.in_(chunk)))
            found.update((row.event_id, _EVENT.of(row)) for row in rows)
        return [found[one] for one in wanted if one in found]

    def known_events(self, event_ids: Collection[str]) -> set[str]:
        """Those of the ids whose event is stored."""
        return known(self._connection, event.c.event_id, event_ids)

    def due(
        self,
        now: datetime,
        limit: int = 100,
        *,
        subscription_ids: Collection[str] | None = None,
    ) -> list[Delivery]:
        """The pending deliveries whose time has come, the longest due first.

        One that a sender has just now is left out. `subscription_ids`: of these alone.
        """
        query = select(delivery).where(
            delivery.c.status == DeliveryStatus.PENDING.value,
            delivery.c.due_at <= instant_text(now),
            ~is_under_way(now),
        )
        if subscription_ids is not None:
            query = query.where(delivery.c.subscription_id.in_(sorted(subscription_ids)))
        ordered = query.order_by(delivery.c.due_at, delivery.c.sequence).limit(limit)
        return [_DELIVERY.of(row) for row in self._connection.execute(ordered)]

    def delivery(self, delivery_id: str) -> Delivery | None:
        """One delivery by its id; None where it is not stored."""
        query = select(delivery).where(delivery.c.delivery_id == delivery_id)
        row = self._connection.execute(query).first()
        return _DELIVERY.of(row) if row else None

    def record_attempt(
        self,
        delivery_id: str,
        at: datetime,
        *,
        error: str = "",
        next_due: datetime | None,
        is_given_up: bool = False,
    ) -> None:
        """An attempt at `at` failed: due again at `next_due`, or given up.

        Raises RequestError where there is no such delivery pending.
        """
        status = DeliveryStatus.GIVEN_UP if is_given_up else DeliveryStatus.PENDING
        due_at = instant_text(next_due or at)
        text = plain_text(error)
        self._change(delivery_id, {"status": status.value, "due_at": due_at, "last_error": text})

    def record_delivered(self, delivery_id: str, at: datetime) -> None:
        """The delivery arrived. Raises RequestError where there is no such delivery pending."""
        values = {"status": DeliveryStatus.DELIVERED.value, "delivered_at": instant_text(at)}
        self._change(delivery_id, {**values, "last_error": ""})

    def deliveries(
        self,
        subscription_id: str | None = None,
        status: DeliveryStatus | None = None,
        limit: int = 100,
    ) -> list[Delivery]:
        """Deliveries, the last kept first: of a subscription, with a status."""
        query = select(delivery).order_by(delivery.c.sequence.desc()).limit(limit)
        if subscription_id is not None:
            query = query.where(delivery.c.subscription_id == subscription_id)
        if status is not None:
            query = query.where(delivery.c.status == status.value)
        return [_DELIVERY.of(row) for row in self._connection.execute(query)]

    def gather(self, wanted: Delivery) -> bool:
        """Add the events of `wanted` to the delivery of its subscription that is due with it.

        False where there is none, or somebody has tried to send it: what was perhaps sent
        under an id stays as it was.
        """
        query = select(delivery).where(
            delivery.c.subscription_id == wanted.subscription_id,
            delivery.c.status == DeliveryStatus.PENDING.value,
            delivery.c.due_at == instant_text(wanted.due_at),
            ~was_tried(),
        )
        row = self._connection.execute(query.order_by(delivery.c.sequence).limit(1)).first()
        if row is None:
            return False
        there = _DELIVERY.of(row)
        event_ids = tuple(dict.fromkeys((*there.event_ids, *wanted.event_ids)))
        change = update(delivery).where(delivery.c.delivery_id == there.delivery_id)
        values = _DELIVERY.row(replace(there, event_ids=event_ids))
        self._connection.execute(change.values(event_ids=values["event_ids"]))
        return True

    def reopen(self, delivery_id: str, at: datetime) -> None:
        """Try a delivery that was given up anew, from `at`, with all attempts before it.

        Raises RequestError where there is no such delivery given up.
        """
        change = update(delivery).where(
            delivery.c.delivery_id == delivery_id,
            delivery.c.status == DeliveryStatus.GIVEN_UP.value,
        )
        status = DeliveryStatus.PENDING.value
        values = {"status": status, "due_at": instant_text(at), "attempts": 0}
        if self._connection.execute(change.values(**values)).rowcount == 0:
            raise RequestError(f"There is no delivery {delivery_id!r} that was given up")

    def counts(self) -> dict[tuple[str, DeliveryStatus], int]:
        """How many deliveries each subscription has in each status."""
        columns = (delivery.c.subscription_id, delivery.c.status)
        query = select(*columns, func.count()).group_by(*columns)
        rows = self._connection.execute(query)
        return {(name, DeliveryStatus(status)): count for name, status, count in rows}

    def _change(self, delivery_id: str, values: dict[str, Any]) -> None:
        change = update(delivery).where(
            delivery.c.delivery_id == delivery_id,
            delivery.c.status == DeliveryStatus.PENDING.value,
        )
        values = {**values, "attempts": delivery.c.attempts + 1}
        if self._connection.execute(change.values(**values)).rowcount == 0:
            raise RequestError(f"There is no delivery {delivery_id!r} pending")
