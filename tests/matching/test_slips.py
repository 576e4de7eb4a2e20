"""Every single slip of the pen must be found: a letter changed, added, left out or swapped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.matching.slips import find_near, form_table, forms

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = st.text(LETTERS, min_size=4, max_size=14)


def _near(listed: list[str], word: str) -> list[str]:
    keys, owners = form_table(range(len(listed)), listed)
    return [listed[number] for number in find_near(keys, owners, [word])[0]]


@given(WORDS, st.integers(0, 13), st.sampled_from(LETTERS))
def test_a_changed_letter_is_found(word: str, at: int, letter: str) -> None:
    """Wherever in a word the letter is, the first and the last included."""
    at %= len(word)
    assert word in _near([word], word[:at] + letter + word[at + 1 :])


@given(st.text(LETTERS, min_size=4, max_size=13), st.integers(0, 13), st.sampled_from(LETTERS))
def test_an_added_letter_is_found(word: str, at: int, letter: str) -> None:
    """A letter too many anywhere, up to the longest word."""
    at %= len(word) + 1
    assert word in _near([word], word[:at] + letter + word[at:])


@given(st.text(LETTERS, min_size=5, max_size=14), st.integers(0, 13))
def test_a_dropped_letter_is_found(word: str, at: int) -> None:
    """A letter left out anywhere, down to the shortest word."""
    at %= len(word)
    assert word in _near([word], word[:at] + word[at + 1 :])


@given(WORDS, st.integers(0, 12))
def test_swapped_neighbours_are_found(word: str, at: int) -> None:
    """The commonest slip of a fast typist."""
    at %= len(word) - 1
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert word in _near([word], swapped)


@given(WORDS)
def test_a_word_is_near_itself(word: str) -> None:
    """No slip at all is within one slip."""
    assert _near([word], word) == [word]


@pytest.mark.parametrize("word", ["", "a", "kim", "a" * 15])
def test_short_and_very_long_words_have_no_forms(word: str) -> None:
    """A slip in `kim` is another name; the longest are found by their letter groups."""
    assert forms(word) == []
    assert _near(["kima", word], word) == []


def test_unlike_words_are_not_near() -> None:
    """Otherwise every word would have to be compared."""
    assert _near(["petrov", "sergei", "vladimir"], "muhammad") == []


def test_each_word_asked_gets_its_own_answer() -> None:
    """A batch of words, some without forms, keeps its order."""
    listed = ["petrov", "ivanov", "petrova"]
    keys, owners = form_table([5, 7, 9], listed)
    found = find_near(keys, owners, ["petrov", "kim", "ivanof", "xxxxxxxx"])
    assert found == [[5, 9], [], [7], []]


def test_an_empty_list_finds_nothing() -> None:
    """A list without words of a culture still answers."""
    keys, owners = form_table([], [])
    assert keys.dtype == np.uint32
    assert find_near(keys, owners, ["petrov"]) == [[]]
    assert find_near(keys, owners, []) == []


@given(st.lists(WORDS, max_size=6))
def test_the_table_is_in_order_and_whole(words: list[str]) -> None:
    """Look-ups by halving need the checksums sorted, one for each form."""
    keys, owners = form_table(range(len(words)), words)
    assert (np.diff(keys.astype(np.int64)) >= 0).all()
    assert len(keys) == len(owners) == sum(len(word) + 1 for word in words)
