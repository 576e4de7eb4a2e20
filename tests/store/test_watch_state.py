"""What watching leaves behind: deltas, suppressions, subscriptions, events, states, runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from stored_things import NOW, a_delivery, an_event, later

from tumen.errors import RequestError
from tumen.model.delta import ChangeKind, Delta, EntryChange, FieldChange, Materiality
from tumen.model.watching import (
    Channel,
    DeliveryStatus,
    EventKind,
    ListHealth,
    ListState,
    Schedule,
    Severity,
    Subscription,
    Suppression,
)
from tumen.store import Store

CHANGED = EntryChange(
    ChangeKind.CHANGED,
    "toy-1",
    "Person",
    "Kim Listed",
    (FieldChange("birthDate", ("1965",), ("1966",), Materiality.MATERIAL),),
    ("DPRK",),
    ("kp",),
    "toy-0",
)
DELTA = Delta("toy", "toy@a", "toy@b", (CHANGED,))
SUPPRESSION = Suppression(
    "X1", "clients", "P1", "toy-1", "ours", "theirs", "another person", "ana", NOW
)
SUBSCRIPTION = Subscription(
    "desk",
    "The desk",
    Channel.WEBHOOK,
    "https://desk.example/hook",
    NOW,
    Schedule.DAILY,
    Severity.HIGH,
    (EventKind.NEW_HIT, EventKind.LIST_STALE),
    ("toy",),
    ("DPRK",),
    ("kp",),
    ("clients",),
    ("Seoul branch",),
    "secret",
)


def test_deltas_are_kept_once_and_found_newest_first(store: Store) -> None:
    """The difference of two versions never changes; a repeated run adds nothing."""
    other = Delta("other", "", "other@a", ())
    with store.writing() as work:
        work.deltas.add(DELTA, NOW)
        work.deltas.add(other, later(1))
        work.deltas.add(DELTA, later(2))
    with store.reading() as work:
        assert work.deltas.get("toy@a", "toy@b") == DELTA
        assert work.deltas.get("toy@b", "toy@a") is None
        assert work.deltas.find() == [(later(1), other), (NOW, DELTA)]
        assert work.deltas.find("toy") == [(NOW, DELTA)]
        assert work.deltas.find(since=later(1)) == [(later(1), other)]
        assert work.deltas.find(limit=1) == [(later(1), other)]


def test_a_suppression_is_in_force_until_it_lapses(store: Store) -> None:
    """From its decision to the instant of its lapse, and never longer."""
    with store.writing() as work:
        work.suppressions.add(SUPPRESSION)
        work.suppressions.lapse("X1", later(60), "the entry changed")
    lapsed = replace(SUPPRESSION, lapsed_at=later(60), lapse_reason="the entry changed")
    with store.reading() as work:
        assert work.suppressions.active("clients", later(-1)) == []
        assert work.suppressions.active("clients", NOW) == [lapsed]
        assert work.suppressions.active("clients", later(59)) == [lapsed]
        assert work.suppressions.active("clients", later(60)) == []
        assert work.suppressions.active("suppliers", NOW) == []
        assert work.suppressions.all("clients") == [lapsed]
        assert work.suppressions.get("X1") == lapsed
        assert work.suppressions.get("X2") is None


def test_a_suppression_is_in_force_through_its_last_day(store: Store) -> None:
    """The day is counted in UTC, as all instants are kept."""
    with store.writing() as work:
        work.suppressions.add(replace(SUPPRESSION, expires_on=date(2026, 3, 2)))
        midnight = NOW.replace(day=3, hour=0, minute=0, second=0, microsecond=0)
        assert work.suppressions.active("clients", midnight - timedelta(microseconds=1))
        assert work.suppressions.active("clients", midnight) == []


def test_a_suppression_lapses_once(store: Store) -> None:
    """When and why it lapsed is not written over."""
    with store.writing() as work:
        work.suppressions.add(SUPPRESSION)
        with pytest.raises(RequestError, match="already stored"):
            work.suppressions.add(SUPPRESSION)
        work.suppressions.lapse("X1", NOW, "first")
        with pytest.raises(RequestError, match="'X1'"):
            work.suppressions.lapse("X1", NOW, "second")
        with pytest.raises(RequestError, match="'X2'"):
            work.suppressions.lapse("X2", NOW, "unknown")


def test_subscriptions_end_but_stay_known(store: Store) -> None:
    """Who was told of what can be said years later."""
    second = replace(SUBSCRIPTION, subscription_id="mail", created_at=later(1))
    with store.writing() as work:
        work.subscriptions.add(SUBSCRIPTION)
        work.subscriptions.add(second)
        work.subscriptions.end("desk", later(9))
        with pytest.raises(RequestError, match="already stored"):
            work.subscriptions.add(second)
        with pytest.raises(RequestError, match="'desk'"):
            work.subscriptions.end("desk", later(10))
    with store.reading() as work:
        ended = replace(SUBSCRIPTION, ended_at=later(9))
        assert work.subscriptions.all() == [second]
        assert work.subscriptions.all(include_ended=True) == [ended, second]
        assert work.subscriptions.get("desk") == ended
        assert work.subscriptions.get("nobody") is None


def test_events_and_deliveries_are_kept_once(store: Store) -> None:
    """A step that is repeated after a kill announces nothing twice."""
    with store.writing() as work:
        assert work.outbox.add_events([an_event(1)], [a_delivery(1)]) == 1
        repeated = an_event(1, title="other words")
        assert work.outbox.add_events([repeated, an_event(2), an_event(2)], [a_delivery(1)]) == 1
        assert work.outbox.add_events([], []) == 0
    with store.reading() as work:
        assert work.outbox.event("E1") == an_event(1)
        assert work.outbox.event("E9") is None
        assert work.outbox.events() == [an_event(2), an_event(1)]
        assert work.outbox.deliveries() == [a_delivery(1)]
        assert work.outbox.delivery("D1") == a_delivery(1)
        assert work.outbox.delivery("D9") is None


def test_events_are_found_newest_first(store: Store) -> None:
    """By time, kind, list and book, in pages."""
    made = [
        an_event(1),
        an_event(2, kind=EventKind.LIST_STALE, book_id=""),
        an_event(3, list_id="other"),
        an_event(4, book_id="suppliers"),
    ]
    with store.writing() as work:
        work.outbox.add_events(made, [])

    def found(**wanted: object) -> list[str]:
        with store.reading() as work:
            return [event.event_id for event in work.outbox.events(**wanted)]

    assert found() == ["E4", "E3", "E2", "E1"]
    assert found(limit=2, before="E4") == ["E3", "E2"]
    assert found(since=later(3)) == ["E4", "E3"]
    assert found(kinds=[EventKind.LIST_STALE]) == ["E2"]
    assert found(kinds=[]) == []
    assert found(list_id="toy") == ["E4", "E2", "E1"]
    assert found(book_id="clients", list_id="toy") == ["E1"]


def test_deliveries_go_their_way(store: Store) -> None:
    """Due, tried, due again later, delivered or given up; and then no more."""
    with store.writing() as work:
        work.outbox.add_events([an_event(n) for n in (1, 2)], [a_delivery(2), a_delivery(1)])
        assert work.outbox.due(NOW) == []
        assert [one.delivery_id for one in work.outbox.due(later(2))] == ["D1", "D2"]
        assert [one.delivery_id for one in work.outbox.due(later(2), limit=1)] == ["D1"]
        work.outbox.record_attempt("D1", later(2), error="refused", next_due=later(60))
        assert [one.delivery_id for one in work.outbox.due(later(59))] == ["D2"]
        work.outbox.record_delivered("D1", later(60))
        work.outbox.record_attempt("D2", later(60), error="x", next_due=None, is_given_up=True)
        assert work.outbox.due(later(999)) == []
        with pytest.raises(RequestError, match="'D1' pending"):
            work.outbox.record_delivered("D1", later(61))
    with store.reading() as work:
        (first,) = work.outbox.deliveries(status=DeliveryStatus.DELIVERED)
        (second,) = work.outbox.deliveries("desk", DeliveryStatus.GIVEN_UP)
        assert (first.delivered_at, first.attempts, first.last_error) == (later(60), 2, "")
        assert (second.delivered_at, second.attempts, second.last_error) == (None, 1, "x")
        assert work.outbox.deliveries("nobody") == []
        assert len(work.outbox.deliveries(limit=1)) == 1


def test_a_list_has_one_state(store: Store) -> None:
    """The last attempt counts."""
    good = ListState("toy", ListHealth.GOOD, NOW, NOW)
    bad = ListState("toy", ListHealth.UNREACHABLE, later(60), NOW, "the server hangs")
    with store.writing() as work:
        assert work.list_states.get("toy") is None
        work.list_states.set(good)
        work.list_states.set(ListState("other", ListHealth.QUARANTINED, NOW, None))
        work.list_states.set(bad)
    with store.reading() as work:
        assert work.list_states.get("toy") == bad
        assert [state.list_id for state in work.list_states.all()] == ["other", "toy"]


def test_a_refused_version_waits_for_a_person(store: Store) -> None:
    """Once, however often the same file comes; again if it comes after being looked at."""
    checks = [{"name": "removed", "status": "failed", "message": "half is gone"}]
    with store.writing() as work:
        first = work.quarantine.add("toy", NOW, "hash", "/drop/toy.csv", "shrunken", checks)
        assert work.quarantine.add("toy", later(1), "hash", "/drop/toy.csv", "shrunken") == first
        second = work.quarantine.add("toy", later(1), "other hash", "/drop/toy.csv", "empty")
        work.quarantine.resolve(first, later(2), "the publisher erred")
        third = work.quarantine.add("toy", later(3), "hash", "/drop/toy.csv", "shrunken")
        assert len({first, second, third}) == 3
        with pytest.raises(RequestError, match=first):
            work.quarantine.resolve(first, later(4), "again")
    with store.reading() as work:
        assert [one.quarantine_id for one in work.quarantine.all()] == [second, third]
        looked_at = work.quarantine.all(open_only=False)[0]
        assert (looked_at.resolved_at, looked_at.note) == (later(2), "the publisher erred")
        assert looked_at.checks == tuple(checks)


def test_a_killed_run_is_found_open_with_its_steps(store: Store) -> None:
    """The next run goes on where it was and does nothing twice."""
    with store.writing() as work:
        work.journal.begin("R1", NOW, "cron")
        work.journal.finish_step("R1", "fetch", "toy", later(1), {"files": ["toy.csv"]})
        work.journal.finish_step("R1", "fetch", "toy", later(2), {"files": []})
    with store.writing() as work:
        assert work.journal.open_run() == "R1"
        assert work.journal.step_done("R1", "fetch", "toy") == {"files": ["toy.csv"]}
        assert work.journal.step_done("R1", "fetch", "other") is None
        assert work.journal.step_done("R1", "check", "toy") is None
        work.journal.end("R1", later(3), "done", {"lists": 1})
        assert work.journal.open_run() is None
        work.journal.begin("R2", later(4), "ana")
        (newest, oldest) = work.journal.runs()
        assert (newest.run_id, newest.ended_at) == ("R2", None)
        assert (oldest.status, oldest.tally, oldest.ended_at) == ("done", {"lists": 1}, later(3))
        assert [run.run_id for run in work.journal.runs(limit=1)] == ["R2"]


def test_a_step_belongs_to_a_run_that_was_begun(store: Store) -> None:
    """Slips in a run id must not look like work not done."""
    with store.writing() as work:
        work.journal.begin("R1", NOW, "cron")
        work.journal.end("R1", NOW, "done", {})
        for wrong in (
            lambda: work.journal.begin("R1", NOW, "cron"),
            lambda: work.journal.end("R1", NOW, "done", {}),
            lambda: work.journal.end("R2", NOW, "done", {}),
            lambda: work.journal.finish_step("R2", "fetch", "toy", NOW, {}),
        ):
            with pytest.raises(RequestError, match=r"R[12]"):
                wrong()
