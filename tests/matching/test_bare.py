"""Words with their vowels left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.matching.bare import bare, is_bare, is_bare_of


@pytest.mark.parametrize(
    ("word", "expected"),
    [("muhammad", "mhmmd"), ("ivan", "ivn"), ("ali", "al"), ("", ""), ("a", "a"), ("ng", "ng")],
)
def test_the_first_letter_stays(word: str, expected: str) -> None:
    """Who drops vowels keeps the letter a name begins with."""
    assert bare(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("mhmmd", True),
        ("vldmr", True),
        ("mhmmda", True),
        ("ivan", False),
        ("ng", False),
        ("55111", False),
    ],
)
def test_what_counts_as_bare(word: str, *, expected: bool) -> None:
    """Two letters or digits say nothing about vowels."""
    assert is_bare(word) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("mhmmd", "muhammad", True),
        ("muhammad", "mhmmd", True),
        ("slmn", "salman", True),
        ("ngt", "nikita", False),
        ("ptrv", "petrov", True),
        ("ptrv", "petrovic", False),
        ("salman", "salman", False),
        ("slmn", "slmn", False),
        ("hmmd", "muhammad", False),
    ],
)
def test_a_bare_word_meets_its_full_one(left: str, right: str, *, expected: bool) -> None:
    """A cheap disguise is seen through; other words of like letters are not meant."""
    assert is_bare_of(left, right) is expected


@given(st.text("abcdeimnoprstuv", min_size=1, max_size=10))
def test_every_word_meets_itself_without_vowels(word: str) -> None:
    """The index finds bare words by this form, so it must lead back to each of them."""
    short = bare(word)
    if len(short) >= 3 and short != word:
        assert is_bare(short)
        assert is_bare_of(short, word)
        assert is_bare_of(word, short)


@given(st.text("abcdeimnoprstuv", max_size=10))
def test_leaving_vowels_out_twice_changes_nothing(word: str) -> None:
    """Both sides may already be bare."""
    assert bare(bare(word)) == bare(word)
