"""Send the desk's letters: each at least once, and under one id however often it is tried.

As with notices, a letter is taken in one transaction, sent outside of any, and recorded in
another one. What nobody wants any more when its turn comes is cancelled and not sent.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from tumen.model.desk import Letter, LetterKind, LetterStatus
from tumen.model.watching import Event, EventKind, Severity
from tumen.store import Store
from tumen.store.work import Work
from tumen.watch.events import event_id
from tumen.watch.lock import dead_holder, own_name
from tumen.watch.notices.backoff import next_attempt
from tumen.watch.notices.dispatch import keep
from tumen.watch.notices.sending import LEASE_SECONDS, SendTally
from tumen.watch.notices.transport import DeliveryError
from tumen.watch.points import Checkpoint, pass_by

_BATCH = 100


class Post(Protocol):
    """What takes letters: `MailTransport`."""

    def send_letter(self, letter: Letter, at: datetime) -> None:
        """Hand the letter over. Raises DeliveryError where it is not taken."""


def send_letters(
    store: Store,
    post: Post | None,
    now: datetime,
    *,
    holder: str = "",
    lease_seconds: float = LEASE_SECONDS,
    checkpoint: Checkpoint = pass_by,
) -> SendTally:
    """Send every letter that is due from `now` on; without a `post` all of them wait.

    One that cannot be had is given up after about a day, or at once where the server says so.
    An acknowledgement that is given up is an event: somebody waits for an answer.
    """
    _free_the_dead(store, now)
    given = _Round(store, post, now, holder or own_name(), lease_seconds, checkpoint)
    return given.send_all()


def _free_the_dead(store: Store, now: datetime) -> None:
    """Take letters out of the hands of processes of this host that are gone."""
    with store.reading() as work:
        dead = [one for one in work.letters.in_hand(now) if dead_holder(one.holder)]
    if dead:
        with store.writing() as work:
            for one in dead:
                work.letters.let_go(one.letter_id)


@dataclass(slots=True)
class _Round:
    """One round. It ends early where the mail server cannot be reached: all letters go there."""

    store: Store
    post: Post | None
    now: datetime
    holder: str
    lease_seconds: float
    checkpoint: Checkpoint
    began: float = field(default_factory=time.monotonic)
    is_cut_off: bool = False

    def send_all(self) -> SendTally:
        counts = Counter[LetterStatus]()
        while self.post is not None and not self.is_cut_off and (due := self._due()):
            for one in due:
                if not self.is_cut_off:
                    counts[self._send_one(self.post, one.letter_id)] += 1
        return SendTally(
            delivered=counts[LetterStatus.DELIVERED],
            to_try_again=counts[LetterStatus.PENDING],
            given_up=counts[LetterStatus.GIVEN_UP],
            waiting=len(self._due()),
        )

    def _due(self) -> list[Letter]:
        with self.store.reading() as work:
            return work.letters.due(self._moment(), _BATCH)

    def _send_one(self, post: Post, letter_id: str) -> LetterStatus:
        with self.store.writing() as work:
            taken = work.letters.take(letter_id, self.holder, self._moment(), self.lease_seconds)
            if taken is None:
                return LetterStatus.CANCELLED  # Another sender has it, or is done with it.
            if not _is_wanted(work, taken):
                work.letters.settle(letter_id, LetterStatus.CANCELLED, self._moment())
                return LetterStatus.CANCELLED
        self.checkpoint("letter: taken")
        problem = _problem(post, taken, self._moment())
        self.checkpoint("letter: sent")
        self.is_cut_off = problem is not None and problem.is_unreachable
        with self.store.writing() as work:
            return _record(work, taken, problem, self._moment())

    def _moment(self) -> datetime:
        """The present instant, counted from `now`."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)


def _is_wanted(work: Work, letter: Letter) -> bool:
    """Whether its reader, if it has one, is still a reader: who left hears nothing more."""
    if not letter.reader_id:
        return True
    reader = work.readers.get(letter.reader_id)
    return reader is not None and reader.confirmed_at is not None and reader.ended_at is None


def _problem(post: Post, letter: Letter, at: datetime) -> DeliveryError | None:
    try:
        post.send_letter(letter, at)
    except DeliveryError as error:
        return error
    except Exception as error:
        # One letter that breaks the post must not keep the others back: it is recorded and
        # tried again.
        return DeliveryError(f"{type(error).__name__}: {error}")
    return None


def _record(
    work: Work, letter: Letter, problem: DeliveryError | None, at: datetime
) -> LetterStatus:
    if problem is None:
        work.letters.settle(letter.letter_id, LetterStatus.DELIVERED, at)
        return LetterStatus.DELIVERED
    due_at = next_attempt(letter.letter_id, letter.attempts, at)
    if due_at is not None and not problem.is_final:
        work.letters.try_again(letter.letter_id, due_at, str(problem))
        return LetterStatus.PENDING
    work.letters.settle(letter.letter_id, LetterStatus.GIVEN_UP, at, _without(problem, letter))
    if letter.kind is LetterKind.ACKNOWLEDGEMENT:
        keep(work, [_alarm(letter, at)], at)
    if letter.kind is LetterKind.BRIEFING and problem.is_final:
        work.readers.end(letter.address, at)
    return LetterStatus.GIVEN_UP


def _without(problem: DeliveryError, letter: Letter) -> str:
    """What went wrong, without the address: that is forgotten when the letter is settled."""
    return str(problem).replace(letter.address, "the address")


def _alarm(letter: Letter, at: datetime) -> Event:
    return Event(
        event_id=event_id(EventKind.NOTICE_GIVEN_UP, letter.letter_id),
        kind=EventKind.NOTICE_GIVEN_UP,
        severity=Severity.HIGH,
        occurred_at=at,
        title="An acknowledgement could not be delivered",
        text=f"Whoever asked for help in case {letter.about} has had no answer by mail: telephone.",
        data={"letter_id": letter.letter_id, "case_id": letter.about},
    )
