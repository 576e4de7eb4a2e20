"""The product of two sparse matrices, cut to the best of each row, without copying either."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# The package's public function copies the indices of both matrices at every call: 10 ms against
# a million names, where the product itself takes a fraction of a millisecond.
from sparse_dot_topn.lib import _sparse_dot_topn_core as _core


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
