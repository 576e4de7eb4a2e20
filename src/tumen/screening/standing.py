"""A stored book screened whole against the lists, and what that does to its standing hits.

A screening is found first and kept after, in one transaction with whatever else belongs to it:
what is cut off in between leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from tumen.errors import ListsMissingError, RequestError
from tumen.matching.snapshot import Snapshot
from tumen.model.entity import Entity
from tumen.model.materiality import entry_fingerprint, party_fingerprint
from tumen.model.screening import Screening
from tumen.model.watching import (
    BookVersion,
    Party,
    ScreeningRun,
    StandingHit,
    Suppression,
    Trigger,
)
from tumen.screening.basis import basis_in_force
from tumen.screening.changes import Changes, Ground, Settled, settle
from tumen.screening.party_index import book_index
from tumen.screening.policy import Policy
from tumen.screening.runs import Outcomes, make_run
from tumen.screening.screener import Screener
from tumen.screening.snapshots import Progress as Indexed
from tumen.screening.snapshots import snapshot_of, snapshot_of_versions
from tumen.screening.versions import (
    UsedVersion,
    check_ages,
    read_versions,
    starter_notes,
    used_versions,
)
from tumen.store import Store
from tumen.store.work import Work

# Called with parties done and parties in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Watchpost:
    """Where books are screened, and on which terms.

    `place` is the folder of the store's snapshot; the indexes of its books lie beside it.
    `indexed` hears how the building of a snapshot goes, `progress` how the screening goes.
    Without `accepts_stale` a list older than the policy allows is a ListsMissingError.
    """

    store: Store
    place: Path
    policy: Policy
    actor: str
    workers: int = 1
    accepts_stale: bool = True
    indexed: Indexed | None = None
    progress: Progress | None = None

    @property
    def book_indexes(self) -> Path:
        """The folder of the indexes over books."""
        return self.place.with_name(f"{self.place.name}-books")


@dataclass(frozen=True, slots=True)
class BookScreening:
    """A screening of a book as found: `keep` writes it, with its changes of standing hits."""

    run: ScreeningRun
    settled: Settled
    outcomes: tuple[Screening, ...]

    @property
    def changes(self) -> Changes:
        """What it brought."""
        return self.settled.changes

    def keep(self, work: Work) -> None:
        """Write all of it in the transaction of `work`.

        Raises RequestError where a hit has changed since: then it must be screened again.
        """
        work.screenings.add(self.run)
        work.screenings.add_outcomes(self.run.screening_id, self.outcomes)
        for one in self.changes.lapsed:
            work.suppressions.lapse(one.suppression_id, self.run.screened_at, one.lapse_reason)
        settled = self.settled
        work.hits.replace(settled.closing, settled.opening, self.run.screened_at)


def screen_portfolio(
    post: Watchpost, book_id: str, now: datetime, trigger: Trigger = Trigger.BOOK
) -> BookScreening:
    """Screen the whole current version of a book against the current lists, and keep it.

    Raises RequestError where there is no such book, ListsMissingError without the policy's
    lists.
    """
    found = find_whole(post, book_id, now, trigger)
    with post.store.writing() as work:
        found.keep(work)
    return found


def find_whole(
    post: Watchpost, book_id: str, now: datetime, trigger: Trigger = Trigger.BOOK
) -> BookScreening:
    """The screening of the whole current version of a book, to be kept."""
    snapshot = snapshot_of(post.store, post.place, post.indexed)
    with post.store.reading() as work:
        book = known_book(work, book_id)
        standing = work.hits.standing(book_id)
        suppressions = not_lapsed(work, book_id)
    outcomes, versions = screen_parties(post, snapshot, book, None, now)
    # Ready for the next change of the lists, which then takes seconds.
    book_index(post.store, post.book_indexes, book, snapshot.basis, post.workers)
    return conclude(post, book, snapshot, versions, outcomes, standing, suppressions, trigger, now)


def look_back(
    post: Watchpost, book_id: str, as_of: date | None, known_at: datetime | None, now: datetime
) -> Iterator[Screening]:
    """The outcomes of a book under the lists that held on a day, as far as we knew by then.

    The book is that which was current at `known_at`. Only parties with hits, or not screened.
    Nothing is kept. Raises ListsMissingError where we had no list by then.
    """
    versions = post.store.versions_at(as_of=as_of, known_at=known_at)
    if not versions:
        raise ListsMissingError("No list version was there by then")
    with post.store.reading() as work:
        book = known_book(work, book_id, known_at=known_at)
    snapshot = snapshot_of_versions(post.store, versions, basis_in_force(post.store), post.indexed)
    outcomes, _ = screen_parties(post, snapshot, book, None, now)
    return iter(outcomes.kept)


def known_book(
    work: Work, book_id: str, number: int | None = None, *, known_at: datetime | None = None
) -> BookVersion:
    """A version of a book. Raises RequestError where there is none."""
    book = work.books.version(book_id, number, known_at=known_at)
    if book is None:
        then = f" known at {known_at.isoformat()}" if known_at else ""
        mend = f"Import it: tumen book import FILE --book {book_id}"
        raise RequestError(f"There is no book {book_id!r}{then}. {mend}")
    return book


def not_lapsed(work: Work, book_id: str) -> list[Suppression]:
    """The suppressions of a book that have not ended, also those whose date has passed."""
    return [one for one in work.suppressions.all(book_id) if one.lapsed_at is None]


def screen_parties(
    post: Watchpost,
    snapshot: Snapshot,
    book: BookVersion,
    party_ids: Collection[str] | None,
    now: datetime,
) -> tuple[Outcomes, tuple[UsedVersion, ...]]:
    """The outcomes of these parties of a book (None: of all), and the list versions used."""
    policy = post.policy
    versions = used_versions(read_versions(snapshot.meta["versions"]), policy)
    stale = check_ages(versions, policy, now.date(), accept_stale=post.accepts_stale)
    outcomes = Outcomes((*starter_notes(versions), *stale))
    total = book.parties if party_ids is None else len(party_ids)
    with post.store.reading() as work:
        parties = work.books.parties(book.book_id, book.version, party_ids)
        results = Screener(snapshot).screen_many(
            map(subject_of, parties),
            threshold=policy.threshold,
            cutoff=policy.floor,
            lists=policy.lists or None,
            workers=post.workers,
        )
        for done, outcome in enumerate(results, start=1):
            outcomes.add(outcome)
            if post.progress is not None:
                post.progress(done, total)
    return outcomes, versions


def subject_of(party: Party) -> Entity:
    """The subject that a party is, under the party's id."""
    entity = party.entity
    return (
        entity if entity.entity_id == party.party_id else replace(entity, entity_id=party.party_id)
    )


def conclude(
    post: Watchpost,
    book: BookVersion,
    snapshot: Snapshot,
    versions: Iterable[UsedVersion],
    outcomes: Outcomes,
    standing: Collection[StandingHit],
    suppressions: Collection[Suppression],
    trigger: Trigger,
    now: datetime,
    looked_at: Collection[str] | None = None,
) -> BookScreening:
    """The record of a screening, and what it does to the hits that stand.

    `standing` and `suppressions` are those that it may touch, `looked_at` the parties that were
    screened (None: the whole book).
    """
    lists = {version.list_id: version.version_id for version in versions}
    run = make_run(
        outcomes,
        at=now,
        trigger=trigger,
        actor=post.actor,
        versions=lists.values(),
        policy=post.policy,
        basis_hash=snapshot.basis_hash,
        book=book,
        party_ids=looked_at,
    )
    pairs = {(one.party_id, one.hit.entity_id) for one in standing}
    pairs |= {(one.party_id, one.entity_id) for one in suppressions}
    pairs |= {(one.subject_id, hit.entity_id) for one in outcomes.kept for hit in one.hits}
    with post.store.reading() as work:
        parties = _party_prints(work, book, {party_id for party_id, _ in pairs})
        entries = _entry_prints(work, lists, {entity_id for _, entity_id in pairs})
    ground = Ground(book.book_id, run.screening_id, parties, entries, lists, now)
    settled = settle(ground, outcomes.kept, standing, suppressions)
    return BookScreening(run, settled, tuple(outcomes.kept))


def _party_prints(work: Work, book: BookVersion, party_ids: Collection[str]) -> dict[str, str]:
    found = work.books.parties(book.book_id, book.version, party_ids)
    return {party.party_id: party_fingerprint(party.entity) for party in found}


def _entry_prints(
    work: Work, lists: Mapping[str, str], entity_ids: Collection[str]
) -> dict[str, str]:
    return {
        entry.entity.entity_id: entry_fingerprint(entry)
        for version_id in lists.values()
        for entry in work.lists.entries_by_id(version_id, entity_ids)
    }
