"""Events into the store's outbox: each is told once, whatever is repeated."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from notice_samples import NOW, event, events, subscription, subscriptions

from tumen.model.watching import Channel, Delivery, Event, Schedule, Subscription
from tumen.store import Store
from tumen.watch.notices.dispatch import dispatch
from tumen.watch.notices.passing import passes

HOURLY = subscription(Channel.EMAIL, schedule=Schedule.HOURLY)


def subscribe(store: Store, *wanted: Subscription) -> None:
    """Keep subscriptions."""
    with store.writing() as work:
        for one in wanted:
            work.subscriptions.add(one)


def deliveries(store: Store) -> list[Delivery]:
    """All deliveries, the first kept first."""
    with store.reading() as work:
        return work.outbox.deliveries(limit=1_000)[::-1]


def test_events_are_kept_with_their_deliveries(store: Store) -> None:
    """Once: the same events again, alone or among new ones, are told to nobody."""
    subscribe(store, subscription())
    assert dispatch(store, [event(1), event(2)], NOW) == 2
    assert dispatch(store, [event(2), event(1)], NOW + timedelta(hours=1)) == 0
    assert dispatch(store, [event(2), event(3)], NOW + timedelta(hours=2)) == 1
    assert [one.event_ids for one in deliveries(store)] == [("event-1", "event-2"), ("event-3",)]


def test_a_digest_gathers_all_of_its_window(store: Store) -> None:
    """What is noticed at 05:06 and 05:59 goes out in one notice at 06:00."""
    subscribe(store, HOURLY)
    for minutes, number in ((0, 1), (53, 2), (60, 3)):
        dispatch(store, [event(number)], NOW + timedelta(minutes=minutes))
    first, second = deliveries(store)
    assert first.event_ids == ("event-1", "event-2")
    assert (first.due_at.hour, second.due_at.hour) == (6, 7)


def test_a_digest_that_was_begun_to_be_sent_stays_as_it_is(store: Store) -> None:
    """What comes later is told in one of its own: under its id the receiver may have it."""
    subscribe(store, HOURLY)
    dispatch(store, [event(1)], NOW)
    (first,) = deliveries(store)
    with store.writing() as work:
        assert work.attempts.begin(first.delivery_id, "host pid 1", NOW, 60)
    dispatch(store, [event(2)], NOW)
    assert [one.event_ids for one in deliveries(store)] == [("event-1",), ("event-2",)]


def test_nobody_is_told_of_what_was_before_he_subscribed(store: Store) -> None:
    """An event is told when it is kept, to those who are there."""
    dispatch(store, [event(1)], NOW)
    subscribe(store, subscription())
    dispatch(store, [event(1)], NOW)
    assert deliveries(store) == []


@st.composite
def _calls(draw: st.DrawFn) -> list[tuple[list[Event], datetime]]:
    """Several rounds that see parts of the same events, at any times."""
    pool = draw(events(most=6))
    some = st.lists(st.sampled_from(pool), max_size=6) if pool else st.just([])
    hours = st.floats(0, 50).map(lambda hour: NOW + timedelta(hours=hour))
    return draw(st.lists(st.tuples(some, hours), min_size=1, max_size=5))


@given(_calls(), subscriptions())
@settings(max_examples=40, deadline=None)
def test_every_event_is_told_exactly_once(
    calls: Sequence[tuple[list[Event], datetime]], terms: list[Subscription]
) -> None:
    """In whatever company, order and number of repeats the events come."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{Path(folder) / 'tumen.db'}") as store,
    ):
        subscribe(store, *terms)
        for found, now in [*calls, *calls]:
            dispatch(store, found, now)
        made = deliveries(store)
    told = Counter((one.subscription_id, name) for one in made for name in one.event_ids)
    seen = {one.event_id: one for found, _ in calls for one in found}
    wanted = {
        (one.subscription_id, name)
        for one in terms
        if one.channel is not Channel.ATOM
        for name, found in seen.items()
        if passes(found, one)
    }
    assert set(told) == wanted
    assert not wanted or max(told.values()) == 1
    digests = [
        (one.subscription_id, one.due_at)
        for one in made
        if Schedule.INSTANT
        is not next(s.schedule for s in terms if s.subscription_id == one.subscription_id)
    ]
    assert len(digests) == len(set(digests))
