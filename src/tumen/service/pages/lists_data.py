"""Published lists as the pages show them: how each fares, its versions, what was put aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from tumen.lists.registry import ListInfo, published_lists
from tumen.model.listing import CheckStatus, ListVersion
from tumen.model.watching import ListHealth, ListState
from tumen.service.pages.charts import Bar, Placed, columns
from tumen.service.problems import not_found
from tumen.store import Store
from tumen.store.quarantine import Quarantined
from tumen.store.work import Work
from tumen.watch.version_names import day_of

# A chart with more columns than this is a smear.
_MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list and how it fares. `age_days` counts from its publisher's date, or its retrieval."""

    list_id: str
    facts: ListInfo | None
    version: ListVersion | None
    age_days: int | None
    state: ListState | None
    is_stale: bool
    aside: int

    @property
    def title(self) -> str:
        """What its authority calls it."""
        return self.facts.title if self.facts else self.list_id

    @property
    def health(self) -> tuple[str, str]:
        """How it fares in words, and the tone of them."""
        if self.aside or (self.state and self.state.health is ListHealth.QUARANTINED):
            return "File put aside", "bad"
        if self.state and self.state.health is ListHealth.UNREACHABLE:
            return "Unreachable", "bad"
        if self.is_stale:
            return "Not seen for too long", "warn"
        if self.version is None:
            return "Not loaded", ""
        if self.version.is_starter:
            return "Starter list: not for a decision", "warn"
        return ("Good", "good") if self.state else ("Loaded by hand", "")


@dataclass(frozen=True, slots=True)
class Overview:
    """All lists: those that are loaded, those that could be, and the alarms.

    `strange` are files that were put aside and are of no list that we know.
    """

    loaded: tuple[ListRow, ...]
    others: tuple[ListRow, ...]
    strange: tuple[Quarantined, ...]

    @property
    def alarms(self) -> tuple[ListRow, ...]:
        """The lists that somebody must look at."""
        return tuple(row for row in self.loaded if row.health[1] == "bad" or row.is_stale)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a list: the one before it by day, and how many entries it has more."""

    version: ListVersion
    is_current: bool
    before_id: str
    growth: int | None

    @property
    def warnings(self) -> int:
        """How many of its checks did not simply pass."""
        return sum(check.status is not CheckStatus.PASSED for check in self.version.checks)


@dataclass(frozen=True, slots=True)
class OneList:
    """One list: its versions, newest first, the one looked at, and what became of its files."""

    row: ListRow
    versions: tuple[VersionRow, ...]
    chosen: VersionRow | None
    chart: tuple[Placed, ...]
    aside: tuple[Quarantined, ...]
    resolved: tuple[Quarantined, ...]


def overview(store: Store, now: datetime) -> Overview:
    """How all lists fare."""
    with store.reading() as work:
        rows = _rows(work, now)
        strange = tuple(one for one in work.quarantine.all() if not one.list_id)
    loaded = tuple(row for row in rows if row.version or row.state or row.aside)
    others = tuple(row for row in rows if row not in loaded)
    return Overview(loaded, others, strange)


def one_list(store: Store, list_id: str, version_id: str, now: datetime) -> OneList:
    """One list with its versions. Raises ProblemError where nobody knows it."""
    with store.reading() as work:
        found = [row for row in _rows(work, now) if row.list_id == list_id]
        if not found:
            raise not_found(f"list {list_id!r}")
        versions = sorted(work.lists.versions(list_id), key=day_of)
        every = [one for one in work.quarantine.all(open_only=False) if one.list_id == list_id]
    (row,) = found
    rows = _version_rows(versions, row.version.version_id if row.version else "")
    chosen = next((one for one in rows if one.version.version_id == version_id), None)
    if version_id and chosen is None:
        raise not_found(f"version {version_id!r} of {list_id}")
    usual = next((one for one in rows if one.is_current), None)
    return OneList(
        row,
        rows,
        chosen or usual,
        tuple(columns(_bar(one, chosen or usual) for one in rows[:_MOST_COLUMNS][::-1])),
        tuple(one for one in every if one.resolved_at is None),
        tuple(one for one in every if one.resolved_at is not None)[::-1],
    )


def _rows(work: Work, now: datetime) -> list[ListRow]:
    registry = published_lists()
    versions = {version.list_id: version for version in work.lists.current_versions()}
    states = {state.list_id: state for state in work.list_states.all()}
    limits = registry.stale_limits(states)
    aside = [one.list_id for one in work.quarantine.all()]
    known = [info.id for info in registry if not info.holds_any_list]
    found = []
    for list_id in dict.fromkeys([*known, *versions, *states, *filter(None, aside)]):
        version, state = versions.get(list_id), states.get(list_id)
        found.append(
            ListRow(
                list_id,
                registry.get(list_id) if list_id in registry else None,
                version,
                (now.date() - day_of(version)).days if version else None,
                state,
                state is not None and state.is_stale(limits.get(list_id), now),
                aside.count(list_id),
            )
        )
    return found


def _version_rows(versions: Sequence[ListVersion], current_id: str) -> tuple[VersionRow, ...]:
    """The versions with what came before each, newest first."""
    rows = []
    for before, version in zip([None, *versions], versions, strict=False):
        growth = version.entries - before.entries if before else None
        before_id = before.version_id if before else ""
        is_current = version.version_id == current_id
        rows.append(VersionRow(version, is_current, before_id, growth))
    return tuple(rows[::-1])


def _bar(row: VersionRow, chosen: VersionRow | None) -> Bar:
    version = row.version
    address = f"/desk/lists/{quote(version.list_id, safe='')}"
    return Bar(
        f"{day_of(version)}",
        version.entries,
        f"{address}?version={quote(version.version_id, safe='')}#version",
        "two" if row is chosen else "one",
        "in use" if row.is_current else "",
    )
