"""Users and API keys. Neither is ever deleted: who once had access can always be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, select, update

from tumen.errors import RequestError
from tumen.model.access import ApiKey, User
from tumen.store.bulk import insert_new
from tumen.store.codec import Codec
from tumen.store.instants import instant_text
from tumen.store.tables import access_key, access_user

_USER, _KEY = Codec(User), Codec(ApiKey)


class Access:
    """The users and keys that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_user(self, user: User) -> None:
        """Keep a user. Raises RequestError where the id, or the name in force, is taken."""
        if self.user_by_name(user.name) is not None:
            raise RequestError(f"There is a user {user.name!r} already: end that one first")
        if not insert_new(self._connection, access_user.c.user_id, [_USER.row(user)]):
            raise RequestError(f"There is or was a user with the id {user.user_id!r}")

    def end_user(self, user_id: str, at: datetime) -> None:
        """Take a user's access away. Raises RequestError where there is none to end."""
        self._end(access_user.c.user_id, user_id, at)

    def user(self, user_id: str) -> User | None:
        """One user by id, ended or not; None where there is none."""
        query = select(access_user).where(access_user.c.user_id == user_id)
        row = self._connection.execute(query).first()
        return _USER.of(row) if row else None

    def user_by_name(self, name: str) -> User | None:
        """The user in force of that name; None where there is none, or access has ended."""
        query = select(access_user).where(
            access_user.c.name == name, access_user.c.ended_at.is_(None)
        )
        row = self._connection.execute(query).first()
        return _USER.of(row) if row else None

    def users(self, include_ended: bool = False) -> list[User]:
        """The users in force, or all that ever were, by name."""
        query = select(access_user).order_by(access_user.c.name, access_user.c.created_at)
        if not include_ended:
            query = query.where(access_user.c.ended_at.is_(None))
        return [_USER.of(row) for row in self._connection.execute(query)]

    def add_key(self, key: ApiKey) -> None:
        """Keep a key. Raises RequestError where its id is taken."""
        if not insert_new(self._connection, access_key.c.key_id, [_KEY.row(key)]):
            raise RequestError(f"There is or was a key {key.key_id!r}")

    def end_key(self, key_id: str, at: datetime) -> None:
        """Take a key out of use. Raises RequestError where there is none to end."""
        self._end(access_key.c.key_id, key_id, at)

    def key(self, key_id: str) -> ApiKey | None:
        """One key by its id, ended or expired or not; None where there is none."""
        row = self._connection.execute(
            select(access_key).where(access_key.c.key_id == key_id)
        ).first()
        return _KEY.of(row) if row else None

    def keys(self, include_ended: bool = False) -> list[ApiKey]:
        """The keys not taken out of use (some may have expired), or all, by name."""
        query = select(access_key).order_by(access_key.c.name, access_key.c.created_at)
        if not include_ended:
            query = query.where(access_key.c.ended_at.is_(None))
        return [_KEY.of(row) for row in self._connection.execute(query)]

    def _end(self, column: Column[Any], key: str, at: datetime) -> None:
        ended = column.table.c.ended_at
        change = update(column.table).where(column == key, ended.is_(None))
        if self._connection.execute(change.values(ended_at=instant_text(at))).rowcount == 0:
            raise RequestError(f"There is no {column.name.replace('_', ' ')} {key!r} in force")
