"""What people read of the FollowTheMoney vocabulary: plurals, descriptions, topics.

Apart from `entity`, so that what only screens does not load it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tumen.model.countries import country_name
from tumen.model.entity import Property, schemata


@dataclass(frozen=True, slots=True)
class SchemaWords:
    """How a schema is shown: its plural, a sentence, and the properties shown first."""

    plural: str
    description: str
    featured: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnedProperty:
    """A property with the schema that defines it (`Thing:name`, `Person:birthDate`).

    `is_hidden` marks what concerns machines only.
    """

    owner: str
    spec: Property
    description: str
    is_hidden: bool

    @property
    def qualified_name(self) -> str:
        """The name by which exactly this property is meant."""
        return f"{self.owner}:{self.spec.name}"


def schema_words(schema: str) -> SchemaWords:
    """How the schema of this name is shown; its bare name where nothing is known of it."""
    found = _document()["schemata"].get(schema)
    if found is None:
        return SchemaWords(schema, "", ())
    return SchemaWords(found["plural"], found["description"], tuple(found["featured"]))


def owned_properties(schema: str) -> tuple[OwnedProperty, ...]:
    """All properties of a schema, by name, each with the schema that defines it."""
    known = schemata().get(schema)
    if known is None:
        return ()
    return tuple(owned for name in known.properties if (owned := _owned(schema, name)) is not None)


def find_property(text: str) -> OwnedProperty | None:
    """The property that a qualified name means: of the schema named or one that it extends."""
    schema, _, name = text.partition(":")
    known = schemata().get(schema)
    return _owned(schema, name) if known is not None and name in known.properties else None


def topic_label(topic: str) -> str:
    """What a topic is called (`sanction`: Sanctioned); the topic itself where it is unknown."""
    label: str = _document()["topics"].get(topic, topic)
    return label


@cache
def risk_topics() -> frozenset[str]:
    """The topics that imply a risk in business dealings."""
    return frozenset(_document()["risks"])


def value_label(type_name: str, value: str) -> str:
    """A value as people read it: countries and topics by their names, others as they are."""
    if type_name == "country":
        return country_name(value)
    return topic_label(value) if type_name == "topic" else value


@cache
def _owned(schema: str, name: str) -> OwnedProperty | None:
    owner = _owner(schema, name)
    if owner is None:
        return None
    words = _document()["schemata"][owner]["own"][name]
    found = schemata()[schema].properties[name]
    return OwnedProperty(owner, found, words["description"], words["hidden"])


def _owner(schema: str, name: str) -> str | None:
    """The schema that defines a property: this one, else the first that it extends which does."""
    found = _document()["schemata"].get(schema)
    if found is None:
        return None
    if name in found["own"]:
        return schema
    return next((one for parent in found["extends"] if (one := _owner(parent, name))), None)


@cache
def _document() -> Mapping[str, Any]:
    text = files("tumen.model").joinpath("ftm_words.json").read_bytes()
    document: Mapping[str, Any] = json.loads(text)
    return document
