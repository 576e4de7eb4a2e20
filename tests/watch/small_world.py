"""Two invented lists in a format of their own, a server for them, and a clock that is set.

A file is JSON: {"invented": LIST, "published_on": DAY, "entries": [[id, name, born], ...]}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from tumen.errors import SourceError
from tumen.lists.fetch import Patience, fetch
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.registry import ListInfo, Registry
from tumen.model.entity import Entity
from tumen.model.listing import Designation, ListedName, ListEntry
from tumen.model.watching import BookVersion, Party
from tumen.screening.policy import Policy
from tumen.screening.standing import Watchpost
from tumen.store import Store
from tumen.watch.delta import delta_between
from tumen.watch.points import Checkpoint, pass_by
from tumen.watch.report import RunReport
from tumen.watch.rescreening import rescreen_book
from tumen.watch.run import Desk, Parts, Plan, watch_once
from tumen.watch.steps import Run

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
HASTY = Patience(
    attempts=1, wait_seconds=0.0, timeout_seconds=0.5, total_seconds=2.0, max_bytes=10_000_000
)
_FACTS: dict[str, Any] = {
    "authority": "Invented Authority",
    "jurisdiction": "xx",
    "description": "An invented list.",
    "formats": ["json"],
    "licence": "Public domain",
    "update_schedule": "Daily",
    "guard": {"min_entries": 2, "max_removed_percent": 20, "max_removed_entries": 2},
    "expected": {"entries": [2, 1000], "fill": {"name": 0.9}},
    "id_field": "id",
    "stale_after_hours": 24,
}


# Unlike one another, so that who is meant is plain.
_FIRST = ("Anselm", "Birgitta", "Casimir", "Dorothea", "Eberhard", "Filomena", "Gunther")
_LAST = (
    "Quandorvik", "Bellaxoni", "Trzymontek", "Hoffenwald", "Okarumbe", "Vyshnedub", "Szilagorany",
    "Mactavendish", "Puertocelo", "Yamashigure", "Dlaminthula", "Christofanous", "Ferruzzolani",
    "Grebenshchuk", "Nakhimovets", "Ploughwright", "Xiquinhobar", "Zubizarranga", "Waldgruber",
    "Ettingshaus", "Juvonlahti", "Kopperschmied", "Rasmuglia",
)  # fmt: skip


class InventedReader:
    """Reads the lists of this module."""

    def __init__(self, list_id: str) -> None:
        self.list_id = list_id

    def recognise(self, file: SourceFile) -> str | None:
        """`json` where the file says that it is this list."""
        return "json" if file.head.startswith(_start(self.list_id)) else None

    def parse(self, files: Sequence[SourceFile]) -> ParsedList:
        """All entries; raises SourceError where the JSON is cut."""
        try:
            data = json.loads(files[0].data)
        except json.JSONDecodeError as error:
            raise SourceError("The JSON is cut", where=files[0].name) from error
        entries = [_entry(self.list_id, *row) for row in data["entries"]]
        return ParsedList(self.list_id, "json", date.fromisoformat(data["published_on"]), entries)


def _start(list_id: str) -> bytes:
    return f'{{"invented": "{list_id}"'.encode()


def _entry(list_id: str, key: str, name: str, born: str) -> ListEntry:
    properties = {"name": (name,), "birthDate": (born,), "programId": ("TEST",)}
    entity = Entity(f"{list_id}:{key}", "Person", properties)
    named, designations = (ListedName(name),), (Designation("Invented Authority", "TEST"),)
    return ListEntry(entity, named, designations, file="list.json", locator=f"id {key}")


def list_bytes(
    list_id: str, entries: Mapping[str, tuple[str, str]], day: str = "2026-02-27"
) -> bytes:
    """A published file: entries by their key, each with name and day of birth."""
    rows = [[key, name, born] for key, (name, born) in entries.items()]
    return json.dumps({"invented": list_id, "published_on": day, "entries": rows}).encode()


def people(count: int, **others: tuple[str, str]) -> dict[str, tuple[str, str]]:
    """Invented entries, the same ones each time, and others by their key."""
    made = {
        f"p{number}": (
            f"{_FIRST[number % len(_FIRST)]} {_LAST[number % len(_LAST)]}",
            f"19{40 + number % 50}-03-0{1 + number % 9}",
        )
        for number in range(count)
    }
    return {**made, **others}


def registry_of(addresses: Mapping[str, str]) -> Registry:
    """A registry of invented lists with these addresses (empty: none)."""
    infos = {}
    for list_id, url in addresses.items():
        urls = [{"format": "json", "url": url, "files": ["list.json"]}] if url else []
        facts = {**_FACTS, "id": list_id, "title": f"List {list_id.capitalize()}", "urls": urls}
        infos[list_id] = ListInfo.model_validate(facts)
    return Registry(infos, InventedReader)


@dataclass
class World:
    """A store and its surroundings, in which runs are made at an hour that is set."""

    folder: Path
    store: Store
    registry: Registry
    now: datetime = START
    parts: dict[str, Any] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    checkpoint: Checkpoint = pass_by
    policy: Policy = field(default_factory=Policy)

    def run(self, **plan: Any) -> RunReport:
        """One run over all lists with an address, or as `plan` says."""
        lists = [info for info in self.registry if info.has_address]
        given = {"aside": self.folder / "quarantine", "lists": lists, **self.plan, **plan}
        desk = Desk(self.store, self.registry, self.clock, "tester", checkpoint=self.checkpoint)
        return watch_once(desk, Plan(**given), Parts(**{**self._parts(), **self.parts}))

    def later(self, **passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**passed)

    def clock(self) -> datetime:
        """The hour that is set."""
        return self.now

    def _parts(self) -> dict[str, Any]:
        return {
            "fetch": self._fetch,
            "delta_between": delta_between,
            "rescreen": self._rescreen,
            "send": lambda _run: {},
        }

    def add_book(self, parties: Mapping[str, tuple[str, str]], book_id: str = "customers") -> None:
        """Import the next version of a book: party id → name and day of birth."""
        made = [
            Party(
                key,
                Entity(key, "Person", {"name": (name,), "birthDate": (born,)} if name else {}),
                ("berlin",),
            )
            for key, (name, born) in parties.items()
        ]
        with self.store.writing() as work:
            last = work.books.version(book_id)
            number = last.version + 1 if last else 1
            digest = sha256(repr(sorted(parties.items())).encode()).hexdigest()
            version = BookVersion(book_id, number, digest, self.now, len(made))
            work.books.add_version(version, made)

    def _rescreen(self, run: Run, book: BookVersion) -> None:
        post = Watchpost(self.store, self.folder / "snapshot", self.policy, "tester")
        rescreen_book(run, post, book)

    def _fetch(self, info: ListInfo) -> list[Path]:
        with httpx.Client() as client:
            return [
                one.path for one in fetch(info, self.folder / "published", client, patience=HASTY)
            ]
