"""The word statistics of a store: counted once, kept, counted anew when the lists outgrew them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tumen.errors import RequestError
from tumen.screening.basis import basis_in_force, basis_of, put_in_force
from tumen.screening.snapshots import snapshot_from_store, snapshot_of
from tumen.store import Store
from watched_book import at, entry, load

TEN = [entry(i, f"Given{chr(97 + i)} Family{chr(97 + i)}") for i in range(10)]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with one list of ten names."""
    with Store.open(store_url) as opened:
        load(opened, TEN, at(0))
        yield opened


def _in_force(store: Store) -> str:
    found = basis_in_force(store)
    assert found is not None
    return found.basis_hash


def test_the_first_snapshot_makes_them_and_the_next_one_uses_them(
    store: Store, tmp_path: Path
) -> None:
    """On disk or in memory, whoever asks: all answer alike."""
    assert basis_in_force(store) is None
    first = snapshot_of(store, tmp_path / "s")
    assert first.basis_hash == _in_force(store)
    load(store, [*TEN, entry("x", "Familya Familyb")], at(1))
    assert snapshot_of(store, tmp_path / "s").basis_hash == first.basis_hash
    assert snapshot_from_store(store).basis_hash == first.basis_hash


def test_lists_that_outgrew_them_count_anew(store: Store, tmp_path: Path) -> None:
    """And the old ones stay, for replays."""
    first = snapshot_of(store, tmp_path / "s").basis_hash
    load(store, [*TEN, *(entry(f"x{i}", f"More{chr(97 + i)} Names") for i in range(10))], at(1))
    second = snapshot_of(store, tmp_path / "s").basis_hash
    assert first != second == _in_force(store)
    assert basis_of(store, first).basis_hash == first
    with pytest.raises(RequestError):
        basis_of(store, "none")


def test_they_can_be_counted_anew_by_hand(store: Store, tmp_path: Path) -> None:
    """A snapshot under the old ones is then built again."""
    first = snapshot_of(store, tmp_path / "s").basis_hash
    load(store, [*TEN, entry("x", "Familya Familyb")], at(1))
    snapshot_of(store, tmp_path / "s")
    second = snapshot_of(store, tmp_path / "s", rebases=True).basis_hash
    assert first != second == _in_force(store)
    put_in_force(store, basis_of(store, first), at(2))
    assert snapshot_of(store, tmp_path / "s").basis_hash == first


def test_another_engine_counts_anew(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are read otherwise are other words."""
    snapshot_of(store, tmp_path / "s")
    monkeypatch.setattr("tumen.screening.basis.FORMAT", 999)
    assert basis_in_force(store) is None
