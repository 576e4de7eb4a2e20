"""An entity in FollowTheMoney terms, and the vocabulary that says which properties exist."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from tumen.errors import RecordError

Properties = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a schema: its FollowTheMoney type (name, date, country, identifier …)."""

    name: str
    type: str
    label: str
    is_matchable: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """One FollowTheMoney schema with all the properties that it has or inherits."""

    name: str
    label: str
    ancestors: frozenset[str]
    is_matchable: bool
    caption: tuple[str, ...]
    properties: Mapping[str, Property] = field(repr=False, hash=False)

    def is_a(self, other: str) -> bool:
        """Whether this schema is `other` or a kind of it (`Company` is a `LegalEntity`)."""
        return other in self.ancestors


@cache
def schemata() -> Mapping[str, Schema]:
    """All schemata by name, as `ftm.json` (made by tools/build_ftm_vocabulary.py) has them."""
    document = json.loads(files("tumen.model").joinpath("ftm.json").read_bytes())
    found = {}
    for name, spec in document["schemata"].items():
        properties = {
            key: Property(key, prop["type"], prop["label"], prop["matchable"])
            for key, prop in spec["properties"].items()
        }
        found[name] = Schema(
            name,
            spec["label"],
            frozenset(spec["ancestors"]),
            spec["matchable"],
            tuple(spec["caption"]),
            properties,
        )
    return found


def get_schema(name: str) -> Schema:
    """The schema called `name`.

    Raises RecordError with the nearest known name where there is none.
    """
    known = schemata()
    if name in known:
        return known[name]
    near = [key for key in known if key.lower() == name.lower()]
    hint = near[0] if near else "Person, Organization, Company, LegalEntity, Vessel or Airplane"
    raise RecordError(f"Unknown schema {name!r}", mend=f"Use {hint}")


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation, vessel, wallet or other thing, as some source describes it.

    `properties` maps FollowTheMoney property names to values. Dates are EDTF (see `dates`),
    countries lower-case ISO 3166 codes (`kp`, `ru`; `suhh` for the Soviet Union), genders
    `male`, `female` or `other`.
    """

    entity_id: str
    schema: str
    properties: Properties

    def get(self, name: str) -> tuple[str, ...]:
        """The values of one property; empty where it has none."""
        return self.properties.get(name, ())

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, alias and former name, without repeats, the main name first."""
        found = [
            *self.get("name"),
            *self.get("alias"),
            *self.get("previousName"),
            *self.get("weakAlias"),
        ]
        return tuple(dict.fromkeys(found))

    @property
    def caption(self) -> str:
        """The name to show for this entity; its id where it has none."""
        for name in get_schema(self.schema).caption:
            if values := self.get(name):
                return values[0]
        return self.names[0] if self.names else self.entity_id

    def to_dict(self) -> dict[str, Any]:
        """The FollowTheMoney mapping `{"id", "schema", "properties"}`."""
        properties = {name: list(values) for name, values in self.properties.items()}
        return {"id": self.entity_id, "schema": self.schema, "properties": properties}

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any], *, strict: bool = True) -> Entity:
        """Read a FollowTheMoney mapping; a single value may stand for a list of one.

        Raises RecordError for an unknown schema, a property that the schema lacks (only
        if `strict`), or a value that is neither text nor number.
        """
        schema = get_schema(str(data.get("schema") or "LegalEntity"))
        properties: dict[str, tuple[str, ...]] = {}
        given = data.get("properties") or {}
        if not isinstance(given, Mapping):
            raise RecordError("'properties' is not a mapping", mend="Give {name: [values]}")
        for name, values in given.items():
            if name not in schema.properties:
                if strict:
                    raise RecordError(
                        f"{schema.name} has no property {name!r}", mend=suggest(name, schema)
                    )
                continue
            cleaned = _clean(name, values)
            if cleaned:
                properties[name] = cleaned
        return cls(str(data.get("id") or ""), schema.name, properties)


def suggest(name: str, schema: Schema) -> str:
    """A sentence with the property of `schema` that `name` most probably means."""
    import difflib

    by_lower = {known.lower(): known for known in schema.properties}
    plain = name.replace("_", "").replace(" ", "").lower()
    near = difflib.get_close_matches(plain, by_lower, n=1, cutoff=0.6)
    return f"Do you mean {by_lower[near[0]]!r}?" if near else "Leave it out or rename it"


def _clean(name: str, values: Any) -> tuple[str, ...]:
    if values is None:
        return ()
    if isinstance(values, str | int | float) and not isinstance(values, bool):
        values = [values]
    if not isinstance(values, Iterable) or isinstance(values, Mapping | bytes):
        raise RecordError(f"{name!r} holds {type(values).__name__}", mend="Give text")
    texts = []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise RecordError(f"{name!r} holds {type(value).__name__}", mend="Give text")
        if text := str(value).strip():
            texts.append(text)
    return tuple(dict.fromkeys(texts))
