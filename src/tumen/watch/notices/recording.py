"""Taking a delivery to send it, and recording what came of the attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from tumen.model.watching import (
    Delivery,
    DeliveryStatus,
    Event,
    EventKind,
    Severity,
    Subscription,
)
from tumen.store.work import Work
from tumen.watch.events import event_id
from tumen.watch.notices.backoff import next_attempt
from tumen.watch.notices.deliveries import has_ended
from tumen.watch.notices.dispatch import keep
from tumen.watch.notices.transport import DeliveryError


class Outcome(Enum):
    """What became of one delivery in a round of sending."""

    DELIVERED = auto()
    TO_TRY_AGAIN = auto()
    GIVEN_UP = auto()
    # Another sender has it, or its subscription has ended.
    LEFT = auto()


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that is ours to send, at its `attempt`-th attempt.

    `events` are those that are stored, which should be all that it names.
    """

    delivery: Delivery
    attempt: int
    subscription: Subscription
    events: tuple[Event, ...]


def take(
    work: Work, delivery_id: str, holder: str, at: datetime, lease_seconds: float
) -> Taken | None:
    """Begin an attempt; None where another sender has the delivery or is done with it."""
    attempt = work.attempts.begin(delivery_id, holder, at, lease_seconds)
    # Read only now: until somebody takes it, a digest may still grow.
    delivery = work.outbox.delivery(delivery_id) if attempt else None
    subscription = work.subscriptions.get(delivery.subscription_id) if delivery else None
    if delivery is None or subscription is None:
        return None
    events = work.outbox.events_by_id(delivery.event_ids)
    return Taken(delivery, attempt, subscription, tuple(events))


def record(work: Work, taken: Taken, problem: DeliveryError | None, at: datetime) -> Outcome:
    """Keep how the attempt ended: well where there is no problem."""
    delivery_id = taken.delivery.delivery_id
    work.attempts.end(delivery_id, taken.attempt, at, str(problem or ""))
    current = work.outbox.delivery(delivery_id)
    if current is None or current.status is not DeliveryStatus.PENDING:
        return Outcome.LEFT  # Another sender was done with it after our lease had run out.
    if problem is None:
        work.outbox.record_delivered(delivery_id, at)
        return Outcome.DELIVERED
    tried, asked = current.attempts + 1, problem.asked_seconds
    next_due = next_attempt(delivery_id, tried, at, asked_seconds=asked)
    is_given_up = problem.is_final or next_due is None
    next_due = None if is_given_up else next_due
    work.outbox.record_attempt(
        delivery_id, at, error=str(problem), next_due=next_due, is_given_up=is_given_up
    )
    if not is_given_up:
        return Outcome.TO_TRY_AGAIN
    if has_ended(taken.subscription, at):
        return Outcome.LEFT
    _raise_alarm(work, taken, problem, at)
    return Outcome.GIVEN_UP


def _raise_alarm(work: Work, taken: Taken, problem: DeliveryError, at: datetime) -> None:
    """Tell all others, and end a subscription whose receiver wants no more."""
    if problem.ends_subscription:
        stored = work.subscriptions.get(taken.subscription.subscription_id)
        if stored and stored.ended_at is None:
            work.subscriptions.end(stored.subscription_id, at)
    # An alarm about an alarm would go to and fro between two that are both silent.
    if any(one.kind is not EventKind.NOTICE_GIVEN_UP for one in taken.events):
        keep(work, [_alarm(taken, problem, at)], at)


def _alarm(taken: Taken, problem: DeliveryError, at: datetime) -> Event:
    delivery, subscription = taken.delivery, taken.subscription
    count = len(delivery.event_ids)
    what = "1 event was" if count == 1 else f"{count:,} events were"
    ended = " The subscription has ended." if problem.ends_subscription else ""
    return Event(
        event_id=event_id(EventKind.NOTICE_GIVEN_UP, delivery.delivery_id, str(taken.attempt)),
        kind=EventKind.NOTICE_GIVEN_UP,
        severity=Severity.HIGH,
        occurred_at=at,
        title=f"A notice to {subscription.name} could not be delivered",
        text=f"{what} not told by {subscription.channel.value}: {problem}.{ended}",
        data={
            "subscription_id": subscription.subscription_id,
            "delivery_id": delivery.delivery_id,
            "channel": subscription.channel.value,
        },
    )
