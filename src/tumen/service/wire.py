"""Entities as they are answered, and the fields by which others filter, count and sort them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from anyascii import anyascii

from tumen.model.entity import Entity, Property, schemata

# {"id", "caption", "schema", "properties", "datasets", "referents", "target", *INSTANTS}
Wire = dict[str, Any]
INSTANTS = ("first_seen", "last_seen", "last_change")

_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_WORD = re.compile(r"[^\W_]+")
# FollowTheMoney's groups: all values of one type, whatever the property.
GROUPS = {
    "address": "addresses",
    "checksum": "checksums",
    "country": "countries",
    "date": "dates",
    "email": "emails",
    "entity": "entities",
    "gender": "genders",
    "identifier": "identifiers",
    "ip": "ips",
    "language": "languages",
    "mimetype": "mimetypes",
    "name": "names",
    "phone": "phones",
    "topic": "topics",
    "url": "urls",
}
# Types whose values stand in their group even where they do not count for comparison.
_ALWAYS_GROUPED = frozenset({"gender", "language", "mimetype", "topic"})
FACETS = ("datasets", "schema", "countries", "identifiers", "topics", "genders")


def wire_properties(entity: Entity) -> dict[str, list[str]]:
    """The properties of an entity as they are exchanged: dates as plain calendar dates."""
    known = schemata()[entity.schema].properties
    found = {}
    for name, given in entity.properties.items():
        values = list(given)
        if name in known and known[name].type == "date":
            values = list(dict.fromkeys(day for text in given for day in iso_dates(text)))
        if values:
            found[name] = values
    return found


def iso_dates(text: str) -> list[str]:
    """The calendar dates in an EDTF text: both ends of an interval, without marks of doubt."""
    return [found.group() for part in text.split("/") if (found := _ISO.match(part.strip()))]


@cache
def group_of(schema: str, name: str) -> str:
    """The group that a property's values stand in; empty where in none."""
    found = _property(schema, name)
    if found is None or not (found.is_matchable or found.type in _ALWAYS_GROUPED):
        return ""
    return GROUPS.get(found.type, "")


def values_of(wire: Wire, group: str) -> list[str]:
    """All values of an entity that stand in a group, each once."""
    found: dict[str, None] = {}
    for name, values in wire["properties"].items():
        if group_of(wire["schema"], name) == group:
            found.update(dict.fromkeys(values))
    return list(found)


def facet_values(wire: Wire, facet: str) -> list[str]:
    """What an entity counts for under one facet."""
    if facet == "datasets":
        return list(wire["datasets"])
    if facet == "schema":
        return [wire["schema"]]
    return list(dict.fromkeys(map(fold, values_of(wire, facet))))


def keywords_of(wire: Wire) -> Iterator[tuple[str, str]]:
    """Every (field, value) by which the entity is found, folded; texts by each of their words."""
    yield "schema", wire["schema"]
    yield "id", fold(wire["id"])
    yield "entity_id", fold(wire["id"])
    yield "caption", fold(wire["caption"])
    yield "target", "true" if wire["target"] else "false"
    for field in ("datasets", "referents"):
        yield from ((field, value) for value in wire[field])
    for name, values in wire["properties"].items():
        yield from _property_keywords(wire["schema"], name, values)


def _property_keywords(schema: str, name: str, values: Iterable[str]) -> Iterator[tuple[str, str]]:
    found = _property(schema, name)
    group = group_of(schema, name)
    is_text = found is None or is_text_type(found.type)
    for value in values:
        for part in words(value) if is_text else [fold(value)]:
            yield f"properties.{name}", part
            if group:
                yield group, part
        if found is not None and found.type == "date" and group:
            # A day is also found by its month and its year.
            yield from ((group, value[:size]) for size in (4, 7) if len(value) > size)


def is_text_type(type_name: str) -> bool:
    """Whether values of a type are found by their words rather than whole."""
    return type_name in ("name", "address") or type_name not in GROUPS


def fold(text: str) -> str:
    """Lower case, Latin letters without their marks; other scripts as they are."""
    return text.lower() if text.isascii() else _fold(text)


@lru_cache(maxsize=10_000)
def _fold(text: str) -> str:
    # Some letters have a small form only once they are taken apart, and the other way round.
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    plain = "".join(char for char in parted if not unicodedata.combining(char))
    return "".join(
        anyascii(char).lower() if "\u00c0" <= char <= "\u024f" else char for char in plain
    )


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


def _property(schema: str, name: str) -> Property | None:
    known = schemata().get(schema)
    return known.properties.get(name) if known is not None else None
