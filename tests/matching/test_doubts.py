"""What speaks against two names that share words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.matching.align import Pair
from tumen.matching.doubts import doubt
from tumen.names.name import NameOf, Reading, read_name

_OF = {"organisation": NameOf.ORGANISATION, "unit": NameOf.ORGANISATION, "object": NameOf.OBJECT}


def _reading(text: str, culture: str) -> Reading:
    bearer = _OF.get(culture, NameOf.PERSON)
    return next(one for one in read_name(text, bearer) if one.culture == culture)


def _doubt(left: str, right: str, culture: str) -> float:
    ours, theirs = _reading(left, culture), _reading(right, culture)
    pairs = [
        Pair((i,), (j,), 1.0)
        for i, one in enumerate(ours.words)
        for j, other in enumerate(theirs.words)
        if one == other
    ]
    found = doubt(ours, theirs, pairs)
    assert found == doubt(theirs, ours, [Pair(p.right, p.left, p.similarity) for p in pairs])
    return found


@pytest.mark.parametrize(
    ("left", "right", "culture"),
    [
        ("Sunrise 12 LLC", "Sunrise 12 LLC", "organisation"),
        ("Sunrise 18th Institute", "Sunrise Institute 18", "organisation"),
        ("Sunrise LLC", "Sunrise Trading", "organisation"),
        ("Total France", "Total", "organisation"),
        ("Chol Bong 3", "M/V Chol Bong III", "object"),
        ("Military Unit 55111", "Voyskovaya chast 55111", "unit"),
        ("Kim Jong Un", "Kim Jong Un", "korean"),
        ("Kim Jong Un", "Un Jong Kim", "latin"),
        ("Ivan Petrov", "Petrov Ivan", "slavic"),
    ],
)
def test_nothing_speaks_against(left: str, right: str, culture: str) -> None:
    """The same number in another dress, or what only one side says of form and place."""
    assert _doubt(left, right, culture) == 1.0


@pytest.mark.parametrize(
    ("left", "right", "culture"),
    [
        ("Sunrise 12 LLC", "Sunrise 13 LLC", "organisation"),
        ("Sunrise 12 LLC", "Sunrise LLC", "organisation"),
        ("Total France", "Total Iran", "organisation"),
        ("Chol Bong 3", "Chol Bong 4", "object"),
        ("Chol Bong 3", "Chol Bong", "object"),
        ("Military Unit 55111", "Military Unit 55112", "unit"),
        ("Kim Chol Song", "Kim Song Chol", "korean"),
    ],
)
def test_something_speaks_against(left: str, right: str, culture: str) -> None:
    """Numbers, places, or syllables in another order tell two parties apart."""
    assert _doubt(left, right, culture) < 1.0


def test_two_numbers_speak_louder_than_one() -> None:
    """A number on both sides is a contradiction, on one side an omission."""
    assert _doubt("Chol Bong 3", "Chol Bong 4", "object") < _doubt(
        "Chol Bong 3", "Chol Bong", "object"
    )


def test_legal_forms_of_two_kinds_speak_against() -> None:
    """A state enterprise and a joint-stock company of one name may be two."""
    found = _doubt("Sunrise FGUP", "Sunrise PAO", "organisation")
    assert 0.0 < found <= 1.0
    assert _doubt("Sunrise LLC", "Sunrise Limited Liability Company", "organisation") == 1.0


def test_only_generic_words_in_common_speak_against() -> None:
    """`Trading Company` in both says what they are, not who."""
    found = _doubt("Sunrise Trading Company", "Moonlight Trading Company", "organisation")
    assert found < _doubt("Sunrise Trading Company", "Sunrise Shipping Company", "organisation")


def test_another_unit_is_no_hit_at_all() -> None:
    """Units have no names, so the number decides alone."""
    assert _doubt("Military Unit 55111", "Military Unit 55112", "unit") == 0.0


_TEXTS = st.lists(
    st.sampled_from(["sunrise", "12", "13", "llc", "france", "iran", "second", "ii", "gmbh"]),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(_TEXTS, _TEXTS, st.sampled_from(["organisation", "object"]))
def test_a_doubt_is_a_factor_and_symmetric(left: str, right: str, culture: str) -> None:
    """It can only ever lower, and never below nothing."""
    assert 0.0 <= _doubt(left, right, culture) <= 1.0
    assert _doubt(left, left, culture) == 1.0
