"""One field of all entities as numbers: which have a value, and how often each value stands."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class Column:
    """The values of entity i are `values[codes[starts[i]:starts[i + 1]]]`."""

    def __init__(
        self, starts: NDArray[np.int64], codes: NDArray[np.int32], values: Sequence[str]
    ) -> None:
        self._starts, self._codes = starts, codes
        self.values = tuple(values)
        self._places = {value: place for place, value in enumerate(self.values)}

    def has_any(self, wanted: Iterable[str]) -> Mask:
        """For each entity, whether it has any of these values."""
        chosen = [self._places[value] for value in wanted if value in self._places]
        flags = np.zeros(len(self.values) + 1, dtype=bool)
        flags[chosen] = True
        before = np.concatenate([[0], np.cumsum(flags[self._codes])])
        found: Mask = before[self._starts[1:]] > before[self._starts[:-1]]
        return found

    def counts(self, mask: Mask) -> list[tuple[str, int]]:
        """How many of the entities in `mask` have each value, the most frequent first."""
        sizes = np.diff(self._starts)
        kept = self._codes[np.repeat(mask, sizes)]
        totals = np.bincount(kept, minlength=len(self.values)).tolist()
        found = [(value, count) for value, count in zip(self.values, totals, strict=True) if count]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    @classmethod
    def open(cls, folder: Path, name: str) -> Column:
        """Map what `ColumnWriter` saved under this name."""
        return cls(
            mapped(folder / f"{name}_starts.npy"),
            mapped(folder / f"{name}_codes.npy"),
            orjson.loads((folder / f"{name}_values.json").read_bytes()),
        )


class ColumnWriter:
    """Collects the values of entity after entity."""

    def __init__(self) -> None:
        self._starts = array("q", [0])
        self._codes = array("i")
        self._places: dict[str, int] = {}

    def add(self, values: Iterable[str]) -> None:
        """The values of the next entity."""
        for value in values:
            self._codes.append(self._places.setdefault(value, len(self._places)))
        self._starts.append(len(self._codes))

    def save(self, folder: Path, name: str) -> None:
        """Write the column into a folder."""
        np.save(folder / f"{name}_starts.npy", np.array(self._starts, dtype=np.int64))
        np.save(folder / f"{name}_codes.npy", np.array(self._codes, dtype=np.int32))
        (folder / f"{name}_values.json").write_bytes(orjson.dumps(list(self._places)))


def mapped(path: Path) -> NDArray[Any]:
    """A plain view of a mapped array: the class memmap costs at every slice."""
    return np.asarray(np.load(path, mmap_mode="c" if path.stat().st_size > 4096 else None))
