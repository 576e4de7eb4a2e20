"""Books of parties: what was imported comes back, versions share what did not change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from stored_things import NOW, a_book, a_party, later

from tumen.errors import RequestError
from tumen.store import Store
from tumen.store.columns import metadata
from tumen.store.tables import book_party, party_content


def count(store: Store, table: str) -> int:
    """How many rows a table has."""
    with store._engine.connect() as connection:
        found = connection.execute(select(func.count()).select_from(metadata.tables[table]))
        return int(found.scalar_one())


def test_a_book_comes_back_as_it_went_in(store: Store) -> None:
    """Nothing of a party is lost, and the imported order stays."""
    parties = [a_party(number, f"Кim {number} 발명") for number in (3, 1, 2)]
    with store.writing() as work:
        work.books.add_version(a_book(3), parties)
    with store.reading() as work:
        assert work.books.books() == [a_book(3)]
        assert work.books.version("clients") == a_book(3)
        assert list(work.books.parties("clients", 1)) == parties
        assert list(work.books.parties("clients", 1, ["P2", "P3", "P9"])) == [
            parties[0],
            parties[2],
        ]
        assert list(work.books.parties("clients", 1, [])) == []
        assert list(work.books.party_hashes("clients", 1)) == ["P3", "P1", "P2"]


def test_versions_share_what_did_not_change(store: Store) -> None:
    """A daily import of the same book costs a row a party, and its changes are seen by hash."""
    with store.writing() as work:
        work.books.add_version(a_book(3), [a_party(n) for n in (1, 2, 3)])
        changed = [a_party(1), a_party(2, "Kim Renamed"), a_party(4)]
        work.books.add_version(a_book(3, 2), changed)
    with store.reading() as work:
        old, new = (work.books.party_hashes("clients", number) for number in (1, 2))
        assert old["P1"] == new["P1"]
        assert old["P2"] != new["P2"]
        assert [book.version for book in work.books.versions("clients")] == [1, 2]
    assert (count(store, "party_content"), count(store, "book_party")) == (5, 6)


def test_the_group_is_part_of_the_party(store: Store) -> None:
    """A party that moves to another branch has changed."""
    with store.writing() as work:
        work.books.add_version(a_book(1), [a_party(1)])
        work.books.add_version(a_book(1, 2), [a_party(1, groups=("Busan branch",))])
        hashes = [work.books.party_hashes("clients", number)["P1"] for number in (1, 2)]
    assert hashes[0] != hashes[1]


def test_what_was_current_at_an_instant(store: Store) -> None:
    """Version 1 was imported an hour after NOW, version 2 two hours after."""
    with store.writing() as work:
        work.books.add_version(a_book(0), [])
        work.books.add_version(a_book(0, 2), [])
        work.books.add_version(a_book(0, 1, "suppliers"), [])
    with store.reading() as work:

        def known_at(seconds: int) -> int:
            found = work.books.version("clients", known_at=later(seconds))
            return found.version if found else 0

        assert [known_at(n) for n in (0, 3599, 3600, 7199, 7200, 99999)] == [0, 0, 1, 1, 2, 2]
        assert [(b.book_id, b.version) for b in work.books.books()] == [
            ("clients", 2),
            ("suppliers", 1),
        ]
        assert work.books.version("clients", 1) == a_book(0)
        assert work.books.version("clients", 3) is None
        assert work.books.version("nobody") is None


@pytest.mark.parametrize(
    ("version", "numbers", "problem"),
    [
        (a_book(1, 2), [1], "next version .* is 1"),
        (a_book(2), [1], "says 2 parties, 1 came"),
        (a_book(2), [1, 1], "have the id 'P1'"),
        (a_book(1), ["\0"], "give the party another"),
    ],
)
def test_a_version_that_makes_no_sense_is_refused_whole(
    store: Store, version: object, numbers: list[object], problem: str
) -> None:
    """Half a book must never pass for the book."""
    with pytest.raises(RequestError, match=problem), store.writing() as work:
        work.books.add_version(version, [a_party(n) for n in numbers])
    assert count(store, "book_version") == count(store, "book_party") == 0


def test_a_version_older_than_the_last_is_refused(store: Store) -> None:
    """Otherwise what was current at an instant would depend on a clock that went wrong."""
    with store.writing() as work:
        work.books.add_version(a_book(0), [])
    with pytest.raises(RequestError, match="clock"), store.writing() as work:
        work.books.add_version(replace(a_book(0, 2), imported_at=NOW), [])


def test_an_unknown_book_is_an_error_and_not_an_empty_one(store: Store) -> None:
    """Screening a mistyped book must not look like "no hit"."""
    with store.reading() as work:
        with pytest.raises(RequestError, match="'clients'"):
            work.books.parties("clients", 1)
        with pytest.raises(RequestError, match="'clients'"):
            work.books.party_hashes("clients", 1)


def test_large_books_come_back_whole(store: Store) -> None:
    """More parties than one statement takes, written and read in parts."""
    parties = [a_party(number) for number in range(4000)]
    with store.writing() as work:
        work.books.add_version(a_book(4000), parties)
        work.books.add_version(a_book(4000, 2), reversed(parties))
    with store.reading() as work:
        assert list(work.books.parties("clients", 1)) == parties
        assert list(work.books.parties("clients", 2)) == parties[::-1]
        some = [f"P{number}" for number in range(0, 4000, 2)]
        assert list(work.books.parties("clients", 1, some)) == parties[::2]
    assert count(store, party_content.name) == 4000
    assert count(store, book_party.name) == 8000
