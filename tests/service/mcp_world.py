"""A small store with a history, and a clock that stands still, for the tests of the tools."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from tumen.model.entity import Entity
from tumen.model.listing import (
    Designation,
    Link,
    ListedName,
    ListEntry,
    ListVersion,
    NameKind,
    NameQuality,
    SourceField,
)
from tumen.screening.policy import Policy
from tumen.service.mcp.desk import Desk
from tumen.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(key: str, schema: str, programme: str = "DPRK", **properties: str) -> ListEntry:
    """An invented entry of the list `toy`."""
    entity = Entity(f"toy:{key}", schema, {name: (value,) for name, value in properties.items()})
    names = (ListedName(properties["name"]),)
    return ListEntry(
        entity,
        names,
        (Designation("Toy Authority", programme, listed_on="2017", measures=("asset freeze",)),),
        remarks="An invented remark.",
        file="toy.csv",
        locator=f"row {key}",
        fields=(SourceField("name", properties["name"], "Name", properties["name"].upper()),),
    )


KIM = replace(
    entry("kim", "Person", name="Kim Yong Invented", birthDate="1965-03-01", nationality="kp"),
    links=(Link("Ownership", "toy:ship", "Dream Of Invention"),),
)
SHIP = entry("ship", "Vessel", name="Dream Of Invention", imoNumber="9179842", flag="kp")
TRADE = entry("trade", "Company", name="Invented Ryonbong Trading", country="kp")
RENAMED = replace(
    entry("trade", "Company", "RUSSIA", name="Invented Ryonbong Trading", country="kp"),
    names=(
        ListedName("Invented Ryonbong Trading"),
        ListedName("Ryonbong Imports", NameKind.ALIAS, NameQuality.WEAK),
    ),
)
GONE = entry("gone", "Person", name="Pak Departed Invented")
VERSIONS = (
    ("a", date(2026, 2, 1), [KIM, TRADE, GONE]),
    ("b", date(2026, 2, 10), [KIM, replace(TRADE, remarks="Reworded."), SHIP]),
    ("c", date(2026, 2, 20), [KIM, RENAMED, SHIP]),
)


def add_version(store: Store, mark: str, day: date, entries: Iterable[ListEntry]) -> None:
    """One more version of the list `toy`."""
    kept = list(entries)
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    store.add_version(
        ListVersion("toy", mark * 64, "csv", day, at, len(kept), len(kept), ("toy.csv",)), kept
    )


def fill(url: str) -> None:
    """Three versions of one list."""
    with Store.open(url) as store:
        for mark, day, entries in VERSIONS:
            add_version(store, mark, day, entries)


def desk_over(url: str, folder: Path, policy: Policy | None = None) -> Desk:
    """A desk whose day is 1 March 2026."""
    return Desk(url, folder, policy or Policy(), lambda: NOW)
