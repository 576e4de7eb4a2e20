"""The store: transactions on a database, and the questions about lists that need only one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from tumen.model.listing import ListEntry, ListVersion
from tumen.store.archive import Manifest
from tumen.store.backup import back_up
from tumen.store.engine import BUSY_TIMEOUT_SECONDS, open_engine, reading, writing
from tumen.store.rows import entry_of
from tumen.store.work import Work


class Store:
    """All that is kept. Close it after use; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(
        cls,
        url: str,
        *,
        wait_seconds: float = BUSY_TIMEOUT_SECONDS,
        may_create: bool = True,
    ) -> Self:
        """The store at an SQLAlchemy URL (`sqlite:////data/tumen.db`), made where there is none.

        A writer waits `wait_seconds` for another one to end. Without `may_create` there must be
        one. Raises RequestError where it cannot be opened or a newer tumen wrote it.
        """
        return cls(open_engine(url, wait_seconds=wait_seconds, may_create=may_create))

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

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A transaction that sees the state of one instant, whatever others write meanwhile."""
        with reading(self._engine) as connection:
            yield Work(connection)

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """A transaction whose changes are all kept at its end, or none where it raises.

        There is one writer at a time. Raises StoreError where another one does not end.
        """
        with writing(self._engine) as connection:
            yield Work(connection)

    def back_up(self, path: Path, at: datetime) -> Manifest:
        """Write the whole store into one file, while others may go on writing (see `backup`)."""
        return back_up(self._engine, path, at)

    def add_version(
        self, version: ListVersion, entries: Iterable[ListEntry], *, is_current: bool = True
    ) -> None:
        """Keep a list version with its entries, whole or not at all, and make it current.

        Raises RequestError where it is already stored, SourceError where two entries share
        an id or their number is not the version's.
        """
        with self.writing() as work:
            work.lists.add_version(version, entries, is_current=is_current)

    def set_current(self, version_id: str, at: datetime) -> None:
        """Make a stored version the current one of its list from the instant `at`."""
        with self.writing() as work:
            work.lists.set_current(version_id, at)

    def current_versions(self) -> list[ListVersion]:
        """The current version of each list, by list id; empty where nothing was loaded."""
        with self.reading() as work:
            return work.lists.current_versions()

    def current_version(self, list_id: str) -> ListVersion | None:
        """The current version of one list; None where it has none."""
        with self.reading() as work:
            return work.lists.current_version(list_id)

    def versions(self, list_id: str) -> list[ListVersion]:
        """All versions of one list, past and current, in the order of their loading."""
        with self.reading() as work:
            return work.lists.versions(list_id)

    def versions_at(
        self, *, as_of: date | None = None, known_at: datetime | None = None
    ) -> list[ListVersion]:
        """The version of each list that held (see `Lists.versions_at`), by list id."""
        with self.reading() as work:
            return work.lists.versions_at(as_of=as_of, known_at=known_at)

    def version(self, version_id: str) -> ListVersion | None:
        """One version by its id; None where it is not stored."""
        with self.reading() as work:
            return work.lists.version(version_id)

    def entries(self, version_id: str) -> Iterator[ListEntry]:
        """The entries of one version in published order.

        Raises RequestError where there is no such version: an empty list is no answer.
        """
        with self.reading() as work:
            work.lists.known_version(version_id)
        position = -1
        # A version never changes, so each chunk is a transaction of its own: a slow reader
        # holds no lock and no connection.
        while True:
            with self.reading() as work:
                rows = work.lists.entries_after(version_id, position)
            if not rows:
                return
            for row in rows:
                yield entry_of(row.json, row.file, row.locator)
            position = rows[-1].position

    def entries_by_id(self, version_id: str, entity_ids: Iterable[str]) -> list[ListEntry]:
        """The entries of one version with these ids, in published order; others are left out.

        Raises RequestError where there is no such version.
        """
        with self.reading() as work:
            work.lists.known_version(version_id)
            return list(work.lists.entries_by_id(version_id, entity_ids))

    def entry(self, entity_id: str, version_id: str) -> ListEntry | None:
        """One entry of one version; None where the version has none of that id.

        Raises RequestError where there is no such version.
        """
        found = self.entries_by_id(version_id, [entity_id])
        return found[0] if found else None

    def entry_hashes(self, version_id: str) -> dict[str, str]:
        """Entity id → hash of what its entry says (not of its place in the file)."""
        with self.reading() as work:
            return work.lists.entry_hashes(version_id)

    def versions_holding(self, entity_ids: Iterable[str]) -> dict[str, list[str]]:
        """Entity id → the ids of all versions, past and current, that have an entry of that id."""
        with self.reading() as work:
            return work.lists.versions_holding(entity_ids)

    def find_entity(
        self, entity_id: str, *, version_id: str = ""
    ) -> tuple[ListVersion, ListEntry] | None:
        """An entry by its entity id, in the current versions or in the one named.

        None where it is in none of them: it may still stand in a past version.
        """
        with self.reading() as work:
            return work.lists.find_entity(entity_id, version_id)
