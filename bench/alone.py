"""What is measured in a process of its own, so that nothing else weighs on it.

    python -m bench.alone TASK FOLDER …

prints one JSON object. The tasks: `build` (real lists, files to snapshot), `fill` (a million
names), `open`, `throughput`, `single`, `follow` (a book through the history of a list),
`million_parties` (one step of it against as many).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.data import ROOT

WORKERS = 2
WARM_UP, SINGLES = 100, 2_000
Figures = dict[str, float]


def run_alone(task: str, *arguments: object) -> Figures:
    """Run a task in a fresh process and hand back its figures."""
    command = [sys.executable, "-m", "bench.alone", task, *(str(one) for one in arguments)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: Figures = json.loads(done.stdout)
    return found


def _build(folder: str, which: str) -> Figures:
    started = time.perf_counter()
    from bench import lists
    from tumen.screening.snapshots import snapshot_from_files

    paths = lists.all_lists() if which == "all" else lists.un_and_ofac()
    snapshot = snapshot_from_files(paths)
    seconds = time.perf_counter() - started
    snapshot.save(Path(folder))
    meta = snapshot.meta
    return {"seconds": seconds, "entities": len(snapshot), "readings": int(meta["rows"])}


def _fill(folder: str, real: str) -> Figures:
    from bench.million import million
    from tumen.matching.snapshot import Snapshot

    snapshot = Snapshot.build(million(Snapshot.open(Path(real))))
    snapshot.save(Path(folder))
    return {"entities": len(snapshot), "readings": int(snapshot.meta["rows"])}


def _open(folder: str) -> Figures:
    started = time.perf_counter()
    from tumen import Screener

    Screener.open(folder)
    return {"seconds": time.perf_counter() - started}


def _throughput(folder: str, columns: str, count: str) -> Figures:
    from bench.memory import PeakMemory
    from bench.people import ordinary_people
    from tumen import Screener

    people = ordinary_people(whole=columns == "whole", count=int(count))
    screener = Screener.open(folder)
    with PeakMemory() as memory:
        used = _cpu_seconds()
        started = time.perf_counter()
        first = 0.0
        done = hits = 0
        for screening in screener.screen_many(people, workers=WORKERS):
            first = first or time.perf_counter()
            done += 1
            hits += screening.was_screened and any(hit.is_hit for hit in screening.hits)
        seconds = time.perf_counter() - started
    return {
        "rate": done / seconds,
        "had": (_cpu_seconds() - used) / (WORKERS * seconds),
        "start_seconds": first - started,
        "hits": 1000 * hits / done,
        "peak_bytes": memory.peak,
    }


def _cpu_seconds() -> float:
    """What this process and its ended children have used of the processor."""
    found = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in found)


def _single(folder: str) -> Figures:
    from bench.people import ordinary_people
    from tumen import Screener

    people = ordinary_people(whole=True, count=WARM_UP + SINGLES)
    screener = Screener.open(folder)
    times = []
    for person in people:
        started = time.perf_counter()
        screener.screen(person)
        times.append(time.perf_counter() - started)
    return quantiles(times[WARM_UP:])


def quantiles(times: list[float]) -> Figures:
    """The median, the 99th of a hundred and the longest, in milliseconds."""
    ordered = sorted(times)
    places = {"median": 0.5, "p99": 0.99}
    found = {name: 1000 * ordered[int(len(ordered) * q)] for name, q in places.items()}
    return {**found, "longest": 1000 * ordered[-1]}


def _follow(*arguments: str) -> Figures:
    from bench.rescreen import follow

    return follow(*arguments)


def _million_parties(*arguments: str) -> Figures:
    from bench.rescreen import rescreen_million

    return rescreen_million(*arguments)


_TASKS: dict[str, Callable[..., Figures]] = {
    "build": _build,
    "fill": _fill,
    "open": _open,
    "throughput": _throughput,
    "single": _single,
    "follow": _follow,
    "million_parties": _million_parties,
}


def main(arguments: list[str]) -> Any:
    """Run the task that the arguments name."""
    task, *rest = arguments
    return _TASKS[task](*rest)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))
