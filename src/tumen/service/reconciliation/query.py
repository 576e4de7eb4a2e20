"""A reconciliation query read as a subject to screen, and an entity given as its candidate."""

from __future__ import annotations

from typing import NamedTuple

from tumen.errors import RequestError
from tumen.model.entity import Entity, Schema, schemata, suggest
from tumen.model.vocabulary import find_property, schema_words
from tumen.service.examples import Example, read_example, read_value
from tumen.service.reconciliation.shapes import (
    Candidate,
    EntityType,
    Query,
    Suggested,
)

# What a query without a type may mean.
BASE_SCHEMA = "Thing"


class Asked(NamedTuple):
    """A query's subject, and what of the query it does not hold, in words."""

    schema: str
    properties: dict[str, list[str]]
    warnings: tuple[str, ...]


def asked_for(query: Query) -> Asked:
    """The subject that a query describes; the first of several types counts.

    Raises RequestError for a type that is unknown or cannot be screened.
    """
    schema = _schema(query.type[0] if query.type else BASE_SCHEMA)
    properties: dict[str, list[str]] = {}
    warnings = [f"Only the type {schema.name} was asked for"] if len(query.type) > 1 else []
    if query.query is not None:
        properties["name"] = [query.query]
    for given in query.properties:
        name = property_name(given.pid, schema)
        if name is None:
            mend = suggest(given.pid.rpartition(":")[2], schema)
            warnings.append(f"{schema.name} has no property {given.pid!r}. {mend}")
        else:
            properties.setdefault(name, []).extend(given.v)
    return Asked(schema.name, properties, tuple(warnings))


def subject_of(asked: Asked) -> Example:
    """The subject to screen, with all warnings of the query."""
    known = schemata()[asked.schema].properties
    own = {name: values for name, values in asked.properties.items() if name in known}
    read = read_example({"schema": asked.schema, "properties": own})
    others: dict[str, tuple[str, ...]] = {}
    warnings = [*asked.warnings, *read.warnings]
    for name, values in asked.properties.items():
        if name in known:
            continue
        kind = next(
            one.properties[name].type for one in schemata().values() if name in one.properties
        )
        others[name] = tuple(text for value in values for text in read_value(kind, value))
        if not others[name]:
            warnings.append(f"{name} {', '.join(values)!r} is no {kind} that can be read")
    entity = read.entity
    properties = {**entity.properties, **{name: texts for name, texts in others.items() if texts}}
    return Example(Entity(entity.entity_id, entity.schema, properties), tuple(warnings))


def property_name(text: str, schema: Schema) -> str | None:
    """The property of `schema` meant by `Person:birthDate` or `birthDate`; None where it has none.

    A property of another schema counts where this one has it, too: a Company's jurisdiction
    asked of a Thing is not lost, as a Thing may turn out to be one.
    """
    if ":" not in text:
        return text if text in schema.properties else None
    found = find_property(text)
    if found is None:
        return None
    name = found.spec.name
    return name if name in schema.properties or schema.name == BASE_SCHEMA else None


def _schema(name: str) -> Schema:
    schema = schemata().get(name)
    if schema is None:
        raise RequestError(f"Unknown schema: {name!r}")
    if not schema.is_matchable and name != BASE_SCHEMA:
        raise RequestError(f"Non-matchable schema for query: {name}")
    return schema


def entity_type(schema: str) -> EntityType:
    """A schema as a type: its plural for a name, and what it is."""
    words = schema_words(schema)
    label = schemata()[schema].label if schema in schemata() else schema
    return EntityType(id=schema, name=words.plural, description=words.description or label)


def suggested(entity: Entity, caption: str) -> Suggested:
    """An entity to choose from."""
    return Suggested(
        id=entity.entity_id,
        name=caption,
        description=schemata()[entity.schema].label,
        type=[entity_type(entity.schema)],
    )


def candidate(entity: Entity, caption: str, score: float, *, is_hit: bool) -> Candidate:
    """A screened entity as the candidate of a query."""
    base = suggested(entity, caption)
    return Candidate(**dict(base), score=score, match=is_hit)
