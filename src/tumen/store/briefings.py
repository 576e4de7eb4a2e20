"""Briefings in their versions; a version is only ever added."""

from __future__ import annotations

from itertools import islice
from typing import Any

from sqlalchemy import Connection, Exists, Select, exists, func, select

from tumen.errors import ConflictError
from tumen.model.briefing import Briefing, BriefingState
from tumen.store.bulk import insert_rows
from tumen.store.codec import Codec
from tumen.store.desk_tables import briefing_version
from tumen.store.instants import plain_text

_BRIEFING = Codec(Briefing)
_COLUMNS = briefing_version.c
_SHOWN = (BriefingState.PUBLISHED.value, BriefingState.WITHDRAWN.value)


class Briefings:
    """The briefings that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, briefing: Briefing) -> None:
        """Keep one more version. Raises ConflictError where it is not the next one."""
        query = select(func.max(_COLUMNS.version)).where(
            _COLUMNS.briefing_id == briefing.briefing_id
        )
        last = int(self._connection.execute(query).scalar() or 0)
        if briefing.version != last + 1:
            raise ConflictError(
                f"Somebody else changed this briefing meanwhile (it has {last} versions now, "
                f"{briefing.version - 1} were seen). Look at it again"
            )
        insert_rows(self._connection, briefing_version, [_BRIEFING.row(briefing)])

    def get(self, briefing_id: str) -> Briefing | None:
        """The last version of a briefing, for the desk; None where there is none."""
        return self._first(
            select(briefing_version).where(_COLUMNS.briefing_id == plain_text(briefing_id))
        )

    def versions(self, briefing_id: str) -> list[Briefing]:
        """Every version of a briefing, the last first."""
        query = select(briefing_version).where(_COLUMNS.briefing_id == plain_text(briefing_id))
        rows = self._connection.execute(query.order_by(_COLUMNS.version.desc()))
        return [_BRIEFING.of(row) for row in rows]

    def all(self) -> list[Briefing]:
        """The last version of each briefing, the last changed first, for the desk."""
        rows = self._connection.execute(
            select(briefing_version)
            .where(~_has_later(*BriefingState))
            .order_by(_COLUMNS.at.desc(), _COLUMNS.briefing_id)
        )
        return [_BRIEFING.of(row) for row in rows]

    def shown(self, topic: str = "", *, offset: int = 0, limit: int = 50) -> list[Briefing]:
        """What readers see: the published version of each, the newest first, of a topic or all.

        A draft of a later version changes nothing of it; one that was withdrawn is left out.
        """
        query = (
            select(briefing_version)
            .where(_COLUMNS.state == BriefingState.PUBLISHED.value, ~_has_later(*_SHOWN))
            .order_by(_COLUMNS.published_at.desc(), _COLUMNS.briefing_id)
        )
        if not topic:
            rows = self._connection.execute(query.offset(offset).limit(limit))
            return [_BRIEFING.of(row) for row in rows]
        # Which topics a briefing has stands within its text.
        found = (_BRIEFING.of(row) for row in self._connection.execute(query))
        fitting = (one for one in found if topic in one.content.topics)
        return list(islice(fitting, offset, offset + limit))

    def shown_at(self, slug: str) -> Briefing | None:
        """What readers see at an address, be it that it was withdrawn; None where nothing is."""
        return self._first(
            select(briefing_version).where(
                _COLUMNS.slug == plain_text(slug), _COLUMNS.state.in_(_SHOWN)
            )
        )

    def is_taken(self, slug: str) -> bool:
        """Whether a briefing has this address."""
        query = select(_COLUMNS.slug).where(_COLUMNS.slug == plain_text(slug)).limit(1)
        return self._connection.execute(query).first() is not None

    def _first(self, query: Select[Any]) -> Briefing | None:
        row = self._connection.execute(query.order_by(_COLUMNS.version.desc()).limit(1)).first()
        return _BRIEFING.of(row) if row else None


def _has_later(*states: str) -> Exists:
    """SQL: whether the briefing of the outer query has a later version in one of the states."""
    later = briefing_version.alias("later")
    return exists().where(
        later.c.briefing_id == _COLUMNS.briefing_id,
        later.c.version > _COLUMNS.version,
        later.c.state.in_(states),
    )
