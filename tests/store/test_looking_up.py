"""What pages ask of the store about one entry, one party, one book; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from stored_things import a_book, a_hit, a_party, later

from tumen.model.entity import Entity
from tumen.model.listing import Link, ListedName, ListEntry, ListVersion
from tumen.model.watching import HitState
from tumen.store import Store

AT = datetime(2026, 1, 10, tzinfo=UTC)


def an_entry(number: str, *links: str, name: str = "Kim") -> ListEntry:
    """An invented entry that owns others."""
    entity = Entity(f"toy:{number}", "Company", {"name": (name,)})
    owned = tuple(Link("Ownership", f"toy:{one}") for one in links)
    return ListEntry(entity, (ListedName(name),), links=owned)


def keep(store: Store, mark: str, day: int, *entries: ListEntry) -> str:
    """The id of a version that holds these entries."""
    count = len(entries)
    version = ListVersion(
        "toy", mark * 64, "toy", date(2026, 1, day), AT + timedelta(days=day), count, count, ("f",)
    )
    store.add_version(version, entries)
    return version.version_id


def test_what_an_entry_said_in_each_version(store: Store) -> None:
    """The same content has the same hash; a version without the entry is left out."""
    first = keep(store, "a", 1, an_entry("1"), an_entry("2"))
    second = keep(store, "b", 2, an_entry("1"), an_entry("2", name="Lee"))
    keep(store, "c", 3, an_entry("1"))
    with store.reading() as work:
        hashes = work.lists.content_hashes("toy:2")
        assert hashes.keys() == {first, second}
        assert hashes[first] != hashes[second]
        assert len(set(work.lists.content_hashes("toy:1").values())) == 1
        assert work.lists.content_hashes("toy:9") == {}


def test_who_names_an_entry(store: Store) -> None:
    """Only entries of that version, only by the whole id, and never the entry itself."""
    version = keep(store, "a", 1, an_entry("1"), an_entry("2", "1"), an_entry("3", "10", "1"))
    keep(store, "b", 2, an_entry("1"), an_entry("4", "1"))
    with store.reading() as work:
        found = work.lists.mentioning(version, "toy:1")
        assert [one.entity.entity_id for one in found] == ["toy:2", "toy:3"]
        assert [one.entity.entity_id for one in work.lists.mentioning(version, "toy:10")] == [
            "toy:3"
        ]
        assert work.lists.mentioning(version, "toy:_") == []


def test_parties_are_found_page_by_page(store: Store) -> None:
    """In the order of the file, by any value or id, with how many there are."""
    parties = [a_party(number, f"Name {number}") for number in range(12)]
    with store.writing() as work:
        work.books.add_version(a_book(12), parties)
        found, total = work.books.find("clients", 1, "", offset=5, limit=3)
        assert ([one.party_id for one in found], total) == (["P5", "P6", "P7"], 12)
        found, total = work.books.find("clients", 1, "name 1", offset=1, limit=5)
        assert ([one.party_id for one in found], total) == (["P10", "P11"], 3)
        found, total = work.books.find("clients", 1, "p7", offset=0, limit=5)
        assert ([one.party_id for one in found], total) == (["P7"], 1)
        assert work.books.find("clients", 1, "%", offset=0, limit=5) == ([], 0)


def test_hits_are_counted_and_kept_by_party(store: Store) -> None:
    """What fell away counts no more, and still stands in the party's history."""
    first, second = a_hit(1, 1), a_hit(2, 1, state=HitState.SUPPRESSED)
    with store.writing() as work:
        work.hits.replace([], [first, second], later(0))
        released = replace(first, state=HitState.PROPOSED_RELEASE)
        work.hits.replace([first], [released], later(5))
        assert work.hits.counts("clients") == {
            HitState.PROPOSED_RELEASE: 1, HitState.SUPPRESSED: 1
        }  # fmt: skip
        states = [one.state for one in work.hits.of_party("clients", "P1")]
        assert states == [HitState.OPEN, HitState.PROPOSED_RELEASE]
        assert work.hits.counts("others") == {}
        assert work.hits.of_party("clients", "P9") == []


def test_parties_with_hits_come_by_their_highest_score(store: Store) -> None:
    """Each once, whatever the number of its hits; those in another state are left out."""
    hits = [a_hit(1, 1), a_hit(1, 2), a_hit(2, 1), a_hit(3, 1, state=HitState.SUPPRESSED)]
    hits[1] = replace(hits[1], hit=replace(hits[1].hit, score=0.5))
    hits[2] = replace(hits[2], hit=replace(hits[2].hit, score=0.95))
    with store.writing() as work:
        work.hits.replace([], hits, later(0))
        found = work.hits.parties_in("clients", HitState.OPEN, offset=0, limit=5)
        assert found == (["P2", "P1"], 2)
        found = work.hits.parties_in("clients", HitState.OPEN, offset=1, limit=5)
        assert found == (["P1"], 2)
        assert work.hits.parties_in("others", HitState.OPEN, offset=0, limit=5) == ([], 0)
