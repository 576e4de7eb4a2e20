"""Rescreening: only the parties that a change of the lists or of the book can concern.

Two parties score alike whatever else is listed (see `matching.basis`), so what a change can
touch is told by the changed entries alone: the parties that have one as candidate, those with a
standing hit on one, and those that changed themselves. They are screened in full; the outcome is
that of screening the whole book.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.watching import BookVersion, ScreeningRun, Suppression, Trigger
from tumen.screening.batch import least_rough
from tumen.screening.party_index import book_index, changed_parties
from tumen.screening.runs import engine_name, policy_of
from tumen.screening.snapshots import listed_from, snapshot_of
from tumen.screening.standing import (
    BookScreening,
    Watchpost,
    conclude,
    find_whole,
    known_book,
    not_lapsed,
    screen_parties,
)
from tumen.screening.versions import read_versions, used_versions
from tumen.store.work import Work

# If more than this share of the listed entries is new, the whole book is screened as soon.
_MOST_CHANGED = 0.3
# To start processes takes as long as to screen so many parties.
_FEW = 10_000


class _Change(NamedTuple):
    """What changed since a screening.

    `entries` are new or changed, with `gone` those that fell out; likewise the parties.
    """

    entries: list[Listed]
    gone: set[str]
    parties: set[str]
    left: set[str]

    @property
    def entity_ids(self) -> set[str]:
        """Every entry that changed, came or went."""
        return self.gone | {one.entity.entity_id for one in self.entries}


def rescreen(post: Watchpost, book_id: str, now: datetime) -> BookScreening | None:
    """Bring the standing hits of a book up to date, and keep it; None where nothing changed.

    Raises as `find_rescreening`.
    """
    found = find_rescreening(post, book_id, now)
    if found is not None:
        with post.store.writing() as work:
            found.keep(work)
    return found


def find_rescreening(post: Watchpost, book_id: str, now: datetime) -> BookScreening | None:
    """What changed since the last screening of a book that is kept, screened, to be kept.

    The whole book where it was never screened, or under another policy, engine or word
    statistics; None where nothing changed. Raises RequestError where there is no such book,
    ListsMissingError without the policy's lists.
    """
    snapshot = snapshot_of(post.store, post.place, post.indexed)
    with post.store.reading() as work:
        book = known_book(work, book_id)
        last = work.screenings.find(book_id=book_id, limit=1)
        if not last:
            trigger = Trigger.BOOK
        elif not _is_comparable(post, snapshot, last[0]):
            trigger = Trigger.POLICY
        else:
            change = _change(work, post, snapshot, book, last[0])
            trigger = Trigger.DELTA
            expired = _expired(work, book_id, now)
    if trigger is not Trigger.DELTA or len(change.entries) > _MOST_CHANGED * len(snapshot):
        return find_whole(post, book_id, now, trigger)
    if not any(change) and not expired:
        return None
    return _find_changed(post, book, snapshot, change, expired, now)


def _find_changed(
    post: Watchpost,
    book: BookVersion,
    snapshot: Snapshot,
    change: _Change,
    expired: Collection[Suppression],
    now: datetime,
) -> BookScreening:
    touched = change.parties | {one.party_id for one in expired}
    if change.entries:
        basis = snapshot.basis
        index = book_index(post.store, post.book_indexes, book, basis, post.workers)
        least = least_rough(post.policy.floor)
        touched |= index.touched(change.entries, least, post.workers)
    with post.store.reading() as work:
        hit = work.hits.standing(book.book_id, entity_ids=change.entity_ids)
        touched |= {one.party_id for one in hit}
        standing = work.hits.standing(book.book_id, party_ids=touched | change.left)
        suppressions = _concerned(work, book.book_id, touched, change.entity_ids)
    touched -= change.left
    if len(touched) < _FEW:
        post = replace(post, workers=1)
    outcomes, versions = screen_parties(post, snapshot, book, touched, now)
    trigger = Trigger.DELTA if change.entity_ids else Trigger.BOOK
    return conclude(
        post, book, snapshot, versions, outcomes, standing, suppressions, trigger, now, touched
    )


def _is_comparable(post: Watchpost, snapshot: Snapshot, last: ScreeningRun) -> bool:
    if not policy_of(last.policy).screens_as(post.policy):
        return False
    return (last.engine, last.basis_hash) == (engine_name(), snapshot.basis_hash)


def _change(
    work: Work, post: Watchpost, snapshot: Snapshot, book: BookVersion, last: ScreeningRun
) -> _Change:
    before = {version_id.rpartition("@")[0]: version_id for version_id in last.versions}
    used = used_versions(read_versions(snapshot.meta["versions"]), post.policy)
    after = {version.list_id: version.version_id for version in used}
    entries: list[Listed] = []
    gone: set[str] = set()
    for list_id in sorted(before.keys() | after.keys()):
        come, went = _changed_entries(work, before.get(list_id), after.get(list_id))
        gone |= went
        if come:
            found = work.lists.entries_by_id(after[list_id], come)
            entries += [listed_from(list_id, entry) for entry in found]
    number = int(last.input_ref.rpartition("@")[2])
    parties, left = set[str](), set[str]()
    if number != book.version:
        parties, left = changed_parties(work, book.book_id, number, book.version)
    return _Change(entries, gone, parties, left)


def _changed_entries(
    work: Work, before: str | None, after: str | None
) -> tuple[set[str], set[str]]:
    """The entries that a version brings or changes, and those it has no more."""
    if before == after:
        return set(), set()
    old: Mapping[str, str] = work.lists.entry_hashes(before) if before else {}
    new: Mapping[str, str] = work.lists.entry_hashes(after) if after else {}
    come = {entity_id for entity_id, content in new.items() if old.get(entity_id) != content}
    return come, set(old.keys() - new.keys())


def _expired(work: Work, book_id: str, now: datetime) -> list[Suppression]:
    return [
        one
        for one in not_lapsed(work, book_id)
        if one.expires_on is not None and one.expires_on < now.date()
    ]


def _concerned(
    work: Work, book_id: str, party_ids: Collection[str], entity_ids: Collection[str]
) -> list[Suppression]:
    """The suppressions that may lapse, or mute what is found."""
    return [
        one
        for one in not_lapsed(work, book_id)
        if one.party_id in party_ids or one.entity_id in entity_ids
    ]
