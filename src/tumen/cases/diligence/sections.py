"""The sections of a due-diligence file, with their fields, as `sections.yml` has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

import yaml
from pydantic import ConfigDict, TypeAdapter

from tumen.errors import RequestError
from tumen.model.entity import get_schema


class Kind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    DATE = "date"
    LIST = "list"
    YES_NO = "yes/no"
    CHOICE = "choice"
    DOCUMENT = "document"
    LINK = "link"


class Demand(StrEnum):
    """When a field is required."""

    ALWAYS = "always"
    ENHANCED = "enhanced"
    NEVER = "never"


class PartyKind(StrEnum):
    """What a party is, as far as the questions differ."""

    ORGANISATION = "organisation"
    PERSON = "person"
    VESSEL = "vessel"


class Certainty(StrEnum):
    """How sure we are of what we say about a public checklist."""

    VERIFIED = "verified"
    KNOWN = "known"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class ControlTopic:
    """A topic of a public checklist."""

    document: str
    topic: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field. `of` is whom it is asked of (empty: all); see the head of `sections.yml`."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    label: str
    kind: Kind
    required: Demand
    help: str = ""
    of: tuple[PartyKind, ...] = ()
    properties: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    raises: str = ""
    computed: str = ""
    derived: str = ""
    control_ref: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One section with its fields."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    label: str
    help: str
    control_ref: tuple[str, ...]
    fields: tuple[FieldSpec, ...]

    def controls_of(self, spec: FieldSpec) -> tuple[ControlTopic, ...]:
        """The topics that a field answers: its own, else those of its section."""
        return tuple(controls()[one] for one in spec.control_ref or self.control_ref)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides which fields are asked for and required."""

    kind: PartyKind
    is_enhanced: bool

    def asks(self, spec: FieldSpec) -> bool:
        """Whether the field is asked of such a party."""
        return not spec.of or self.kind in spec.of

    def requires(self, spec: FieldSpec) -> bool:
        """Whether the file is incomplete without it."""
        if not self.asks(spec) or spec.required is Demand.NEVER:
            return False
        return spec.required is Demand.ALWAYS or self.is_enhanced


def kind_of(schema: str) -> PartyKind:
    """What a party of this schema is; what is neither person nor vessel is an organisation."""
    known = get_schema(schema)
    if known.is_a("Person"):
        return PartyKind.PERSON
    return PartyKind.VESSEL if known.is_a("Vessel") else PartyKind.ORGANISATION


@cache
def sections() -> tuple[Section, ...]:
    """All sections in their order."""
    return TypeAdapter(tuple[Section, ...]).validate_python(_read("sections.yml"))


@cache
def controls() -> Mapping[str, ControlTopic]:
    """The topics of public checklists by their ids."""
    return TypeAdapter(dict[str, ControlTopic]).validate_python(_read("controls.yml"))


@cache
def field_specs() -> Mapping[str, FieldSpec]:
    """Every field by its id."""
    return {spec.id: spec for section in sections() for spec in section.fields}


def field_spec(field_id: str) -> FieldSpec:
    """A field by its id. Raises RequestError naming those of its section where there is none."""
    found = field_specs().get(field_id)
    if found is None:
        near = field_id.partition(".")[0]
        known = [one for one in field_specs() if one.startswith(f"{near}.")]
        hint = ", ".join(known or (section.id for section in sections()))
        raise RequestError(f"A due-diligence file has no field {field_id!r}. There are: {hint}")
    return found


def _read(name: str) -> Any:
    return yaml.safe_load(files("tumen.cases.diligence").joinpath(name).read_text("utf-8"))
