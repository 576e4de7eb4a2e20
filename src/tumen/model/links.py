"""Which properties of the FollowTheMoney vocabulary lead to other entities, there and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tumen.model.entity import schemata


@dataclass(frozen=True, slots=True)
class LinkProperty:
    """A property whose values are ids of entities.

    `reverse` is the name under which the entity at the other end shows the link (empty where
    it does not); `label` is how the reverse is called.
    """

    schema: str
    name: str
    reverse: str
    label: str


@cache
def links_of(schema: str) -> Mapping[str, LinkProperty]:
    """The properties of a schema, its own and inherited, whose values are entities."""
    known = schemata().get(schema)
    if known is None:
        return {}
    return {link.name: link for link in _links() if known.is_a(link.schema)}


@cache
def reverses_of(schema: str) -> Mapping[str, LinkProperty]:
    """By reverse name, the properties through which others point to entities of a schema."""
    known = schemata().get(schema)
    if known is None:
        return {}
    ranges = _document()["links"]
    return {
        link.reverse: link
        for link in _links()
        if link.reverse and known.is_a(ranges[f"{link.schema}:{link.name}"]["range"])
    }


@cache
def edge_ends(schema: str) -> tuple[str, str] | None:
    """The properties at the two ends of a relation (`Ownership`); None for what is none."""
    ends = _document()["edges"].get(schema)
    return (ends[0], ends[1]) if ends else None


@cache
def _links() -> tuple[LinkProperty, ...]:
    found = []
    for qualified, spec in _document()["links"].items():
        schema, _, name = qualified.partition(":")
        found.append(LinkProperty(schema, name, spec["reverse"], spec["label"]))
    return tuple(found)


@cache
def _document() -> Mapping[str, Any]:
    text = files("tumen.model").joinpath("ftm_links.json").read_bytes()
    document: Mapping[str, Any] = json.loads(text)
    return document
