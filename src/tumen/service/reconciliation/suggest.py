"""Suggestions while a person types: types and properties whose names begin so."""

from __future__ import annotations

from collections.abc import Iterable

from tumen.errors import RequestError
from tumen.model.entity import schemata
from tumen.model.vocabulary import OwnedProperty, owned_properties, schema_words
from tumen.service.reconciliation.query import entity_type
from tumen.service.reconciliation.shapes import (
    EntityType,
    PropertyName,
    ProposedProperties,
    SuggestedProperty,
)

# How many types or properties are suggested at most.
MOST_SUGGESTIONS = 5


def suggest_types(prefix: str, present: Iterable[str]) -> list[EntityType]:
    """The types among `present` whose name or label begins with the prefix."""
    found = [
        schema
        for schema in present
        if begins(prefix, schema, schemata()[schema].label, schema_words(schema).plural)
    ]
    return [entity_type(schema) for schema in found[:MOST_SUGGESTIONS]]


def suggest_properties(prefix: str, present: Iterable[str]) -> list[SuggestedProperty]:
    """The properties of `present` schemata whose name or label begins with the prefix.

    A name that begins so goes before a label, a short one before a long one.
    """
    found: dict[str, OwnedProperty] = {
        one.qualified_name: one
        for schema in present
        for one in _shown(schema)
        if begins(prefix, one.spec.name, one.spec.label)
    }
    wanted = prefix.strip().lower()

    def order(one: OwnedProperty) -> tuple[bool, int, str]:
        name = one.spec.name
        return not name.lower().startswith(wanted), len(name), one.qualified_name

    return [
        SuggestedProperty(
            id=one.qualified_name, name=one.spec.label, description=one.description or None
        )
        for one in sorted(found.values(), key=order)[:MOST_SUGGESTIONS]
    ]


def propose_properties(schema: str, limit: int) -> ProposedProperties:
    """The properties by which entities of a type can be extended, the telling ones first chosen.

    Raises RequestError for a type that there is not.
    """
    if schema not in schemata():
        raise RequestError(f"Invalid type: {schema}")
    featured = schema_words(schema).featured
    shown = {one.spec.name: one.spec for one in _shown(schema)}
    names = [name for name in featured if name in shown]
    names += [name for name in shown if name not in featured]
    if limit > 0:
        names = names[:limit]
    chosen = [PropertyName(id=name, name=shown[name].label) for name in names]
    return ProposedProperties(
        limit=limit, type=schema, properties=sorted(chosen, key=lambda one: (one.name, one.id))
    )


def begins(prefix: str, *labels: str) -> bool:
    """Whether one of the labels begins with the prefix, in any case; never for an empty prefix."""
    wanted = prefix.strip().lower()
    return bool(wanted) and any(label.strip().lower().startswith(wanted) for label in labels)


def _shown(schema: str) -> list[OwnedProperty]:
    """What people may choose: no hidden properties, and no references to other entities."""
    return [
        one for one in owned_properties(schema) if not one.is_hidden and one.spec.type != "entity"
    ]
