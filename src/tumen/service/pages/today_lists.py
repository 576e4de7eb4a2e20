"""How fresh the lists are, and what changed in them, for the first page of the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode
from weakref import WeakKeyDictionary

from tumen.lists.registry import published_lists
from tumen.model.watching import Event, EventKind
from tumen.service.pages.charts import Bar
from tumen.service.pages.lists_data import ListRow, overview
from tumen.store import Store
from tumen.store.work import Work

CHANGES_SHOWN = 6
_MOST_EVENTS = 500
# The day of a change is its row on this page.
_HERE = "/desk/changes"
# Versions never change, so what lies between two of them is counted once for each store.
_COUNTED: WeakKeyDictionary[Store, dict[tuple[str, str], Mapping[str, int]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Change:
    """A list that changed: how many entries came, went and changed materially, and where to look.

    `before_id` is empty for a first version.
    """

    list_id: str
    title: str
    at: datetime
    added: int
    removed: int
    changed: int
    reworded: int
    before_id: str
    after_id: str

    @property
    def total(self) -> int:
        """How many entries somebody may have to look at."""
        return self.added + self.removed + self.changed

    @property
    def address(self) -> str:
        """The page of the difference; of a first version, that version."""
        here = f"/desk/lists/{quote(self.list_id, safe='')}"
        if not self.before_id:
            return f"{here}?{urlencode({'version': self.after_id})}"
        return f"{here}/diff?{urlencode({'from': self.before_id, 'to': self.after_id})}"


@dataclass(frozen=True, slots=True)
class Fresh:
    """A list and how it fares: its state in words with a tone, and its age in days."""

    row: ListRow

    @property
    def address(self) -> str:
        """The page of the list."""
        return f"/desk/lists/{quote(self.row.list_id, safe='')}"

    @property
    def entries(self) -> int:
        """How many entries are screened against."""
        return self.row.version.entries if self.row.version else 0


def fresh_lists(store: Store, now: datetime) -> tuple[Fresh, ...]:
    """The lists that are loaded or watched: what needs somebody first, then the oldest."""
    rank = {"bad": 0, "warn": 1}
    rows = sorted(
        overview(store, now).loaded,
        key=lambda row: (rank.get(row.health[1], 2), -(row.age_days or 0), row.list_id),
    )
    return tuple(Fresh(row) for row in rows)


def changes_since(store: Store, since: datetime) -> list[Change]:
    """What changed in the lists, the newest first.

    The watch has counted what it found; what was loaded by hand is counted here, once.
    """
    with store.reading() as work:
        events = work.outbox.events(since=since, kinds=[EventKind.LIST_CHANGED], limit=_MOST_EVENTS)
        told = {_pair(event): event.data["counts"] for event in events}
        counted = _COUNTED.setdefault(store, {})
        found = []
        for list_id, before_id, after_id, at in _turns(work):
            if at < since:
                continue
            counts = told.get((before_id, after_id)) or counted.get((before_id, after_id))
            if counts is None:
                counts = counted[before_id, after_id] = _count(work, before_id, after_id)
            found.append(_change(list_id, before_id, after_id, at, counts))
    return found[::-1]


def _turns(work: Work) -> Iterator[tuple[str, str, str, datetime]]:
    """List id, the version before (or none), the version after, and when it was taken over."""
    last: dict[str, str] = {}
    for list_id, version_id, at in work.lists.became_current():
        before_id = last.get(list_id, "")
        last[list_id] = version_id
        if before_id != version_id:
            yield list_id, before_id, version_id, at


def _pair(event: Event) -> tuple[str, str]:
    return str(event.data.get("before_id") or ""), str(event.data.get("after_id") or "")


def _count(work: Work, before_id: str, after_id: str) -> Mapping[str, int]:
    """How many entries came, went and changed; what of it is material nobody has told."""
    after = work.lists.entry_hashes(after_id)
    before = work.lists.entry_hashes(before_id) if before_id else {}
    both = before.keys() & after.keys()
    changed = sum(before[one] != after[one] for one in both)
    return {
        "added": len(after) - len(both),
        "removed": len(before) - len(both),
        "changed": changed,
        "changed_materially": changed,
    }


def _change(
    list_id: str, before_id: str, after_id: str, at: datetime, counts: Mapping[str, int]
) -> Change:
    registry = published_lists()
    return Change(
        list_id,
        registry.get(list_id).title if list_id in registry else list_id,
        at,
        counts["added"],
        counts["removed"],
        counts["changed_materially"],
        counts["changed"] - counts["changed_materially"],
        before_id,
        after_id,
    )


def changes_by_day(changes: Iterable[Change], now: datetime, days: int) -> list[Bar]:
    """A bar for each day up to today; first versions, where everything is new, do not count."""
    counts: dict[str, int] = defaultdict(int)
    for change in changes:
        if change.before_id:
            counts[f"{change.at:%Y-%m-%d}"] += change.total
    first = now - timedelta(days=days - 1)
    names = [f"{first + timedelta(days=number):%Y-%m-%d}" for number in range(days)]
    return [Bar(name, counts[name], f"{_HERE}?{urlencode({'day': name})}") for name in names]
