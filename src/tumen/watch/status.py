"""How the watch fares: the last run, who is at work, each list, and what waits for somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tumen.lists.registry import Registry
from tumen.model.listing import ListVersion
from tumen.model.watching import DeliveryStatus, HitState, ListState
from tumen.store import Store
from tumen.store.journal import WatchRun
from tumen.store.work import Work
from tumen.watch.states import stale


def watch_status(store: Store, registry: Registry, now: datetime) -> dict[str, Any]:
    """All of it as JSON-ready data, as of one instant."""
    with store.reading() as work:
        states = work.list_states.all()
        limits = registry.stale_limits(state.list_id for state in states)
        late = {state.list_id for state in stale(states, limits, now)}
        versions = {version.list_id: version for version in work.lists.current_versions()}
        by_list = {state.list_id: state for state in states}
        return {
            "at": now.isoformat(),
            "locks": work.locks.held(now),
            "runs": [_run(one) for one in work.journal.runs(limit=5)],
            "lists": [
                _list(list_id, by_list.get(list_id), versions.get(list_id), now)
                | {"is_stale": list_id in late}
                for list_id in sorted({*by_list, *versions})
            ],
            "quarantine": [
                {"quarantine_id": one.quarantine_id, "list_id": one.list_id, "reason": one.reason}
                for one in work.quarantine.all()
            ],
            "books": [_book(work, version.book_id) for version in work.books.books()],
            "notices": {
                status.value: len(work.outbox.deliveries(status=status, limit=10_000))
                for status in (DeliveryStatus.PENDING, DeliveryStatus.GIVEN_UP)
            },
        }


def _run(run: WatchRun) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "began_at": run.began_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "actor": run.actor,
        "status": run.status,
        "tally": dict(run.tally),
    }


def _list(
    list_id: str, state: ListState | None, version: ListVersion | None, now: datetime
) -> dict[str, Any]:
    published = version.published_on if version else None
    succeeded = state.succeeded_at if state else None
    return {
        "list_id": list_id,
        "state": state.health.value if state else "not watched",
        "message": state.message if state else "",
        "checked_at": state.checked_at.isoformat() if state else None,
        "succeeded_at": succeeded.isoformat() if succeeded else None,
        "version_id": version.version_id if version else None,
        "published_on": published.isoformat() if published else None,
        "age_days": (now.date() - published).days if published else None,
    }


def _book(work: Work, book_id: str) -> dict[str, Any]:
    counts = dict.fromkeys((state.value for state in HitState), 0)
    for one in work.hits.standing(book_id):
        counts[one.state.value] += 1
    last = work.screenings.find(book_id=book_id, limit=1)
    screened_at = last[0].screened_at.isoformat() if last else None
    return {"book_id": book_id, "screened_at": screened_at, "hits": counts}
