"""Words as sparse vectors of letter groups, so that one matrix product finds alike words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# a-z, 0-9 and the edge of a word; anything else counts as an edge.
_ALPHABET = 37
_CODES = np.zeros(256, dtype=np.int32)
for _position, _letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789", start=1):
    _CODES[ord(_letter)] = _position
_BIGRAMS = _ALPHABET * _ALPHABET
WIDTH = _BIGRAMS + _ALPHABET**3


def gram_matrix(words: Sequence[str]) -> sparse.csr_matrix:
    """One row of letter pairs and triples, edges included, for each word, unweighted."""
    text = "\x00" + "\x00".join(words) + "\x00"
    codes = _CODES[np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8)]
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    starts = np.cumsum(lengths + 1) - lengths  # position of each word's first letter
    pair_rows, pairs = _pairs(codes, starts, lengths)
    triple_rows, triples = _triples(codes, starts, lengths)
    rows = np.concatenate([pair_rows, triple_rows])
    columns = np.concatenate([pairs, triples + _BIGRAMS])
    data = np.ones(len(rows), dtype=np.float32)
    matrix = sparse.csr_matrix((data, (rows, columns)), shape=(len(words), WIDTH))
    matrix.data[:] = 1.0
    return matrix


def _pairs(
    codes: NDArray[np.int32], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    counts = lengths + 1  # with both edges
    rows, places = _spread(starts - 1, counts)
    return rows, codes[places].astype(np.int64) * _ALPHABET + codes[places + 1]


def _triples(
    codes: NDArray[np.int32], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows, places = _spread(starts - 1, lengths)
    left = codes[places].astype(np.int64) * _ALPHABET + codes[places + 1]
    return rows, left * _ALPHABET + codes[places + 2]


def _spread(
    starts: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each row i the places starts[i] … starts[i] + counts[i] - 1."""
    rows = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    within = np.arange(counts.sum()) - np.repeat(ends - counts, counts)
    return rows, np.repeat(starts, counts) + within


def gram_weights(matrix: sparse.csr_matrix) -> NDArray[np.float32]:
    """What each letter group tells: rare ones more."""
    seen = np.bincount(matrix.indices, minlength=WIDTH)
    return np.log1p(matrix.shape[0] / np.maximum(seen, 1)).astype(np.float32)


def weighted(matrix: sparse.csr_matrix, weights: NDArray[np.float32]) -> sparse.csr_matrix:
    """Rows of length one, so that a product of two is their cosine."""
    data = matrix.data * weights[matrix.indices]
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    norms = np.sqrt(np.bincount(rows, weights=data * data, minlength=matrix.shape[0]))
    data = (data / np.maximum(norms[rows], 1e-9)).astype(np.float32)
    indices, indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return sparse.csr_matrix((data, indices, indptr), shape=matrix.shape)
