"""Writes a generation: all that the service answers from, in one folder, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from tumen.matching.basis import Basis
from tumen.matching.snapshot import Listed, Snapshot
from tumen.model.entity import Entity, schemata
from tumen.model.listing import ListEntry
from tumen.screening.snapshots import listed_from
from tumen.service.entities import EntityWriter
from tumen.service.scopes import CATALOG, ENTITIES, LISTED, SNAPSHOT, TEXTS, Dataset
from tumen.service.texts import TextWriter
from tumen.service.wire import Wire


@dataclass(frozen=True, slots=True)
class Plan:
    """What a generation will hold. Two plans with one `generation_id` hold the same.

    `problems` says per dataset why it could not be read afresh. `meta` goes into the snapshot,
    which rests on `basis` or, where it is None, on statistics of its own, told to `keep_basis`.
    `listed` gives a record as it is compared; None where it is not.
    """

    generation_id: str
    datasets: Sequence[Dataset]
    records: Iterable[Wire]
    meta: Mapping[str, Any] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    listed: Callable[[Wire], Listed | None] = field(default=lambda wire: listed_of_wire(wire))
    basis: Basis | None = None
    keep_basis: Callable[[Basis], None] = field(default=lambda _basis: None)


def write_generation(folder: Path, plan: Plan, now: datetime, *, generation_id: str = "") -> None:
    """Write everything to `folder`, which appears whole or not at all."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    numbers: list[int] = []
    with (
        closing(EntityWriter(fresh / ENTITIES)) as writer,
        closing(TextWriter(fresh / TEXTS)) as texts,
    ):
        listed = _listed(_written(plan.records, writer, texts), plan.listed, numbers)
        snapshot = Snapshot.build(listed, plan.meta, plan.basis)
        snapshot.save(fresh / SNAPSHOT)
        if plan.basis is None:
            plan.keep_basis(snapshot.basis)
        writer.finish()
        texts.finish()
    np.save(fresh / LISTED, np.array(numbers, dtype=np.int32))
    catalog = {
        "generation_id": generation_id or plan.generation_id,
        "built_at": now.isoformat(),
        "datasets": [asdict(dataset) for dataset in plan.datasets],
        "problems": dict(plan.problems),
    }
    (fresh / CATALOG).write_bytes(orjson.dumps(catalog, option=orjson.OPT_INDENT_2))
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(fresh, folder)


def _written(
    records: Iterable[Wire], writer: EntityWriter, texts: TextWriter
) -> Iterator[tuple[int, Wire]]:
    """Writes every record; gives it on with its number."""
    for wire in records:
        number = writer.add(wire)
        texts.add(number, wire)
        yield number, wire


def _listed(
    records: Iterable[tuple[int, Wire]],
    listed: Callable[[Wire], Listed | None],
    numbers: list[int],
) -> Iterator[Listed]:
    """The records that can be compared, whose numbers are kept in `numbers`."""
    for number, wire in records:
        if (found := listed(wire)) is not None:
            numbers.append(number)
            yield found


def listed_of_wire(wire: Wire) -> Listed | None:
    """A record as it is compared, by what is answered of it; None for what never is."""
    schema = schemata().get(wire["schema"])
    if schema is None or not schema.is_matchable:
        return None
    properties = {name: tuple(values) for name, values in wire["properties"].items()}
    entity = Entity(wire["id"], wire["schema"], properties)
    return listed_from(wire["datasets"][0], ListEntry(entity, ()))
