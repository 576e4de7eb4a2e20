"""Transactions: all or nothing, one instant for readers, one writer at a time who is waited for."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from stored_things import NOW, a_book, a_deed, a_hit, a_party, later, trial

from tumen.errors import RequestError, StoreError
from tumen.store import Store


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    """What was written before the error goes with it, in every repository."""
    with trial(store) as work:
        work.books.add_version(a_book(1), [a_party(1)])
        work.hits.replace([], [a_hit()], NOW)
        work.audit.append(a_deed())
        assert work.books.books()
    with store.reading() as work:
        assert work.books.books() == []
        assert work.hits.standing("clients") == []
        assert work.audit.head()[0] == 0
        assert work.audit.verify() == []


def test_a_reader_sees_one_instant(store: Store) -> None:
    """A hit and its event are never seen apart, however long the reading takes."""
    with store.reading() as before:
        assert before.books.books() == []
        with store.writing() as work:
            work.books.add_version(a_book(1), [a_party(1)])
        assert before.books.books() == []
        assert before.books.version("clients") is None
    with store.reading() as after:
        assert [book.version for book in after.books.books()] == [1]


def test_a_reader_cannot_write(store: Store) -> None:
    """A slip that would go unseen on one database and fail on the other fails on both."""
    with pytest.raises(StoreError, match="may not be written to"), store.reading() as work:
        work.locks.acquire("watch", "me", NOW, 60)
    with store.writing() as work:
        assert work.locks.acquire("watch", "me", NOW, 60) is None


def test_a_second_writer_waits(store_url: str) -> None:
    """A load takes seconds; who comes meanwhile gets his turn and no error."""
    order = []

    def second() -> None:
        with Store.open(store_url) as other, other.writing() as work:
            order.append("second")
            work.audit.append(a_deed(2))

    with Store.open(store_url) as store:
        with store.writing() as work:
            thread = threading.Thread(target=second)
            thread.start()
            time.sleep(0.3)
            work.audit.append(a_deed(1))
            order.append("first")
        thread.join(timeout=20)
        with store.reading() as work:
            assert work.audit.verify() == []
            assert work.audit.head()[0] == 2
    assert order == ["first", "second"]


def test_a_second_writer_says_in_the_end_that_it_waited_in_vain(store_url: str) -> None:
    """The message says what is wrong and what to do, and nothing was changed."""
    with (
        Store.open(store_url) as first,
        Store.open(store_url, wait_seconds=0.2) as second,
        first.writing() as work,
    ):
        work.audit.append(a_deed())
        with pytest.raises(StoreError, match=r"is busy.*try again"), second.writing():
            pass
        assert second.current_versions() == []


def test_many_writers_keep_the_chain_whole(store_url: str) -> None:
    """Numbers and hashes follow on one another whoever writes, from whatever process."""

    def write(number: int) -> None:
        with Store.open(store_url) as store:
            for step in range(5):
                with store.writing() as work:
                    work.audit.append(a_deed(number * 10 + step))

    with Store.open(store_url) as store:
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(write, range(6)))
        with store.reading() as work:
            assert work.audit.head()[0] == 30
            assert work.audit.verify() == []


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    """Whose noon it is cannot be told later."""
    with pytest.raises(RequestError, match="has no zone"), store.writing() as work:
        work.locks.acquire("watch", "me", datetime(2026, 3, 1), 60)  # noqa: DTZ001


def test_locks_are_one_holders_until_given_back_or_run_out(store: Store) -> None:
    """One watch run at a time; one that was killed does not block for ever."""
    with store.writing() as work:
        assert work.locks.acquire("watch", "host 1", NOW, 60) is None
        assert work.locks.acquire("watch", "host 2", later(59), 60) == (
            f"host 1 since {NOW.isoformat()}"
        )
        assert work.locks.acquire("other", "host 2", NOW, 60) is None
        assert work.locks.acquire("watch", "host 1", later(30), 60) is None
        assert work.locks.acquire("watch", "host 2", later(89), 60) is not None
        assert work.locks.renew("watch", "host 1", later(89), 60)
        assert not work.locks.renew("watch", "host 2", later(89), 60)
        assert work.locks.acquire("watch", "host 2", later(150), 60) is None
        assert not work.locks.renew("watch", "host 1", later(150), 60)
        work.locks.release("watch", "host 1")
        assert work.locks.acquire("watch", "host 3", later(151), 60) is not None
        work.locks.release("watch", "host 2")
        assert work.locks.acquire("watch", "host 3", later(151), 60) is None
