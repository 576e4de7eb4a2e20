"""Due-diligence files: the records of each party's file, only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from tumen.errors import ConflictError
from tumen.model.diligence import DiligenceRecord
from tumen.store.bulk import insert_rows
from tumen.store.codec import Codec
from tumen.store.diligence_tables import diligence_record

_RECORD = Codec(DiligenceRecord)
_COLUMNS = diligence_record.c


class Diligence:
    """The due-diligence files that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, record: DiligenceRecord) -> None:
        """Add a record to a file. Raises ConflictError where somebody acted on it meanwhile."""
        last = self._last(record.book_id, record.party_id)
        if record.sequence != last + 1:
            raise ConflictError(
                f"Somebody else worked on the file of {record.party_id!r} meanwhile (it has "
                f"{last} records now, {record.sequence - 1} were seen). Look at it again"
            )
        insert_rows(self._connection, diligence_record, [_RECORD.row(record)])

    def records(self, book_id: str, party_id: str) -> list[DiligenceRecord]:
        """The history of one file, first to last; empty where nothing was set in it yet."""
        query = select(diligence_record).where(
            _COLUMNS.book_id == book_id, _COLUMNS.party_id == party_id
        )
        rows = self._connection.execute(query.order_by(_COLUMNS.sequence))
        return [_RECORD.of(row) for row in rows]

    def parties(self, book_id: str, after: str = "", limit: int = 1_000) -> Sequence[str]:
        """The parties of a book whose file somebody has worked on, by id, page by page."""
        query = select(_COLUMNS.party_id).distinct().where(_COLUMNS.book_id == book_id)
        query = query.where(_COLUMNS.party_id > after).order_by(_COLUMNS.party_id).limit(limit)
        return list(self._connection.execute(query).scalars())

    def books(self) -> list[str]:
        """The books in which somebody has worked on a file."""
        query = select(_COLUMNS.book_id).distinct().order_by(_COLUMNS.book_id)
        return list(self._connection.execute(query).scalars())

    def count(self, book_id: str = "") -> int:
        """How many files somebody has worked on: of a book, or of all."""
        query = select(func.count()).select_from(_files(book_id).subquery())
        return int(self._connection.execute(query).scalar_one())

    def files(
        self, book_id: str = "", *, offset: int = 0, limit: int = 1_000
    ) -> list[tuple[str, str]]:
        """(book, party) of the files that somebody has worked on: of a book, or of all."""
        query = _files(book_id).order_by(_COLUMNS.book_id, _COLUMNS.party_id)
        rows = self._connection.execute(query.offset(offset).limit(limit))
        return [(row.book_id, row.party_id) for row in rows]

    def _last(self, book_id: str, party_id: str) -> int:
        query = select(func.max(_COLUMNS.sequence)).where(
            _COLUMNS.book_id == book_id, _COLUMNS.party_id == party_id
        )
        return int(self._connection.execute(query).scalar() or 0)


def _files(book_id: str) -> Select[Any]:
    query = select(_COLUMNS.book_id, _COLUMNS.party_id).distinct()
    return query.where(_COLUMNS.book_id == book_id) if book_id else query
