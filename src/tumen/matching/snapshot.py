"""A built index with the facts it needs, in memory-mapped files: opens at once, shared by workers.

Derived, never the truth: it can be built again at any time from the list versions that its
`meta.json` names, and it is swapped whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from tumen.errors import ListsMissingError
from tumen.matching.alike import word_hash
from tumen.matching.basis import Basis, gram_weights_in
from tumen.matching.build import IndexBuilder
from tumen.matching.facts import Facts, facts_of, identifiers_of
from tumen.matching.index import NameIndex
from tumen.matching.rarity import Rarity, default_shares
from tumen.matching.stored import map_arrays, write_whole
from tumen.model.entity import Entity
from tumen.names.name import read_name

# Raised whenever a change of code makes old snapshots answer otherwise.
FORMAT = 8
_META, _ENTITIES, _SHARES = "meta.json", "entities.bin", "shares.json"


class Listed(NamedTuple):
    """A listed entity as the snapshot keeps it."""

    list_id: str
    entity: Entity
    programmes: tuple[str, ...]


class Snapshot:
    """Listed entities by number, the index over their names, and who bears an identifier."""

    def __init__(
        self,
        meta: Mapping[str, Any],
        arrays: Mapping[str, NDArray[Any]],
        entities: memoryview | bytes,
        shares: Mapping[str, float],
        folder: Path | None = None,
    ) -> None:
        self.folder = folder
        self.meta = meta
        self._arrays = arrays
        self._entities = entities
        self._shares = shares
        self._offsets = arrays["entity_offsets"]
        self.rarity = Rarity(shares)
        self.index = NameIndex(arrays, self.rarity)
        self.row_names = arrays["row_names"]
        self.facts = lru_cache(maxsize=200_000)(self._facts)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @property
    def basis_hash(self) -> str:
        """Names the word statistics that its scores rest on."""
        return str(self.meta["basis"])

    @property
    def basis(self) -> Basis:
        """The word statistics that its scores rest on, to build others with."""
        counted, made_in = (int(self.meta[name]) for name in ("basis_names", "basis_format"))
        return Basis(self._shares, gram_weights_in(self._arrays), counted, made_in)

    def listed(self, number: int) -> Listed:
        """The listed entity with this number."""
        start, end = int(self._offsets[number]), int(self._offsets[number + 1])
        data = orjson.loads(self._entities[start:end])
        properties = {name: tuple(values) for name, values in data["p"].items()}
        entity = Entity(data["id"], data["s"], properties)
        return Listed(data["l"], entity, tuple(data["g"]))

    def _facts(self, number: int) -> tuple[str, Facts]:
        listed = self.listed(number)
        return listed.list_id, facts_of(listed.entity)

    def bearers(self, kind: str, value: str) -> list[int]:
        """The numbers of the entities that bear an identifier."""
        wanted = np.uint64(word_hash(kind, value))
        hashes = self._arrays["identifier_hashes"]
        start = int(np.searchsorted(hashes, wanted, side="left"))
        end = int(np.searchsorted(hashes, wanted, side="right"))
        return [int(number) for number in self._arrays["identifier_entities"][start:end]]

    def save(self, folder: Path) -> None:
        """Write to `folder` so that it appears whole or not at all."""
        files = {
            _ENTITIES: self._entities,
            _SHARES: orjson.dumps(self._shares),
            _META: orjson.dumps(self.meta, option=orjson.OPT_INDENT_2),
        }
        write_whole(folder, self._arrays, files)

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        """Map a saved snapshot into memory.

        Raises ListsMissingError where there is none, or one of another format.
        """
        try:
            meta = orjson.loads((folder / _META).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            raise ListsMissingError(f"{folder}: no snapshot. Load lists first") from None
        if meta.get("format") != FORMAT:
            raise ListsMissingError(f"{folder}: made by another version. Build it again")
        arrays = map_arrays(folder)
        place = folder / _ENTITIES
        # An empty file cannot be mapped.
        size = place.stat().st_size
        entities = np.memmap(place, dtype=np.uint8, mode="r").data if size else b""
        return cls(meta, arrays, entities, orjson.loads((folder / _SHARES).read_bytes()), folder)

    @classmethod
    def build(
        cls,
        listed: Iterable[Listed],
        meta: Mapping[str, Any] | None = None,
        basis: Basis | None = None,
        *,
        learns: bool = True,
    ) -> Snapshot:
        """Index listed entities; `meta` says from which list versions they come.

        Words are weighed by `basis`, or by statistics of these entities where it is None.
        Without `learns` it is built sooner and answers the same, at first somewhat slower.
        """
        builder = IndexBuilder()
        names: list[int] = []
        blobs: list[bytes] = []
        identifiers: list[tuple[int, int]] = []
        for number, one in enumerate(listed):
            facts = facts_of(one.entity)
            for place, (text, _) in enumerate(facts.names):
                for reading in read_name(text, facts.bearer):
                    builder.add(number, reading)
                    names.append(place)
            identifiers += [(word_hash(k, v), number) for k, v in identifiers_of(one.entity)]
            blobs.append(_blob(one))
        if basis is None:
            shares = _merged_shares(builder)
            arrays = builder.finish(Rarity(shares), learns=learns)
            basis = Basis(shares, gram_weights_in(arrays), len(names), FORMAT)
        else:
            arrays = builder.finish(Rarity(basis.shares), basis.gram_weights, learns=learns)
        identifiers.sort()
        arrays["identifier_hashes"] = np.array([h for h, _ in identifiers], dtype=np.uint64)
        arrays["identifier_entities"] = np.array([n for _, n in identifiers], dtype=np.int32)
        arrays["row_names"] = np.array(names, dtype=np.int16)
        ends = np.cumsum([len(blob) for blob in blobs], dtype=np.int64)
        arrays["entity_offsets"] = np.concatenate([np.zeros(1, dtype=np.int64), ends])
        whole = {
            "format": FORMAT,
            "entities": len(blobs),
            "rows": len(names),
            "basis": basis.basis_hash,
            "basis_names": basis.names,
            "basis_format": basis.format,
            **(meta or {}),
        }
        return cls(whole, arrays, b"".join(blobs), basis.shares)


def _merged_shares(builder: IndexBuilder) -> dict[str, float]:
    """The shipped shares of words, raised where the names at hand say more."""
    shares = {**default_shares()}
    for word, share in builder.shares().items():
        if share > max(shares.get(word, 0.0), 2e-4):
            shares[word] = share
    return shares


def _blob(one: Listed) -> bytes:
    return orjson.dumps(
        {
            "l": one.list_id,
            "id": one.entity.entity_id,
            "s": one.entity.schema,
            "p": one.entity.properties,
            "g": one.programmes,
        }
    )
