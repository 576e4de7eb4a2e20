"""Names and identifiers of vessels and aircraft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.names import vessel


def _read(text: str) -> tuple[str, ...]:
    return vessel.read(tuple(text.split()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("m v chol bong iii", "chol bong 3"),
        ("mv chol bong 3", "chol bong 3"),
        ("chol bong no 3", "chol bong 3"),
        ("m t chon ma san", "chon ma san"),
        ("tanker chon ma san", "chon ma san"),
        ("the mv sea star", "sea star"),
        ("valfajr2", "valfajr 2"),
        ("fu yuan yu 005", "fu yuan yu 5"),
        ("happiness i", "happiness 1"),
        ("diamond ii", "diamond 2"),
        ("chon ma san ex sam jong 2", "chon ma san"),
        ("chon ma san f k a sam jong 2", "chon ma san"),
        ("ep gom", "epgom"),
        ("epgom", "epgom"),
        ("mv", "mv"),
        ("7 28", "7 28"),
        ("one sea", "one sea"),
        ("xi feng", "xi feng"),
    ],
)
def test_a_name_is_read_without_what_is_not_its_own(text: str, expected: str) -> None:
    """Prefixes, Roman numerals and former names must not make one ship two."""
    assert " ".join(_read(text)) == expected


def test_former_names_are_names_too() -> None:
    """A renamed ship is found under the name it had."""
    names = vessel.names(("chon", "ma", "san", "ex", "sam", "jong", "2", "fka", "ji", "bong"))
    assert names == (("chon", "ma", "san"), ("sam", "jong", "2"), ("ji", "bong"))
    assert vessel.names(()) == ()
    assert vessel.read(()) == ()


@pytest.mark.parametrize(
    ("left", "right", "lowest", "highest"),
    [
        ("rania", "rania", 1.0, 1.0),
        ("petrel", "petrell", 0.9, 1.0),
        ("cristal", "crystal", 0.9, 1.0),
        ("primakov", "primakow", 0.9, 1.0),
        ("sovereign", "soverign", 0.85, 1.0),
        ("leila", "rania", 0.0, 0.5),
        ("snow", "snoe", 0.0, 0.0),
        ("3", "5", 0.0, 0.0),
        ("epgom", "epgol", 0.0, 0.0),
        ("7613", "7614", 0.0, 0.0),
        ("yerotsakos", "yevgeny", 0.0, 0.59),
    ],
)
def test_likeness_of_two_words(left: str, right: str, lowest: float, highest: float) -> None:
    """Slips in long words are forgiven; numbers, tail numbers and short words are exact."""
    assert lowest <= vessel.similarity(left, right) <= highest
    assert vessel.similarity(left, right) == vessel.similarity(right, left)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9074729", "9074729"),
        ("IMO 9074729", "9074729"),
        ("imo9074729", "9074729"),
        ("9074728", None),
        ("907472", None),
        ("0000000", None),
        ("acme", None),
    ],
)
def test_imo_number(text: str, expected: str | None) -> None:
    """The check digit guards against one mistyped digit."""
    assert vessel.imo_number(text) == expected


@given(st.integers(1_000_000, 9_999_999), st.integers(0, 5), st.integers(1, 9))
def test_one_wrong_digit_is_mostly_caught(number: int, place: int, shift: int) -> None:
    """Of a valid IMO number, a changed digit at an odd-weighted place gives no valid number."""
    digits = [int(digit) for digit in str(number)]
    digits[6] = sum(d * (7 - at) for at, d in enumerate(digits[:6])) % 10
    text = "".join(map(str, digits))
    assert vessel.imo_number(text) == text
    changed = list(digits)
    changed[place] = (changed[place] + shift) % 10
    is_caught = (changed[place] - digits[place]) * (7 - place) % 10 != 0
    found = vessel.imo_number("".join(map(str, changed)))
    assert (found is None) == is_caught
