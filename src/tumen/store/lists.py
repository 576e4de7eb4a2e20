"""List versions and their entries. All of it is only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.sql import ColumnElement, Select

from tumen.errors import RequestError, SourceError
from tumen.model.listing import ListEntry, ListVersion
from tumen.store.bulk import CHUNK, in_chunks, insert_new, insert_rows, next_number
from tumen.store.instants import instant_text, plain_text
from tumen.store.rows import content_row, entry_of, version_of, version_row
from tumen.store.tables import entry_content, list_current, list_entry, list_version


class Lists:
    """The list versions that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_version(
        self, version: ListVersion, entries: Iterable[ListEntry], *, is_current: bool = True
    ) -> None:
        """Keep a list version with its entries, and make it current from its retrieval.

        Raises RequestError where it is already stored, SourceError where two entries share
        an id or their number is not the version's; the transaction must then be given up.
        """
        if self.version(version.version_id) is not None:
            raise RequestError(f"{version.version_id} is already stored; versions never change")
        row = version_row(version, next_number(self._connection, list_version.c.sequence))
        insert_rows(self._connection, list_version, [row])
        count = self._add_entries(version.version_id, entries)
        if count != version.entries:
            raise SourceError(
                f"The version says {version.entries} entries, {count} came",
                where=version.version_id,
            )
        if is_current:
            self.set_current(version.version_id, version.retrieved_at)

    def set_current(self, version_id: str, at: datetime) -> None:
        """Make a stored version the current one of its list from the instant `at`."""
        row = {
            "sequence": next_number(self._connection, list_current.c.sequence),
            "list_id": self.known_version(version_id).list_id,
            "version_id": version_id,
            "set_at": instant_text(at),
        }
        insert_rows(self._connection, list_current, [row])

    def current_versions(self) -> list[ListVersion]:
        """The current version of each list, by list id; empty where nothing was loaded."""
        query = select(list_version).where(list_version.c.version_id.in_(_current_ids()))
        return self._versions(query.order_by(list_version.c.list_id))

    def became_current(self) -> list[tuple[str, str, datetime]]:
        """List id, version id and instant of each change of a current version, first to last."""
        rows = self._connection.execute(select(list_current).order_by(list_current.c.sequence))
        return [(row.list_id, row.version_id, datetime.fromisoformat(row.set_at)) for row in rows]

    def current_version(self, list_id: str) -> ListVersion | None:
        """The current version of one list; None where it has none."""
        found = [one for one in self.current_versions() if one.list_id == list_id]
        return found[0] if found else None

    def versions(self, list_id: str) -> list[ListVersion]:
        """All versions of one list, past and current, in the order of their loading."""
        query = select(list_version).where(list_version.c.list_id == list_id)
        return self._versions(query.order_by(list_version.c.sequence))

    def versions_at(
        self, *, as_of: date | None = None, known_at: datetime | None = None
    ) -> list[ListVersion]:
        """The version of each list that held, by list id.

        With `known_at`, what was current here at that instant, and nothing retrieved later.
        With `as_of`, the newest published on or before that day (retrieved, where the list
        states no date), whether or not it was ever current here.
        """
        if as_of is None:
            current = select(list_version).where(
                list_version.c.version_id.in_(_current_ids(known_at))
            )
            return self._versions(current.order_by(list_version.c.list_id))
        day = func.coalesce(
            list_version.c.published_on, func.substr(list_version.c.retrieved_at, 1, 10)
        )
        query = select(list_version).where(day <= as_of.isoformat())
        if known_at is not None:
            query = query.where(list_version.c.retrieved_at <= instant_text(known_at))
        ordered = self._versions(
            query.order_by(list_version.c.list_id, day, list_version.c.sequence)
        )
        return list({version.list_id: version for version in ordered}.values())

    def version(self, version_id: str) -> ListVersion | None:
        """One version by its id; None where it is not stored."""
        found = self._versions(select(list_version).where(list_version.c.version_id == version_id))
        return found[0] if found else None

    def known_version(self, version_id: str) -> ListVersion:
        """One version by its id. Raises RequestError where it is not stored."""
        version = self.version(version_id)
        if version is None:
            raise RequestError(f"There is no list version {version_id!r} in the store")
        return version

    def entries_after(self, version_id: str, position: int) -> list[Row[Any]]:
        """The next rows of entries (`position, json, file, locator`), in published order."""
        place = list_entry.c.position
        query = _entries(list_entry.c.version_id == version_id).where(place > position)
        return list(self._connection.execute(query.order_by(place).limit(CHUNK)))

    def entries_by_id(self, version_id: str, entity_ids: Iterable[str]) -> Iterator[ListEntry]:
        """The entries of one version with these ids, in published order; others are left out."""
        rows: list[Row[Any]] = []
        for chunk in in_chunks(dict.fromkeys(entity_ids)):
            query = _entries(list_entry.c.version_id == version_id)
            rows += self._connection.execute(query.where(list_entry.c.entity_id.in_(chunk)))
        rows.sort(key=lambda row: row.position)
        return (entry_of(row.json, row.file, row.locator) for row in rows)

    def entry_hashes(self, version_id: str) -> dict[str, str]:
        """Entity id → hash of what its entry says (not of its place in the file)."""
        self.known_version(version_id)
        query = select(list_entry.c.entity_id, list_entry.c.content_hash).where(
            list_entry.c.version_id == version_id
        )
        return {row.entity_id: row.content_hash for row in self._connection.execute(query)}

    def find_entity(
        self, entity_id: str, version_id: str = ""
    ) -> tuple[ListVersion, ListEntry] | None:
        """An entry by its entity id, in the current versions or in the one named."""
        place = list_entry.c.version_id
        where = place == version_id if version_id else place.in_(_current_ids())
        query = _entries(list_entry.c.entity_id == entity_id).where(where).order_by(place)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return self.known_version(row.version_id), entry_of(row.json, row.file, row.locator)

    def versions_holding(self, entity_ids: Iterable[str]) -> dict[str, list[str]]:
        """Entity id → the ids of all versions, past and current, that have an entry of that id."""
        found: dict[str, list[str]] = {}
        for chunk in in_chunks(dict.fromkeys(entity_ids)):
            query = select(list_entry.c.entity_id, list_entry.c.version_id)
            for row in self._connection.execute(query.where(list_entry.c.entity_id.in_(chunk))):
                found.setdefault(row.entity_id, []).append(row.version_id)
        return found

    def content_hashes(self, entity_id: str) -> dict[str, str]:
        """Version id → hash of what the entry of this id says there, in all that have it."""
        query = select(list_entry.c.version_id, list_entry.c.content_hash)
        rows = self._connection.execute(query.where(list_entry.c.entity_id == entity_id))
        return {row.version_id: row.content_hash for row in rows}

    def mentioning(self, version_id: str, entity_id: str) -> list[ListEntry]:
        """The other entries of a version whose statements name this id, in published order.

        Reads the text of all entries of the version: a tenth of a second for 15,000.
        """
        named = entry_content.c.json.contains(f'"{entity_id}"', autoescape=True)
        query = _entries(list_entry.c.version_id == version_id).where(named)
        query = query.where(list_entry.c.entity_id != entity_id).order_by(list_entry.c.position)
        return [
            entry_of(row.json, row.file, row.locator) for row in self._connection.execute(query)
        ]

    def _versions(self, query: Select[Any]) -> list[ListVersion]:
        return [version_of(row) for row in self._connection.execute(query)]

    def _add_entries(self, version_id: str, entries: Iterable[ListEntry]) -> int:
        count, seen = 0, set[str]()
        for chunk in in_chunks(entries):
            contents = [content_row(entry) for entry in chunk]
            insert_new(self._connection, entry_content.c.content_hash, contents)
            rows = []
            for entry, content in zip(chunk, contents, strict=True):
                _check_new(entry.entity.entity_id, seen, version_id)
                rows.append(_place_row(version_id, count, entry, content["content_hash"]))
                count += 1
            insert_rows(self._connection, list_entry, rows)
        return count


def _check_new(entity_id: str, seen: set[str], version_id: str) -> None:
    """Note the id of an entry. Raises SourceError where it cannot be one."""
    if entity_id != plain_text(entity_id):
        raise SourceError(f"No database keeps the id {entity_id!r}", where=version_id)
    if entity_id in seen:
        raise SourceError(f"Two entries have the id {entity_id!r}", where=version_id)
    seen.add(entity_id)


def _place_row(
    version_id: str, position: int, entry: ListEntry, content_hash: str
) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "position": position,
        "entity_id": entry.entity.entity_id,
        "content_hash": content_hash,
        "file": plain_text(entry.file),
        "locator": plain_text(entry.locator),
    }


def _entries(where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            list_entry.c.version_id,
            list_entry.c.position,
            entry_content.c.json,
            list_entry.c.file,
            list_entry.c.locator,
        )
        .join(entry_content, entry_content.c.content_hash == list_entry.c.content_hash)
        .where(where)
    )


def _current_ids(known_at: datetime | None = None) -> Select[Any]:
    last = select(func.max(list_current.c.sequence)).group_by(list_current.c.list_id)
    if known_at is not None:
        last = last.where(list_current.c.set_at <= instant_text(known_at))
    return select(list_current.c.version_id).where(list_current.c.sequence.in_(last))
