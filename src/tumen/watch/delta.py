"""What changed from one version of a list to the next, keyed by the publisher's own id.

`diff` is pure and compares any entries; `delta_between` reads from a store only the entries
that differ. Both give the same delta.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tumen.errors import RequestError
from tumen.model.delta import ChangeKind, Delta, EntryChange
from tumen.model.entity import get_schema
from tumen.model.field_changes import field_changes
from tumen.model.listing import ListEntry, ListVersion
from tumen.model.statements import PROGRAMME, statements_of
from tumen.watch.departed import departed, earlier_ids, known_before
from tumen.watch.relisting import relistings

if TYPE_CHECKING:
    from tumen.store import Store


def diff(
    before: Iterable[ListEntry],
    after: Iterable[ListEntry],
    *,
    list_id: str = "",
    before_id: str = "",
    after_id: str = "",
    departed: Iterable[ListEntry] = (),
    known_ids: Iterable[str] = (),
) -> Delta:
    """The changes from `before` to `after`, by entity id.

    `departed` are entries that had left the list earlier, `known_ids` all ids that earlier
    versions had: an added entry that is one of them is marked as listed again.
    """
    old = {entry.entity.entity_id: entry for entry in before}
    new = {entry.entity.entity_id: entry for entry in after}
    added = [entry for key, entry in new.items() if key not in old]
    removed = [entry for key, entry in old.items() if key not in new]
    away = [entry for entry in departed if entry.entity.entity_id not in old]
    again = relistings(added, [*removed, *away], known_ids)
    changes = [
        *(_came(entry, again) for entry in added),
        *(_change(ChangeKind.REMOVED, entry) for entry in removed),
        *_stayed(old, new),
    ]
    changes.sort(key=lambda change: change.entity_id)
    return Delta(list_id, before_id, after_id, tuple(changes))


def delta_between(store: Store, before_id: str, after_id: str) -> Delta:
    """The delta from one stored version of a list to another; no `before_id`: all is new.

    Raises RequestError where a version is not stored, or they are of two lists.
    """
    after = _version(store, after_id)
    if before_id and _version(store, before_id).list_id != after.list_id:
        raise RequestError(f"{before_id} and {after_id} are not versions of one list")
    old = store.entry_hashes(before_id) if before_id else {}
    new = store.entry_hashes(after_id)
    gone = [key for key, content in old.items() if new.get(key) != content]
    come = [key for key, content in new.items() if old.get(key) != content]
    added = [key for key in come if key not in old] if before_id else []
    earlier = earlier_ids(store, before_id) if added else []
    return diff(
        store.entries_by_id(before_id, gone) if gone else (),
        store.entries_by_id(after_id, come),
        list_id=after.list_id,
        before_id=before_id,
        after_id=after_id,
        departed=departed(store, after.list_id, earlier),
        known_ids=known_before(store, added, earlier),
    )


def _version(store: Store, version_id: str) -> ListVersion:
    version = store.version(version_id)
    if version is None:
        raise RequestError(
            f"There is no list version {version_id!r} in the store. "
            "See which there are with: tumen lists versions"
        )
    return version


def _came(entry: ListEntry, again: Mapping[str, str]) -> EntryChange:
    came = _change(ChangeKind.ADDED, entry)
    return replace(came, relisted_from=again.get(entry.entity.entity_id, ""))


def _stayed(old: Mapping[str, ListEntry], new: Mapping[str, ListEntry]) -> Iterator[EntryChange]:
    for key in old.keys() & new.keys():
        if fields := field_changes(old[key], new[key]):
            yield replace(_change(ChangeKind.CHANGED, new[key], old[key]), fields=fields)


def _change(kind: ChangeKind, entry: ListEntry, earlier: ListEntry | None = None) -> EntryChange:
    """A change without its fields. Who follows the old programme or country hears of it too."""
    both = [entry] if earlier is None else [entry, earlier]
    return EntryChange(
        kind,
        entry.entity.entity_id,
        entry.entity.schema,
        entry.entity.caption,
        programmes=_each_once(one for entry in both for one in _programmes(entry)),
        countries=_each_once(one for entry in both for one in _countries(entry)),
    )


def _programmes(entry: ListEntry) -> Iterable[str]:
    return statements_of(entry).get(PROGRAMME, ())


def _countries(entry: ListEntry) -> Iterator[str]:
    known = get_schema(entry.entity.schema).properties
    for name, values in entry.entity.properties.items():
        if name in known and known[name].type == "country":
            yield from values


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
