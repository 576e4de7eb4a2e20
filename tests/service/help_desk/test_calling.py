"""A crisis calls the duty officer at once and the others in time; rounds send what waits."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from bulletin import NOW, request, somebody

from tumen.cases import workflow
from tumen.cases.acting import act
from tumen.cases.help import STRANGER
from tumen.model.desk import HelpKind
from tumen.model.watching import Channel, EventKind, Severity, Subscription
from tumen.service.help_desk import rounds
from tumen.service.help_desk.calling import call_who_is_due
from tumen.service.help_desk.receiving import take_request
from tumen.store import Store


def _ask(store: Store, kind: HelpKind, at: datetime = NOW) -> str:
    with store.writing() as work:
        return take_request(work, request(kind), STRANGER, at).case.case_id


def _called(store: Store) -> list[str]:
    """Whom crises have called so far, the first first."""
    with store.reading() as work:
        found = work.outbox.events(kinds=[EventKind.CRISIS])
    return [str(one.data["level"]) for one in reversed(found)]


def test_the_duty_officer_is_called_with_the_request(store: Store) -> None:
    """In the same transaction: a notice to their subscription waits when it ends."""
    with store.writing() as work:
        work.subscriptions.add(
            Subscription(
                "sub-1",
                "duty officer",
                Channel.WEBHOOK,
                "https://pager.example/hook",
                NOW,
                groups=("crisis: duty officer",),
                least=Severity.CRITICAL,
            )
        )
    _ask(store, HelpKind.URGENT)
    assert _called(store) == ["duty officer"]
    with store.reading() as work:
        (delivery,) = work.outbox.due(NOW)
    assert delivery.subscription_id == "sub-1"


@pytest.mark.parametrize("kind", [HelpKind.CLIENT, HelpKind.ADVICE, HelpKind.OTHER])
def test_nobody_is_called_for_less(store: Store, kind: HelpKind) -> None:
    """A question is no crisis."""
    _ask(store, kind)
    assert _called(store) == []


def test_the_ladder_goes_on_until_somebody_takes_it_up(store: Store) -> None:
    """After 15, 30 and 60 minutes the next level is called; each once, however often we look."""
    case_id = _ask(store, HelpKind.URGENT)
    for minutes in (5, 15, 16, 31):
        call_who_is_due(store, NOW + timedelta(minutes=minutes))
    assert len(_called(store)) == 3
    with store.writing() as work:
        anna = somebody()
        at = NOW + timedelta(minutes=40)
        act(work, case_id, None, lambda case: workflow.assign(case, anna.user_id, anna, at))
    assert call_who_is_due(store, NOW + timedelta(minutes=90)) == 0


def test_a_round_calls_and_sends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the clock asks, without anybody at a keyboard."""
    monkeypatch.delenv("TUMEN_SMTP_URL", raising=False)
    _ask(store, HelpKind.URGENT)
    rounds.make_round(store, NOW + timedelta(minutes=20))
    assert _called(store) == ["duty officer", "deputy"]


def test_a_nudge_makes_a_round_now_and_a_fault_ends_none(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for a confirmation does not wait for the clock; the thread outlives faults."""
    made = list[datetime]()

    def fail(_store: Store, now: datetime) -> None:
        made.append(now)
        raise ZeroDivisionError

    monkeypatch.setattr(rounds, "make_round", fail)
    going = rounds.Rounds(store, seconds=3_600)
    going.start()
    for count in (1, 2):
        going.nudge()
        end = time.monotonic() + 10
        while len(made) < count:
            assert time.monotonic() < end
            time.sleep(0.01)
    going.close()
    assert all(one.tzinfo is UTC for one in made)
