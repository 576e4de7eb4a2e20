"""Between list entries and entities as the peers of the service exchange them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b

from tumen.model.entity import Entity, get_schema, schemata
from tumen.model.links import edge_ends
from tumen.model.listing import Designation, Link, ListEntry
from tumen.model.vocabulary import risk_topics
from tumen.service.wire import Wire, iso_dates, wire_properties


def wire_entity(
    entity_id: str,
    schema: str,
    properties: dict[str, list[str]],
    datasets: list[str],
    *,
    caption: str = "",
    referents: Iterable[str] = (),
    seen: tuple[str | None, str | None, str | None] = (None, None, None),
) -> Wire:
    """An entity as it is answered. `seen` is first seen, last seen and last change."""
    topics = properties.get("topics", ())
    return {
        "id": entity_id,
        "caption": caption or caption_of(entity_id, schema, properties),
        "schema": schema,
        "properties": properties,
        "datasets": datasets,
        "referents": list(referents),
        "target": not risk_topics().isdisjoint(topics),
        "first_seen": seen[0],
        "last_seen": seen[1],
        "last_change": seen[2],
    }


def caption_of(entity_id: str, schema: str, properties: dict[str, list[str]]) -> str:
    """What to call an entity: its name; where it has none, what kind of thing it is."""
    if schema not in schemata():
        return entity_id
    for name in get_schema(schema).caption:
        if values := properties.get(name):
            return values[0]
    return get_schema(schema).label


def wires_of(
    entry: ListEntry, list_id: str, topic: str, seen: tuple[str | None, str | None, str | None]
) -> Iterator[Wire]:
    """A list entry with its designations and links as entities of their own."""
    entity = entry.entity
    properties = wire_properties(entity)
    known = get_schema(entity.schema).properties
    if "topics" in known:
        properties.setdefault("topics", [topic])
    yield wire_entity(
        entity.entity_id,
        entity.schema,
        properties,
        [list_id],
        caption=entity.caption,
        seen=seen,
    )
    for designation in entry.designations:
        yield _sanction(entity, designation, list_id, seen)
    for link in entry.links:
        if (ends := edge_ends(link.kind)) is not None:
            yield _edge(entity, link, ends, list_id, seen)


def iso_seconds(at: datetime) -> str:
    """An instant as the peers write it: to the second and without a zone."""
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def _sanction(
    entity: Entity,
    designation: Designation,
    list_id: str,
    seen: tuple[str | None, str | None, str | None],
) -> Wire:
    given = {
        "entity": [entity.entity_id],
        "authority": [designation.authority],
        "program": [designation.legal_basis or designation.programme],
        "programId": [designation.programme],
        "listingDate": iso_dates(designation.listed_on),
        "modifiedAt": iso_dates(designation.amended_on),
        "endDate": iso_dates(designation.ends_on),
        "reason": [designation.reason],
        "provisions": list(designation.measures),
        "authorityId": [designation.reference],
        "sourceUrl": [designation.source_url],
    }
    mark = (designation.authority, designation.programme, designation.reference)
    return _derived("Sanction", entity.entity_id, mark, given, list_id, seen)


def _edge(
    entity: Entity,
    link: Link,
    ends: tuple[str, str],
    list_id: str,
    seen: tuple[str | None, str | None, str | None],
) -> Wire:
    here, there = (ends[1], ends[0]) if link.is_inverse else ends
    known = get_schema(link.kind).properties
    word = "relationship" if "relationship" in known else "role" if "role" in known else "summary"
    given = {
        here: [entity.entity_id],
        there: [link.target_id],
        word: [link.role],
        # Whom the list only names stays readable in the relation itself.
        "description": [] if link.target_id else [link.target_name],
    }
    first, second = (link.target_id or link.target_name, entity.entity_id)
    subject, target = (first, second) if link.is_inverse else (second, first)
    return _derived(link.kind, subject, (target, link.role), given, list_id, seen)


def _derived(
    schema: str,
    first: str,
    mark: tuple[str, ...],
    given: dict[str, list[str]],
    list_id: str,
    seen: tuple[str | None, str | None, str | None],
) -> Wire:
    """An entity that an entry implies; the same fact has the same id from either side."""
    digest = blake2b("\0".join((schema, first, *mark)).encode(), digest_size=10).hexdigest()
    properties = {
        name: kept for name, values in given.items() if (kept := [text for text in values if text])
    }
    return wire_entity(
        f"{list_id}:{schema.lower()}-{digest}", schema, properties, [list_id], seen=seen
    )
