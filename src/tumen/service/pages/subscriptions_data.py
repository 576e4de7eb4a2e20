"""Subscriptions for their pages: who hears of what, and how the sending went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tumen.errors import RequestError
from tumen.model.watching import (
    Channel,
    Delivery,
    DeliveryAttempt,
    DeliveryStatus,
    Event,
    EventKind,
    Schedule,
    Severity,
    Subscription,
)
from tumen.service.problems import not_found
from tumen.store import Store

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription with how many of its deliveries are where."""

    subscription: Subscription
    counts: Mapping[DeliveryStatus, int]

    @property
    def target(self) -> str:
        """Where it goes. The token of a feed is nobody's to read here."""
        one = self.subscription
        return "a feed" if one.channel is Channel.ATOM else one.target

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """What it is narrowed to, in words."""
        one = self.subscription
        kinds = [kind.value for kind in one.kinds]
        given = (
            ("Events", kinds), ("Lists", one.lists), ("Programmes", one.programmes),
            ("Countries", one.countries), ("Books", one.books), ("Groups", one.groups),
        )  # fmt: skip
        return tuple((label, ", ".join(values)) for label, values in given if values)

    @property
    def schedule(self) -> str:
        """When it goes out."""
        one = self.subscription
        if one.schedule is Schedule.DAILY:
            return f"daily at {one.daily_hour:02}:00 UTC"
        return one.schedule.value


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery with what it told and how each attempt to send it went."""

    delivery: Delivery
    events: tuple[Event, ...]
    attempts: tuple[DeliveryAttempt, ...]


@dataclass(frozen=True, slots=True)
class SubscriptionsPage:
    """All subscriptions, and what a new one may be narrowed to."""

    open: tuple[SubscriptionRow, ...]
    ended: tuple[SubscriptionRow, ...]
    lists: tuple[str, ...]
    books: tuple[str, ...]


def subscriptions_page(store: Store) -> SubscriptionsPage:
    """Who hears of what."""
    with store.reading() as work:
        every = work.subscriptions.all(include_ended=True)
        counts = work.outbox.counts()
        lists = tuple(one.list_id for one in work.lists.current_versions())
        books = tuple(one.book_id for one in work.books.books())
    rows = [SubscriptionRow(one, _counts(one, counts)) for one in every]
    return SubscriptionsPage(
        tuple(row for row in rows if row.subscription.ended_at is None),
        tuple(row for row in rows if row.subscription.ended_at is not None),
        lists,
        books,
    )


def one_subscription(store: Store, subscription_id: str) -> SubscriptionRow:
    """One subscription, in force or ended. Raises ProblemError where there is none."""
    with store.reading() as work:
        found = work.subscriptions.get(subscription_id)
        counts = work.outbox.counts()
    if found is None:
        raise not_found(f"subscription {subscription_id!r}")
    return SubscriptionRow(found, _counts(found, counts))


def deliveries_of(
    store: Store, subscription_id: str, status: DeliveryStatus | None
) -> list[Delivery]:
    """The last deliveries of a subscription, the newest first."""
    with store.reading() as work:
        return work.outbox.deliveries(subscription_id, status, _MOST)


def delivery_rows(store: Store, shown: Sequence[Delivery]) -> list[DeliveryRow]:
    """The deliveries of one page with their events and attempts."""
    with store.reading() as work:
        ids = [event_id for one in shown for event_id in one.event_ids]
        events = {one.event_id: one for one in work.outbox.events_by_id(ids)}
        return [
            DeliveryRow(
                one,
                tuple(events[event_id] for event_id in one.event_ids if event_id in events),
                tuple(work.attempts.of(one.delivery_id)),
            )
            for one in shown
        ]


def subscription_from(
    typed: Mapping[str, str], ticked: Mapping[str, Sequence[str]], now: datetime
) -> Subscription:
    """The subscription that a form asks for. Raises RequestError naming what is missing."""
    try:
        channel, schedule = Channel(typed.get("channel", "")), Schedule(typed.get("schedule", ""))
        least = Severity(typed.get("least", ""))
        kinds = tuple(EventKind(one) for one in ticked.get("kinds", ()))
        hour = int(typed.get("daily_hour", "") or 6)
    except ValueError:
        raise RequestError("Choose how, when, from which severity and of what") from None
    return Subscription(
        subscription_id="",
        name=typed.get("name", "").strip(),
        channel=channel,
        target=typed.get("target", "").strip(),
        created_at=now,
        schedule=schedule,
        least=least,
        kinds=kinds,
        lists=tuple(ticked.get("lists", ())),
        programmes=_parts(typed, "programmes"),
        countries=_parts(typed, "countries"),
        books=tuple(ticked.get("books", ())),
        groups=_parts(typed, "groups"),
        daily_hour=hour,
        has_details="has_details" in typed,
    )


def _counts(
    one: Subscription, counts: Mapping[tuple[str, DeliveryStatus], int]
) -> dict[DeliveryStatus, int]:
    return {status: counts.get((one.subscription_id, status), 0) for status in DeliveryStatus}


def _parts(typed: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in typed.get(name, "").split(",") if part.strip())
