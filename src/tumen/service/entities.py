"""Whole entities as they are answered, in a memory-mapped file that all workers share.

Each is kept as the JSON bytes of its response, so that answering copies bytes and renders
nothing. Derived from the sources, never the truth.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

_BLOBS, _NAMES = "entities.bin", "names.json"
Wire = dict[str, Any]


class EntityFile:
    """All entities by number: whole, by schema and by dataset, and found by any of their ids."""

    def __init__(
        self,
        blobs: memoryview | bytes,
        arrays: Mapping[str, NDArray[Any]],
        schemas: Sequence[str],
        datasets: Sequence[str],
    ) -> None:
        self._blobs = blobs
        self._offsets = arrays["offsets"]
        self._id_hashes = arrays["id_hashes"]
        self._id_numbers = arrays["id_numbers"]
        self.schema_codes = arrays["schema_codes"]
        self.dataset_starts = arrays["dataset_starts"]
        self.dataset_codes = arrays["dataset_codes"]
        self.schemas = tuple(schemas)
        self.datasets = tuple(datasets)

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
        wanted = np.uint64(id_hash(entity_id))
        start = int(np.searchsorted(self._id_hashes, wanted, side="left"))
        end = int(np.searchsorted(self._id_hashes, wanted, side="right"))
        numbers = [int(number) for number in self._id_numbers[start:end]]
        own = (number for number in numbers if self.whole(number)["id"] == entity_id)
        return next(own, numbers[0] if numbers else None)

    def numbers_of(self, entity_ids: Iterable[str]) -> NDArray[np.int32]:
        """The numbers of all entities that have any of these ids, or were merged from them."""
        wanted = np.array([id_hash(one) for one in entity_ids], dtype=np.uint64)
        starts = np.searchsorted(self._id_hashes, wanted, side="left").tolist()
        ends = np.searchsorted(self._id_hashes, wanted, side="right").tolist()
        found = [self._id_numbers[start:end] for start, end in zip(starts, ends, strict=True)]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int32)

    def in_datasets(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """For each entity, whether it is in any of these datasets."""
        wanted = frozenset(names)
        codes = np.array([name in wanted for name in self.datasets], dtype=bool)
        if not len(codes):
            return np.zeros(len(self), dtype=bool)
        return _any_of(codes[self.dataset_codes], self.dataset_starts)

    def of_schemas(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """For each entity, whether its schema is one of these."""
        wanted = frozenset(names)
        codes = np.array([name in wanted for name in self.schemas], dtype=bool)
        return codes[self.schema_codes] if len(codes) else np.zeros(len(self), dtype=bool)

    @classmethod
    def open(cls, folder: Path) -> EntityFile:
        """Map what `EntityWriter` wrote into memory."""
        names = orjson.loads((folder / _NAMES).read_bytes())
        arrays = {path.stem: _mapped(path) for path in folder.glob("*.npy")}
        place = folder / _BLOBS
        blobs = np.memmap(place, dtype=np.uint8, mode="r").data if place.stat().st_size else b""
        return cls(blobs, arrays, names["schemas"], names["datasets"])


class EntityWriter:
    """Writes entities one by one into a folder; `finish` makes it ready to be opened."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._blobs = (folder / _BLOBS).open("wb")
        self._offsets = array("q", [0])
        self._ids: list[tuple[int, int]] = []
        self._schemas: dict[str, int] = {}
        self._schema_codes = array("h")
        self._datasets: dict[str, int] = {}
        self._dataset_starts = array("q", [0])
        self._dataset_codes = array("i")

    def add(self, wire: Wire) -> int:
        """Add one entity; returns its number."""
        number = len(self._offsets) - 1
        blob = orjson.dumps(wire)
        self._blobs.write(blob)
        self._offsets.append(self._offsets[-1] + len(blob))
        ids = dict.fromkeys([wire["id"], *wire["referents"]])
        self._ids += [(id_hash(one), number) for one in ids]
        self._schema_codes.append(self._schemas.setdefault(wire["schema"], len(self._schemas)))
        for name in wire["datasets"]:
            self._dataset_codes.append(self._datasets.setdefault(name, len(self._datasets)))
        self._dataset_starts.append(len(self._dataset_codes))
        return number

    def finish(self) -> None:
        """Write the tables beside the entities."""
        self._blobs.close()
        self._ids.sort()
        arrays: dict[str, NDArray[Any]] = {
            "offsets": np.array(self._offsets, dtype=np.int64),
            "id_hashes": np.array([one for one, _ in self._ids], dtype=np.uint64),
            "id_numbers": np.array([number for _, number in self._ids], dtype=np.int32),
            "schema_codes": np.array(self._schema_codes, dtype=np.int16),
            "dataset_starts": np.array(self._dataset_starts, dtype=np.int64),
            "dataset_codes": np.array(self._dataset_codes, dtype=np.int32),
        }
        for name, values in arrays.items():
            np.save(self._folder / f"{name}.npy", values)
        names = {"schemas": list(self._schemas), "datasets": list(self._datasets)}
        (self._folder / _NAMES).write_bytes(orjson.dumps(names))


def id_hash(entity_id: str) -> int:
    """The number under which an id is found."""
    return int.from_bytes(blake2b(entity_id.encode(), digest_size=8).digest(), "little")


def _any_of(flags: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For each stretch between two starts, whether any flag in it is set."""
    before = np.concatenate([[0], np.cumsum(flags)])
    found: NDArray[np.bool_] = before[starts[1:]] > before[starts[:-1]]
    return found


def _mapped(path: Path) -> NDArray[Any]:
    """A plain view of a mapped array: the class memmap costs at every slice."""
    return np.asarray(np.load(path, mmap_mode="c" if path.stat().st_size > 4096 else None))
