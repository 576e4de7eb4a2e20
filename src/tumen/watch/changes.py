"""What became of the lists since a run last looked: told once, whoever loaded the versions.

The newest "list changed" event of a list names the version that was seen. What is current by
now may have been loaded by this run, by one that was killed, or by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from tumen.model.delta import Delta
from tumen.model.listing import ListVersion
from tumen.model.watching import EventKind
from tumen.store import Store
from tumen.store.work import Work
from tumen.watch.events import change_counts, change_line, list_changed, list_stale
from tumen.watch.states import stale
from tumen.watch.steps import Found, Run

DIFF, AGES = "diff", "ages"
# The delta from one stored version to another.
DeltaBetween = Callable[[Store, str, str], Delta]


def tell_changes(run: Run, delta_between: DeltaBetween) -> None:
    """Compare each current version with the one last seen; one step for each that is new."""
    for version in run.store.current_versions():
        with run.store.reading() as work:
            seen = version_seen(work, version.list_id)
        if seen != version.version_id:
            find = partial(_compare, run, version, seen, delta_between)
            run.once(DIFF, version.version_id, find)


def version_seen(work: Work, list_id: str) -> str:
    """The id of the version that was current when a run last looked; empty for none."""
    found = work.outbox.events(kinds=(EventKind.LIST_CHANGED,), list_id=list_id, limit=1)
    return str(found[0].data["after_id"]) if found else ""


def _compare(run: Run, version: ListVersion, seen: str, delta_between: DeltaBetween) -> Found:
    run.tell(f"{version.list_id}: comparing with the version before")
    # Of a first version every entry is new: that is the version itself.
    if seen:
        delta = delta_between(run.store, seen, version.version_id)
    else:
        delta = Delta(version.list_id, "", version.version_id, ())
    title = run.registry.get(version.list_id).title if version.list_id in run.registry else ""
    at = run.clock()
    detail = {
        "list_id": version.list_id,
        "before_id": seen,
        "after_id": version.version_id,
        "line": change_line(delta, version),
        "counts": change_counts(delta, version),
    }
    facts = {"entries": version.entries, "before_id": seen}
    taken = run.entry("list version in use", version.version_id, facts)
    return Found(
        detail,
        [list_changed(delta, version, title, at)],
        audit=[taken],
        also=partial(_keep, delta=delta, at=at),
    )


def _keep(work: Work, *, delta: Delta, at: datetime) -> None:
    if delta.before_id:
        work.deltas.add(delta, at)


def tell_stale(run: Run) -> None:
    """Raise an alarm for each list that nobody has had a good look at for too long."""
    run.once(AGES, "", partial(_stale, run))


def _stale(run: Run) -> Found:
    now = run.clock()
    with run.store.reading() as work:
        states = work.list_states.all()
    stale_after_hours = run.registry.stale_limits(state.list_id for state in states)
    found = stale(states, stale_after_hours, now)
    events = [
        list_stale(
            state,
            stale_after_hours[state.list_id],
            run.store.current_version(state.list_id),
            now,
        )
        for state in found
    ]
    return Found({"stale": [state.list_id for state in found]}, events)
