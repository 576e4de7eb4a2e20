"""Where a restored store goes: beside the old one first, then into its place, in one step."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, Engine, inspect, select, table
from sqlalchemy.schema import CreateSchema, DropSchema

from tumen.errors import RequestError, StoreError
from tumen.store.columns import metadata
from tumen.store.engine import create, reading, writing
from tumen.store.migrations import GUARD_FUNCTIONS
from tumen.store.tables import audit_head


class Place(Protocol):
    """A store that may be replaced. `kept_aside` says where the old one is, once it was."""

    name: str
    kept_aside: str

    def has_content(self) -> bool:
        """Whether anything would be lost by replacing it."""

    def replacing(self, at: datetime) -> AbstractContextManager[Connection]:
        """A transaction on an empty database that takes the place of the store at its end."""


@contextmanager
def place_of(url: str) -> Iterator[Place]:
    """The place that the URL of a store names. Raises RequestError where it makes no sense."""
    engine = create(url)
    try:
        if engine.dialect.name == "sqlite":
            yield SqlitePlace(engine)
        else:
            yield PostgresPlace(engine)
    finally:
        engine.dispose()


class SqlitePlace:
    """An SQLite file: the new one is made beside it and takes its name."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._path = Path(str(engine.url.database))
        self.name, self.kept_aside = str(self._path), ""

    def has_content(self) -> bool:
        """A file that is no store of ours, or a damaged one, counts as content."""
        if not self._path.exists() or self._path.stat().st_size == 0:
            return False
        try:
            with reading(self._engine) as connection:
                names = set(inspect(connection).get_table_names())
                is_other = not names <= {*metadata.tables, "schema_version"}
                return is_other or _has_rows(connection)
        except StoreError:
            return True

    @contextmanager
    def replacing(self, at: datetime) -> Iterator[Connection]:
        """See `Place`. The old file is kept beside the new one."""
        new = self._path.with_name(f"{self._path.name}.restoring")
        try:
            _remove(new)
            engine = create(URL.create("sqlite", database=str(new)))
            try:
                with writing(engine) as connection:
                    yield connection
            finally:
                engine.dispose()
            self._swap(new, at)
        except OSError as error:
            raise RequestError(
                f"{self._path} could not be replaced: {error}. It is as it was; see to the folder"
            ) from error
        finally:
            _remove(new)

    def _swap(self, new: Path, at: datetime) -> None:
        is_kept = self.has_content()
        self._engine.dispose()
        if self._path.exists():
            _settle(self._path)
        if is_kept:
            aside = self._path.with_name(f"{self._path.name}.before-restore-{_stamp(at)}")
            for ending in ("-wal", "-shm"):
                if (log := Path(f"{self._path}{ending}")).exists():
                    log.rename(f"{aside}{ending}")
            _keep(self._path, aside)
            self.kept_aside = str(aside)
        new.replace(self._path)


class PostgresPlace:
    """A PostgreSQL schema: the old tables go into another one, all in one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name, self.kept_aside = engine.url.render_as_string(hide_password=True), ""

    def has_content(self) -> bool:
        """Tables of others in the same schema stay where they are and do not count."""
        with reading(self._engine) as connection:
            return _has_rows(connection)

    @contextmanager
    def replacing(self, at: datetime) -> Iterator[Connection]:
        """See `Place`. The old tables are kept in a schema of their own."""
        with writing(self._engine) as connection:
            is_kept = _has_rows(connection)
            aside = self._move(connection, at)
            yield connection
            if not is_kept:
                connection.execute(DropSchema(aside, cascade=True))
        self.kept_aside = f"schema {aside}" if is_kept else ""

    def _move(self, connection: Connection, at: datetime) -> str:
        """Move our tables and functions out of the way; the schema that has them now."""
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
        # PostgreSQL cuts names at 63 bytes.
        aside = f"{str(schema)[:30]}_before_restore_{_stamp(at).lower()}"
        connection.execute(CreateSchema(aside))
        quoted = connection.dialect.identifier_preparer.quote_identifier(aside)
        for name in sorted(_ours(connection)):
            connection.exec_driver_sql(f"ALTER TABLE {name} SET SCHEMA {quoted}")
        functions = connection.exec_driver_sql(
            "SELECT proname FROM pg_proc WHERE pronamespace = "
            "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
        )
        for name in sorted(set(functions.scalars()) & GUARD_FUNCTIONS):
            connection.exec_driver_sql(f"ALTER FUNCTION {name}() SET SCHEMA {quoted}")
        return aside


def _ours(connection: Connection) -> set[str]:
    """The tables of a store that are there."""
    return {*metadata.tables, "schema_version"} & set(inspect(connection).get_table_names())


def _has_rows(connection: Connection) -> bool:
    """Whether anything was ever stored; what the migrations put there does not count."""
    names = _ours(connection) - {"schema_version", audit_head.name}
    return any(
        connection.execute(select(1).select_from(table(name)).limit(1)).first() for name in names
    )


def _settle(path: Path) -> None:
    """Bring all that was written into the one file. Raises RequestError where it is in use."""
    try:
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
            # Leaving WAL needs the file to ourselves: it fails while anybody else has it open.
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise RequestError(
                f"{path} is in use: stop `tumen serve` and `tumen watch`, then restore again"
            ) from error
        raise
    except sqlite3.DatabaseError:
        return  # Damaged, or no database at all: it is kept aside as it is.


def _keep(path: Path, aside: Path) -> None:
    """A second name for a file, or a copy where the file system knows no second names."""
    if aside.exists():
        raise FileExistsError(f"{aside} is there already")
    try:
        os.link(path, aside)
    except OSError:
        shutil.copy2(path, aside)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
