"""Who wants briefings by mail: asked, confirmed, left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from tumen.model.desk import Reader
from tumen.store.bulk import insert_rows
from tumen.store.codec import Codec
from tumen.store.desk_tables import reader
from tumen.store.instants import instant_text, plain_text

_READER = Codec(Reader)
_COLUMNS = reader.c
_IN_FORCE = _COLUMNS.confirmed_at.is_not(None) & _COLUMNS.ended_at.is_(None)


class Readers:
    """The readers that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, wanted: Reader) -> None:
        """Keep somebody who asked; nothing is sent to them before they confirm."""
        insert_rows(self._connection, reader, [_READER.row(wanted)])

    def get(self, reader_id: str) -> Reader | None:
        """One reader; None where there is none."""
        row = self._connection.execute(select(reader).where(_COLUMNS.reader_id == reader_id))
        return _READER.of(found) if (found := row.first()) else None

    def asking(self, confirm_hash: str) -> Reader | None:
        """Who asked and was sent the token of this hash; None where it is none of ours."""
        row = self._connection.execute(select(reader).where(_COLUMNS.confirm_hash == confirm_hash))
        return _READER.of(found) if (found := row.first()) else None

    def leaving(self, leave_token: str) -> Reader | None:
        """Who may leave by this token; None where it is none of ours."""
        row = self._connection.execute(
            select(reader).where(_COLUMNS.leave_token == plain_text(leave_token))
        )
        return _READER.of(found) if (found := row.first()) else None

    def asked_since(self, email: str, since: datetime) -> int:
        """How often this address was given since then."""
        query = select(_COLUMNS.reader_id).where(
            _COLUMNS.email == email, _COLUMNS.asked_at > instant_text(since)
        )
        return len(self._connection.execute(query).all())

    def confirm(self, wanted: Reader, at: datetime) -> None:
        """From now on they are told; what the same address had wanted before ends."""
        others = _IN_FORCE & (_COLUMNS.email == wanted.email)
        self._connection.execute(update(reader).where(others).values(ended_at=instant_text(at)))
        change = update(reader).where(_COLUMNS.reader_id == wanted.reader_id)
        self._connection.execute(change.values(confirmed_at=instant_text(at), ended_at=None))

    def end(self, email: str, at: datetime) -> None:
        """Tell this address nothing more."""
        change = update(reader).where(_COLUMNS.email == email, _COLUMNS.ended_at.is_(None))
        self._connection.execute(change.values(ended_at=instant_text(at)))

    def of_topics(self, topics: tuple[str, ...]) -> list[Reader]:
        """The confirmed readers who want any of these topics."""
        found = self._connection.execute(
            select(reader).where(_IN_FORCE).order_by(_COLUMNS.reader_id)
        )
        everybody = (_READER.of(row) for row in found)
        return [one for one in everybody if not set(topics).isdisjoint(one.topics)]

    def all(self) -> list[Reader]:
        """The confirmed readers, the first confirmed first."""
        query = select(reader).where(_IN_FORCE).order_by(_COLUMNS.confirmed_at)
        return [_READER.of(row) for row in self._connection.execute(query)]

    def forget(self, unconfirmed_before: datetime, ended_before: datetime) -> int:
        """Delete who never confirmed, and who left: there is no reason left to know them."""
        never = _COLUMNS.confirmed_at.is_(None) & (
            _COLUMNS.asked_at < instant_text(unconfirmed_before)
        )
        gone = _COLUMNS.ended_at < instant_text(ended_before)
        return self._connection.execute(delete(reader).where(never | gone)).rowcount
