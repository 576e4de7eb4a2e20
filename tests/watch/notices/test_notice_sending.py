"""Sending what is due: nothing lost, nothing sent twice, every attempt on record."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from notice_samples import NOW, event, stale_list, subscription
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook
from werkzeug import Request, Response

from notice_mailbox import Mailbox, serving
from tumen.errors import StoreError
from tumen.model.watching import (
    Channel,
    Delivery,
    DeliveryAttempt,
    DeliveryStatus,
    Event,
    EventKind,
    Schedule,
    Subscription,
)
from tumen.store import Store
from tumen.watch.notices.addresses import AddressRule
from tumen.watch.notices.backoff import MOST_ATTEMPTS
from tumen.watch.notices.dispatch import dispatch
from tumen.watch.notices.sending import SendTally, send_due
from tumen.watch.notices.terminal import TerminalTransport
from tumen.watch.notices.transport import DeliveryError, Notice
from tumen.watch.notices.webhook import WebhookTransport

OPEN = AddressRule(is_private_allowed=True)


class Fake:
    """A transport that answers as told and remembers what it was given."""

    def __init__(self, *problems: Exception | None) -> None:
        self.sent = list[Notice]()
        self._problems = list(problems)
        self.then: Callable[[], None] = lambda: None

    def send(self, notice: Notice, at: datetime) -> None:
        """Take a notice, or raise the next problem."""
        self.sent.append(notice)
        self.then()
        problem = self._problems.pop(0) if self._problems else None
        if problem is not None:
            raise problem


def subscribe(store: Store, *wanted: Subscription) -> None:
    """Keep subscriptions."""
    with store.writing() as work:
        for one in wanted:
            work.subscriptions.add(one)


def deliveries(store: Store) -> list[Delivery]:
    """All deliveries, the first kept first."""
    with store.reading() as work:
        return work.outbox.deliveries(limit=1_000)[::-1]


def attempts(store: Store, delivery_id: str) -> list[DeliveryAttempt]:
    """All attempts to send one."""
    with store.reading() as work:
        return work.attempts.of(delivery_id)


def alarms(store: Store) -> list[Event]:
    """The events that say that a notice was given up."""
    with store.reading() as work:
        return work.outbox.events(kinds=(EventKind.NOTICE_GIVEN_UP,))


def send(
    store: Store, transport: Any, now: datetime, channel: Channel = Channel.WEBHOOK
) -> SendTally:
    """One round by one transport."""
    return send_due(store, {channel: transport}, now)


def test_what_is_due_is_sent_once(store: Store) -> None:
    """With its events; the next round has nothing to do."""
    subscribe(store, subscription())
    dispatch(store, [event(1), event(2)], NOW)
    fake = Fake()
    assert send(store, fake, NOW - timedelta(seconds=1)).delivered == 0
    assert send(store, fake, NOW) == SendTally(delivered=1)
    assert send(store, fake, NOW + timedelta(days=2)) == SendTally()
    (sent,) = fake.sent
    (kept,) = deliveries(store)
    assert sent.delivery_id == kept.delivery_id
    assert {one.event_id for one in sent.events} == {"event-1", "event-2"}
    assert kept.status is DeliveryStatus.DELIVERED
    assert kept.delivered_at is not None
    (attempt,) = attempts(store, kept.delivery_id)
    assert (attempt.attempt, attempt.error) == (1, "")
    assert attempt.ended_at is not None


def test_a_digest_waits_for_its_hour(store: Store) -> None:
    """And is then sent whole."""
    subscribe(store, subscription(schedule=Schedule.HOURLY))
    dispatch(store, [event(1)], NOW)
    dispatch(store, [event(2)], NOW + timedelta(minutes=10))
    fake = Fake()
    assert send(store, fake, NOW + timedelta(minutes=50)) == SendTally()
    assert send(store, fake, NOW + timedelta(minutes=54)).delivered == 1
    assert len(fake.sent[0].events) == 2


def test_what_fails_is_tried_again_under_the_same_id(store: Store) -> None:
    """Each attempt is on record with its error."""
    subscribe(store, subscription())
    dispatch(store, [event()], NOW)
    fake = Fake(DeliveryError("Down"), DeliveryError("Still down"))
    assert send(store, fake, NOW) == SendTally(to_try_again=1)
    (kept,) = deliveries(store)
    assert (kept.status, kept.attempts, kept.last_error) == (DeliveryStatus.PENDING, 1, "Down")
    assert send(store, fake, NOW + timedelta(seconds=10)) == SendTally()
    assert send(store, fake, NOW + timedelta(minutes=1)) == SendTally(to_try_again=1)
    assert send(store, fake, NOW + timedelta(minutes=10)) == SendTally(delivered=1)
    assert len({one.delivery_id for one in fake.sent}) == 1
    errors = [one.error for one in attempts(store, kept.delivery_id)]
    assert errors == ["Down", "Still down", ""]


def test_after_a_day_it_is_given_up_and_the_others_hear_of_it(store: Store) -> None:
    """The alarm goes to all but the silent one, and an alarm makes no further one."""
    other = subscription(Channel.EMAIL, subscription_id="sub_2", name="desk")
    subscribe(store, subscription(), other)
    dispatch(store, [event()], NOW)
    broken, mail = Fake(*[DeliveryError("Down")] * 99), Fake()
    now, rounds = NOW, 0
    while not alarms(store):
        send_due(store, {Channel.WEBHOOK: broken, Channel.EMAIL: mail}, now)
        now, rounds = now + timedelta(minutes=5), rounds + 1
        assert rounds < 500
    assert len(broken.sent) == MOST_ATTEMPTS
    assert timedelta(hours=18) < now - NOW < timedelta(hours=32)
    (alarm,) = alarms(store)
    assert alarm.data["subscription_id"] == "sub_1"
    assert "1 event was not told by webhook: Down" in alarm.text
    send_due(store, {Channel.WEBHOOK: broken, Channel.EMAIL: mail}, now)
    assert [one.events[0].kind for one in mail.sent] == [
        EventKind.NEW_HIT,
        EventKind.NOTICE_GIVEN_UP,
    ]
    by_status = Counter((one.subscription_id, one.status) for one in deliveries(store))
    assert by_status == {
        ("sub_1", DeliveryStatus.GIVEN_UP): 1,
        ("sub_2", DeliveryStatus.DELIVERED): 2,
    }


def test_two_silent_receivers_raise_two_alarms_and_no_more(store: Store) -> None:
    """Alarms about alarms would go to and fro for ever."""
    subscribe(store, subscription(), subscription(subscription_id="sub_2"))
    dispatch(store, [event()], NOW)
    broken = Fake(*[DeliveryError("No", is_final=True)] * 99)
    for minutes in range(5):
        send(store, broken, NOW + timedelta(minutes=minutes))
    assert len(alarms(store)) == 2
    assert len(broken.sent) == 4
    assert all(one.status is DeliveryStatus.GIVEN_UP for one in deliveries(store))


def test_what_was_given_up_can_be_reopened(store: Store) -> None:
    """When a person has mended the receiver; the attempts before stay on record."""
    subscribe(store, subscription())
    dispatch(store, [event()], NOW)
    fake = Fake(DeliveryError("No", is_final=True))
    assert send(store, fake, NOW).given_up == 1
    (kept,) = deliveries(store)
    with store.writing() as work:
        work.outbox.reopen(kept.delivery_id, NOW)
    assert send(store, fake, NOW).delivered == 1
    assert [one.error for one in attempts(store, kept.delivery_id)] == ["No", ""]


def test_who_wants_no_more_gets_no_more(store: Store) -> None:
    """410 ends the subscription; what else waited for it is left, without an alarm each."""
    subscribe(store, subscription(), subscription(Channel.EMAIL, subscription_id="sub_2"))
    for number in (1, 2, 3):
        dispatch(store, [event(number)], NOW)
    fake = Fake(DeliveryError("Gone", ends_subscription=True))
    tally = send(store, fake, NOW)
    assert (tally.given_up, len(fake.sent)) == (1, 1)
    with store.reading() as work:
        assert [one.subscription_id for one in work.subscriptions.all()] == ["sub_2"]
    (alarm,) = alarms(store)
    assert "The subscription has ended" in alarm.text
    gone = [one for one in deliveries(store) if one.subscription_id == "sub_1"]
    assert {one.status for one in gone} == {DeliveryStatus.GIVEN_UP}
    dispatch(store, [event(4)], NOW)
    assert len([one for one in deliveries(store) if one.subscription_id == "sub_1"]) == 3


def test_what_no_transport_carries_waits_and_is_counted(store: Store) -> None:
    """A hundred notices for the terminal keep no webhook back."""
    subscribe(
        store,
        subscription(Channel.TERMINAL, subscription_id="sub_2"),
        subscription(subscription_id="sub_1"),
    )
    for number in range(120):
        dispatch(store, [event(number)], NOW)
    fake = Fake()
    assert send(store, fake, NOW) == SendTally(delivered=120, waiting=120)


def test_one_dead_host_is_asked_once_in_a_round(store: Store) -> None:
    """Its other notices wait, untouched; those of other receivers are sent."""
    dead, well = subscription(subscription_id="dead"), subscription(subscription_id="well")
    subscribe(store, dead, well)
    for number in range(5):
        dispatch(store, [event(number)], NOW)

    class Halved(Fake):
        def send(self, notice: Notice, at: datetime) -> None:
            super().send(notice, at)
            if notice.subscription.subscription_id == "dead":
                raise DeliveryError("Silence", is_unreachable=True)

    fake = Halved()
    tally = send(store, fake, NOW)
    assert tally == SendTally(delivered=5, to_try_again=1, waiting=4)


def test_a_mail_server_that_is_down_is_asked_once_in_a_round(store: Store) -> None:
    """All mail goes by it."""
    subscribe(store, *(subscription(Channel.EMAIL, subscription_id=f"sub_{n}") for n in range(3)))
    dispatch(store, [event()], NOW)
    fake = Fake(*[DeliveryError("Silence", is_unreachable=True)] * 9)
    assert send(store, fake, NOW, Channel.EMAIL) == SendTally(to_try_again=1, waiting=2)


def test_a_notice_that_breaks_its_transport_keeps_none_back(store: Store) -> None:
    """The fault is on record, and the notice is tried again."""
    subscribe(store, subscription())
    dispatch(store, [event(1)], NOW)
    dispatch(store, [event(2)], NOW)
    fake = Fake(ZeroDivisionError("oops"))
    assert send(store, fake, NOW) == SendTally(delivered=1, to_try_again=1)
    assert {one.last_error for one in deliveries(store)} == {"", "ZeroDivisionError: oops"}


def test_a_delivery_whose_events_are_gone_is_given_up(store: Store) -> None:
    """It could only tell half of it."""
    subscribe(store, subscription())
    dispatch(store, [event()], NOW)
    (kept,) = deliveries(store)
    odd = Delivery("dlv_odd", "sub_1", ("event-1", "nowhere"), kept.status, 0, NOW)
    with store.writing() as work:
        work.outbox.add_events((), [odd])
    fake = Fake()
    assert send(store, fake, NOW) == SendTally(delivered=1, given_up=1)
    assert [one.delivery_id for one in fake.sent] == [kept.delivery_id]


def test_two_senders_never_send_one_delivery_at_once(store: Store) -> None:
    """While one has it, the other finds nothing to do."""
    subscribe(store, subscription())
    dispatch(store, [event()], NOW)
    second = Fake()
    first = Fake()
    tallies = list[SendTally]()
    first.then = lambda: tallies.append(send(store, second, NOW))
    assert send(store, first, NOW) == SendTally(delivered=1)
    assert tallies == [SendTally()]
    assert second.sent == []


def test_senders_in_a_race_share_the_work(store: Store) -> None:
    """Four at once over forty notices: each goes out once."""
    subscribe(store, subscription())
    for number in range(40):
        dispatch(store, [event(number)], NOW)
    fake = Fake()
    threads = [threading.Thread(target=send, args=(store, fake, NOW)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.delivery_id for one in fake.sent}) == 40
    assert len(fake.sent) == 40


def test_a_store_that_is_gone_between_sending_and_recording(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is raised; once the lease has run out the notice is repeated under its id."""
    subscribe(store, subscription())
    dispatch(store, [event()], NOW)
    fake = Fake()

    def gone(*_: object) -> None:
        raise StoreError("The database is gone")

    with monkeypatch.context() as patched:
        patched.setattr("tumen.watch.notices.sending.record", gone)
        with pytest.raises(StoreError):
            send(store, fake, NOW)
    assert send(store, fake, NOW + timedelta(minutes=4)) == SendTally()
    assert send(store, fake, NOW + timedelta(minutes=6)) == SendTally(delivered=1)
    assert len(fake.sent) == 2
    assert len({one.delivery_id for one in fake.sent}) == 1
    ends = [one.ended_at for one in attempts(store, fake.sent[0].delivery_id)]
    assert ends[0] is None
    assert ends[1] is not None


def test_a_lease_that_ran_out_is_free_and_the_late_one_changes_nothing(store: Store) -> None:
    """A sender that hung and then comes back finds that it was done."""
    subscribe(store, subscription())
    dispatch(store, [event()], NOW)
    slow, quick = Fake(DeliveryError("Too late")), Fake()
    later = NOW + timedelta(hours=1)
    slow.then = lambda: assert_delivered(send(store, quick, later))
    assert send(store, slow, NOW) == SendTally()
    (kept,) = deliveries(store)
    assert kept.status is DeliveryStatus.DELIVERED
    assert kept.last_error == ""
    assert [one.error for one in attempts(store, kept.delivery_id)] == ["Too late", ""]


def assert_delivered(tally: SendTally) -> None:
    """One went out."""
    assert tally.delivered == 1


def test_the_terminal_shows_and_marks_as_delivered(store: Store) -> None:
    """In full: who sits there may read the store anyway."""
    subscribe(store, subscription(Channel.TERMINAL))
    dispatch(store, [event(), stale_list()], NOW)
    shown = list[str]()
    terminal = TerminalTransport(shown.append)
    assert send(store, terminal, NOW, Channel.TERMINAL).delivered == 1
    assert send(store, terminal, NOW, Channel.TERMINAL).delivered == 0
    assert "Kim Chol Nam (1) is newly hit" in shown[0]


def test_a_receiver_that_fails_twice_gets_it_at_the_third_time(
    store: Store, httpserver: HTTPServer
) -> None:
    """Over real HTTP: the same webhook-id and body, each time with a signature that holds."""
    answers, requests = [500, 500, 200], list[tuple[str, bytes]]()

    def answer(request: Request) -> Response:
        body = request.get_data()
        Webhook(subscription().secret).verify(body, dict(request.headers))
        requests.append((request.headers["webhook-id"], body))
        return Response("", answers.pop(0))

    httpserver.expect_request("/hooks").respond_with_handler(answer)
    subscribe(store, subscription(target=httpserver.url_for("/hooks")))
    now = datetime.now(UTC)
    dispatch(store, [event()], now)
    transport = WebhookTransport(OPEN)
    for wait, outcome in ((0, "to_try_again"), (60, "to_try_again"), (250, "delivered")):
        tally = send(store, transport, now + timedelta(seconds=wait))
        assert tally.to_dict()[outcome] == 1
    httpserver.check()
    assert len(requests) == 3
    assert len(set(requests)) == 1


@pytest.mark.parametrize("fatal", ["notice: taken", "notice: sent", "notice: recorded"])
@pytest.mark.parametrize("count", [1, 3])
def test_killed_at_any_point_nothing_is_lost(
    store: Store, store_url: str, httpserver: HTTPServer, fatal: str, count: int
) -> None:
    """A second run ends the work at once; what is repeated carries the id that it had."""
    ids = list[str]()

    def answer(request: Request) -> Response:
        ids.append(request.headers["webhook-id"])
        return Response("")

    httpserver.expect_request("/hooks").respond_with_handler(answer)
    mailbox = Mailbox()
    subscribe(
        store,
        subscription(target=httpserver.url_for("/hooks")),
        subscription(Channel.EMAIL, subscription_id="sub_2"),
    )
    before = datetime.now(UTC) - timedelta(minutes=1)
    for number in range(2):
        dispatch(store, [event(number)], before + timedelta(seconds=number))
    with serving(mailbox) as port:
        run = (sys.executable, Path(__file__).with_name("killed_sender.py"), store_url)
        url = f"smtp://127.0.0.1:{port}"
        first = subprocess.run([*run, url, fatal, str(count)], capture_output=True, timeout=60)
        assert first.returncode == -9, first.stderr.decode()
        second = subprocess.run([*run, url, "", "1"], capture_output=True, timeout=60)
        assert second.returncode == 0, second.stderr.decode()
    made = deliveries(store)
    assert len(made) == 4
    assert {one.status for one in made} == {DeliveryStatus.DELIVERED}
    arrived = Counter([*ids, *(_delivery_id(one) for one in mailbox.messages())])
    assert set(arrived) == {one.delivery_id for one in made}
    repeated = sum(arrived.values()) - len(arrived)
    assert repeated == (1 if fatal == "notice: sent" else 0)
    ends = [end.ended_at for one in made for end in attempts(store, one.delivery_id)]
    assert all(ends)


def _delivery_id(message: Any) -> str:
    return str(message["Message-ID"]).strip("<>").split("@")[0]
