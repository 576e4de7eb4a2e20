"""The tool that reads the standing hits of a watched book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from tumen.errors import RequestError
from tumen.model.watching import BookVersion, HitState, StandingHit
from tumen.service.mcp.answers import Answer, page
from tumen.service.mcp.change_tools import Limit, Offset
from tumen.service.mcp.desk import Desk


class BookTools:
    """Bound to one desk; each public method is a tool."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def standing_hits(
        self,
        book: Annotated[
            str, Field(max_length=200, description="A book's id; none: the only one there is.")
        ] = "",
        party_id: Annotated[str, Field(max_length=500, description="Of this party alone.")] = "",
        states: Annotated[tuple[HitState, ...], Field(description="In these states alone.")] = (),
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> dict[str, Any]:
        """Show the hits that stand on the parties of a watched book, with their reasons.

        A state "open" waits for a person; "proposed release" fell away and waits for a person to
        confirm it; "suppressed" is a decided false positive, which lapses when either side
        changes. `rows_not_read` of the book are parties that nobody screens.
        """
        with self._desk.store().reading() as work:
            chosen = _chosen(work.books.books(), book)
            hits = work.hits.standing(
                chosen.book_id,
                party_ids=[party_id] if party_id else None,
                states=states or None,
            )
            shown = {hit.party_id for hit in hits[offset : offset + limit]}
            parties = work.books.parties(chosen.book_id, chosen.version, shown)
            names = {party.party_id: party.entity.caption for party in parties}
        return {
            "book": {
                "book_id": chosen.book_id,
                "version": chosen.version,
                "imported_at": chosen.imported_at.isoformat(),
                "parties": chosen.parties,
                "rows_not_read": len(chosen.problems),
            },
            "hits": page((_hit(hit, names) for hit in hits), offset, limit),
        }


def _chosen(books: Sequence[BookVersion], book_id: str) -> BookVersion:
    if not books:
        raise RequestError("No book is watched: nobody's hits are kept here")
    found = [one for one in books if book_id in ("", one.book_id)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(one.book_id for one in books)
    problem = f"There is no book {book_id!r}" if book_id else "Say which book"
    raise RequestError(f"{problem}. There are {known}")


def _hit(standing: StandingHit, names: Mapping[str, str]) -> Answer:
    return {
        "party_id": standing.party_id,
        # A party that has left the book may still have a hit that waits for a person.
        "party": names.get(standing.party_id, ""),
        "state": standing.state.value,
        "note": standing.note,
        "known_from": standing.known_from.isoformat(),
        "hit": standing.hit.to_dict(),
    }
