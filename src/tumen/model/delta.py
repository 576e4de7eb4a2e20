"""The difference between two versions of one list, entry by entry and field by field."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    """What became of an entry. A removal is evidence of a delisting, not proof of one."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Materiality(StrEnum):
    """Whether a change can alter whom an entry means or what it forbids."""

    MATERIAL = "material"
    COSMETIC = "cosmetic"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one entry: the values that went and the values that came."""

    field: str
    gone: tuple[str, ...]
    come: tuple[str, ...]
    materiality: Materiality

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "field": self.field,
            "gone": list(self.gone),
            "come": list(self.come),
            "materiality": self.materiality.value,
        }


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What happened to one entry, by the publisher's own id.

    `fields` is empty for added and removed entries. `relisted_from` names the removed or
    earlier entry with the same strong identifier, where there is one.
    """

    kind: ChangeKind
    entity_id: str
    schema: str
    caption: str
    fields: tuple[FieldChange, ...] = ()
    programmes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    relisted_from: str = ""

    @property
    def is_material(self) -> bool:
        """Whether anybody has to look: additions and removals always count."""
        return self.kind is not ChangeKind.CHANGED or any(
            one.materiality is Materiality.MATERIAL for one in self.fields
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "kind": self.kind.value,
            "entity_id": self.entity_id,
            "schema": self.schema,
            "caption": self.caption,
            "is_material": self.is_material,
            "programmes": list(self.programmes),
            "countries": list(self.countries),
            "relisted_from": self.relisted_from,
            "fields": [one.to_dict() for one in self.fields],
        }


@dataclass(frozen=True, slots=True)
class Delta:
    """All changes from one list version to the next; `before_id` is empty for a first version."""

    list_id: str
    before_id: str
    after_id: str
    changes: tuple[EntryChange, ...]

    def of_kind(self, kind: ChangeKind) -> tuple[EntryChange, ...]:
        """The changes of one kind, in the order of their ids."""
        return tuple(one for one in self.changes if one.kind is kind)

    @property
    def material(self) -> tuple[EntryChange, ...]:
        """The changes that somebody has to look at."""
        return tuple(one for one in self.changes if one.is_material)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        counts = {kind.value: len(self.of_kind(kind)) for kind in ChangeKind}
        return {
            "list_id": self.list_id,
            "before_id": self.before_id,
            "after_id": self.after_id,
            "counts": {**counts, "material": len(self.material)},
            "changes": [one.to_dict() for one in self.changes],
        }
