"""A store into one file, and back: all of it or nothing, verified before anything is replaced.

The table reader is our own, in one read transaction, so the file is the same for both databases
and others may write meanwhile. A restore makes the new store aside, checks it, and only then
puts it in the place of the old one, which is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, Table, func, inspect, select, text
from sqlalchemy import column as column_named
from sqlalchemy import table as table_named

from tumen.errors import RequestError, SourceError
from tumen.store.archive import Archive, Manifest, reading_archive, writing_archive
from tumen.store.audit import Audit
from tumen.store.bulk import CHUNK, insert_rows
from tumen.store.columns import metadata
from tumen.store.engine import reading
from tumen.store.migrations import add_guards, applied, check_known, make_tables, migrate
from tumen.store.place import place_of


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back, and where the old store is kept (empty: there was none)."""

    manifest: Manifest
    kept_aside: str


def back_up(engine: Engine, path: Path, at: datetime) -> Manifest:
    """Write the whole store into the file `path`, which is replaced only by a whole backup.

    A broken audit log is kept as it is, and the manifest says so. Raises RequestError where the
    file cannot be written.
    """
    try:
        with reading(engine) as connection, writing_archive(path) as archive:
            for table in metadata.tables.values():
                columns = [column.name for column in table.columns]
                archive.add(table.name, columns, _blobs(table), _rows(connection, table))
            audit = Audit(connection)
            problems = audit.verify()
            head = (0, "") if problems else audit.head()
            return archive.close(applied(connection), at, head, problems)
    except OSError as error:
        raise RequestError(
            f"The backup {path} cannot be written: {error}. Name a file in a folder with room"
        ) from error


def restore(url: str, path: Path, at: datetime, *, is_forced: bool = False) -> Restored:
    """Put the store that a backup holds in the place of the one at `url`.

    The backup and its audit log are verified first. Raises SourceError where the backup is
    damaged, RequestError where a store with content is there and it is not `is_forced`, or
    where the store is in use; the store is then as it was. A log that was broken already when
    it was backed up comes back only by force.
    """
    with reading_archive(path) as archive:
        check_known(archive.manifest.schema)
        archive.check()
        with place_of(url) as place:
            if not is_forced and place.has_content():
                raise RequestError(
                    f"{place.name} holds something already. To put the backup in its place (what "
                    "is there is kept aside), say so with --force, or name another store"
                )
            with place.replacing(at) as connection:
                _fill(connection, archive)
                _verify(connection, archive, is_forced=is_forced)
            return Restored(archive.manifest, place.kept_aside)


def _blobs(table: Table) -> list[str]:
    return [column.name for column in table.columns if isinstance(column.type, LargeBinary)]


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    options = {"stream_results": True, "yield_per": CHUNK}
    for row in connection.execute(query, execution_options=options):
        yield tuple(row)


def _fill(connection: Connection, archive: Archive) -> None:
    """Make the tables of the backup's schema, fill them, and bring them up to date."""
    schema = archive.manifest.schema
    make_tables(connection, 0, schema)
    _check_tables(connection, archive)
    for table in archive.manifest.tables:
        place = table_named(table.name, *(column_named(name) for name in table.columns))
        # The first migrations put a row or two where they belong; the backup has them too.
        connection.execute(place.delete())
        for rows in archive.rows(table):
            insert_rows(connection, place, rows)
    add_guards(connection, 0, schema)
    migrate(connection)


def _check_tables(connection: Connection, archive: Archive) -> None:
    """Refuse a manifest that names other tables or columns than its schema has."""
    found = inspect(connection)
    there = {
        name: {column["name"] for column in found.get_columns(name)}
        for name in found.get_table_names()
        if name in metadata.tables
    }
    given = {table.name: set(table.columns) for table in archive.manifest.tables}
    if there != given:
        names = ", ".join(
            sorted(name for name in {*there, *given} if there.get(name) != given.get(name))
        )
        raise SourceError(f"Other tables than those of its schema: {names}", where=archive.name)


def _verify(connection: Connection, archive: Archive, *, is_forced: bool) -> None:
    """Raises SourceError where what was filled in is not what the backup promised."""
    manifest = archive.manifest
    for table in manifest.tables:
        count = connection.execute(select(func.count()).select_from(text(table.name))).scalar()
        if count != table.rows:
            raise SourceError(
                f"{count} rows came into {table.name}, not {table.rows}", where=archive.name
            )
    audit = Audit(connection)
    problems = audit.verify()
    if problems and not (is_forced and tuple(problems) == manifest.audit_problems):
        raise SourceError(
            f"Its audit log is broken: {_first(problems)}",
            where=archive.name,
            mend="Use another backup, or take this one as it is with --force"
            if tuple(problems) == manifest.audit_problems
            else "Use another backup",
        )
    if not problems and audit.head() != (manifest.audit_sequence, manifest.audit_hash):
        raise SourceError("Its audit log is not the one that was backed up", where=archive.name)


def _first(problems: list[str], count: int = 5) -> str:
    more = f" and {len(problems) - count:,} more" if len(problems) > count else ""
    return "; ".join(problems[:count]) + more
