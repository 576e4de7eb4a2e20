"""The product of two sparse matrices, cut to the best of each row, without copying either."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# The package's public function copies the indices of both matrices at every call: 10 ms against
# a million names, where the product itself takes a fraction of a millisecond.
from sparse_dot_topn.lib import _sparse_dot_topn_core as _core

# The product sets memory aside for the most values that a row may have. Most rows have few: those
# that have more are multiplied again with more room, so many at a time as fit.
_FEW, _MORE, _ROOM = 64, 32, 1 << 24


class Rows(NamedTuple):
    """A matrix by rows: `columns` and `values` of row i lie from `starts[i]` to `starts[i + 1]`."""

    starts: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    width: int

    @classmethod
    def of(cls, matrix: sparse.csr_matrix) -> Rows:
        """The same matrix with 32-bit indices and values."""
        return cls(
            matrix.indptr.astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data.astype(np.float32),
            matrix.shape[1],
        )

    def __len__(self) -> int:
        return len(self.starts) - 1


def best_products(left: Rows, right: Rows, most: int, least: float) -> Rows:
    """left × right, of each row at most the `most` largest values above `least`, in no order."""
    if not len(left.columns) or not len(right.columns):
        empty: NDArray[Any] = np.zeros(len(left) + 1, dtype=np.int32)
        return Rows(empty, empty[:0], np.zeros(0, dtype=np.float32), right.width)
    values, columns, starts = _core.sp_matmul_topn(
        top_n=min(most, right.width),
        nrows=len(left),
        ncols=right.width,
        threshold=least,
        density=1.0,
        A_data=left.values,
        A_indptr=left.starts,
        A_indices=left.columns,
        B_data=right.values,
        B_indptr=right.starts,
        B_indices=right.columns,
    )
    return Rows(starts, columns, values, right.width)


def near_products(left: Rows, right: Rows, least: float) -> Rows:
    """left × right, of each row all values above `least`, in no order.

    None is left out for others that are nearer: what two rows have in common never depends on
    a third.
    """
    parts = []
    rows, most = np.arange(len(left)), _FEW
    while len(rows):
        crowded = []
        for chunk in np.array_split(rows, -(-len(rows) * most // _ROOM)):
            found = best_products(_chosen(left, chunk), right, most, least)
            sizes = np.diff(found.starts)
            is_whole = (sizes < most) | (most >= right.width)
            kept = np.repeat(is_whole, sizes)
            parts.append((np.repeat(chunk, sizes)[kept], found.columns[kept], found.values[kept]))
            crowded.append(chunk[~is_whole])
        rows, most = np.concatenate(crowded), most * _MORE
    if len(parts) == 1:
        return found
    owners, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.arange(len(left) + 1)).astype(np.int32)
    return Rows(starts, columns[order], values[order], right.width)


def _chosen(matrix: Rows, rows: NDArray[np.int64]) -> Rows:
    """Some rows of a matrix, in order."""
    if len(rows) == len(matrix):
        return matrix
    shape = (len(matrix), matrix.width)
    whole = sparse.csr_matrix((matrix.values, matrix.columns, matrix.starts), shape=shape)
    return Rows.of(whole[rows])
