"""The difference between two versions of a list, page by page, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tumen.lists.registry import published_lists
from tumen.model.delta import ChangeKind, Delta, EntryChange, FieldChange, Materiality
from tumen.model.entity import schemata
from tumen.model.listing import ListEntry, ListVersion
from tumen.model.vocabulary import schema_words
from tumen.service.routes.v1.shapes import title_of
from tumen.store import Store
from tumen.watch.delta_report import DeltaReport, Only, field_label, shortened

_ORDER = (ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED)
_MOST_NAMES, _MOST_FACTS = 4, 5


@dataclass(frozen=True, slots=True)
class DiffFilter:
    """Which changes are asked for; empty lets all through. `text` is part of a name or an id."""

    kind: str = ""
    weight: str = ""
    programme: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of an entry: what went and what came, long texts cut to what differs."""

    label: str
    gone: tuple[str, ...]
    come: tuple[str, ...]
    is_material: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One entry that changed, with its fields, or with what it says where it came or went."""

    change: EntryChange
    version_id: str
    kind_words: str
    fields: tuple[FieldRow, ...]
    names: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """A delta with all that holds of it as a whole; `changes` are those asked for, in order."""

    report: DeltaReport
    changes: tuple[EntryChange, ...]
    programmes: tuple[tuple[str, str], ...]


def diff_of(
    delta: Delta, before: ListVersion | None, after: ListVersion, wanted: DiffFilter
) -> Diff:
    """The changes of a delta that a filter lets through: what came, what went, what changed."""
    title = title_of(published_lists(), after.list_id) or after.list_id
    report = DeltaReport.of(delta, after, before, title)
    kinds = (Only(wanted.kind),) if wanted.kind else ()
    narrowed = report.only(kinds, (wanted.programme,) if wanted.programme else ())
    shown = [one for one in narrowed.changes if _is_wanted(one, wanted)]
    shown.sort(key=lambda one: (_ORDER.index(one.kind), not one.is_material, one.caption))
    programmes = {name for one in delta.changes for name in one.programmes}
    pairs = tuple((name, name) for name in sorted(programmes))
    return Diff(report, tuple(shown), pairs)


def change_rows(store: Store, diff: Diff, shown: Sequence[EntryChange]) -> list[ChangeRow]:
    """The changes of one page, ready to be read."""
    delta = diff.report.delta
    came = [one.entity_id for one in shown if one.kind is ChangeKind.ADDED]
    went = [one.entity_id for one in shown if one.kind is ChangeKind.REMOVED]
    entries = {**_entries(store, delta.after_id, came), **_entries(store, delta.before_id, went)}
    return [_row(one, delta, entries.get(one.entity_id)) for one in shown]


def _entries(store: Store, version_id: str, ids: Iterable[str]) -> Mapping[str, ListEntry]:
    wanted = list(ids)
    if not version_id or not wanted:
        return {}
    return {one.entity.entity_id: one for one in store.entries_by_id(version_id, wanted)}


def _is_wanted(change: EntryChange, wanted: DiffFilter) -> bool:
    if wanted.weight and change.is_material is not (wanted.weight == Materiality.MATERIAL.value):
        return False
    text = wanted.text.casefold()
    return text in change.caption.casefold() or text in change.entity_id.casefold()


def _row(change: EntryChange, delta: Delta, entry: ListEntry | None) -> ChangeRow:
    fields = [
        FieldRow(field_label(change.schema, one.field), *shortened(one), _is_material(one))
        for one in change.fields
    ]
    version_id = delta.before_id if change.kind is ChangeKind.REMOVED else delta.after_id
    names = [name.text for name in entry.names] if entry else []
    return ChangeRow(
        change,
        version_id,
        _words(change),
        tuple(fields),
        tuple(dict.fromkeys(one for one in names if one != change.caption))[:_MOST_NAMES],
        _facts(entry) if entry else (),
    )


def _is_material(one: FieldChange) -> bool:
    return one.materiality is Materiality.MATERIAL


def _words(change: EntryChange) -> str:
    if change.relisted_from:
        return "listed again"
    if change.kind is ChangeKind.CHANGED and not change.is_material:
        return "changed in form alone"
    return change.kind.value


def _facts(entry: ListEntry) -> tuple[tuple[str, str], ...]:
    """What tells an entry apart: the properties that its schema features, except names."""
    schema = schemata()[entry.entity.schema]
    found = []
    for name in schema_words(schema.name).featured:
        values = entry.entity.properties.get(name, ())
        if values and name not in ("name", "alias", "previousName"):
            label = schema.properties[name].label if name in schema.properties else name
            found.append((label, ", ".join(values[:3])))
    return tuple(found[:_MOST_FACTS])
