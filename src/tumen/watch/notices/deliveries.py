"""Which notices a set of events makes, and when each is due. Pure.

An instant notice holds the passing events of one call; a digest those of an hour or a day. The
id of a delivery is made from its subscription, its events and its window: the same call makes
the same deliveries. A feed has none: it is read and not sent, from the events themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from tumen.model.watching import (
    Channel,
    Delivery,
    DeliveryStatus,
    Event,
    Schedule,
    Subscription,
)
from tumen.watch.notices.passing import passes


def deliveries_for(
    events: Iterable[Event], subscriptions: Iterable[Subscription], now: datetime
) -> list[Delivery]:
    """One delivery for each subscription that lets any of the events through.

    Every event that passes is in exactly one delivery of that subscription. An event given
    twice counts once; a subscription that has ended gets nothing.
    """
    unique = list({event.event_id: event for event in events}.values())
    made = []
    for subscription in subscriptions:
        if subscription.channel is Channel.ATOM or has_ended(subscription, now):
            continue
        if passing := [event.event_id for event in unique if passes(event, subscription)]:
            made.append(delivery_of(subscription, passing, now))
    return made


def delivery_of(subscription: Subscription, event_ids: Sequence[str], now: datetime) -> Delivery:
    """The delivery of these events, to be sent at the end of the window that `now` is in."""
    due_at = due_for(subscription, now)
    window = "" if subscription.schedule is Schedule.INSTANT else due_at.isoformat()
    return Delivery(
        delivery_id=_delivery_id(subscription.subscription_id, window, event_ids),
        subscription_id=subscription.subscription_id,
        event_ids=tuple(event_ids),
        status=DeliveryStatus.PENDING,
        attempts=0,
        due_at=due_at,
    )


def due_for(subscription: Subscription, now: datetime) -> datetime:
    """When an event noticed at `now` goes out (UTC): a digest always later than `now`."""
    now = now.astimezone(UTC)
    if subscription.schedule is Schedule.INSTANT:
        return now
    hour = now.replace(minute=0, second=0, microsecond=0)
    if subscription.schedule is Schedule.HOURLY:
        return hour + timedelta(hours=1)
    today = hour.replace(hour=subscription.daily_hour)
    return today if today > now else today + timedelta(days=1)


def has_ended(subscription: Subscription, now: datetime) -> bool:
    """Whether the subscription is over."""
    return subscription.ended_at is not None and subscription.ended_at <= now


def _delivery_id(subscription_id: str, window: str, event_ids: Iterable[str]) -> str:
    facts = "\x1f".join((subscription_id, window, *sorted(event_ids)))
    return "dlv_" + hashlib.sha256(facts.encode()).hexdigest()[:32]
