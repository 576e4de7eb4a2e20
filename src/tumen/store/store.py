"""List versions in a database: add one, find the current ones, read their entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Column, Connection, Engine, Row, func, insert, select
from sqlalchemy.sql import Select

from tumen.errors import RequestError, SourceError
from tumen.model.listing import ListEntry, ListVersion
from tumen.store.engine import open_engine, writing
from tumen.store.rows import content_row, entry_of, version_of, version_row
from tumen.store.tables import entry_content, list_current, list_entry, list_version

# SQLite before 3.32 takes 999 parameters in one statement.
_CHUNK = 900


class Store:
    """All list versions ever loaded, and which of each list is current. Close it after use."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """The store at an SQLAlchemy URL (`sqlite:////data/tumen.db`), made where there is none.

        Raises RequestError where it cannot be opened or a newer tumen wrote it.
        """
        return cls(open_engine(url))

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add_version(
        self, version: ListVersion, entries: Iterable[ListEntry], *, is_current: bool = True
    ) -> None:
        """Keep a list version with its entries, whole or not at all, and make it current.

        Raises RequestError where it is already stored, SourceError where two entries share
        an id or their number is not the version's.
        """
        with writing(self._engine) as connection:
            if _find_version(connection, version.version_id) is not None:
                raise RequestError(f"{version.version_id} is already stored; versions never change")
            row = version_row(version, _next(connection, list_version.c.sequence))
            connection.execute(insert(list_version), row)
            count = _insert_entries(connection, version.version_id, entries)
            if count != version.entries:
                raise SourceError(
                    f"The version says {version.entries} entries, {count} came",
                    where=version.version_id,
                )
            if is_current:
                _set_current(connection, version, version.retrieved_at)

    def set_current(self, version_id: str, at: datetime) -> None:
        """Make a stored version the current one of its list from the instant `at`."""
        with writing(self._engine) as connection:
            _set_current(connection, _get_version(connection, version_id), at)

    def current_versions(self) -> list[ListVersion]:
        """The current version of each list, by list id; empty where nothing was loaded."""
        query = select(list_version).where(list_version.c.version_id.in_(_current_ids()))
        return self._versions(query.order_by(list_version.c.list_id))

    def current_version(self, list_id: str) -> ListVersion | None:
        """The current version of one list; None where it has none."""
        query = select(list_version).where(
            list_version.c.list_id == list_id, list_version.c.version_id.in_(_current_ids())
        )
        found = self._versions(query)
        return found[0] if found else None

    def versions(self, list_id: str) -> list[ListVersion]:
        """All versions of one list, past and current, in the order of their loading."""
        query = select(list_version).where(list_version.c.list_id == list_id)
        return self._versions(query.order_by(list_version.c.sequence))

    def version(self, version_id: str) -> ListVersion | None:
        """One version by its id; None where it is not stored."""
        with self._engine.connect() as connection:
            return _find_version(connection, version_id)

    def entries(self, version_id: str) -> Iterator[ListEntry]:
        """The entries of one version in published order.

        Raises RequestError where there is no such version: an empty list is no answer.
        """
        place = list_entry.c.position
        query = (
            select(place, entry_content.c.json, list_entry.c.file, list_entry.c.locator)
            .join(entry_content, entry_content.c.content_hash == list_entry.c.content_hash)
            .where(list_entry.c.version_id == version_id)
            .order_by(place)
            .limit(_CHUNK)
        )
        if self.version(version_id) is None:
            raise _no_version(version_id)
        position = -1
        # A version never changes, so each chunk is a transaction of its own: a slow reader
        # holds no lock and no connection.
        while rows := self._rows(query.where(place > position)):
            for row in rows:
                yield entry_of(row.json, row.file, row.locator)
            position = rows[-1].position

    def entry_hashes(self, version_id: str) -> dict[str, str]:
        """Entity id → hash of what its entry says (not of its place in the file)."""
        query = select(list_entry.c.entity_id, list_entry.c.content_hash).where(
            list_entry.c.version_id == version_id
        )
        with self._engine.connect() as connection:
            _get_version(connection, version_id)
            return {row.entity_id: row.content_hash for row in connection.execute(query)}

    def find_entity(
        self, entity_id: str, *, version_id: str = ""
    ) -> tuple[ListVersion, ListEntry] | None:
        """An entry by its entity id, in the current versions or in the one named.

        None where it is in none of them: it may still stand in a past version.
        """
        place = list_entry.c.version_id
        query = (
            select(place, entry_content.c.json, list_entry.c.file, list_entry.c.locator)
            .join(entry_content, entry_content.c.content_hash == list_entry.c.content_hash)
            .where(list_entry.c.entity_id == entity_id)
            .where(place == version_id if version_id else place.in_(_current_ids()))
            .order_by(place)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            version = _get_version(connection, row.version_id)
        return version, entry_of(row.json, row.file, row.locator)

    def _versions(self, query: Select[Any]) -> list[ListVersion]:
        return [version_of(row) for row in self._rows(query)]

    def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        with self._engine.connect() as connection:
            return list(connection.execute(query))


def _current_ids() -> Select[Any]:
    last = select(func.max(list_current.c.sequence)).group_by(list_current.c.list_id)
    return select(list_current.c.version_id).where(list_current.c.sequence.in_(last))


def _find_version(connection: Connection, version_id: str) -> ListVersion | None:
    query = select(list_version).where(list_version.c.version_id == version_id)
    row = connection.execute(query).first()
    return version_of(row) if row else None


def _get_version(connection: Connection, version_id: str) -> ListVersion:
    version = _find_version(connection, version_id)
    if version is None:
        raise _no_version(version_id)
    return version


def _no_version(version_id: str) -> RequestError:
    return RequestError(f"There is no list version {version_id!r} in the store")


def _next(connection: Connection, sequence: Column[int]) -> int:
    return (connection.execute(select(func.max(sequence))).scalar() or 0) + 1


def _set_current(connection: Connection, version: ListVersion, at: datetime) -> None:
    row = {
        "sequence": _next(connection, list_current.c.sequence),
        "list_id": version.list_id,
        "version_id": version.version_id,
        "set_at": at.astimezone(UTC).isoformat(),
    }
    connection.execute(insert(list_current), row)


def _insert_entries(connection: Connection, version_id: str, entries: Iterable[ListEntry]) -> int:
    count, seen, stream = 0, set[str](), iter(entries)
    while chunk := list(islice(stream, _CHUNK)):
        contents = [content_row(entry) for entry in chunk]
        _insert_contents(connection, contents)
        rows = []
        for entry, content in zip(chunk, contents, strict=True):
            entity_id = entry.entity.entity_id
            if entity_id in seen:
                raise SourceError(f"Two entries have the id {entity_id!r}", where=version_id)
            seen.add(entity_id)
            rows.append(
                {
                    "version_id": version_id,
                    "position": count,
                    "entity_id": entity_id,
                    "content_hash": content["content_hash"],
                    "file": entry.file,
                    "locator": entry.locator,
                }
            )
            count += 1
        connection.execute(insert(list_entry), rows)
    return count


def _insert_contents(connection: Connection, contents: list[dict[str, Any]]) -> None:
    """Insert the contents that no earlier version has."""
    by_hash: Mapping[str, dict[str, Any]] = {row["content_hash"]: row for row in contents}
    query = select(entry_content.c.content_hash).where(
        entry_content.c.content_hash.in_(list(by_hash))
    )
    known = set(connection.execute(query).scalars())
    if fresh := [row for key, row in by_hash.items() if key not in known]:
        connection.execute(insert(entry_content), fresh)
