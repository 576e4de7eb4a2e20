"""JSON lines: one entity a line, flat or with its neighbours nested in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from tumen.errors import SourceError
from tumen.lists.ftm.node import Node
from tumen.lists.reader import SourceFile
from tumen.model.entity import schemata

_KNOWN = frozenset(
    {
        "id",
        "caption",
        "schema",
        "properties",
        "datasets",
        "referents",
        "target",
        "first_seen",
        "last_seen",
        "last_change",
    }
)


@dataclass(slots=True)
class Gathered:
    """All records of a file by id, the day it was made, and what we do not know."""

    unknown: Counter[str]
    nodes: dict[str, Node] = field(default_factory=dict)
    last_seen: str = ""

    def published_on(self) -> date | None:
        """The last day on which the publisher saw any record."""
        try:
            return date.fromisoformat(self.last_seen[:10])
        except ValueError:
            return None


def gather(file: SourceFile, gathered: Gathered) -> None:
    """Adds all records of the file. Raises SourceError with line and column where it is damaged."""
    for number, line in enumerate(file.data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            data = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            where = f"{file.name}, line {number}, column {error.colno}"
            raise SourceError(f"Damaged JSON ({error.msg})", where=where, mend=_MEND) from error
        place = f"{file.name}, line {number}"
        if isinstance(data, dict) and "op" in data:
            raise SourceError(
                "A delta holds changes, not a whole list",
                where=place,
                mend="Load entities.ftm.json of the same version",
            )
        _add(data, gathered, place, is_top=True)


_MEND = "Download it again"


def _add(data: Any, gathered: Gathered, place: str, *, is_top: bool) -> str:
    """Adds one record and those nested in it; returns its id."""
    if not isinstance(data, dict) or not isinstance(data.get("properties"), Mapping):
        raise SourceError("Not an entity with properties", where=place, mend=_MEND)
    node_id, schema = data.get("id"), data.get("schema")
    if not isinstance(node_id, str) or not isinstance(schema, str) or not node_id:
        raise SourceError("An entity without id or schema", where=place, mend=_MEND)
    known = gathered.nodes.get(node_id)
    for key in data.keys() - _KNOWN:
        gathered.unknown[f"key: {key}"] += 1
    if is_top:
        gathered.last_seen = max(gathered.last_seen, str(data.get("last_seen") or ""))
    caption, datasets = data.get("caption"), data.get("datasets")
    node = Node(
        node_id,
        schema,
        _properties(data["properties"], schema, gathered, place),
        f"line {place.rpartition(' ')[2]}, id {node_id}",
        is_top,
        caption if isinstance(caption, str) else "",
        tuple(map(str, datasets)) if isinstance(datasets, list) else (),
    )
    if known is not None and known.is_top and is_top:
        _merge(known, node, gathered.unknown)
    elif known is None or is_top:
        gathered.nodes[node_id] = node
    return node_id


def _merge(known: Node, fragment: Node, unknown: Counter[str]) -> None:
    """Joins a second record of one id: exports of merged sources give an entity in fragments."""
    for name, values in fragment.properties.items():
        known.properties[name] = list(dict.fromkeys([*known.get(name), *values]))
    known.datasets = tuple(dict.fromkeys([*known.datasets, *fragment.datasets]))
    known.locator += f" and {fragment.locator}"
    if known.schema != fragment.schema:
        both = [node.schema for node in (known, fragment) if node.schema in schemata()]
        narrow = [one for one in both if all(schemata()[one].is_a(other) for other in both)]
        known.schema = narrow[0] if narrow else "LegalEntity"
        if not narrow:
            unknown[f"schema: {' and '.join(both)} for one id"] += 1


def _properties(
    given: Mapping[str, Any], schema: str, gathered: Gathered, place: str
) -> dict[str, list[str]]:
    known = schemata()[schema].properties if schema in schemata() else {}
    found: dict[str, list[str]] = {}
    for name, values in given.items():
        texts = []
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict) and isinstance(value.get("properties"), Mapping):
                node_id = _add(value, gathered, place, is_top=False)
                # A reverse property ("sanctions") only holds records that point here themselves.
                if name in known:
                    texts.append(node_id)
            elif isinstance(value, str | int | float) and not isinstance(value, bool):
                texts.append(str(value))
            elif value is not None:
                gathered.unknown[f"{schema}.{name}: {type(value).__name__}"] += 1
        if texts:
            found[name] = texts
    return found
