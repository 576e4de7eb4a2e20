"""Books of parties in their versions. All of it is only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.sql import Select

from tumen.errors import RequestError
from tumen.model.watching import BookVersion, Party
from tumen.store.bulk import CHUNK, in_chunks, insert_new, insert_rows
from tumen.store.codec import Codec
from tumen.store.instants import instant_text, plain_text
from tumen.store.tables import book_party, book_version, party_content

_VERSION, _PARTY = Codec(BookVersion), Codec(Party)


class Books:
    """The books that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_version(self, version: BookVersion, parties: Iterable[Party]) -> None:
        """Keep the next version of a book; it is current from its import.

        Raises RequestError where its number is not the next, it is older than the version
        before, two parties share an id, or their number is not the version's; the transaction
        must then be given up.
        """
        self._check_follows(version)
        insert_rows(self._connection, book_version, [_VERSION.row(version)])
        count = self._add_parties(version, parties)
        if count != version.parties:
            raise RequestError(
                f"Version {version.version} of the book {version.book_id!r} says "
                f"{version.parties} parties, {count} came"
            )

    def books(self) -> list[BookVersion]:
        """The current version of each book, by book id."""
        newest = select(func.max(book_version.c.version)).where(
            book_version.c.book_id == (book := book_version.alias()).c.book_id
        )
        query = select(book).where(book.c.version == newest.scalar_subquery())
        return self._versions(query.order_by(book.c.book_id))

    def version(
        self, book_id: str, number: int | None = None, *, known_at: datetime | None = None
    ) -> BookVersion | None:
        """One version by its number, or the current one, or the one current at an instant.

        None where there is none.
        """
        query = select(book_version).where(book_version.c.book_id == book_id)
        if number is not None:
            query = query.where(book_version.c.version == number)
        if known_at is not None:
            query = query.where(book_version.c.imported_at <= instant_text(known_at))
        found = self._versions(query.order_by(book_version.c.version.desc()).limit(1))
        return found[0] if found else None

    def versions(self, book_id: str) -> list[BookVersion]:
        """All versions of one book, first to last."""
        query = select(book_version).where(book_version.c.book_id == book_id)
        return self._versions(query.order_by(book_version.c.version))

    def parties(
        self, book_id: str, number: int, party_ids: Iterable[str] | None = None
    ) -> Iterator[Party]:
        """The parties of one version (or those with the ids given), as imported.

        Raises RequestError where there is no such version.
        """
        self._check_known(book_id, number)
        query = (
            select(book_party.c.position, party_content.c.json)
            .join(party_content, party_content.c.content_hash == book_party.c.content_hash)
            .where(book_party.c.book_id == book_id, book_party.c.version == number)
            .order_by(book_party.c.position)
        )
        if party_ids is None:
            return self._all(query)
        return self._some(query, dict.fromkeys(party_ids))

    def party_hashes(self, book_id: str, number: int) -> dict[str, str]:
        """Party id → hash of all that the book says of the party, as imported.

        Raises RequestError where there is no such version.
        """
        self._check_known(book_id, number)
        query = (
            select(book_party.c.party_id, book_party.c.content_hash)
            .where(book_party.c.book_id == book_id, book_party.c.version == number)
            .order_by(book_party.c.position)
        )
        return {row.party_id: row.content_hash for row in self._connection.execute(query)}

    def find(
        self, book_id: str, number: int, text: str, *, offset: int, limit: int
    ) -> tuple[list[Party], int]:
        """A page of the parties of one version, and how many there are: all of them, or those
        whose id or any value holds `text`, which is read through.

        Raises RequestError where there is no such version.
        """
        self._check_known(book_id, number)
        of_version = (book_party.c.book_id == book_id, book_party.c.version == number)
        query = (
            select(book_party.c.position, party_content.c.json)
            .join(party_content, party_content.c.content_hash == book_party.c.content_hash)
            .where(*of_version)
        )
        if text:
            said = party_content.c.json.icontains(text, autoescape=True)
            query = query.where(said | book_party.c.party_id.icontains(text, autoescape=True))
            every = select(func.count()).select_from(query.subquery())
        else:
            every = select(func.count()).select_from(book_party).where(*of_version)
        total = int(self._connection.execute(every).scalar() or 0)
        rows = self._connection.execute(
            query.order_by(book_party.c.position).offset(offset).limit(limit)
        )
        return [_PARTY.of_json(row.json) for row in rows], total

    def _versions(self, query: Select[Any]) -> list[BookVersion]:
        return [_VERSION.of(row) for row in self._connection.execute(query)]

    def _check_follows(self, version: BookVersion) -> None:
        last = self.version(version.book_id)
        expected = last.version + 1 if last else 1
        if version.version != expected:
            raise RequestError(
                f"The next version of the book {version.book_id!r} is {expected}, "
                f"not {version.version}: another import came between, read the book again"
            )
        if last and version.imported_at < last.imported_at:
            raise RequestError(
                f"Version {version.version} of the book {version.book_id!r} is older than the "
                "one before it: see to the clock"
            )

    def _check_known(self, book_id: str, number: int) -> None:
        if self.version(book_id, number) is None:
            raise RequestError(f"There is no version {number} of a book {book_id!r} in the store")

    def _add_parties(self, version: BookVersion, parties: Iterable[Party]) -> int:
        count, seen = 0, set[str]()
        for chunk in in_chunks(parties):
            contents = [_content_row(party) for party in chunk]
            insert_new(self._connection, party_content.c.content_hash, contents)
            rows = []
            for party, content in zip(chunk, contents, strict=True):
                _check_new(party.party_id, seen, version.book_id)
                rows.append(
                    {
                        "book_id": version.book_id,
                        "version": version.version,
                        "position": count,
                        "party_id": party.party_id,
                        "content_hash": content["content_hash"],
                    }
                )
                count += 1
            insert_rows(self._connection, book_party, rows)
        return count

    def _all(self, query: Select[Any]) -> Iterator[Party]:
        position, place = -1, book_party.c.position
        while rows := list(self._connection.execute(query.where(place > position).limit(CHUNK))):
            for row in rows:
                yield _PARTY.of_json(row.json)
            position = rows[-1].position

    def _some(self, query: Select[Any], party_ids: Iterable[str]) -> Iterator[Party]:
        rows: list[Row[Any]] = []
        for chunk in in_chunks(party_ids):
            rows += self._connection.execute(query.where(book_party.c.party_id.in_(chunk)))
        rows.sort(key=lambda row: row.position)
        return (_PARTY.of_json(row.json) for row in rows)


def _check_new(party_id: str, seen: set[str], book_id: str) -> None:
    """Note the id of a party. Raises RequestError where it cannot be one."""
    if party_id != plain_text(party_id):
        raise RequestError(f"No database keeps the id {party_id!r}: give the party another")
    if party_id in seen:
        raise RequestError(
            f"Two parties of the book {book_id!r} have the id {party_id!r}: give each its own"
        )
    seen.add(party_id)


def _content_row(party: Party) -> dict[str, str]:
    text = _PARTY.json(party)
    return {"content_hash": blake2b(text.encode(), digest_size=16).hexdigest(), "json": text}
