"""One run of the watch: renew the lists, tell what changed, screen the books again, send.

What is to be done is derived from the store, so a run that was killed at any point is taken up
by the next: it skips the steps that the journal has, and does anew the one that was cut off.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from tumen.errors import RequestError
from tumen.lists.registry import ListInfo, Registry
from tumen.model.watching import BookVersion
from tumen.store import Store
from tumen.watch.changes import AGES, DIFF, DeltaBetween, tell_changes, tell_stale
from tumen.watch.dropped import Drop, load_dropped
from tumen.watch.lock import Hold, holding
from tumen.watch.points import Checkpoint, pass_by
from tumen.watch.report import RunReport
from tumen.watch.sources import FETCH, INGEST, UNREACHABLE, Fetch, fetch_and_load
from tumen.watch.steps import RESCREEN, Clock, Detail, Run

# A run cut off longer ago is not taken up: its lists would be fetched no more. The next one
# finds what it left, since all is derived from the store.
TAKEN_UP_FOR = timedelta(hours=1)
ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is made of, each to be had from the outside.

    `fetch` brings the files of a list. `rescreen` brings one book up to date and says what came
    of it. `send` sends what is due and says how it went.
    """

    fetch: Fetch
    delta_between: DeltaBetween
    rescreen: Callable[[Run, BookVersion], None]
    send: Callable[[Run], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look at: lists to fetch, or a drop folder. Refused files go to `aside`."""

    aside: Path
    lists: Sequence[ListInfo] = ()
    drop: Drop | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a run works, for whom, and by which clock."""

    store: Store
    registry: Registry
    clock: Clock
    actor: str
    tell: Callable[[str], None] = lambda _text: None
    checkpoint: Checkpoint = pass_by


def watch_once(desk: Desk, plan: Plan, parts: Parts) -> RunReport:
    """One whole run under the lock; what it did, with what an interrupted one did before it.

    Raises BusyError where another run is under way, TumenError where it cannot go on: then it
    is taken up by the next.
    """
    with holding(desk.store, desk.clock) as hold:
        run, began_at = _begin(desk, hold)
        try:
            report = _steps(run, began_at, plan, parts)
        except OSError as error:
            raise RequestError(
                f"The run cannot go on: {error}. See to the disk and the rights of this user; "
                "the next run takes it up"
            ) from error
        _end(run, report)
        run.checkpoint("run: ended")
    return report


def _steps(run: Run, began_at: datetime, plan: Plan, parts: Parts) -> RunReport:
    waiting: list[Path] = []
    if plan.drop is not None:
        waiting = load_dropped(run, plan.drop, plan.aside)
    for info in plan.lists:
        fetch_and_load(run, info, parts.fetch, plan.aside)
    tell_changes(run, parts.delta_between)
    tell_stale(run)
    with run.store.reading() as work:
        books = work.books.books()
    for book in books:
        parts.rescreen(run, book)
    run.checkpoint("send: begins")
    run.hold_on()
    notices = parts.send(run)
    run.checkpoint("send: done")
    return _report(run, began_at, waiting, notices)


def _report(
    run: Run, began_at: datetime, waiting: Sequence[Path], notices: Mapping[str, int]
) -> RunReport:
    """What the journal says of this run, also of its part before an interruption."""
    with run.store.reading() as work:
        steps = work.journal.steps(run.run_id)
    found: dict[str, list[Detail]] = defaultdict(list)
    for one in steps:
        found[one.step].append(one.detail)
    failed = [one for one in found[FETCH] if one["status"] == UNREACHABLE]
    return RunReport(
        run_id=run.run_id,
        began_at=began_at,
        ended_at=run.clock(),
        lists=[*failed, *found[INGEST]],
        changes=found[DIFF],
        stale=[list_id for one in found[AGES] for list_id in one["stale"]],
        books=found[RESCREEN],
        waiting=[str(path) for path in waiting],
        notices=notices,
    )


def _begin(desk: Desk, hold: Hold) -> tuple[Run, datetime]:
    """Take up the run that was cut off, or begin a new one."""
    now = desk.clock()
    with desk.store.writing() as work:
        run_id, began_at = "", now
        if open_id := work.journal.open_run():
            began_at = next(one.began_at for one in work.journal.runs() if one.run_id == open_id)
            if now - began_at <= TAKEN_UP_FOR:
                run_id = open_id
            else:
                work.journal.end(open_id, now, ABANDONED, {})
        if not run_id:
            run_id, began_at = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}", now
            work.journal.begin(run_id, now, desk.actor)
    desk.checkpoint("run: begun")
    run = Run(
        run_id=run_id,
        actor=desk.actor,
        store=desk.store,
        registry=desk.registry,
        clock=desk.clock,
        tell=desk.tell,
        hold_on=hold.check,
        checkpoint=desk.checkpoint,
    )
    return run, began_at


def _end(run: Run, report: RunReport) -> None:
    now = run.clock()
    finished = run.entry(
        "watch run finished", run.run_id, {"status": report.status, **report.tally}
    )
    with run.store.writing() as work:
        work.audit.append(replace(finished, occurred_at=now))
        run.checkpoint("run: ending")
        work.journal.end(run.run_id, now, report.status, report.tally)
