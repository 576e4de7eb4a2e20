"""When the database fails: a message that names the mend, and the last good state intact."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, event, make_url, text
from stored_things import NOW, a_book, a_deed, a_hit, a_party

from tumen.errors import RequestError, StoreError
from tumen.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the SQLite file of a test is."""
    return tmp_path / "tumen.db"


def fill(store: Store, number: int = 1) -> None:
    """One record, to see later that it is there."""
    with store.writing() as work:
        work.audit.append(a_deed(number))


def records(store: Store) -> int:
    """How many records there are; the chain must be whole."""
    with store.reading() as work:
        assert work.audit.verify() == []
        return work.audit.head()[0]


def test_a_full_disk_keeps_the_last_good_state(path: Path) -> None:
    """A limit of pages is what a full disk looks like to SQLite."""
    store = Store.open(f"sqlite:///{path}")
    fill(store)
    store.close()
    pages = path.stat().st_size // 4096 + 3

    with Store.open(f"sqlite:///{path}") as small:
        small._engine.dispose()
        event.listen(
            small._engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages}")
        )
        parties = [a_party(number, "Kim " * 100) for number in range(2000)]
        problem = r"no room left.*Free disk space"
        with pytest.raises(StoreError, match=problem), small.writing() as work:
            work.books.add_version(a_book(2000), parties)
        assert records(small) == 1
        with small.reading() as work:
            assert work.books.books() == []
    with Store.open(f"sqlite:///{path}") as again, again.writing() as work:
        work.books.add_version(a_book(2000), parties)


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ("53100", "no room left"),
        ("53300", "no connection free"),
        ("40001", "is busy"),
        ("57P01", "is gone"),
        ("28P01", "lets nobody in"),
        ("42501", "right to write"),
        ("XX001", "is damaged"),
        ("58000", "cannot be used"),
    ],
)
def test_what_postgresql_says_is_put_in_words(pg_url: str, state: str, problem: str) -> None:
    """The server itself raises each state, as it does when its disk is full."""
    with Store.open(pg_url) as store:
        fill(store)
        raising = f"DO $$ BEGIN RAISE EXCEPTION 'it says so' USING ERRCODE = '{state}'; END $$"
        with pytest.raises(StoreError, match=f"{problem}"), store.writing() as work:
            work._connection.execute(text(raising))
        assert records(store) == 1


def test_what_it_refuses_is_the_requests_fault(store: Store) -> None:
    """Trying again would not help, so it is no StoreError."""
    doubled = text("INSERT INTO audit_head VALUES (1, 0, 'x')")
    with pytest.raises(RequestError, match="refuses this") as caught, store.writing() as work:
        work._connection.execute(doubled)
    assert not isinstance(caught.value, StoreError)


def test_a_file_that_was_moved_away_is_missed(path: Path) -> None:
    """SQLite would go on writing into the file that has no name any more."""
    with Store.open(f"sqlite:///{path}") as store:
        fill(store)
        aside = path.with_name("aside.db")
        path.rename(aside)
        for _ in range(2):
            with pytest.raises(StoreError, match=r"is gone.*try again"):
                fill(store)
            with pytest.raises(StoreError, match="is gone"):
                store.current_versions()
        assert not path.exists()
        aside.rename(path)
        fill(store)
        assert records(store) == 2


def test_a_file_that_was_replaced_is_opened_anew(path: Path) -> None:
    """A restored store is seen by whoever has the old one open."""
    with Store.open(f"sqlite:///{path}") as store:
        fill(store)
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    with Store.open(f"sqlite:///{path}") as store:
        fill(store)
        copy.replace(path)
        for ending in ("-wal", "-shm"):
            path.with_name(f"tumen.db{ending}").unlink()
        assert records(store) == 1


def use(url: str) -> None:
    """Open a store and read the hits."""
    with Store.open(url) as store, store.reading() as work:
        work.hits.standing("clients")


def test_a_damaged_file_is_refused(path: Path) -> None:
    """Bytes in the middle were overwritten: it says so, and names the mend."""
    with Store.open(f"sqlite:///{path}") as store, store.writing() as work:
        work.hits.replace([], [a_hit(number) for number in range(500)], NOW)
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(path.stat().st_size - 8192))
    with pytest.raises(StoreError, match=r"is damaged.*tumen restore"):
        use(f"sqlite:///{path}")


WRITE = """
import os, sys
from datetime import UTC, datetime
from tumen.errors import StoreError
from tumen.store import Store
if os.geteuid() == 0:
    Store.open(sys.argv[2]).close()  # What is imported late is imported while we may.
    os.setuid(int(sys.argv[3]))
try:
    with Store.open(sys.argv[1]) as store, store.writing() as work:
        work.locks.acquire("watch", "me", datetime.now(UTC), 60)
except StoreError as error:
    print(error)
"""


def test_a_file_without_the_right_to_write_is_named(path: Path) -> None:
    """Another user's file: read-only is a clear message and no traceback."""
    folder = Path(tempfile.mkdtemp())
    try:
        url = f"sqlite:///{folder}/tumen.db"
        with Store.open(url) as store:
            fill(store)
        (folder / "tumen.db").chmod(0o444)
        folder.chmod(0o555)
        nobody = str(pwd.getpwnam("nobody").pw_uid)
        done = subprocess.run(
            [sys.executable, "-c", WRITE, url, f"sqlite:///{path}", nobody],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "may not be written to" in done.stdout
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.fixture
def pg_url(postgres: URL) -> Iterator[str]:
    """The URL of a fresh store in PostgreSQL."""
    from databases import postgres_url

    with postgres_url(postgres) as url:
        yield url


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    """Nothing listens on the port; the message is for a screen that others see."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(StoreError, match="is gone") as caught:
            Store.open(f"postgresql://ana:verysecret@127.0.0.1:{port}/tumen")
    assert "verysecret" not in str(caught.value)


def test_a_database_that_is_not_there_is_named(postgres: URL) -> None:
    """The server answers, but has no such database."""
    url = postgres.set(database="nosuch").render_as_string(hide_password=False)
    with pytest.raises(StoreError, match='database "nosuch" does not exist'):
        Store.open(url)


def cut(url: str) -> None:
    """End all connections to a store, as a server does that is stopped."""
    parsed = make_url(url).set(drivername="postgresql", query={})
    parsed = parsed.set(query={k: v for k, v in make_url(url).query.items() if k == "host"})
    with psycopg.connect(parsed.render_as_string(hide_password=False), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def write_and_cut(store: Store, url: str) -> None:
    """One transaction in the middle of which the server goes away."""
    with store.writing() as work:
        work.audit.append(a_deed(2))
        cut(url)
        work.audit.append(a_deed(3))


def test_a_server_that_stops_in_the_middle_keeps_the_last_good_state(pg_url: str) -> None:
    """The transaction under way is lost whole; once the server is back, all goes on."""
    with Store.open(pg_url) as store:
        fill(store)
        with pytest.raises(StoreError, match=r"is gone.*as it was"):
            write_and_cut(store, pg_url)
        assert records(store) == 1
        cut(pg_url)
        fill(store, 2)
        assert records(store) == 2


def test_more_readers_than_connections_wait_and_then_say_so(path: Path) -> None:
    """Threads that never give back are named, not waited for without end."""
    with Store.open(f"sqlite:///{path}") as store, ExitStack() as held:
        store._engine.pool._timeout = 0.1
        with pytest.raises(StoreError, match="no connection free"):
            hold(store, held, 99)


def hold(store: Store, held: ExitStack, count: int) -> None:
    """Begin reading so many times without an end."""
    for _ in range(count):
        held.enter_context(store.reading())
