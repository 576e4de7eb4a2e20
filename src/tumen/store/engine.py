"""Opening a database by its URL, and the two kinds of transaction we use on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from tumen.errors import RequestError
from tumen.store.migrations import LATEST, applied, migrate

# A full list takes seconds to store; a second writer waits for it and does not fail.
BUSY_TIMEOUT_SECONDS = 60


def open_engine(url: str) -> Engine:
    """The migrated database at an SQLAlchemy URL; an SQLite file is made where there is none.

    Raises RequestError where the URL makes no sense or the database cannot be used.
    """
    engine = _create(url)
    try:
        with engine.connect() as connection:
            is_behind = applied(connection) != LATEST
        if is_behind:
            with writing(engine) as connection:
                migrate(connection)
    except DBAPIError as error:
        engine.dispose()
        raise RequestError(
            f"The store {engine.url} cannot be used: {error.orig}. "
            "Name another file, or one that tumen made"
        ) from error
    except RequestError:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: all of it is kept, or none."""
    with engine.connect().execution_options(tumen_writes=True) as connection, connection.begin():
        yield connection


def _create(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed)
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OSError) as error:
        raise RequestError(
            f"No store can be opened at {url!r}: {error}. Use sqlite:///path/to/tumen.db"
        ) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The sqlite3 module would commit before DDL; with None we send BEGIN ourselves.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: two that first read and then write would deadlock.
    is_write = connection.get_execution_options().get("tumen_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
