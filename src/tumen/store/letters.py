"""Mails that must go out, each once: waiting, sent, given up or no longer wanted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from tumen.model.desk import Letter, LetterStatus
from tumen.store.bulk import insert_new
from tumen.store.codec import Codec
from tumen.store.desk_tables import letter
from tumen.store.instants import instant_text, plain_text

_LETTER = Codec(Letter)
_COLUMNS = letter.c
# What a settled letter said concerns nobody any more: its address and its words go.
_FORGOTTEN = {"address": "", "text": "", "html": "", "leave_url": ""}


class Letters:
    """The letters that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, wanted: Iterable[Letter]) -> int:
        """Keep letters to be sent; those whose id is known are left as they are. How many new."""
        rows = [_LETTER.row(one) for one in wanted]
        return len(insert_new(self._connection, _COLUMNS.letter_id, rows))

    def get(self, letter_id: str) -> Letter | None:
        """One letter; None where there is none."""
        row = self._connection.execute(select(letter).where(_COLUMNS.letter_id == letter_id))
        return _LETTER.of(found) if (found := row.first()) else None

    def due(self, now: datetime, limit: int = 100) -> list[Letter]:
        """What waits and nobody has in hand, the longest due first."""
        query = select(letter).where(
            _is_pending(), _COLUMNS.due_at <= instant_text(now), _is_free(now)
        )
        rows = self._connection.execute(query.order_by(_COLUMNS.due_at).limit(limit))
        return [_LETTER.of(row) for row in rows]

    def in_hand(self, now: datetime) -> list[Letter]:
        """What a sender has in hand, or had when it died."""
        query = select(letter).where(_is_pending(), _COLUMNS.lease_until > instant_text(now))
        return [_LETTER.of(row) for row in self._connection.execute(query)]

    def take(
        self, letter_id: str, holder: str, at: datetime, lease_seconds: float
    ) -> Letter | None:
        """Have a letter for oneself for so many seconds; None where another one has it."""
        change = update(letter).where(_COLUMNS.letter_id == letter_id, _is_pending(), _is_free(at))
        until = instant_text(at + timedelta(seconds=lease_seconds))
        values = {"holder": holder, "lease_until": until, "attempts": _COLUMNS.attempts + 1}
        if self._connection.execute(change.values(**values)).rowcount == 0:
            return None
        return self.get(letter_id)

    def let_go(self, letter_id: str) -> None:
        """Free a letter whose sender died."""
        self._change(letter_id, {"holder": "", "lease_until": None})

    def try_again(self, letter_id: str, due_at: datetime, error: str) -> None:
        """It did not get through, and is due again later."""
        values = {"due_at": instant_text(due_at), "last_error": plain_text(error)}
        self._change(letter_id, {**values, "holder": "", "lease_until": None})

    def settle(self, letter_id: str, status: LetterStatus, at: datetime, error: str = "") -> None:
        """It is sent, given up or not wanted: what it said is forgotten."""
        values = {
            **_FORGOTTEN,
            "status": status.value,
            "settled_at": instant_text(at),
            "last_error": plain_text(error),
            "holder": "",
            "lease_until": None,
        }
        self._change(letter_id, values)

    def cancel(self, about: str, at: datetime) -> None:
        """Send nothing more of what is about this."""
        query = select(_COLUMNS.letter_id).where(_COLUMNS.about == about, _is_pending())
        for letter_id in self._connection.execute(query).scalars().all():
            self.settle(letter_id, LetterStatus.CANCELLED, at)

    def counts(self) -> dict[LetterStatus, int]:
        """How many letters there are in each status."""
        rows = self._connection.execute(
            select(_COLUMNS.status, func.count()).group_by(_COLUMNS.status)
        )
        return {LetterStatus(status): count for status, count in rows}

    def _change(self, letter_id: str, values: dict[str, Any]) -> None:
        change = update(letter).where(_COLUMNS.letter_id == letter_id, _is_pending())
        self._connection.execute(change.values(**values))


def _is_pending() -> ColumnElement[bool]:
    return _COLUMNS.status == LetterStatus.PENDING.value


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(_COLUMNS.lease_until.is_(None), _COLUMNS.lease_until <= instant_text(at))
