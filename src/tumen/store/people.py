"""Sessions at browsers, and who acts in whose place. Ended, never deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, select, update

from tumen.model.access import Delegation, Session
from tumen.store.bulk import insert_rows
from tumen.store.codec import Codec
from tumen.store.columns import key_column, maybe_column, metadata, text_column
from tumen.store.instants import instant_text

_SESSION, _DELEGATION = Codec(Session), Codec(Delegation)

access_session = Table(
    "access_session",
    metadata,
    key_column("token_hash"),
    text_column("user_id"),
    text_column("began_at"),
    text_column("seen_at"),
    text_column("acting_for"),
    maybe_column("ended_at"),
)

access_delegation = Table(
    "access_delegation",
    metadata,
    key_column("delegation_id"),
    text_column("from_name"),
    text_column("to_name"),
    text_column("granted_by"),
    text_column("granted_at"),
    text_column("begins_at"),
    text_column("ends_at"),
    maybe_column("ended_at"),
)


class People:
    """The sessions and delegations that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_session(self, session: Session) -> None:
        """Keep a session that begins."""
        insert_rows(self._connection, access_session, [_SESSION.row(session)])

    def session(self, token_hash: str) -> Session | None:
        """A session by the hash of its token; None where there is none, or it has ended."""
        columns = access_session.c
        query = select(access_session).where(
            columns.token_hash == token_hash, columns.ended_at.is_(None)
        )
        row = self._connection.execute(query).first()
        return _SESSION.of(row) if row else None

    def see_session(self, token_hash: str, at: datetime) -> None:
        """Note that a session is in use."""
        self._change(token_hash, seen_at=instant_text(at))

    def act_for(self, token_hash: str, name: str) -> None:
        """Let a session act in the place of this user; empty for nobody's but its own."""
        self._change(token_hash, acting_for=name)

    def end_session(self, token_hash: str, at: datetime) -> None:
        """End a session."""
        self._change(token_hash, ended_at=instant_text(at))

    def add_delegation(self, delegation: Delegation) -> None:
        """Keep a delegation."""
        insert_rows(self._connection, access_delegation, [_DELEGATION.row(delegation)])

    def end_delegation(self, delegation_id: str, at: datetime) -> bool:
        """End a delegation; whether there was one to end."""
        columns = access_delegation.c
        change = update(access_delegation).where(
            columns.delegation_id == delegation_id, columns.ended_at.is_(None)
        )
        return self._connection.execute(change.values(ended_at=instant_text(at))).rowcount > 0

    def delegations(self, *, to_name: str | None = None) -> list[Delegation]:
        """All delegations that ever were, or those to one user, the newest first."""
        columns = access_delegation.c
        query = select(access_delegation).order_by(columns.granted_at.desc())
        if to_name is not None:
            query = query.where(columns.to_name == to_name)
        return [_DELEGATION.of(row) for row in self._connection.execute(query)]

    def _change(self, token_hash: str, **values: str) -> None:
        change = update(access_session).where(access_session.c.token_hash == token_hash)
        self._connection.execute(change.values(**values))
