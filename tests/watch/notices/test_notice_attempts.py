"""Who has a delivery, for how long, and what is kept of each attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from notice_samples import NOW, event, subscription

from tumen.errors import RequestError
from tumen.model.watching import DeliveryAttempt, DeliveryStatus
from tumen.store import Store
from tumen.watch.notices.dispatch import dispatch

LATER = NOW + timedelta(seconds=61)


@pytest.fixture
def delivery_id(store: Store) -> str:
    """One delivery that is due."""
    with store.writing() as work:
        work.subscriptions.add(subscription())
    dispatch(store, [event()], NOW)
    with store.reading() as work:
        return work.outbox.deliveries()[0].delivery_id


def test_one_sender_has_it_at_a_time(store: Store, delivery_id: str) -> None:
    """Also where both saw it as due: the second is refused until the lease has run out."""
    with store.writing() as work:
        assert work.attempts.begin(delivery_id, "a pid 1", NOW, 60) == 1
        assert work.attempts.begin(delivery_id, "b pid 2", NOW, 60) == 0
        assert work.outbox.due(NOW) == []
        assert work.attempts.begin(delivery_id, "b pid 2", LATER, 60) == 2
    with store.reading() as work:
        assert [one.holder for one in work.attempts.under_way(NOW)] == ["a pid 1", "b pid 2"]
        assert [one.holder for one in work.attempts.under_way(LATER)] == ["b pid 2"]


def test_an_attempt_that_ended_leaves_it_free_and_on_record(store: Store, delivery_id: str) -> None:
    """With holder, times and error, in the order of the attempts."""
    with store.writing() as work:
        work.attempts.begin(delivery_id, "a pid 1", NOW, 60)
        work.attempts.end(delivery_id, 1, NOW, "Down\0")
        assert len(work.outbox.due(NOW)) == 1
        assert work.attempts.begin(delivery_id, "a pid 1", NOW, 60) == 2
    until = NOW + timedelta(seconds=60)
    with store.reading() as work:
        assert work.attempts.of(delivery_id) == [
            DeliveryAttempt(delivery_id, 1, "a pid 1", NOW, until, NOW, "Down\ufffd"),
            DeliveryAttempt(delivery_id, 2, "a pid 1", NOW, until),
        ]
        assert work.attempts.of("dlv_none") == []


def test_what_is_done_with_cannot_be_begun(store: Store, delivery_id: str) -> None:
    """Delivered, given up, or unknown."""
    with store.writing() as work:
        assert work.attempts.begin("dlv_none", "a pid 1", NOW, 60) == 0
        work.outbox.record_delivered(delivery_id, NOW)
        assert work.attempts.begin(delivery_id, "a pid 1", NOW, 60) == 0


def test_only_what_was_given_up_is_reopened(store: Store, delivery_id: str) -> None:
    """A delivery that arrived is not sent once more."""
    with store.writing() as work:
        with pytest.raises(RequestError, match="that was given up"):
            work.outbox.reopen(delivery_id, NOW)
        work.outbox.record_attempt(delivery_id, NOW, error="No", next_due=None, is_given_up=True)
        assert work.outbox.counts() == {("sub_1", DeliveryStatus.GIVEN_UP): 1}
        work.outbox.reopen(delivery_id, LATER)
        assert work.outbox.due(NOW) == []
        (due,) = work.outbox.due(LATER)
        assert (due.attempts, due.last_error) == (0, "No")


def test_due_of_some_subscriptions_alone(store: Store, delivery_id: str) -> None:
    """What others wait for stays out of the way."""
    with store.reading() as work:
        assert work.outbox.due(NOW, subscription_ids=["sub_2"]) == []
        assert work.outbox.due(NOW, subscription_ids=[]) == []
        (due,) = work.outbox.due(NOW, subscription_ids=["sub_2", "sub_1"])
        assert due.delivery_id == delivery_id


def test_events_by_their_ids(store: Store) -> None:
    """In the order asked for, more of them than one statement takes."""
    found = [event(number) for number in range(1_000)]
    dispatch(store, found, NOW)
    ids = [one.event_id for one in reversed(found)]
    with store.reading() as work:
        stored = work.outbox.events_by_id([*ids, "nowhere"])
        assert [one.event_id for one in stored] == ids
        assert stored[0] == found[-1]
        assert work.outbox.known_events([*ids, "nowhere"]) == set(ids)
