"""Frozen word statistics: what two parties score is the same whatever else is listed."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.errors import SourceError
from tumen.matching.basis import Basis
from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.entity import Entity
from tumen.screening.batch import Terms, screen_batch

NAMES = [
    "Ivan Petrov", "Ivan Petroff", "Kim Jong Un", "Mohammed Ali", "Muhammad Ali Hassan",
    "Jane Roe", "Zebulon Quillfeather", "Ali Mohamed", "Ivan Ivanovich Petrov", "alibaba trading",
    "Ali Baba", "mhmmd ly", "Petrov I. I.", "Jan van der Berg", "Vanderberg Jan", "Abd al-Rahman",
]  # fmt: skip


def _listed(names: list[str]) -> list[Listed]:
    return [Listed("toy", Entity(name, "Person", {"name": (name,)}), ()) for name in names]


WHOLE = Snapshot.build(_listed(NAMES))
TERMS = Terms(0.7, 0.3)


def _scores(snapshot: Snapshot, name: str) -> dict[str, float]:
    (found,) = screen_batch(snapshot, TERMS, [Entity("", "Person", {"name": (name,)})])
    return {hit.entity_id: hit.score for hit in found.hits}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
    st.sampled_from([*NAMES, "Iwan Petrow", "Mohamad Aly", "Alibabba", "Quilfeather Zebulon"]),
    st.booleans(),
)
def test_an_entry_more_moves_no_other_score(names: list[str], asked: str, learns: bool) -> None:
    """Of any part of the list the same entries come back, with the same scores."""
    part = Snapshot.build(_listed(names), basis=WHOLE.basis, learns=learns)
    whole = {name: score for name, score in _scores(WHOLE, asked).items() if name in names}
    assert _scores(part, asked) == whole


def test_a_snapshots_own_statistics_are_the_ones_it_would_be_given() -> None:
    """Named by their content, so that two machines agree on the name."""
    again = Snapshot.build(_listed(NAMES), basis=WHOLE.basis)
    assert again.basis_hash == WHOLE.basis_hash == WHOLE.basis.basis_hash


def test_statistics_come_back_as_they_were_kept() -> None:
    """To the last bit, or a replay would not be identical."""
    basis = WHOLE.basis
    again = Basis.from_bytes(basis.to_bytes())
    assert again.basis_hash == basis.basis_hash
    assert dict(again.shares) == dict(basis.shares)
    for name, weights in basis.gram_weights.items():
        assert np.array_equal(again.gram_weights[name], weights)


@pytest.mark.parametrize(
    "blob", [b"", b"no zip", zlib.compress(b"[]"), zlib.compress(b"{}"), zlib.compress(b"\xff")]
)
def test_damaged_statistics_are_refused(blob: bytes) -> None:
    """With what to do about it."""
    with pytest.raises(SourceError, match="anew"):
        Basis.from_bytes(blob)


@pytest.mark.parametrize(
    ("names", "fits"), [(120, True), (159, True), (161, False), (91, True), (89, False)]
)
def test_lists_that_grew_by_a_third_need_new_statistics(names: int, fits: bool) -> None:
    """And those that shrank as much."""
    assert Basis({}, {}, 120, 8).still_fits(names) is fits
