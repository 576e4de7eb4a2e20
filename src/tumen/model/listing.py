"""A list as published: its facts, its versions, and the entries with all that they state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tumen.model.entity import Entity


class NameKind(StrEnum):
    """What the authority calls a name."""

    PRIMARY = "primary"
    ALIAS = "alias"
    FORMER = "former"


class NameQuality(StrEnum):
    """The authority's own mark; a weak alias alone does not make a hit."""

    STRONG = "strong"
    WEAK = "weak"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of an entry. `script` is an ISO 15924 code (`Latn`, `Cyrl`, `Kore`), as found."""

    text: str
    kind: NameKind = NameKind.PRIMARY
    quality: NameQuality = NameQuality.UNSTATED
    script: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Designation:
    """The legal act that subjects an entry to measures under a programme.

    Dates are EDTF text, empty where the list states none. `measures` are in the
    authority's own words, `source_url` leads to the act where the list gives it.
    """

    authority: str
    programme: str
    legal_basis: str = ""
    listed_on: str = ""
    amended_on: str = ""
    ends_on: str = ""
    reason: str = ""
    measures: tuple[str, ...] = ()
    reference: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """What an entry says of its relation to another: owner, acting for, family, associate.

    `target_id` is an entity id of the same list where the list gives one, else empty and
    `target_name` says whom. `kind` is a FollowTheMoney interval schema (`Ownership`,
    `Directorship`, `Family`, `Associate`, `Representation`, `Membership`, `UnknownLink`);
    this entry is its subject: the owner in `Ownership`, the agent in `Representation`.
    With `is_inverse` the target is the subject instead.
    """

    kind: str
    target_id: str
    target_name: str = ""
    role: str = ""
    is_inverse: bool = False


@dataclass(frozen=True, slots=True)
class SourceField:
    """Where one property value came from: the published field, and its text where we changed it."""

    prop: str
    value: str
    field: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One record of a list version as published, mapped to an entity.

    `locator` finds the record again in `file` (a row number or an element path with its id).
    `remarks` is the authority's free text, whole, also where we read fields from it.
    """

    entity: Entity
    names: tuple[ListedName, ...]
    designations: tuple[Designation, ...] = ()
    links: tuple[Link, ...] = ()
    remarks: str = ""
    file: str = ""
    locator: str = ""
    fields: tuple[SourceField, ...] = ()


class CheckStatus(StrEnum):
    """The outcome of one check of a list version."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One check made before a list version is accepted, in words."""

    name: str
    status: CheckStatus
    message: str


@dataclass(frozen=True, slots=True)
class ListVersion:
    """The exact state of a list as retrieved. Immutable; each screening names those it used.

    `version_id` is `<list_id>@<first 12 of content_hash>`. `content_hash` is the SHA-256 over
    the published bytes of its files. `is_starter` marks the pack that comes with the software.
    """

    list_id: str
    content_hash: str
    format: str
    published_on: date | None
    retrieved_at: datetime
    entries: int
    names: int
    files: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    is_starter: bool = False

    @property
    def version_id(self) -> str:
        """The short, stable name of this version."""
        return f"{self.list_id}@{self.content_hash[:12]}"


def entry_to_dict(entry: ListEntry) -> dict[str, Any]:
    """A list entry as plain JSON-ready data; `entry_from_dict` reads it back."""
    return {
        "entity": entry.entity.to_dict(),
        "names": [
            [n.text, n.kind.value, n.quality.value, n.script, n.language] for n in entry.names
        ],
        "designations": [
            {
                slot: (list(value) if isinstance(value, tuple) else value)
                for slot in Designation.__slots__
                if (value := getattr(d, slot))
            }
            for d in entry.designations
        ],
        "links": [[k.kind, k.target_id, k.target_name, k.role, k.is_inverse] for k in entry.links],
        "remarks": entry.remarks,
        "file": entry.file,
        "locator": entry.locator,
        "fields": [[f.prop, f.value, f.field, f.raw] for f in entry.fields],
    }


def entry_from_dict(data: Mapping[str, Any]) -> ListEntry:
    """Read back what `entry_to_dict` wrote."""
    entity = data["entity"]
    properties = {name: tuple(values) for name, values in entity["properties"].items()}
    return ListEntry(
        Entity(entity["id"], entity["schema"], properties),
        tuple(
            ListedName(text, NameKind(kind), NameQuality(quality), script, language)
            for text, kind, quality, script, language in data["names"]
        ),
        tuple(
            Designation(
                **{"authority": "", "programme": "", **d, "measures": tuple(d.get("measures", ()))}
            )
            for d in data["designations"]
        ),
        tuple(Link(*row) for row in data["links"]),
        data["remarks"],
        data["file"],
        data["locator"],
        tuple(SourceField(*row) for row in data["fields"]),
    )
