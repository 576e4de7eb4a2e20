"""One run at a time: who holds the lock is said, and a dead holder stops nobody for long."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tumen.errors import BusyError
from tumen.store import Store
from tumen.watch.lock import TTL_SECONDS, Hold, holding, own_name

HOLD = """
import sys, time
from datetime import UTC, datetime
from tumen.store import Store
from tumen.watch.lock import holding
with Store.open(sys.argv[1]) as store, holding(store, lambda: datetime.now(UTC)):
    print("held", flush=True)
    time.sleep(60)
"""


def now() -> datetime:
    """The real hour."""
    return datetime.now(UTC)


@pytest.fixture
def url(store_url: str) -> str:
    """A store that two processes share, of each kind."""
    Store.open(store_url).close()
    return store_url


@contextmanager
def other_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock."""
    child = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "held\n"
        yield child
    finally:
        child.kill()
        child.communicate()


def test_a_second_run_says_who_holds_the_lock(url: str) -> None:
    """Host, process and since when; and afterwards the holder still holds it."""
    with other_process(url) as child, Store.open(url) as store:
        for _ in range(2):
            with pytest.raises(BusyError) as caught, holding(store, now):
                pass
        host = re.escape(socket.gethostname())
        said = rf"{host} pid {child.pid}, hold [0-9a-f]+ since {now():%Y-%m-%d}T"
        assert re.search(said, str(caught.value))


def test_the_lock_of_a_killed_process_is_taken_over_at_once(url: str) -> None:
    """No wait for the lock to expire where we can see that nobody is there."""
    with other_process(url) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
        with Store.open(url) as store, holding(store, now) as hold:
            hold.check()
            with store.reading() as work:
                assert f"pid {os.getpid()}" in work.locks.held(now())["watch"]
        with Store.open(url) as store, store.reading() as work:
            assert work.locks.held(now()) == {}


def test_two_threads_of_one_process_exclude_each_other(url: str) -> None:
    """A service may be asked twice for a run."""
    with (
        Store.open(url) as store,
        holding(store, now),
        pytest.raises(BusyError, match=f"pid {os.getpid()}"),
        holding(store, now),
    ):
        pass


def test_a_container_that_starts_anew_takes_the_lock_of_the_one_before(url: str) -> None:
    """Host and process number are the same, the hold is not ours."""
    with Store.open(url) as store:
        with store.writing() as work:
            before = f"{own_name()}, hold 0a1b2c"
            work.locks.acquire("watch", before, now(), TTL_SECONDS)
        with holding(store, now):
            pass


def test_the_lock_of_another_host_expires(url: str) -> None:
    """Of a process elsewhere we know only that its heart has stopped."""
    with Store.open(url) as store:
        with store.writing() as work:
            work.locks.acquire("watch", "elsewhere pid 1", now(), TTL_SECONDS)
        with pytest.raises(BusyError, match="elsewhere pid 1"), holding(store, now):
            pass
        later = now() + timedelta(seconds=TTL_SECONDS + 1)
        with holding(store, lambda: later):
            pass


def test_a_heart_that_beats_keeps_the_lock(url: str) -> None:
    """The hour of expiry moves on while the block runs."""
    hours = [now()]
    with Store.open(url) as store, holding(store, lambda: hours[0], beat_seconds=0.02):
        for _ in range(3):
            hours[0] += timedelta(seconds=TTL_SECONDS * 0.8)
            time.sleep(0.3)
        with store.reading() as work:
            assert "watch" in work.locks.held(hours[0])


def test_a_run_that_lost_its_lock_stops(url: str) -> None:
    """It hung for longer than the lock lives, and another has begun."""
    with Store.open(url) as store:
        with holding(store, now, holder="a pid 1", beat_seconds=0.02) as hold:
            with store.writing() as work:
                work.locks.release("watch", "a pid 1")
                work.locks.acquire("watch", "b pid 2", now(), TTL_SECONDS)
            _await(hold)
            with pytest.raises(BusyError, match="was lost"):
                hold.check()
        with store.reading() as work:
            assert work.locks.held(now())["watch"].startswith("b pid 2")


def _await(hold: Hold) -> None:
    assert hold.lost.wait(5)
