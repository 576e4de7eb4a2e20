"""Rows of a user's table extended by what the lists say of the entities chosen for them."""

from __future__ import annotations

from collections.abc import Mapping

from tumen.model.entity import Entity, get_schema, schemata
from tumen.model.vocabulary import value_label
from tumen.service.reconciliation.query import property_name
from tumen.service.reconciliation.shapes import (
    Cell,
    Extended,
    ExtendProperty,
    ExtendQuery,
    PropertyName,
    Rendering,
)


def extended(query: ExtendQuery, entities: Mapping[str, Entity]) -> Extended:
    """A row for every id asked; one that `entities` lacks is empty, and so is a property that
    an entity's schema lacks.
    """
    meta: dict[str, PropertyName] = {}
    rows: dict[str, dict[str, list[Cell]]] = {entity_id: {} for entity_id in query.ids}
    for entity_id in rows:
        entity = entities.get(entity_id)
        if entity is None or entity.schema not in schemata():
            continue
        schema = get_schema(entity.schema)
        for asked in query.properties:
            name = property_name(asked.id, schema)
            if name is None or name not in schema.properties:
                continue
            label = schema.properties[name].label
            meta.setdefault(asked.id, PropertyName(id=asked.id, name=label))
            rows[entity_id][asked.id] = _cells(entity, name, asked)
    return Extended(meta=list(meta.values()), rows=rows)


def _cells(entity: Entity, name: str, asked: ExtendProperty) -> list[Cell]:
    values = entity.get(name)
    if asked.settings.limit > 0:
        values = values[: asked.settings.limit]
    if asked.settings.render is Rendering.CAPTION:
        kind = get_schema(entity.schema).properties[name].type
        values = tuple(value_label(kind, value) for value in values)
    return [Cell(str=value) for value in values]
