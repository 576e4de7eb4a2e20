"""Many rows at once, in the fastest way that each database has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, TableClause, func, insert, select

# SQLite before 3.32 takes 999 parameters in one statement.
CHUNK = 900
T = TypeVar("T")


def in_chunks(stream: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The stream in lists of up to `size`; nothing is read ahead of what is taken."""
    source = iter(stream)
    while chunk := list(islice(source, size)):
        yield chunk


def insert_rows(
    connection: Connection, table: TableClause, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows that all have the same columns; no rows is fine."""
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) > 1:
        _copy(connection, table, rows)
    else:
        connection.execute(insert(table), list(rows))


def _copy(connection: Connection, table: TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = list(rows[0])
    quoted = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in columns)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({quoted}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in columns])


def known(connection: Connection, column: Column[str], keys: Collection[str]) -> set[str]:
    """Those of `keys` that the column holds already."""
    found = set[str]()
    for chunk in in_chunks(keys):
        found.update(connection.execute(select(column).where(column.in_(chunk))).scalars())
    return found


def insert_new(
    connection: Connection, key: Column[str], rows: Iterable[Mapping[str, Any]]
) -> list[str]:
    """Insert the rows whose key is not there yet; the keys that were new, in their order."""
    by_key = {row[key.name]: row for row in rows}
    there = known(connection, key, by_key)
    fresh = [row for name, row in by_key.items() if name not in there]
    insert_rows(connection, key.table, fresh)
    return [row[key.name] for row in fresh]


def next_number(connection: Connection, column: Column[int]) -> int:
    """One more than the highest number there is; a write transaction has no rival."""
    return (connection.execute(select(func.max(column))).scalar() or 0) + 1
