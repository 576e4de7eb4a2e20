"""Standing hits, in two times: what stands now, and what was known to stand at any instant.

A row says what stood from `known_from` until `known_to` (not included; open where it still
stands). A change closes the row and opens another; nothing is edited otherwise, nothing deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, literal, or_, select, tuple_, update
from sqlalchemy.sql import ColumnElement, Select

from tumen.errors import RequestError
from tumen.model.watching import HitState, StandingHit
from tumen.store.bulk import CHUNK, in_chunks, insert_rows, next_number
from tumen.store.codec import Codec
from tumen.store.instants import instant_text
from tumen.store.tables import standing_hit

_HIT = Codec(StandingHit)
_COLUMNS = standing_hit.c
_PAIR = tuple_(_COLUMNS.book_id, _COLUMNS.party_id, _COLUMNS.entity_id)
_PLACE = tuple_(_COLUMNS.party_id, _COLUMNS.entity_id)
_Pair = tuple[str, str, str]


class Hits:
    """The standing hits that one transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(
        self,
        book_id: str,
        *,
        known_at: datetime | None = None,
        party_ids: Collection[str] | None = None,
        entity_ids: Collection[str] | None = None,
        states: Collection[HitState] | None = None,
        after: tuple[str, str] | None = None,
        limit: int | None = None,
    ) -> list[StandingHit]:
        """The hits that stand, or stood at `known_at`, by party id and then entity id.

        `after` is the (party id, entity id) that a page before ended with. No ids given mean
        no hits; None means all.
        """
        query = select(standing_hit).where(_COLUMNS.book_id == book_id, _stands(known_at))
        if states is not None:
            query = query.where(_COLUMNS.state.in_([state.value for state in states]))
        if after is not None:
            query = query.where(tuple_(*(literal(one) for one in after)) < _PLACE)
        rows: list[Row[Any]] = []
        for parties in _chunks_or_none(party_ids):
            for entities in _chunks_or_none(entity_ids):
                rows += self._page(query, parties, entities, limit)
        rows.sort(key=lambda row: (row.party_id, row.entity_id))
        return [_HIT.of(row) for row in rows[:limit]]

    def counts(self, book_id: str) -> dict[HitState, int]:
        """How many hits of a book stand in each state."""
        query = select(_COLUMNS.state, func.count()).where(
            _COLUMNS.book_id == book_id, _stands(None)
        )
        rows = self._connection.execute(query.group_by(_COLUMNS.state))
        return {HitState(state): int(number) for state, number in rows}

    def parties_in(
        self, book_id: str, state: HitState, *, offset: int, limit: int
    ) -> tuple[list[str], int]:
        """A page of the ids of parties with hits in a state, the highest score first, and how
        many there are.
        """
        best = func.max(_COLUMNS.score).label("best")
        query = select(_COLUMNS.party_id, best).where(
            _COLUMNS.book_id == book_id, _COLUMNS.state == state.value, _stands(None)
        )
        query = query.group_by(_COLUMNS.party_id)
        every = select(func.count()).select_from(query.subquery())
        total = int(self._connection.execute(every).scalar() or 0)
        ordered = query.order_by(best.desc(), _COLUMNS.party_id).offset(offset).limit(limit)
        return [row.party_id for row in self._connection.execute(ordered)], total

    def of_party(self, book_id: str, party_id: str) -> list[StandingHit]:
        """All that was ever known of the hits of one party, first to last."""
        query = select(standing_hit).where(
            _COLUMNS.book_id == book_id, _COLUMNS.party_id == party_id
        )
        rows = self._connection.execute(query.order_by(_COLUMNS.sequence))
        return [_HIT.of(row) for row in rows]

    def history(self, book_id: str, party_id: str, entity_id: str) -> list[StandingHit]:
        """All that was ever known of one pair, first to last."""
        query = select(standing_hit).where(_PAIR.in_([(book_id, party_id, entity_id)]))
        rows = self._connection.execute(query.order_by(_COLUMNS.sequence))
        return [_HIT.of(row) for row in rows]

    def replace(
        self, closing: Iterable[StandingHit], opening: Iterable[StandingHit], at: datetime
    ) -> None:
        """Close hits that stand and open others, known from `at` on.

        Raises RequestError where a hit to close does not stand, one to open stands already, or
        `at` lies before what is known.
        """
        closed, opened = list(closing), list(opening)
        latest = self._latest({_pair(hit) for hit in (*closed, *opened)})
        self._close([_standing(latest, hit, at) for hit in closed], at)
        gone = {_pair(hit) for hit in closed}
        number = next_number(self._connection, _COLUMNS.sequence)
        rows: list[dict[str, Any]] = []
        for hit in opened:
            _check_free(latest, hit, at, is_closed=_pair(hit) in gone)
            rows.append(_opened_row(hit, at, number + len(rows)))
        for chunk in in_chunks(rows):
            insert_rows(self._connection, standing_hit, chunk)

    def _page(
        self,
        query: Select[Any],
        parties: list[str] | None,
        entities: list[str] | None,
        limit: int | None,
    ) -> Iterable[Row[Any]]:
        if parties is not None:
            query = query.where(_COLUMNS.party_id.in_(parties))
        if entities is not None:
            query = query.where(_COLUMNS.entity_id.in_(entities))
        ordered = query.order_by(_COLUMNS.party_id, _COLUMNS.entity_id).limit(limit)
        return self._connection.execute(ordered)

    def _latest(self, pairs: Iterable[_Pair]) -> dict[_Pair, Row[Any]]:
        """The newest row of each pair that has one."""
        found: dict[_Pair, Row[Any]] = {}
        for chunk in in_chunks(pairs, CHUNK // 3):
            query = select(standing_hit).where(_PAIR.in_(chunk)).order_by(_COLUMNS.sequence)
            for row in self._connection.execute(query):
                found[row.book_id, row.party_id, row.entity_id] = row
        return found

    def _close(self, rows: list[Row[Any]], at: datetime) -> None:
        if rows:
            change = update(standing_hit).where(_COLUMNS.sequence == bindparam("closing"))
            keys = [{"closing": row.sequence} for row in rows]
            self._connection.execute(change.values(known_to=instant_text(at)), keys)


def _standing(latest: Mapping[_Pair, Row[Any]], hit: StandingHit, at: datetime) -> Row[Any]:
    row = latest.get(_pair(hit))
    if row is None or row.known_to is not None:
        raise RequestError(f"{_words(hit)} does not stand: read the standing hits again")
    _check_order(row.known_from, hit, at)
    return row


def _check_free(
    latest: Mapping[_Pair, Row[Any]], hit: StandingHit, at: datetime, *, is_closed: bool
) -> None:
    row = latest.get(_pair(hit))
    if row is None or is_closed:
        return
    if row.known_to is None:
        raise RequestError(f"{_words(hit)} stands already: close it first")
    _check_order(row.known_to, hit, at)


def _check_order(known: str, hit: StandingHit, at: datetime) -> None:
    if known > instant_text(at):
        raise RequestError(f"{_words(hit)} changed at {known}, after {at}: see to the clock")


def _opened_row(hit: StandingHit, at: datetime, sequence: int) -> dict[str, Any]:
    row = _HIT.row(replace(hit, known_from=at, known_to=None))
    _, _, entity_id = _pair(hit)
    extra = {"entity_id": entity_id, "list_id": hit.hit.list_id, "score": hit.hit.score}
    return {**row, **extra, "sequence": sequence}


def _stands(known_at: datetime | None) -> ColumnElement[bool]:
    if known_at is None:
        return _COLUMNS.known_to.is_(None)
    at = instant_text(known_at)
    return and_(_COLUMNS.known_from <= at, or_(_COLUMNS.known_to.is_(None), _COLUMNS.known_to > at))


def _chunks_or_none(ids: Collection[str] | None) -> Iterable[list[str] | None]:
    return [None] if ids is None else in_chunks(dict.fromkeys(ids), CHUNK // 3)


def _pair(hit: StandingHit) -> _Pair:
    return hit.book_id, hit.party_id, hit.hit.entity_id


def _words(hit: StandingHit) -> str:
    return f"The hit of {hit.party_id!r} on {hit.hit.entity_id!r} in the book {hit.book_id!r}"
