"""Rescreening: equal to screening the whole at every step of the list's history, and its speed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench import history
from bench.alone import WORKERS, Figures, run_alone
from bench.data import ROOT
from bench.memory import PeakMemory
from bench.report import Section, at_most, without_goal
from bench.run import Run
from tumen.model.watching import StandingHit, Trigger
from tumen.screening.books import import_book
from tumen.screening.party_index import book_index
from tumen.screening.policy import Policy
from tumen.screening.rescreen import rescreen
from tumen.screening.runs import Outcomes, make_run
from tumen.screening.snapshots import snapshot_of
from tumen.screening.standing import Watchpost, screen_portfolio
from tumen.store import Store

PARTIES, MILLION = 20_000, 1_000_000
# Every so many-th entry comes in the step that is measured.
_EACH = 30
_A_MOMENT = timedelta(seconds=1)


def every_step(run: Run) -> Section:
    """All versions of the history, the older half and the newer half in a process each."""
    folder = run.scratch / "history"
    versions = history.clone(folder)
    wanted = range(0, len(versions), 30) if run.is_quick else range(len(versions))
    steps = [str(step) for step in wanted]
    middle = len(steps) // 2
    parts = [steps[: middle + 1], steps[middle:]]
    started = [_start("follow", run.scratch / f"half{i}", folder, ",".join(part))
               for i, part in enumerate(parts)]  # fmt: skip
    halves = [json.loads(one.communicate()[0]) for one in started]
    figures = {name: sum(half[name] for half in halves) for name in halves[0]}
    count = figures["steps"]
    rows = (
        at_most("steps where the two differ", None, figures["different"], 0, ",.0f"),
        without_goal("steps", None, count, ",.0f"),
        without_goal("changes of standing hits in all", None, figures["changes"], ",.0f"),
        without_goal("parties screened a step, of the whole book", None, PARTIES, ",.0f"),
        without_goal("parties screened a step, incremental", None, figures["touched"] / count),
        without_goal("seconds a step, whole", None, figures["whole_seconds"] / count, ".2f"),
        without_goal("seconds a step, incremental", None, figures["seconds"] / count, ".2f"),
    )
    return Section("Rescreening, every version of OFAC's list 2021-2024", _STEPS_TEXT, rows)


_STEPS_TEXT = f"""\
{PARTIES:,} parties, half of them ordinary people, half listed parties and near-namesakes. At each
version one copy of the book is rescreened by what changed, another whole; their standing hits
must be the same to the letter. Seconds without the building of the list's snapshot, which both
share, one process for each half of the history.
"""


def million_parties(run: Run) -> Section:
    """Some 500 entries that come at once, against a million parties."""
    size = MILLION // 50 if run.is_quick else MILLION
    figures = run_alone("million_parties", run.scratch / "parties", size)
    rows = (
        at_most("rescreening (s)", None, figures["seconds"], 10, ".1f"),
        without_goal("entries that came or changed", None, figures["entries"], ",.0f"),
        without_goal("parties screened for it", None, figures["touched"], ",.0f"),
        without_goal("new hits", None, figures["opened"], ",.0f"),
        without_goal("parties", None, figures["parties"], ",.0f"),
        without_goal("building the index of the book, once (s)", None, figures["index"], ".0f"),
        without_goal("peak memory of building it (GB)", None, figures["peak_bytes"] / 1e9, ".1f"),
        without_goal("building the list's snapshot (s)", None, figures["snapshot"], ".1f"),
    )
    return Section("Rescreening a million parties, two cores", _MILLION_TEXT, rows)


_MILLION_TEXT = """\
OFAC's list of May 2024 after the same list without every 30th entry; a million invented ordinary
people by name alone. Timed from the call to the changes being kept, starting two processes
included; the index of the book and the snapshot of the new list are there already.
"""


def follow(folder: str, repository: str, steps: str) -> Figures:
    """Take one copy of a book through these steps by changes, another whole; compare."""
    place = Path(folder)
    versions = history.dated(Path(repository))
    chosen = [versions[int(step)] for step in steps.split(",")]
    post = _post(place, workers=1)
    entries = []
    for sample in (chosen[0], chosen[len(chosen) // 2], chosen[-1]):
        entries += history.parse(Path(repository), sample).entries
    parties = history.book(entries, PARTIES)
    figures = dict.fromkeys(
        ("steps", "different", "changes", "touched", "seconds", "whole_seconds"), 0.0
    )
    for number, version in enumerate(chosen):
        history.load(post.store, Path(repository), version)
        for book_id in ("changes", "whole"):
            import_book(post.store, book_id, parties, version.at)
        snapshot_of(post.store, post.place)
        started = time.perf_counter()
        found = rescreen(post, "changes", version.at + _A_MOMENT)
        between = time.perf_counter()
        screen_portfolio(post, "whole", version.at + _A_MOMENT)
        ended = time.perf_counter()
        is_same = _told(post.store, "changes") == _told(post.store, "whole")
        if not is_same:
            print(f"{version.at:%Y-%m-%d %H:%M}: different", file=sys.stderr)
        if number and found is not None:
            figures["steps"] += 1
            figures["different"] += not is_same
            figures["changes"] += sum(found.changes.counts.values())
            figures["touched"] += found.run.tally["subjects"]
            figures["seconds"] += between - started
            figures["whole_seconds"] += ended - between
            counts = {name: count for name, count in found.changes.counts.items() if count}
            print(
                f"{version.at:%Y-%m-%d}: {found.run.trigger}, {found.run.tally['subjects']:,} "
                f"parties in {between - started:.1f} s, whole {ended - between:.1f} s, {counts}, "
                f"{'the same' if is_same else 'DIFFERENT'}",
                file=sys.stderr,
                flush=True,
            )
    return figures


def rescreen_million(folder: str, size: str) -> Figures:
    """A step that brings every 30th entry of the last version, against so many parties."""
    place = Path(folder)
    versions = history.clone(place / "clone")
    post = _post(place, workers=WORKERS)
    store, last = post.store, versions[-1]
    begun = last.at - timedelta(days=1)
    parsed = history.parse(place / "clone", last)
    fewer = [entry for number, entry in enumerate(parsed.entries) if number % _EACH]
    history.keep(store, parsed._replace(content=parsed.content[::-1], entries=fewer), begun)
    snapshot = snapshot_of(store, post.place)
    import_book(store, "b", history.million_people(int(size)), begun)
    _pretend_screened(post, begun)
    with store.reading() as work:
        book = work.books.version("b")
    assert book is not None
    with PeakMemory() as memory:
        indexing = time.perf_counter()
        book_index(store, post.book_indexes, book, snapshot.basis, WORKERS)
        indexed = time.perf_counter() - indexing
    history.keep(store, parsed, last.at)
    building = time.perf_counter()
    snapshot_of(store, post.place)
    built = time.perf_counter() - building
    started = time.perf_counter()
    found = rescreen(post, "b", last.at + _A_MOMENT)
    seconds = time.perf_counter() - started
    assert found is not None
    return {
        "seconds": seconds,
        "entries": len(parsed.entries) - len(fewer),
        "touched": found.run.tally["subjects"],
        "opened": len(found.changes.opened),
        "parties": book.parties,
        "index": indexed,
        "peak_bytes": memory.peak,
        "snapshot": built,
    }


def _pretend_screened(post: Watchpost, at: datetime) -> None:
    """A kept screening that found nothing: to screen the whole first would take minutes."""
    with post.store.writing() as work:
        snapshot = snapshot_of(post.store, post.place)
        run = make_run(
            Outcomes(),
            at=at,
            trigger=Trigger.BOOK,
            actor=post.actor,
            versions=[one["version_id"] for one in snapshot.meta["versions"]],
            policy=post.policy,
            basis_hash=snapshot.basis_hash,
            book=work.books.version("b"),
        )
        work.screenings.add(run)


def _post(place: Path, workers: int) -> Watchpost:
    place.mkdir(parents=True, exist_ok=True)
    store = Store.open(f"sqlite:///{place}/tumen.db")
    return Watchpost(store, place / "snapshot", Policy(), "bench", workers)


def _told(store: Store, book_id: str) -> list[Any]:
    with store.reading() as work:
        return [_content(one) for one in work.hits.standing(book_id)]


def _content(one: StandingHit) -> tuple[Any, ...]:
    return one.party_id, one.hit, one.state, one.party_hash, one.entry_hash, one.note


def _start(task: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.alone", task, *(str(one) for one in arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
