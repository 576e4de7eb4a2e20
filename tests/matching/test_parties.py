"""The inverse index finds every party that the way forward would compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from tumen.errors import ListsMissingError
from tumen.matching.facts import facts_of
from tumen.matching.index import LEAST_ROUGH
from tumen.matching.parties import IndexedParty, PartyIndex
from tumen.matching.product import Rows, near_products
from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.entity import Entity
from tumen.names.name import Reading, read_name
from tumen.screening.batch import Prepared, asked_readings, find_candidates, prepare

NAMES = [
    "Kim Jong Un", "Gim Jeong-eun", "김정은", "RO Kwang Chol", "No Kwang-chol", "Xi Jinping",
    "习近平", "Ivan Ivanovich Petrov", "Petrov I. I.", "Iwan Petroff", "Путин Владимир",
    "Putin, Vladimir",
    "Muammar Mohammed Qadhafi", "Moammar Kadafi", "mhmmd qdhf", "Abd al-Rahman Haddad",
    "Abdulrahman Haddad", "Jan van der Berg", "Jan Vanderberg", "Osama bin Laden", "Osamabinladen",
    "Usama Bin Ladin", "William Smith", "Bob Smith", "Bill Smith", "Robert Smyth", "Ali Baba",
    "Alibaba", "Jane Roe", "Jane Row", "Quillfeather", "Zebulon Quilfeather", "zbln qllfthr",
]  # fmt: skip
FIRMS = [
    "A-B-C Company", "LUKOIL OIL COMP", "LUKOIL OIL COMPANY", "Guangzhou Haige Comm Grp",
    "GUANGZHOU HAIGE COMMUNICATIONS GROUP", "11420 CORP.", "Zavod 18", "Eighteenth Zavod",
]  # fmt: skip


def _person(name: str) -> Entity:
    return Entity(name, "Company" if name in FIRMS else "Person", {"name": (name,)})


def _ready(entities: Sequence[Entity]) -> list[Prepared]:
    return [one for one in map(prepare, entities) if isinstance(one, Prepared)]


def _index(entities: Sequence[Entity], snapshot: Snapshot) -> PartyIndex:
    parties = (
        IndexedParty(one.entity.entity_id, asked_readings(one), one.facts.identifiers)
        for one in _ready(entities)
    )
    return PartyIndex.build(parties, snapshot.basis)


def _readings(entity: Entity) -> list[Reading]:
    facts = facts_of(entity)
    return [one for text, _ in facts.names for one in read_name(text, facts.bearer)]


_SOME = st.lists(st.sampled_from(NAMES + FIRMS), min_size=1, max_size=12, unique=True)


@settings(max_examples=60, deadline=None)
@given(_SOME, _SOME)
def test_who_is_a_candidate_is_found_from_the_other_side(
    parties: list[str], listed: list[str]
) -> None:
    """Each pair of the way forward, whatever else is in the book and on the list."""
    snapshot = Snapshot.build([Listed("toy", _person(name), ()) for name in listed])
    people = [_person(name) for name in parties]
    index = _index(people, snapshot)
    forward = find_candidates(snapshot, _ready(people), LEAST_ROUGH)
    for one, found in zip(_ready(people), forward, strict=True):
        for number in found:
            entity = snapshot.listed(number).entity
            assert one.entity.entity_id in index.near(_readings(entity), LEAST_ROUGH)


def test_bearers_of_an_identifier_are_found() -> None:
    """Whatever their names."""
    people = [
        Entity("a", "Person", {"name": ("Jane Roe",), "passportNumber": ("P 123456",)}),
        Entity("b", "Person", {"name": ("John Doe",)}),
    ]
    index = _index(people, Snapshot.build([]))
    assert index.bearers({("passport", "P123456"), ("passport", "P999999")}) == {"a"}
    assert index.bearers(()) == set()


def test_an_index_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    """Mapped into memory, for the statistics it was made with and for no others."""
    snapshot = Snapshot.build([Listed("toy", _person("Ivan Petrov"), ())])
    made = _index([_person("Iwan Petroff"), _person("Jane Roe")], snapshot)
    made.save(tmp_path / "parties")
    opened = PartyIndex.open(tmp_path / "parties", snapshot.basis)
    assert len(opened) == 2
    asked = _readings(_person("Ivan Petrov"))
    assert opened.near(asked, LEAST_ROUGH) == made.near(asked, LEAST_ROUGH) == {"Iwan Petroff"}
    other = Snapshot.build([Listed("toy", _person("Jane Roe"), ())] * 2).basis
    with pytest.raises(ListsMissingError, match="other word statistics"):
        PartyIndex.open(tmp_path / "parties", other)
    with pytest.raises(ListsMissingError, match="no index"):
        PartyIndex.open(tmp_path / "nothing", snapshot.basis)


def test_an_empty_index_finds_nobody() -> None:
    """And neither does a name without readings."""
    snapshot = Snapshot.build([])
    assert _index([], snapshot).near(_readings(_person("Jane Roe")), LEAST_ROUGH) == set()
    assert _index([_person("Jane Roe")], snapshot).near([], LEAST_ROUGH) == set()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 400), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_of_a_product_no_value_is_crowded_out(width: int, height: int, seed: int) -> None:
    """However many reach the least value, all are there, each under its row."""
    chance = np.random.default_rng(seed)
    left = sparse.csr_matrix(chance.random((height, 3)).astype(np.float32))
    right = sparse.csr_matrix(chance.random((3, width)).astype(np.float32))
    found = near_products(Rows.of(left), Rows.of(right), 0.5)
    whole = (left @ right).toarray()
    for row in range(height):
        columns = found.columns[found.starts[row] : found.starts[row + 1]]
        assert len(set(columns.tolist())) == len(columns)
        assert set(np.flatnonzero(whole[row] > 0.5 + 1e-5)) <= set(columns.tolist())
        assert all(whole[row, columns] > 0.5 - 1e-5)
