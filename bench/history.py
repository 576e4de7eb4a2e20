"""The dated versions of OFAC's list, and a book of parties of whom many are or were on it."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench import people
from bench.data import DATA, found
from tumen.lists.bundle import content_hash
from tumen.lists.reader import SourceFile
from tumen.lists.registry import published_lists
from tumen.model.entity import Entity
from tumen.model.listing import ListEntry, ListVersion
from tumen.screening.subject import Subject
from tumen.store import Store

LIST = "us_ofac_sdn"
BUNDLE = DATA / "ofac/sdn_csv_history.bundle"


class Dated(NamedTuple):
    """One version of the list in the clone: its commit, and when it was fetched."""

    commit: str
    at: datetime


def clone(folder: Path) -> list[Dated]:
    """Unpack the bundle to `folder`; the versions, oldest first. Raises MissingError."""
    _git("clone", "--quiet", "--bare", str(found(BUNDLE)), str(folder))
    return dated(folder)


def dated(folder: Path) -> list[Dated]:
    """The versions in a clone, oldest first."""
    lines = _git("-C", str(folder), "log", "--reverse", "--format=%H %cI").decode().splitlines()
    parted = (line.split() for line in lines)
    return [Dated(commit, datetime.fromisoformat(at).astimezone(UTC)) for commit, at in parted]


class Parsed(NamedTuple):
    """A version parsed: the hash of its file, its format and its entries."""

    content: str
    format: str
    entries: list[ListEntry]


def parse(folder: Path, version: Dated) -> Parsed:
    """Read one version from the clone."""
    data = _git("-C", str(folder), "show", f"{version.commit}:sdn.csv")
    files = [SourceFile("sdn.csv", data)]
    found = published_lists().reader(LIST).parse(files)
    return Parsed(content_hash(files), found.format, list(found.entries))


def load(store: Store, folder: Path, version: Dated) -> None:
    """Store one version of the history, and make it current."""
    keep(store, parse(folder, version), version.at)


def keep(store: Store, parsed: Parsed, at: datetime) -> None:
    """Store a version as retrieved at an instant, and make it current."""
    stored = ListVersion(
        LIST,
        parsed.content,
        parsed.format,
        at.date(),
        at,
        len(parsed.entries),
        sum(len(entry.names) for entry in parsed.entries),
        ("sdn.csv",),
    )
    if store.version(stored.version_id) is None:
        store.add_version(stored, parsed.entries)
    else:
        store.set_current(stored.version_id, at)


def book(entries: Iterable[ListEntry], size: int, seed: int = 1) -> list[Subject]:
    """A book: half of it ordinary people, half listed parties and near-namesakes of them."""
    chance = random.Random(seed)
    ordinary = people.ordinary_people(whole=True, count=size // 2)
    subjects = [Subject(Entity.from_mapping(one)) for one in ordinary]
    named = sorted({(one.entity.schema, name) for one in entries for name in one.entity.names})
    chosen = [named[chance.randrange(len(named))] for _ in range(size - len(subjects))]
    for number, (schema, name) in enumerate(chosen):
        text = name if number % 2 else _altered(name, chosen[number - 1][1], chance)
        subjects.append(Subject(Entity(f"near:{number}", schema, {"name": (text,)})))
    return subjects


def _altered(name: str, other: str, chance: random.Random) -> str:
    """A near-namesake: a slip of the pen, a word of another name, or the words turned round."""
    words = name.replace(",", " ").split()
    kind = chance.randrange(3)
    if kind == 0:
        place = chance.randrange(len(name))
        return name[:place] + chance.choice("aeilnrst") + name[place + 1 :]
    if kind == 1:
        words[chance.randrange(len(words))] = chance.choice(other.split())
    return " ".join([*words[1:], words[0]])


def million_people(size: int) -> Iterator[Subject]:
    """Ordinary people, as many as asked for: given names and family names dealt anew."""
    real: Sequence[dict[str, object]] = people.ordinary_people(whole=False)
    halves = [str(one["properties"]["name"][0]).rpartition(" ") for one in real]  # type: ignore[index]
    for number in range(size):
        place, turn = number % len(halves), number // len(halves)
        given = halves[place][0]
        family = halves[(place + 1 + 7 * turn) % len(halves)][2] if turn else halves[place][2]
        name = f"{given} {family}".strip()
        yield Subject(Entity(f"person:{number}", "Person", {"name": (name,)}))


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], check=True, stdout=subprocess.PIPE).stdout
