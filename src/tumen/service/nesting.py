"""An entity with those around it: what points to it, what it points to, and one edge further."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from tumen.model.links import LinkProperty, edge_ends, links_of, reverses_of
from tumen.service.scopes import Scopes
from tumen.service.wire import Wire, fold

MOST = 9999
Order = Callable[[list[int]], list[int]]


class Adjacent(NamedTuple):
    """The entities next to one by a single property, nested, and how many there are in all."""

    results: list[Any]
    total: int


class _Around(NamedTuple):
    """What was found around an entity: entities by id, and who points to whom by which name."""

    entities: dict[str, Wire]
    inbound: dict[str, dict[tuple[str, str], None]]


def nested(scopes: Scopes, root: Wire) -> Wire:
    """The entity with all adjacent entities in its properties."""
    numbers = [*_pointing_to(scopes, root["id"]), *_numbers(scopes, _pointed_to(root))]
    around = _gather(scopes, root, dict.fromkeys(numbers))
    return _nest(root, around, frozenset())


def properties_of(schema: str) -> tuple[str, ...]:
    """All properties of a schema that lead to entities, whichever end states them."""
    return tuple(dict.fromkeys([*links_of(schema), *reverses_of(schema)]))


def adjacent(
    scopes: Scopes, root: Wire, name: str, limit: int, offset: int, order: Order | None = None
) -> Adjacent:
    """One page of the entities that one property leads to."""
    numbers = _by_property(scopes, root, name)
    if order is not None:
        numbers = order(numbers)
    page = numbers[offset : offset + limit]
    around = _gather(scopes, root, page)
    results = _nest(root, around, frozenset())["properties"].get(name, [])
    return Adjacent(list(results), len(numbers))


def _by_property(scopes: Scopes, root: Wire, name: str) -> list[int]:
    reverse = reverses_of(root["schema"]).get(name)
    if reverse is not None:
        field, schema = f"properties.{reverse.name}", reverse.schema
        holders = scopes.texts.holders(field, fold(root["id"]))
        wires = ((number, scopes.entities.whole(number)) for number in holders)
        return [
            number
            for number, wire in wires
            if wire["schema"] == schema and root["id"] in wire["properties"].get(reverse.name, ())
        ]
    return _numbers(scopes, root["properties"].get(name, ()))


def _pointing_to(scopes: Scopes, entity_id: str) -> list[int]:
    return scopes.texts.holders("entities", fold(entity_id))[:MOST]


def _pointed_to(wire: Wire) -> list[str]:
    return [value for _, value in _links(wire)]


def _links(wire: Wire) -> Iterator[tuple[LinkProperty, str]]:
    known = links_of(wire["schema"])
    for name, values in wire["properties"].items():
        if name in known:
            yield from ((known[name], value) for value in values)


def _numbers(scopes: Scopes, entity_ids: Iterable[str]) -> list[int]:
    """The numbers of the entities that have exactly these ids, in the order of numbers."""
    found: dict[int, None] = {}
    for entity_id in dict.fromkeys(entity_ids):
        number = scopes.entities.find(entity_id)
        if number is not None and scopes.entities.whole(number)["id"] == entity_id:
            found[number] = None
    return sorted(found)


def _gather(scopes: Scopes, root: Wire, numbers: Iterable[int]) -> _Around:
    """The entities with these numbers, and beyond the edges among them what they lead to."""
    around = _Around({root["id"]: root}, {})
    waiting: Sequence[int] = list(numbers)
    while waiting:
        beyond: dict[str, None] = {}
        for number in waiting:
            wire = scopes.entities.whole(number)
            if wire["id"] == root["id"]:
                continue
            around.entities[wire["id"]] = wire
            is_edge = edge_ends(wire["schema"]) is not None
            for link, value in _links(wire):
                if is_edge and value not in around.entities:
                    beyond[value] = None
                if link.reverse:
                    around.inbound.setdefault(value, {})[link.reverse, wire["id"]] = None
        waiting = _numbers(scopes, (one for one in beyond if one not in around.entities))
    return around


def _nest(wire: Wire, around: _Around, path: frozenset[str]) -> Wire:
    """An entity whose neighbours stand in its properties, except those on the path to it."""
    nested_here: dict[str, list[Any]] = {}
    deeper = path | {wire["id"]}
    if len(path) <= 1:
        for name, other in around.inbound.get(wire["id"], {}):
            if other not in path and other in around.entities:
                nested_here.setdefault(name, []).append(
                    _nest(around.entities[other], around, deeper)
                )
    for name in links_of(wire["schema"]).keys() & wire["properties"].keys():
        # Where none of the values is known around here they stay as ids.
        if values := [
            _nest(around.entities[value], around, deeper)
            for value in wire["properties"][name]
            if value not in path and value in around.entities
        ]:
            nested_here[name] = values
    return {**wire, "properties": {**wire["properties"], **nested_here}}
