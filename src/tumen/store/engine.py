"""Opening a database by its URL, and the two kinds of transaction we use on it.

There is one writer at a time on both databases: SQLite takes its write lock at the beginning
(BEGIN IMMEDIATE), PostgreSQL an advisory lock of the same meaning. So counters and the chain of
the audit log need no further care, and what is tested on one holds on the other. Readers never
wait: each sees the state at its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from tumen.errors import RequestError
from tumen.store.faults import explaining
from tumen.store.migrations import LATEST, applied, migrate
from tumen.store.sqlite import SqliteFile

# A full list takes seconds to store; a second writer waits for it and does not fail.
BUSY_TIMEOUT_SECONDS = 60
_CONNECT_TIMEOUT_SECONDS = 10


def open_engine(
    url: str, *, wait_seconds: float = BUSY_TIMEOUT_SECONDS, may_create: bool = True
) -> Engine:
    """The migrated database at an SQLAlchemy URL; an SQLite file is made where there is none
    (only if `may_create`).

    A writer waits `wait_seconds` for another one. Raises RequestError where the URL makes no
    sense or the database cannot be used.
    """
    engine = create(url, wait_seconds, may_create=may_create)
    try:
        with reading(engine) as connection:
            is_behind = applied(connection) != LATEST
        if is_behind:
            with writing(engine) as connection:
                migrate(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: all of it is kept, or none."""
    with (
        explaining(engine),
        engine.connect().execution_options(tumen_writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction: the state of one instant, whatever others write meanwhile."""
    with explaining(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


def create(
    url: str | URL, wait_seconds: float = BUSY_TIMEOUT_SECONDS, *, may_create: bool = True
) -> Engine:
    """An engine for a URL; nothing is read or migrated yet. Raises RequestError."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, wait_seconds, may_create=may_create)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername == "postgresql+psycopg":
            return _postgresql(parsed, wait_seconds)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OSError) as error:
        raise _no_store(str(url), str(error)) from error
    raise _no_store(str(url), f"tumen does not know {parsed.drivername!r}")


def _no_store(url: str, problem: str) -> RequestError:
    return RequestError(
        f"No store can be opened at {url!r}: {problem}. "
        "Use sqlite:///path/to/tumen.db or postgresql://user@host/database"
    )


def _sqlite(url: URL, wait_seconds: float, *, may_create: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise _no_store(url.render_as_string(), "it names no file")
    file = SqliteFile(Path(url.database), wait_seconds, may_create=may_create)
    engine = create_engine(url, creator=file.connect)
    event.listen(engine, "checkout", file.check)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: two that first read and then write would deadlock.
    is_write = connection.get_execution_options().get("tumen_writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(not is_write)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def _postgresql(url: URL, wait_seconds: float) -> Engine:
    given = {"connect_timeout": _CONNECT_TIMEOUT_SECONDS, "application_name": "tumen"}
    extra = {name: value for name, value in given.items() if name not in url.query}
    # With pre-ping, a connection that died with a restarted server is renewed in silence.
    engine = create_engine(url, connect_args=extra, pool_pre_ping=True)
    milliseconds = int(wait_seconds * 1000)

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("tumen_writes", False):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
            connection.exec_driver_sql(
                "SELECT pg_advisory_xact_lock(hashtext('tumen.' || current_schema()))"
            )

    event.listen(engine, "begin", begin)
    return engine
