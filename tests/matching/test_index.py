"""The index may leave out what is hopeless, and nothing that a comparison calls a hit."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from tumen.matching.compare import compare_facts
from tumen.matching.facts import facts_of
from tumen.matching.product import Rows, best_products
from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.entity import Entity
from tumen.names.name import read_name

THRESHOLD = 0.70
LETTERS = "abcdefghijklmnopqrstuvwxyz"
NAMES = [
    "Kim Jong Un", "Kim Jong Il", "RO Kwang Chol", "Pak Yong Sik", "Choe Ryong Hae",
    "Ivan Ivanovich Petrov", "Vladimir Vladimirovich Putin", "Volodymyr Zhovnirchuk",
    "Muammar Mohammed Abu Minyar Qadhafi", "Saddam Hussein al-Tikriti", "Abd al-Rahman Haddad",
    "Xi Jinping", "Li Wei", "Jane Roe", "John Robert Smith", "Zebulon Quillfeather",
    "Jan van der Berg", "Maria de la Cruz", "Bashar al-Assad", "Osama bin Laden",
]  # fmt: skip
VARIANTS = [
    "Kim Jong-un", "Gim Jeong-eun", "김정은", "No Kwang-chol", "Park Yong-sik", "Choi Ryong-hae",
    "Petrov Ivan", "Iwan Petroff", "Putin, Vladimir", "Путин Владимир", "Vladimir Zhovnirchuk",
    "Moammar Kadafi", "Muammar al-Gaddafi", "Sadam Husayn Al Tikriti", "Abdulrahman Haddad",
    "Xi Jin Ping", "习近平", "Jane Row", "Jon Smith", "Bob Smith", "Zebulon Quilfeather",
    "J an van der Berg", "Maria Cruz", "Basher Assad", "Usama Bin Ladin",
    "mhmmd qdhf", "zbln qllfthr",
]  # fmt: skip


def _snapshot(names: Iterable[str], schema: str = "Person") -> Snapshot:
    return Snapshot.build(
        Listed("toy", Entity(name, schema, {"name": (name,)}), ()) for name in names
    )


def _candidates(snapshot: Snapshot, text: str, schema: str = "Person") -> set[str]:
    bearer = facts_of(Entity("", schema, {"name": (text,)})).bearer
    found = snapshot.index.candidates([read_name(text, bearer)])
    return {snapshot.listed(one.entity).entity.entity_id for one in found}


PEOPLE = _snapshot(NAMES)


def _hits(text: str) -> set[str]:
    """The listed people that a full comparison with each of them calls hits."""
    ours = facts_of(Entity("", "Person", {"name": (text,)}))
    return {
        PEOPLE.listed(number).entity.entity_id
        for number in range(len(PEOPLE))
        if compare_facts(ours, PEOPLE.facts(number)[1], PEOPLE.rarity).score >= THRESHOLD
    }


@pytest.mark.parametrize(
    "text",
    [
        *NAMES,
        *VARIANTS,
        "Jan Vanderberg",
        "Osamabinladen",
    ],
)
def test_no_hit_is_lost_on_the_way(text: str) -> None:
    """What comparing with every listed name calls a hit, the index proposes."""
    assert _hits(text) <= _candidates(PEOPLE, text)


@pytest.mark.parametrize("text", NAMES)
def test_a_listed_name_proposes_its_bearer(text: str) -> None:
    """The name as published, the least that an index must find."""
    assert text in _candidates(PEOPLE, text)


_SLIPS = st.sampled_from(["change", "add", "drop", "swap"])


@settings(max_examples=150)
@given(
    st.sampled_from(["Zebulon Quillfeather", "Vladimir Vladimirovich Putin", "Jane Quillfeather"]),
    st.integers(0, 2),
    st.integers(0, 40),
    st.sampled_from(LETTERS),
    _SLIPS,
)
def test_a_slip_anywhere_loses_no_hit(
    name: str, place: int, at: int, letter: str, slip: str
) -> None:
    """Even in the first letter of a word, which letter groups see worst."""
    words = name.split()
    word = words[place % len(words)]
    at %= len(word) - 1
    words[place % len(words)] = {
        "change": word[:at] + letter + word[at + 1 :],
        "add": word[:at] + letter + word[at:],
        "drop": word[:at] + word[at + 1 :],
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }[slip]
    typed = " ".join(words)
    assert _hits(typed) <= _candidates(PEOPLE, typed)


def test_the_hopeless_are_left_out() -> None:
    """Comparing with everybody would take the time that the index is there to save."""
    for text in ("Gottfried Wilhelm Leibniz", "Wei Smith", "Jong"):
        assert len(_candidates(PEOPLE, text)) <= 1


def test_rows_say_which_name_met() -> None:
    """Only the names that met are compared in full."""
    snapshot = Snapshot.build(
        [Listed("toy", Entity("x", "Person", {"name": ("Aaa Bbbb", "Jane Quillfeather")}), ())]
    )
    (found,) = {
        int(snapshot.row_names[one.row])
        for one in snapshot.index.candidates([read_name("Jane Quillfeather", facts_of(
            Entity("", "Person", {})).bearer)])
    }  # fmt: skip
    assert found == 1


def test_candidates_come_by_subject() -> None:
    """Each of a batch gets its own, in the batch's order; one without readings gets none."""
    bearer = facts_of(Entity("", "Person", {})).bearer
    texts = ["Kim Jong Un", "", "Jane Roe", "Nobody Whosoever"]
    found = PEOPLE.index.candidates([read_name(text, bearer) for text in texts])
    subjects = [one.subject for one in found]
    assert subjects == sorted(subjects)
    assert set(subjects) == {0, 2}
    assert PEOPLE.index.candidates([]) == []
    assert PEOPLE.index.candidates([()]) == []


def test_a_name_met_before_is_answered_the_same() -> None:
    """What the index has learnt of a word does not depend on who asked first."""
    fresh, again = _snapshot(NAMES), _snapshot(NAMES)
    for text in reversed(VARIANTS):
        _candidates(again, text)
    for text in VARIANTS:
        assert _candidates(fresh, text) == _candidates(again, text)


def test_an_empty_index_proposes_nobody() -> None:
    """A list without names is still a list."""
    assert _candidates(_snapshot([]), "Kim Jong Un") == set()


# --- the product of two matrices ---------------------------------------------------------------

_CELLS = st.lists(
    st.lists(st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0]), min_size=4, max_size=4),
    min_size=1,
    max_size=5,
)


def _rows(cells: np.ndarray) -> Rows:
    return Rows.of(sparse.csr_matrix(cells.astype(np.float32)))


@given(_CELLS, _CELLS, st.floats(0.05, 1.5))
def test_products_above_the_least_are_all_there(
    left: list[list[float]], right: list[list[float]], least: float
) -> None:
    """The cut matrix product is the plain one without its small values."""
    one, other = np.array(left), np.array(right).T
    found = best_products(_rows(one), _rows(other), 10, least)
    whole = one @ other
    got = {
        (row, int(found.columns[place]))
        for row in range(len(found))
        for place in range(found.starts[row], found.starts[row + 1])
    }
    assert {(i, j) for i, j in zip(*np.nonzero(whole > least + 1e-5), strict=True)} <= got
    assert all(whole[i, j] > least - 1e-5 for i, j in got)


def test_of_many_products_the_best_are_kept() -> None:
    """A common word meets thousands of names; the nearest are wanted."""
    one, other = np.ones((1, 1)), np.linspace(0.1, 1.0, 50).reshape(1, 50)
    found = best_products(_rows(one), _rows(other), 3, 0.05)
    assert sorted(found.columns.tolist()) == [47, 48, 49]
