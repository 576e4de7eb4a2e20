"""How each list fares: one row a list, as the last attempt to renew it left it."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from tumen.model.watching import ListState
from tumen.store.bulk import insert_rows
from tumen.store.codec import Codec
from tumen.store.watch_tables import list_state

_STATE = Codec(ListState)


class ListStates:
    """The states that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, list_id: str) -> ListState | None:
        """The state of one list; None where nobody ever tried to renew it."""
        query = select(list_state).where(list_state.c.list_id == list_id)
        row = self._connection.execute(query).first()
        return _STATE.of(row) if row else None

    def all(self) -> list[ListState]:
        """The state of each list that was ever tried, by list id."""
        query = select(list_state).order_by(list_state.c.list_id)
        return [_STATE.of(row) for row in self._connection.execute(query)]

    def set(self, state: ListState) -> None:
        """Put a state in the place of the one before."""
        self._connection.execute(delete(list_state).where(list_state.c.list_id == state.list_id))
        insert_rows(self._connection, list_state, [_STATE.row(state)])
