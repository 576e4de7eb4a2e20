"""Books of parties as the pages show them: versions, rows at fault, hits, screenings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from tumen.model.watching import BookVersion, HitState, Party, ScreeningRun, StandingHit
from tumen.service.pages.charts import Bar, Placed, lengths
from tumen.service.problems import not_found
from tumen.store import Store
from tumen.store.work import Work

_TONES = {HitState.OPEN: "bad", HitState.PROPOSED_RELEASE: "warn", HitState.SUPPRESSED: "good"}
_RUNS = 5


@dataclass(frozen=True, slots=True)
class BookRow:
    """A book as it is now: its hits by state, and when it was last screened."""

    version: BookVersion
    hits: Mapping[HitState, int]
    screened_at: datetime | None

    @property
    def is_due(self) -> bool:
        """Whether its current version was never screened whole."""
        return self.screened_at is None or self.screened_at < self.version.imported_at


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party of a book with its hits that stand, the highest score first."""

    party: Party
    hits: tuple[StandingHit, ...]


@dataclass(frozen=True, slots=True)
class OneBook:
    """One book, its versions newest first, its last screenings, and a page of its parties."""

    row: BookRow
    versions: tuple[BookVersion, ...]
    runs: tuple[ScreeningRun, ...]
    chart: tuple[Placed, ...]
    parties: tuple[PartyRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class PartyFilter:
    """Which parties are asked for: those that hold a text, or those with hits in a state."""

    text: str = ""
    state: HitState | None = None


def all_books(store: Store) -> list[BookRow]:
    """The current version of each book."""
    with store.reading() as work:
        return [_row(work, version) for version in work.books.books()]


def one_book(store: Store, book_id: str, wanted: PartyFilter, offset: int, limit: int) -> OneBook:
    """A book with a page of its parties. Raises ProblemError where there is none."""
    with store.reading() as work:
        version = work.books.version(book_id)
        if version is None:
            raise not_found(f"book {book_id!r}")
        row = _row(work, version)
        parties, total = _parties(work, version, wanted, offset, limit)
        return OneBook(
            row,
            tuple(work.books.versions(book_id)[::-1]),
            tuple(work.screenings.find(book_id=book_id, limit=_RUNS)),
            tuple(lengths(_bars(row))),
            tuple(_with_hits(work, book_id, parties)),
            total,
        )


def _row(work: Work, version: BookVersion) -> BookRow:
    last = work.screenings.find(book_id=version.book_id, limit=1)
    hits = work.hits.counts(version.book_id)
    return BookRow(version, hits, last[0].screened_at if last else None)


def _parties(
    work: Work, version: BookVersion, wanted: PartyFilter, offset: int, limit: int
) -> tuple[list[Party], int]:
    book_id, number = version.book_id, version.version
    if wanted.state is None:
        return work.books.find(book_id, number, wanted.text, offset=offset, limit=limit)
    ids, total = work.hits.parties_in(book_id, wanted.state, offset=offset, limit=limit)
    found = {one.party_id: one for one in work.books.parties(book_id, number, ids)}
    return [found[party_id] for party_id in ids if party_id in found], total


def _with_hits(work: Work, book_id: str, parties: Iterable[Party]) -> Iterable[PartyRow]:
    every = list(parties)
    found: dict[str, list[StandingHit]] = {}
    for hit in work.hits.standing(book_id, party_ids=[one.party_id for one in every]):
        found.setdefault(hit.party_id, []).append(hit)
    for party in every:
        hits = found.get(party.party_id, [])
        yield PartyRow(party, tuple(sorted(hits, key=lambda one: -one.hit.score)))


def _bars(row: BookRow) -> Iterable[Bar]:
    address = f"/desk/books/{quote(row.version.book_id, safe='')}?state="
    for state in HitState:
        count = row.hits.get(state, 0)
        yield Bar(state.value.capitalize(), count, address + quote(state.value), _TONES[state])
