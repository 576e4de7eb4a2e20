"""Send what is due. Nothing is lost; what a crash repeats carries the id that it had.

A delivery is taken in one transaction, sent outside of any, and recorded in another one. Who
dies between sending and recording leaves an attempt without an end: the next run sends the
notice again under the same id, by which its receiver knows it.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from tumen.model.watching import Channel, Delivery, Subscription
from tumen.store import Store
from tumen.watch.lock import dead_holder, own_name
from tumen.watch.notices.deliveries import has_ended
from tumen.watch.notices.recording import Outcome, Taken, record, take
from tumen.watch.notices.transport import DeliveryError, Notice, Transports
from tumen.watch.points import Checkpoint, pass_by

# Longer than any one attempt takes; the deliveries of a dead process are free at once.
LEASE_SECONDS = 300.0
_BATCH = 100
_MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class SendTally:
    """How a round of sending went. `waiting`: due, and nobody here could send or reach them."""

    delivered: int = 0
    to_try_again: int = 0
    given_up: int = 0
    waiting: int = 0

    def to_dict(self) -> dict[str, int]:
        """JSON-ready form."""
        return asdict(self)


def send_due(
    store: Store,
    transports: Transports,
    now: datetime,
    *,
    holder: str = "",
    lease_seconds: float = LEASE_SECONDS,
    checkpoint: Checkpoint = pass_by,
) -> SendTally:
    """Send what is due from `now` on, by the transports that there are; record every attempt.

    Deliveries of channels without a transport stay due. One that cannot be had at all is given
    up after about a day, or at once where its receiver says so, which is an event of its own.
    """
    _free_the_dead(store, now)
    sender = _Round(store, transports, now, holder or own_name(), lease_seconds, checkpoint)
    return sender.send_all()


def _free_the_dead(store: Store, now: datetime) -> None:
    """End the attempts of processes of this host that are gone."""
    with store.reading() as work:
        dead = [one for one in work.attempts.under_way(now) if dead_holder(one.holder)]
    if not dead:
        return
    with store.writing() as work:
        for one in dead:
            text = "The sender died; whether this was sent is not known"
            work.attempts.end(one.delivery_id, one.attempt, now, text)


@dataclass(slots=True)
class _Round:
    """One round of sending. `left_out` are subscriptions that nobody answers for in it."""

    store: Store
    transports: Transports
    now: datetime
    holder: str
    lease_seconds: float
    checkpoint: Checkpoint
    began: float = field(default_factory=time.monotonic)
    left_out: set[str] = field(default_factory=set)

    def send_all(self) -> SendTally:
        counts = Counter[Outcome]()
        while due := self._due():
            for delivery in due:
                if delivery.subscription_id not in self.left_out:
                    counts[self._send_one(delivery.delivery_id)] += 1
        with self.store.reading() as work:
            waiting = len(work.outbox.due(self._moment(), _MOST_COUNTED))
        return SendTally(
            delivered=counts[Outcome.DELIVERED],
            to_try_again=counts[Outcome.TO_TRY_AGAIN],
            given_up=counts[Outcome.GIVEN_UP],
            waiting=waiting,
        )

    def _due(self) -> list[Delivery]:
        at = self._moment()
        with self.store.reading() as work:
            able = [
                one.subscription_id
                for one in work.subscriptions.all(include_ended=True)
                if one.subscription_id not in self.left_out
                and (one.channel in self.transports or has_ended(one, at))
            ]
            return work.outbox.due(at, _BATCH, subscription_ids=able)

    def _send_one(self, delivery_id: str) -> Outcome:
        with self.store.writing() as work:
            taken = take(work, delivery_id, self.holder, self._moment(), self.lease_seconds)
        if taken is None:
            return Outcome.LEFT
        self.checkpoint("notice: taken")
        problem = self._problem(taken)
        self.checkpoint("notice: sent")
        with self.store.writing() as work:
            outcome = record(work, taken, problem, self._moment())
        self.checkpoint("notice: recorded")
        if problem and problem.is_unreachable:
            self._leave_out(taken.subscription)
        return outcome

    def _problem(self, taken: Taken) -> DeliveryError | None:
        """Send one delivery; what went wrong, None where nothing did."""
        at = self._moment()
        if has_ended(taken.subscription, at):
            return DeliveryError("The subscription has ended", is_final=True)
        if len(taken.events) < len(taken.delivery.event_ids):
            return DeliveryError("Its events are not stored", is_final=True)
        notice = Notice(taken.delivery.delivery_id, taken.subscription, taken.events)
        try:
            self.transports[taken.subscription.channel].send(notice, at)
        except DeliveryError as error:
            return error
        except Exception as error:
            # One notice that breaks its transport must not keep all others back: it is
            # recorded, tried again, and in the end given up with an alarm.
            return DeliveryError(f"{type(error).__name__}: {error}")
        return None

    def _leave_out(self, unreachable: Subscription) -> None:
        """Wait no more in this round for a place where nobody answers: all mail has one."""
        self.left_out.add(unreachable.subscription_id)
        if unreachable.channel is Channel.EMAIL:
            with self.store.reading() as work:
                subscriptions = work.subscriptions.all()
            mailed = (one for one in subscriptions if one.channel is Channel.EMAIL)
            self.left_out.update(one.subscription_id for one in mailed)

    def _moment(self) -> datetime:
        """The present instant, counted from `now`."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)
