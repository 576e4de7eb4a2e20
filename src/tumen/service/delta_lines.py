"""A delta as lines of operations on FollowTheMoney entities, as `delta_url` files of peers hold.

It lies in the service because an entry becomes several entities there (itself, its sanctions,
its relations), in the same way as the index does: whoever applies the lines to a full export
has what the next full export holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from tumen.model.listing import ListEntry, ListVersion
from tumen.service.sources.wire import iso_seconds, wires_of
from tumen.service.wire import INSTANTS, Wire

# Entries of the newer version by their ids.
Find = Callable[[Iterable[str]], Iterable[ListEntry]]


def delta_lines(
    before: Iterable[ListEntry],
    after: Iterable[ListEntry],
    version: ListVersion,
    topic: str,
    *,
    first_seen: Mapping[str, datetime] | None = None,
    find: Find = lambda _ids: (),
) -> Iterator[dict[str, Any]]:
    """The operations that lead from the entries `before` to those `after`, by entity id.

    Both hold only entries that differ. `find` gives entries that do not: a relation is there
    as long as one of its ends states it. `first_seen` is known of some ids; all others of
    `after` are seen for the first time in `version`.
    """
    list_id, at = version.list_id, version.retrieved_at
    known = first_seen or {}

    def wires(entries: Iterable[ListEntry]) -> dict[str, Wire]:
        found: dict[str, Wire] = {}
        for entry in entries:
            first = min(at, known.get(entry.entity.entity_id, at))
            seen = (iso_seconds(first), iso_seconds(at), iso_seconds(at))
            found.update((wire["id"], wire) for wire in wires_of(entry, list_id, topic, seen))
        return found

    old, new = wires(before), wires(after)
    moved = old.keys() ^ new.keys()
    others = {one for key in moved for one in _ends(old.get(key) or new[key])}
    stated = wires(find(sorted(others - old.keys() - new.keys()))) if others else {}
    for key in sorted(old.keys() | new.keys()):
        was = old.get(key) or stated.get(key)
        now = new.get(key) or stated.get(key)
        if now is None:
            yield {"op": "DEL", "entity": {"id": key}}
        elif was is None or _said(was) != _said(now):
            yield {"op": "ADD" if was is None else "MOD", "entity": now}


def _said(wire: Wire) -> Wire:
    """What an entity says, whenever it was seen."""
    return {slot: value for slot, value in wire.items() if slot not in INSTANTS}


def _ends(wire: Wire) -> Iterator[str]:
    """The ids that an entity's properties may name."""
    for values in wire["properties"].values():
        yield from (value for value in values if ":" in value)
