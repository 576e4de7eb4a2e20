"""Word statistics, frozen: with them two parties score alike whatever else is listed.

How much a word tells depends on how common it is. Counted anew for each list version, one entry
more would move the scores of all others; so they are counted once, kept, and named in results.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import orjson
from numpy.typing import NDArray

from tumen.errors import SourceError
from tumen.names.cultures import CULTURES

# Raised when the bytes are written otherwise.
_LAYOUT = 1
# The statistics are counted anew once the lists have so many times more, or fewer, names.
GROWTH = 4 / 3


@dataclass(frozen=True)
class Basis:
    """What words and letter groups tell.

    `shares` maps `culture:word` to the share of names of that culture that hold the word,
    `gram_weights` gives a weight for each letter group of a culture, `names` is the number of
    readings that were counted, `format` that of the snapshot they were counted in.
    """

    shares: Mapping[str, float]
    gram_weights: Mapping[str, NDArray[np.float32]]
    names: int
    format: int

    @cached_property
    def basis_hash(self) -> str:
        """The SHA-256 of its content."""
        return hashlib.sha256(self._content()).hexdigest()

    def still_fits(self, names: int) -> bool:
        """Whether lists with so many readings are near enough to what was counted."""
        return self.names / GROWTH <= names <= self.names * GROWTH

    def to_bytes(self) -> bytes:
        """Packed, to be kept; `from_bytes` reads it."""
        return zlib.compress(self._content(), 6)

    @classmethod
    def from_bytes(cls, blob: bytes) -> Self:
        """Read back what `to_bytes` wrote. Raises SourceError for anything else."""
        try:
            data = orjson.loads(zlib.decompress(blob))
            if data["layout"] != _LAYOUT:
                raise SourceError("Word statistics of another tumen", mend="Count them anew")
            grams = {
                name: np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float32)
                for name, text in data["grams"].items()
            }
            return cls(data["shares"], grams, data["names"], data["format"])
        except (zlib.error, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise SourceError(
                f"Damaged word statistics ({error})", mend="Count them anew: tumen watch rebase"
            ) from error

    def _content(self) -> bytes:
        grams = {
            name: base64.b64encode(weights.astype("<f4").tobytes()).decode()
            for name, weights in self.gram_weights.items()
        }
        data = {
            "layout": _LAYOUT,
            "names": self.names,
            "format": self.format,
            "shares": dict(self.shares),
            "grams": grams,
        }
        return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def gram_weights_in(arrays: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """The weights of letter groups among the arrays of an index, by culture."""
    fuzzy = (name for name, culture in CULTURES.items() if culture.is_fuzzy)
    return {name: arrays[f"{name}_gram_weights"] for name in fuzzy}
