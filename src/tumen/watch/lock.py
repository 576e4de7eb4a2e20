"""One run at a time: who holds the lock, and what happens to the lock of a dead holder."""

from __future__ import annotations

import os
import re
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from tumen.errors import BusyError, TumenError
from tumen.store import Store

LOCK = "watch"
# Longer than any one transaction may keep the heart from beating; on this host a dead holder
# is known at once.
TTL_SECONDS = 600
BEAT_SECONDS = 30.0
_HOLDER = re.compile(
    r"(?P<holder>(?P<host>\S+) pid (?P<pid>\d+)(?:, hold (?P<hold>[0-9a-f]+))?)(?: |$)"
)
# The holds of this process. A container that starts anew has the number of the one before it:
# by these we know that a hold under our number is not ours.
_OURS: set[str] = set()
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Hold:
    """A lock that is held. `check` raises BusyError once another has taken it."""

    name: str
    holder: str
    lost: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Stop a run whose lock expired while it hung: another may be at work by now."""
        if self.lost.is_set():
            raise BusyError(
                f"The lock {self.name!r} was lost: {self.holder} was silent for too long, "
                "and another run may be under way"
            )


@contextmanager
def holding(
    store: Store,
    clock: Clock,
    *,
    name: str = LOCK,
    holder: str = "",
    beat_seconds: float = BEAT_SECONDS,
) -> Iterator[Hold]:
    """Hold the lock for as long as the block runs, with a heart that beats in a thread.

    Raises BusyError naming who holds it. The lock of a process that has died on this host is
    taken over at once, any other when its heart has not beaten for `TTL_SECONDS`.
    """
    mark = secrets.token_hex(3)
    hold = Hold(name, holder or f"{own_name()}, hold {mark}")
    _OURS.add(mark)
    is_refused = False
    try:
        try:
            _acquire(store, hold, clock)
        except BusyError:
            is_refused = True
            raise
        with _beating(store, hold, clock, beat_seconds):
            yield hold
    finally:
        _OURS.discard(mark)
        # A signal may come right after the lock was taken: it is given back all the same.
        if not is_refused:
            with store.writing() as work:
                work.locks.release(hold.name, hold.holder)


@contextmanager
def _beating(store: Store, hold: Hold, clock: Clock, beat_seconds: float) -> Iterator[None]:
    """A heart that beats while the block runs."""
    has_ended = threading.Event()
    heart = threading.Thread(
        target=_beat, args=(store, hold, clock, has_ended, beat_seconds), daemon=True
    )
    heart.start()
    try:
        yield
    finally:
        has_ended.set()
        heart.join()


def own_name() -> str:
    """This process, as it stands in the lock."""
    return f"{socket.gethostname()} pid {os.getpid()}"


def _acquire(store: Store, hold: Hold, clock: Clock) -> None:
    with store.writing() as work:
        other = work.locks.acquire(hold.name, hold.holder, clock(), TTL_SECONDS)
        if other is not None and (dead := dead_holder(other)):
            work.locks.release(hold.name, dead)
            other = work.locks.acquire(hold.name, hold.holder, clock(), TTL_SECONDS)
    if other is not None:
        raise BusyError(f"Another run is under way: {other}. Try again when it has ended")


def dead_holder(described: str) -> str:
    """The holder as named in the lock, where it was a process of this host that is gone."""
    found = _HOLDER.match(described)
    if found is None or found["host"] != socket.gethostname():
        return ""
    pid, mark = int(found["pid"]), found["hold"]
    lives = mark in _OURS if pid == os.getpid() and mark is not None else is_alive(pid)
    return "" if lives else found["holder"]


def is_alive(pid: int) -> bool:
    """Whether a process of this machine still runs, be it another user's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _beat(
    store: Store, hold: Hold, clock: Clock, has_ended: threading.Event, seconds: float
) -> None:
    while not has_ended.wait(seconds):
        try:
            with store.writing() as work:
                is_ours = work.locks.renew(hold.name, hold.holder, clock(), TTL_SECONDS)
        except TumenError:
            continue  # The store is busy with a long write, most likely ours: next beat.
        if not is_ours:
            hold.lost.set()
            return
