"""Deliveries from events: every event once for each subscription, at the right time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notice_samples import NOW, event, events, subscription, subscriptions

from tumen.model.watching import (
    Channel,
    DeliveryStatus,
    Event,
    Schedule,
    Subscription,
)
from tumen.watch.notices.deliveries import deliveries_for, due_for
from tumen.watch.notices.passing import passes

instants = st.integers(0, 60 * 24 * 3600).map(lambda seconds: NOW + timedelta(seconds=seconds))


@given(events(), subscriptions(), instants)
@settings(deadline=None)
def test_what_passes_is_in_exactly_one_delivery(
    given_events: list[Event], terms: list[Subscription], now: datetime
) -> None:
    """Nothing is lost, nothing told twice, nothing told that was not asked for."""
    told = Counter(
        (made.subscription_id, event_id)
        for made in deliveries_for(given_events, terms, now)
        for event_id in made.event_ids
    )
    wanted = {
        (one.subscription_id, given_event.event_id)
        for one in terms
        if one.channel is not Channel.ATOM
        for given_event in given_events
        if passes(given_event, one)
    }
    assert set(told) == wanted
    assert not wanted or set(told.values()) == {1}


@given(events(), subscriptions(), instants, st.randoms())
@settings(deadline=None)
def test_the_same_call_makes_the_same_deliveries(
    given_events: list[Event], terms: list[Subscription], now: datetime, random: object
) -> None:
    """The order in which events or subscriptions are given changes no id; nor do doubles."""
    first = {made.delivery_id for made in deliveries_for(given_events, terms, now)}
    shuffled = [*given_events, *given_events]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = deliveries_for(shuffled, reversed(terms), now)
    assert {made.delivery_id for made in again} == first
    assert len(again) == len(first)


@given(events(), subscriptions(), instants)
@settings(deadline=None)
def test_there_is_at_most_one_delivery_in_a_window(
    given_events: list[Event], terms: list[Subscription], now: datetime
) -> None:
    """A digest gathers: one delivery to a subscription at a time."""
    made = deliveries_for(given_events, terms, now)
    assert len({one.subscription_id for one in made}) == len(made)
    for one in made:
        assert (one.status, one.attempts, one.delivered_at) == (DeliveryStatus.PENDING, 0, None)


@given(subscriptions(), instants)
@settings(deadline=None)
def test_a_digest_is_due_after_the_events_and_within_its_window(
    terms: list[Subscription], now: datetime
) -> None:
    """A window that ended already would be sent before its last events came in."""
    longest = {
        Schedule.INSTANT: timedelta(0),
        Schedule.HOURLY: timedelta(hours=1),
        Schedule.DAILY: timedelta(days=1),
    }
    for one in terms:
        due_at = due_for(one, now)
        if one.schedule is Schedule.INSTANT:
            assert due_at == now
        else:
            assert now < due_at <= now + longest[one.schedule]
            assert (due_at.minute, due_at.second, due_at.microsecond) == (0, 0, 0)
        if one.schedule is Schedule.DAILY:
            assert due_at.hour == one.daily_hour


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        (Schedule.INSTANT, "2026-03-04T05:06:07+00:00"),
        (Schedule.HOURLY, "2026-03-04T06:00:00+00:00"),
        (Schedule.DAILY, "2026-03-04T18:00:00+00:00"),
    ],
)
def test_when_each_schedule_is_due(schedule: Schedule, due: str) -> None:
    """Vectors; the zone of the caller's clock changes nothing."""
    terms = subscription(schedule=schedule, daily_hour=18)
    seoul = NOW.astimezone(timezone(timedelta(hours=9)))
    assert due_for(terms, NOW).isoformat() == due
    assert due_for(terms, seoul).isoformat() == due


def test_on_the_hour_the_next_window_begins() -> None:
    """What is noticed at 06:00:00 goes out at 07:00, and daily at the next day."""
    six = datetime(2026, 12, 31, 6, tzinfo=UTC)
    assert due_for(subscription(schedule=Schedule.HOURLY), six).hour == 7
    assert due_for(subscription(schedule=Schedule.DAILY), six) == six + timedelta(days=1)


def test_who_has_ended_gets_nothing() -> None:
    """An end that lies ahead does not count yet."""
    ended = subscription(ended_at=NOW)
    assert deliveries_for([event()], [ended], NOW) == []
    assert len(deliveries_for([event()], [ended], NOW - timedelta(seconds=1))) == 1


def test_a_feed_has_no_deliveries() -> None:
    """It is made from the events when it is read."""
    assert deliveries_for([event()], [subscription(Channel.ATOM)], NOW) == []
