"""How many requests a second the service answers with all real lists, and what memory it takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench import lists, service
from bench.report import Row, Section, at_least, at_most, without_goal
from bench.run import Run

RATE, P99_MS, SECOND_WORKER_SHARE = 300, 60, 0.25


def serving(run: Run) -> Section:
    """Requests a second with one worker and with two."""
    home = _filled(run)
    seconds = service.SECONDS if not run.is_quick else 3
    one, two = (service.measure(home, workers, seconds=seconds) for workers in (1, 2))
    run.say(f"one worker: {one}")
    run.say(f"two workers: {two}")
    first, second = (worker["uss"] for worker in two["memory"])
    alone = one["memory"][0]["pss"]
    rows = (
        at_least("requests/s, one worker", None, one["rate"], RATE, ",.0f"),
        without_goal("median (ms)", None, one["p50_ms"], ".1f"),
        at_most("99th of 100 (ms)", None, one["p99_ms"], P99_MS, ".1f"),
        without_goal("processor time a request (ms)", None, one["cpu_ms"], ".2f"),
        _share("share of one core that the load took", one["generator_share"]),
        without_goal("requests/s, two workers", None, two["rate"], ",.0f"),
        without_goal("99th of 100 (ms), two workers", None, two["p99_ms"], ".1f"),
        _share("share of one core that the load took, two workers", two["generator_share"]),
        without_goal("memory of one worker (MB)", None, alone / 2**20, ",.0f"),
        at_most(
            "memory that a second worker has alone, of one worker's",
            None,
            min(first, second) / alone,
            SECOND_WORKER_SHARE,
            ".0%",
        ),
    )
    return Section("The service under load", _TEXT.format(lists=lists.describe()), rows)


_TEXT = f"""\
Lists: {{lists}}. {service.CLIENTS} clients on open connections, each asking for one party at a time
and again as soon as it is answered: every {service.EVERY_LISTED}th a listed person under an altered
name, the others ordinary people. The load comes from a process of its own on the same two cores;
what it took of them is told, as a second worker has only the rest. Memory is the proportional set
size for one worker, and for a second one what no other process shares.
"""


def _share(what: str, share: float) -> Row:
    return without_goal(what, None, share, ".0%")


def _filled(run: Run) -> Path:
    """A data directory whose store has all real lists, with their index made."""
    home = run.scratch / "home"
    environment = {**os.environ, "TUMEN_HOME": str(home)}
    command = [Path(sys.executable).with_name("tumen"), "lists", "load", *lists.all_lists()]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    run.say(f"lists loaded: exit {done.returncode}")
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return home
