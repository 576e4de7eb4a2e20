"""Who was on a list before: the ids of its earlier versions, and the entries that left it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tumen.model.delta import ChangeKind
from tumen.model.listing import ListEntry
from tumen.watch.version_names import versions_by_day

if TYPE_CHECKING:
    from tumen.store import Store

# How many kept deltas are looked through for parties that left.
_PAST_DELTAS = 400


def earlier_ids(store: Store, version_id: str) -> list[str]:
    """The ids of the versions of the same list up to this one, by day."""
    list_id = version_id.partition("@")[0]
    ids = [version.version_id for version in versions_by_day(store, list_id)]
    return ids[: ids.index(version_id) + 1]


def known_before(
    store: Store, entity_ids: Collection[str], version_ids: Collection[str]
) -> set[str]:
    """Which of the ids stood in any of these versions."""
    if not entity_ids:
        return set()
    earlier = set(version_ids)
    holding = store.versions_holding(entity_ids)
    return {entity_id for entity_id, ids in holding.items() if not earlier.isdisjoint(ids)}


def departed(store: Store, list_id: str, version_ids: Sequence[str]) -> Iterator[ListEntry]:
    """The entries that left a list by the last of these versions, as they last stood.

    As far as deltas between these versions were kept.
    """
    if len(version_ids) < 2:
        return
    with store.reading() as work:
        kept = work.deltas.find(list_id=list_id, limit=_PAST_DELTAS)
    earlier, seen = set(version_ids), set[str]()
    for _, delta in kept:
        if delta.after_id in earlier and delta.before_id in earlier:
            left = [one.entity_id for one in delta.of_kind(ChangeKind.REMOVED)]
            yield from _last_seen(store, delta.before_id, left, seen)


def _last_seen(
    store: Store, version_id: str, entity_ids: Iterable[str], seen: set[str]
) -> Iterator[ListEntry]:
    fresh = [entity_id for entity_id in entity_ids if entity_id not in seen]
    seen.update(fresh)
    if fresh:
        yield from store.entries_by_id(version_id, fresh)
