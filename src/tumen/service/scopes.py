"""What one request sees: entities, datasets and the index over them, of one moment, unchanging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import orjson
from numpy.typing import NDArray

from tumen.errors import ListsMissingError, RequestError
from tumen.matching.snapshot import Snapshot
from tumen.service.columns import Mask
from tumen.service.entities import EntityFile
from tumen.service.texts import TextIndex
from tumen.service.wire import Wire, fold

CATALOG, LISTED = "catalog.json", "listed.npy"
SNAPSHOT, ENTITIES, TEXTS = "snapshot", "entities", "texts.db"


class UnknownScopeError(RequestError):
    """There is no dataset or collection of the name asked for."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A list or a collection of lists, as the outside knows it.

    `version` is the newest that the source offers, `index_version` the one that is searched
    (None: none is). `facts` is what else the catalogue says of it, in the catalogue's words.
    """

    name: str
    title: str
    version: str | None = None
    index_version: str | None = None
    children: tuple[str, ...] = ()
    is_loaded: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_current(self) -> bool:
        """Whether the newest version is the one that is searched."""
        return self.index_version == self.version


@dataclass(frozen=True, slots=True)
class Scope:
    """A dataset or collection that a request is limited to; `names` are all within it."""

    dataset: Dataset
    names: frozenset[str]

    @property
    def name(self) -> str:
        """The name asked for."""
        return self.dataset.name


class Scopes:
    """An immutable view: a request takes one, once, and sees nothing else."""

    def __init__(
        self,
        generation_id: str,
        built_at: datetime,
        snapshot: Snapshot,
        entities: EntityFile,
        texts: TextIndex,
        listed: NDArray[np.int32],
        datasets: Mapping[str, Dataset],
        folder: Path,
        problems: Mapping[str, str],
    ) -> None:
        self.generation_id = generation_id
        self.built_at = built_at
        self.snapshot = snapshot
        self.entities = entities
        self.texts = texts
        self.listed = listed
        self.datasets = datasets
        self.folder = folder
        self.problems = problems
        self.mask = lru_cache(maxsize=256)(self._mask)

    def scope(self, name: str) -> Scope:
        """The dataset or collection of this name. Raises UnknownScopeError."""
        dataset = self.datasets.get(name)
        if dataset is None:
            raise UnknownScopeError("No such dataset.")
        return Scope(dataset, frozenset(self._within(name, set())))

    def _within(self, name: str, seen: set[str]) -> set[str]:
        if name in self.datasets and name not in seen:
            seen.add(name)
            for child in self.datasets[name].children:
                self._within(child, seen)
        return seen

    def _mask(self, datasets: frozenset[str], schemas: frozenset[str]) -> Mask:
        """For each entity number, whether it is in any of the datasets and of these schemas."""
        columns = self.entities.columns
        found = columns["datasets"].has_any(datasets) & columns["schema"].has_any(schemas)
        found.setflags(write=False)
        return found

    def having(self, field: str, values: frozenset[str]) -> Mask:
        """For each entity, whether a field has any of these exact values."""
        column = self.entities.columns.get(field)
        if column is None:
            return self.texts.having(field, values | {fold(value) for value in values})
        exact = field in ("datasets", "schema")
        return column.has_any(values if exact else map(fold, values))

    def entity(self, entity_id: str) -> Wire | None:
        """The whole entity with this id, or the one that was merged from it (it has another id)."""
        number = self.entities.find(entity_id)
        return None if number is None else self.entities.whole(number)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map a generation that `building` wrote. Raises ListsMissingError where there is none."""
        try:
            catalog = orjson.loads((folder / CATALOG).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            raise ListsMissingError(f"{folder}: no index") from None
        datasets = [
            Dataset(**{**one, "children": tuple(one["children"])}) for one in catalog["datasets"]
        ]
        entities = EntityFile.open(folder / ENTITIES)
        return cls(
            catalog["generation_id"],
            datetime.fromisoformat(catalog["built_at"]),
            Snapshot.open(folder / SNAPSHOT),
            entities,
            TextIndex(folder / TEXTS, len(entities)),
            np.asarray(np.load(folder / LISTED)),
            {dataset.name: dataset for dataset in datasets},
            folder,
            catalog["problems"],
        )
