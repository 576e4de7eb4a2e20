"""Keep events, and decide once for each who is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tumen.model.watching import Delivery, Event, Schedule, Subscription
from tumen.store import Store
from tumen.store.work import Work
from tumen.watch.notices.deliveries import deliveries_for


def dispatch(store: Store, events: Iterable[Event], now: datetime) -> int:
    """Keep the events and their deliveries, in a transaction of their own; see `keep`."""
    with store.writing() as work:
        return keep(work, events, now)


def keep(work: Work, events: Iterable[Event], now: datetime) -> int:
    """Keep those of the events that are new, and a delivery for each subscription they pass.

    An event that is stored already is told to nobody again, whenever and in whose company it
    comes. A digest joins the one of its window. Returns how many events were new.
    """
    by_id = {event.event_id: event for event in events}
    told = work.outbox.known_events(by_id)
    fresh = [event for event_id, event in by_id.items() if event_id not in told]
    if not fresh:
        return 0
    terms = {one.subscription_id: one for one in work.subscriptions.all()}
    made = deliveries_for(fresh, terms.values(), now)
    alone = [one for one in made if not _is_gathered(work, terms[one.subscription_id], one)]
    return work.outbox.add_events(fresh, alone)


def _is_gathered(work: Work, subscription: Subscription, delivery: Delivery) -> bool:
    """Whether the delivery went into a digest that waits for the same hour."""
    if subscription.schedule is Schedule.INSTANT:
        return False
    return work.outbox.gather(delivery)
