"""The index over a stored book: in segments, extended by what changed, made anew where needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tumen.matching.basis import Basis
from tumen.matching.index import LEAST_ROUGH
from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.watching import BookVersion
from tumen.screening import party_index
from tumen.screening.party_index import BookIndex, book_index
from tumen.screening.snapshots import listed_from
from tumen.screening.standing import known_book, screen_portfolio
from tumen.screening.subject import Subject
from tumen.store import Store
from watched_book import at, entry, keep_book, load, party, watchpost

CROWD = [party(f"-{i}", f"Some{chr(97 + i)} Body{chr(97 + i)}") for i in range(20)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store without a list."""
    with Store.open(f"sqlite:///{tmp_path}/tumen.db") as opened:
        yield opened


@pytest.fixture
def basis() -> Basis:
    """Statistics of a small list."""
    names = ("Ivan Petrov", "Jane Roe")
    return Snapshot.build(listed_from("alpha", entry(n, n)) for n in names).basis


def _book(store: Store, parties: list[Subject], day: int) -> BookVersion:
    keep_book(store, parties, at(day))
    with store.reading() as work:
        return known_book(work, "b")


def _asked(name: str) -> list[Listed]:
    return [listed_from("alpha", entry(1, name))]


def _who(index: BookIndex, name: str) -> set[str]:
    return index.touched(_asked(name), LEAST_ROUGH)


def _parts(root: Path) -> list[str]:
    return sorted(path.name for path in root.glob("*/*/*") if path.is_dir())


def test_the_parts_of_a_book_are_all_searched(
    store: Store, basis: Basis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the size of the parts, and in processes of their own."""
    monkeypatch.setattr(party_index, "SEGMENT", 8)
    book = _book(store, [party(1, "Ivan Petrov"), *CROWD, party(2, "Petrov Ivan")], 0)
    told: list[tuple[int, int]] = []
    index = book_index(store, tmp_path / "x", book, basis, 2, lambda *done: told.append(done))
    assert _parts(tmp_path / "x") == ["part-1-0001", "part-1-0002", "part-1-0003"]
    assert told == [(8, 22), (16, 22), (22, 22)]
    assert _who(index, "Ivan Petrov") == {"p1", "p2"}
    assert index.touched(_asked("Ivan Petrov"), LEAST_ROUGH, 2) == {"p1", "p2"}


def test_a_small_change_of_the_book_makes_a_small_part(
    store: Store, basis: Basis, tmp_path: Path
) -> None:
    """New and changed parties are found by what they are now."""
    root = tmp_path / "x"
    book_index(store, root, _book(store, [party(1, "Ivan Petrov"), *CROWD], 0), basis)
    index = book_index(store, root, _book(store, [party(1, "Jane Roe"), *CROWD], 1), basis)
    assert _parts(root) == ["part-1-0001", "side-1-2"]
    assert "p1" in _who(index, "Jane Roe")
    fewer = book_index(store, root, _book(store, CROWD, 2), basis)
    assert _parts(root) == ["part-1-0001", "side-1-2"]
    assert "p-0" in _who(fewer, "Somea Bodya")


def test_a_large_change_makes_it_anew(store: Store, basis: Basis, tmp_path: Path) -> None:
    """Many small parts would cost every later search."""
    root = tmp_path / "x"
    book_index(store, root, _book(store, CROWD, 0), basis)
    others = [party(f"o{i}", f"Other{chr(97 + i)} Person") for i in range(10)]
    index = book_index(store, root, _book(store, [*CROWD, *others], 1), basis)
    assert _parts(root) == ["part-2-0001"]
    assert "po0" in _who(index, "Othera Person")


def test_other_statistics_make_it_anew(store: Store, basis: Basis, tmp_path: Path) -> None:
    """And leave nothing behind."""
    book = _book(store, [party(1, "Ivan Petrov")], 0)
    book_index(store, tmp_path / "x", book, basis)
    other = Snapshot.build(_asked("Jane Roe")).basis
    index = book_index(store, tmp_path / "x", book, other)
    assert len(list((tmp_path / "x").glob("*/*"))) == 1
    assert _who(index, "Ivan Petrov") == {"p1"}


def test_a_chain_that_was_cut_off_is_made_anew(store: Store, basis: Basis, tmp_path: Path) -> None:
    """What is derived can always be built again."""
    book = _book(store, [party(1, "Ivan Petrov")], 0)
    book_index(store, tmp_path / "x", book, basis)
    (chain,) = (tmp_path / "x").glob("*/*/chain.json")
    chain.write_text('{"version"', "utf-8")
    assert _who(book_index(store, tmp_path / "x", book, basis), "Ivan Petrov") == {"p1"}


def test_screening_a_book_whole_leaves_its_index_ready(store: Store, tmp_path: Path) -> None:
    """So that the first change of the lists is as quick as the later ones."""
    load(store, [entry(1, "Ivan Petrov")], at(0))
    _book(store, [party(1, "Ivan Petrov")], 0)
    post = watchpost(store, tmp_path)
    screen_portfolio(post, "b", at(1))
    assert _parts(post.book_indexes) == ["part-1-0001"]
