"""An entry over all stored versions of its list: when it came, changed and left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tumen.model.delta import Materiality
from tumen.model.field_changes import field_changes
from tumen.model.listing import ListVersion
from tumen.service.pages.list_diff_data import FieldRow
from tumen.store.work import Work
from tumen.watch.delta_report import field_label, shortened
from tumen.watch.version_names import day_of

CAME, CHANGED, LEFT, AGAIN = "came", "changed", "left", "came again"
# An entry that changed more often is read in the differences of the list.
_MOST = 40


@dataclass(frozen=True, slots=True)
class Event:
    """What became of an entry in one version. `before_id` is the version before it."""

    kind: str
    version: ListVersion
    before_id: str
    fields: tuple[FieldRow, ...] = ()

    @property
    def day(self) -> date:
        """The day of the version."""
        return day_of(self.version)

    @property
    def is_material(self) -> bool:
        """Whether anybody has to look at it."""
        return self.kind != CHANGED or any(one.is_material for one in self.fields)


@dataclass(frozen=True, slots=True)
class History:
    """The events of an entry, newest first, and in how many versions of how many it stands."""

    events: tuple[Event, ...]
    holding: int
    versions: int


def history_of(work: Work, entity_id: str, list_id: str) -> History:
    """What became of an entry, as far as versions of its list are stored."""
    versions = sorted(work.lists.versions(list_id), key=day_of)
    hashes = work.lists.content_hashes(entity_id)
    turns = _turns(versions, hashes)[-_MOST:]
    events = [_event(work, entity_id, *turn) for turn in turns]
    holding = sum(one.version_id in hashes for one in versions)
    return History(tuple(events[::-1]), holding, len(versions))


_Turn = tuple[str, ListVersion, ListVersion | None]


def _turns(versions: Sequence[ListVersion], hashes: Mapping[str, str]) -> list[_Turn]:
    """(what happened, version, the one before), wherever anything did."""
    found: list[_Turn] = []
    before: ListVersion | None = None
    for version in versions:
        old = hashes.get(before.version_id) if before else None
        new = hashes.get(version.version_id)
        if new is not None and old is None:
            found.append((AGAIN if found else CAME, version, before))
        elif old is not None and new != old:
            found.append((LEFT if new is None else CHANGED, version, before))
        before = version
    return found


def _event(
    work: Work, entity_id: str, kind: str, version: ListVersion, before: ListVersion | None
) -> Event:
    before_id = before.version_id if before else ""
    if kind != CHANGED:
        return Event(kind, version, before_id)
    (old,) = work.lists.entries_by_id(before_id, [entity_id])
    (new,) = work.lists.entries_by_id(version.version_id, [entity_id])
    fields = [
        FieldRow(
            field_label(new.entity.schema, one.field),
            *shortened(one),
            one.materiality is Materiality.MATERIAL,
        )
        for one in field_changes(old, new)
    ]
    return Event(kind, version, before_id, tuple(fields))
