"""Whole entities as they are answered, in memory-mapped files that all workers share.

Each is kept as the JSON bytes of its response, so that answering copies bytes and renders
nothing. Derived from the sources, never the truth.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from tumen.service.columns import Column, ColumnWriter, Mask, mapped
from tumen.service.wire import FACETS, INSTANTS, Wire, facet_values

_BLOBS = "entities.bin"


class EntityFile:
    """All entities by number: whole, by the values of some fields, and by any of their ids.

    `id_ranks` is the place of each in the order of ids, `value_counts` how much it says.
    `instants` holds `first_seen`, `last_seen` and `last_change` as bytes, empty where unknown.
    """

    def __init__(
        self,
        blobs: memoryview | bytes,
        arrays: Mapping[str, NDArray[Any]],
        columns: Mapping[str, Column],
    ) -> None:
        self._blobs = blobs
        self._offsets = arrays["offsets"]
        self._id_hashes = arrays["id_hashes"]
        self._id_numbers = arrays["id_numbers"]
        self.instants = {name: arrays[name] for name in INSTANTS}
        self.value_counts = arrays["value_counts"]
        self.id_ranks = arrays["id_ranks"]
        self.columns = columns

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def raw(self, number: int) -> bytes:
        """The JSON of one entity."""
        start, end = self._offsets[number : number + 2].tolist()
        return bytes(self._blobs[start:end])

    def whole(self, number: int) -> Wire:
        """One entity as it is answered."""
        found: Wire = orjson.loads(self.raw(number))
        return found

    def find(self, entity_id: str) -> int | None:
        """The number of the entity that has this id; else of one that was merged from it."""
        numbers = self.numbers_of([entity_id]).tolist()
        own = (number for number in numbers if self.whole(number)["id"] == entity_id)
        return next(own, numbers[0] if numbers else None)

    def numbers_of(self, entity_ids: Iterable[str]) -> NDArray[np.int32]:
        """The numbers of all entities that have any of these ids, or were merged from them."""
        wanted = np.array([id_hash(one) for one in entity_ids], dtype=np.uint64)
        starts = np.searchsorted(self._id_hashes, wanted, side="left").tolist()
        ends = np.searchsorted(self._id_hashes, wanted, side="right").tolist()
        found = [self._id_numbers[start:end] for start, end in zip(starts, ends, strict=True)]
        return np.concatenate([np.zeros(0, dtype=np.int32), *found])

    def changed_since(self, instant: str) -> Mask:
        """For each entity, whether it changed after an instant `YYYY-MM-DD[THH[:MM[:SS]]]`."""
        start = instant + "0000-01-01T00:00:00"[len(instant) :]
        found: Mask = self.instants["last_change"] > start.encode()
        return found

    @classmethod
    def open(cls, folder: Path) -> EntityFile:
        """Map what `EntityWriter` wrote into memory."""
        names = ("offsets", "id_hashes", "id_numbers", "value_counts", "id_ranks", *INSTANTS)
        arrays = {name: mapped(folder / f"{name}.npy") for name in names}
        place = folder / _BLOBS
        # An empty file cannot be mapped.
        blobs = np.memmap(place, dtype=np.uint8, mode="r").data if place.stat().st_size else b""
        return cls(blobs, arrays, {facet: Column.open(folder, facet) for facet in FACETS})


class EntityWriter:
    """Writes entities one by one into a folder; `finish` makes it ready to be opened."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._blobs = (folder / _BLOBS).open("wb")
        self._offsets = array("q", [0])
        self._ids: list[tuple[int, int]] = []
        self._own_ids: list[str] = []
        self._value_counts = array("i")
        self._columns = {facet: ColumnWriter() for facet in FACETS}
        self._instants: dict[str, list[bytes]] = {name: [] for name in INSTANTS}

    def add(self, wire: Wire) -> int:
        """Add one entity; returns its number."""
        number = len(self._offsets) - 1
        blob = orjson.dumps(wire)
        self._blobs.write(blob)
        self._offsets.append(self._offsets[-1] + len(blob))
        ids = dict.fromkeys([wire["id"], *wire["referents"]])
        self._ids += [(id_hash(one), number) for one in ids]
        self._own_ids.append(wire["id"])
        self._value_counts.append(sum(map(len, wire["properties"].values())))
        for facet, column in self._columns.items():
            column.add(facet_values(wire, facet))
        for name, values in self._instants.items():
            values.append((wire[name] or "").encode()[:19])
        return number

    def finish(self) -> None:
        """Write the tables beside the entities."""
        self._blobs.flush()
        self._ids.sort()
        in_order = np.argsort(np.array(self._own_ids, dtype=object))
        arrays: dict[str, NDArray[Any]] = {
            "offsets": np.array(self._offsets, dtype=np.int64),
            "id_hashes": np.array([one for one, _ in self._ids], dtype=np.uint64),
            "id_numbers": np.array([number for _, number in self._ids], dtype=np.int32),
            "id_ranks": np.argsort(in_order).astype(np.int32),
            "value_counts": np.array(self._value_counts, dtype=np.int32),
            **{name: np.array(values, dtype="S19") for name, values in self._instants.items()},
        }
        for name, values in arrays.items():
            np.save(self._folder / f"{name}.npy", values)
        for name, column in self._columns.items():
            column.save(self._folder, name)

    def close(self) -> None:
        """Close the file of the entities."""
        self._blobs.close()


def id_hash(entity_id: str) -> int:
    """The number under which an id is found."""
    return int.from_bytes(blake2b(entity_id.encode(), digest_size=8).digest(), "little")
