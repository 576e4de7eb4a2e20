"""Words as vectors of letter groups: the cosine ranks words as letters do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.matching.grams import WIDTH, gram_matrix, gram_weights, weighted

WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=16),
    min_size=1,
    max_size=8,
)


def _cosines(words: list[str]) -> np.ndarray:
    matrix = gram_matrix(words)
    rows = weighted(matrix, gram_weights(matrix))
    return np.asarray((rows @ rows.T).todense())


@pytest.mark.parametrize(
    ("word", "pairs", "triples"),
    [("a", 2, 1), ("ab", 3, 2), ("abc", 4, 3), ("kimjong", 8, 7)],
)
def test_edges_are_letters_too(word: str, pairs: int, triples: int) -> None:
    """How a word begins and ends tells as much as its middle."""
    columns = gram_matrix([word]).indices
    assert sum(columns < 37 * 37) == pairs
    assert sum(columns >= 37 * 37) == triples


def test_a_group_met_twice_counts_once() -> None:
    """`ana` in `banana` is one fact, not two."""
    assert gram_matrix(["anana"]).nnz == len(set(gram_matrix(["anana"]).indices))
    assert set(gram_matrix(["anana"]).data) == {1.0}


@given(WORDS)
def test_every_row_has_length_one(words: list[str]) -> None:
    """So that a product is a cosine, and a word is exactly like itself."""
    cosines = _cosines(words)
    assert np.allclose(np.diag(cosines), 1.0, atol=1e-4)
    assert (cosines <= 1.0 + 1e-4).all()
    assert (cosines >= 0.0).all()


@given(WORDS)
def test_a_word_stands_alone_in_its_row(words: list[str]) -> None:
    """Groups never run over from one word of the batch into the next."""
    together = gram_matrix(words)
    assert together.shape == (len(words), WIDTH)
    for row, word in enumerate(words):
        alone = gram_matrix([word])
        assert set(together[row].indices) == set(alone.indices)


def test_alike_words_are_nearer_than_unlike_ones() -> None:
    """The order that recall rests on."""
    one, slip, other = range(3)
    cosines = _cosines(["petrovich", "petrovitch", "gonzalez"])
    assert cosines[one, slip] > 0.5 > cosines[one, other]


def test_rare_groups_tell_more() -> None:
    """`zx` in common says more than `an` in common."""
    matrix = gram_matrix(["anna", "hannah", "joanna", "zxanna"])
    weights = gram_weights(matrix)
    rare = set(gram_matrix(["zx"]).indices) & set(matrix[3].indices)
    common = set(matrix[0].indices) & set(matrix[1].indices) & set(matrix[2].indices)
    assert min(weights[list(rare)]) > max(weights[list(common)])


def test_no_words_make_an_empty_matrix() -> None:
    """A batch without words of a culture is no error."""
    assert gram_matrix([]).shape == (0, WIDTH)
