"""The clock calls people: level by level in a crisis, once where a case is overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from desk import NOW, actor, proposal
from hypothesis import given, settings
from hypothesis import strategies as st

from databases import MadeSqlite
from tumen.cases import workflow
from tumen.cases.acting import act, open_by_hand
from tumen.cases.deadlines import due_at
from tumen.cases.escalating import escalate_due, group_of, is_call_due
from tumen.cases.keep import load
from tumen.model.casework import CRISIS_LADDER, CaseAct, Origin, Priority
from tumen.model.watching import Channel, Event, EventKind, Severity, Subscription
from tumen.store import Store
from tumen.watch.notices.dispatch import keep
from tumen.watch.notices.passing import passes

ANNA, BORIS = actor("anna"), actor("boris")
LEVELS = [level for _, level in CRISIS_LADDER]


def _open(store: Store, priority: Priority, at: datetime = NOW) -> str:
    opening = workflow.Opening(Origin.HELP, "A ship is leaving", "", priority, due_at(priority, at))
    with store.writing() as work:
        return open_by_hand(work, opening, ANNA, at).case_id


def _called(store: Store, minutes: float) -> list[Event]:
    now = NOW + timedelta(minutes=minutes)
    with store.reading() as work:
        is_due = is_call_due(work, now)
    with store.writing() as work:
        events = escalate_due(work, now)
        assert bool(events) is is_due
        assert keep(work, events, NOW) == len(events)
    return events


def _step(store: Store, case_id: str, step: object) -> None:
    with store.writing() as work:
        act(work, case_id, None, step)  # type: ignore[arg-type]


def test_a_crisis_calls_level_by_level(store: Store) -> None:
    """At once, after 15, 30 and 60 minutes, each once, and what was slept through together."""
    case_id = _open(store, Priority.P1)
    said = [
        [one.data["level"] for one in _called(store, minutes)] for minutes in (0, 1, 15, 61, 99)
    ]
    assert said == [LEVELS[:1], [], LEVELS[1:2], LEVELS[2:], []]
    with store.reading() as work:
        records = work.cases.records(case_id)
        assert load(work, case_id).sequence == 5
        assert len(work.outbox.events(kinds=[EventKind.CRISIS])) == 4
        assert work.audit.verify() == []
    called = [one.details["to"] for one in records if one.act is CaseAct.ESCALATED]
    assert called == LEVELS


def test_whoever_takes_it_up_ends_the_calls(store: Store) -> None:
    """Assigned after ten minutes: nobody else is called out of bed."""
    case_id = _open(store, Priority.P1)
    assert len(_called(store, 0)) == 1
    then = NOW + timedelta(minutes=10)
    _step(store, case_id, lambda case: workflow.assign(case, "anna", ANNA, then))
    assert _called(store, 70) == []


def test_a_case_that_becomes_a_crisis_begins_then(store: Store) -> None:
    """The ladder counts from the moment that it is one, whoever worked on it before."""
    case_id = _open(store, Priority.P4)
    _step(store, case_id, lambda case: workflow.assign(case, "anna", ANNA, NOW))
    later = NOW + timedelta(minutes=40)
    _step(store, case_id, lambda case: workflow.prioritise(case, Priority.P1, None, BORIS, later))
    assert [one.data["level"] for one in _called(store, 41)] == LEVELS[:1]
    assert [one.data["level"] for one in _called(store, 56)] == LEVELS[1:2]


@pytest.mark.parametrize(
    ("priority", "hours"), [(Priority.P2, 4), (Priority.P3, 31.5), (Priority.P4, 7 * 24 + 7.5)]
)
def test_what_is_overdue_is_told_once(store: Store, priority: Priority, hours: float) -> None:
    """Not before its time, and not again for the same time; a new time counts anew."""
    case_id = _open(store, priority)
    assert _called(store, hours * 60 - 1) == []
    (event,) = _called(store, hours * 60 + 1)
    assert (event.kind, event.groups) == (EventKind.CASE_DUE, ("approver",))
    assert event.data["case_id"] == case_id
    assert _called(store, hours * 60 + 100) == []
    now = NOW + timedelta(hours=hours + 10)
    _step(store, case_id, lambda case: workflow.prioritise(case, priority, now, BORIS, now))
    assert len(_called(store, (hours + 11) * 60)) == 1


def test_a_closed_case_calls_nobody(store: Store) -> None:
    """Decided and done, its time does not matter any more."""
    case_id = _open(store, Priority.P1)
    said = proposal()
    _step(store, case_id, lambda case: workflow.recommend(case, said, ANNA, NOW))
    _step(store, case_id, lambda case: workflow.approve(case, "", BORIS, NOW))
    _step(store, case_id, lambda case: workflow.record_action(case, "", BORIS, NOW))
    assert _called(store, 600) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 120), min_size=1, max_size=8).map(sorted))
def test_each_level_is_called_once_whenever_the_clock_looks(
    made_sqlite: MadeSqlite, tmp_path_factory: pytest.TempPathFactory, looks: list[int]
) -> None:
    """However often and however late: what was called is what is due, each once."""
    due = [level for after, level in CRISIS_LADDER if after <= timedelta(minutes=looks[-1])]
    with Store.open(made_sqlite.url(tmp_path_factory.mktemp("clock"))) as store:
        _open(store, Priority.P1)
        called = [one.data["level"] for look in looks for one in _called(store, look)]
    assert called == due


def test_a_level_reaches_its_people_and_a_general_subscription(store: Store) -> None:
    """Who subscribes to a level hears of it alone; a crisis passes filters of lists and books."""
    _open(store, Priority.P1)
    first, second = (*_called(store, 0), *_called(store, 15))
    plain = Subscription("s", "s", Channel.TERMINAL, "", NOW, least=Severity.CRITICAL)

    def hears(event: Event, **terms: object) -> bool:
        return passes(event, replace(plain, **terms))  # type: ignore[arg-type]

    assert hears(first, groups=(group_of("duty officer"),))
    assert not hears(second, groups=(group_of("duty officer"),))
    assert hears(second, groups=(group_of("deputy"),))
    assert hears(first, lists=("un_sc_sanctions",), books=("b",))
