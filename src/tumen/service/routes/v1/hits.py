"""Standing hits on the parties of a book: now, at any past instant, and their history."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel

from tumen.model.screening import Hit
from tumen.model.watching import HitState, StandingHit
from tumen.service.access.admission import note
from tumen.service.paging import WantedPage, answer, ends
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import KnownAt, Reader, TheApi, router_of
from tumen.service.routes.v1.shapes import Paged

router = router_of("Hits")


class StandingHitShape(BaseModel):
    """A hit as it stood, from when we knew of it and until when."""

    book_id: str
    party_id: str
    hit: Hit
    state: HitState
    party_hash: str
    entry_hash: str
    known_from: datetime
    known_to: datetime | None
    screening_id: str
    note: str


@router.get(
    "/books/{book_id}/hits", response_model=Paged[StandingHitShape], summary="Hits of a book"
)
def show_hits(
    book_id: str,
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    state: Annotated[list[HitState] | None, Query(description="In one of these states.")] = None,
    party_id: Annotated[list[str] | None, Query()] = None,
    entity_id: Annotated[list[str] | None, Query()] = None,
    known_at: KnownAt = None,
    as_of: Annotated[
        date | None, Query(description="By what was known at the end of this day (UTC).")
    ] = None,
) -> Any:
    """Who of the book is hit, or was by what we knew at an instant; by party, then entity."""
    place = page.place(str, str)
    with api.store.reading() as work:
        if work.books.version(book_id) is None:
            raise not_found(f"book {book_id!r}")
        found = work.hits.standing(
            book_id,
            known_at=_instant(known_at, as_of),
            party_ids=party_id,
            entity_ids=entity_id,
            states=state,
            after=(place[0], place[1]) if place else None,
            limit=page.limit + 1,
        )
    shown = found[: page.limit]
    return answer(request, response, shown, ends(found, page, _place))


def _instant(known_at: datetime | None, as_of: date | None) -> datetime | None:
    """The earlier of the two: what held on a day is what was known at its end."""
    if as_of is None:
        return known_at
    end = datetime.combine(as_of, time.max, UTC)
    return end if known_at is None else min(end, known_at)


def _place(one: StandingHit) -> tuple[str, str]:
    return one.party_id, one.hit.entity_id


@router.get(
    "/books/{book_id}/hits/{party_id}/{entity_id}/history",
    response_model=Paged[StandingHitShape],
    summary="History of one hit",
)
def show_history(
    book_id: str, party_id: str, entity_id: str, request: Request, _: Reader, api: TheApi
) -> Any:
    """All that was ever known of one party and one entity, first to last."""
    note(request.scope, object=f"{book_id}/{entity_id}")
    with api.store.reading() as work:
        found = work.hits.history(book_id, party_id, entity_id)
    if not found:
        raise not_found(f"hit of {party_id!r} on {entity_id!r} in the book {book_id!r}")
    return {"items": found, "next": None}
