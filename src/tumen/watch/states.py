"""How a list fares after an attempt to renew it, and what answers say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tumen.lists.ingest import version_to_dict
from tumen.lists.registry import Registry
from tumen.model.listing import ListVersion
from tumen.model.watching import ListHealth, ListState
from tumen.screening.versions import read_versions, state_notes
from tumen.store.work import Work


def renewed(list_id: str, at: datetime) -> ListState:
    """After a good look at the publisher, whether anything was new there or not."""
    return ListState(list_id, ListHealth.GOOD, at, at)


def not_renewed(
    health: ListHealth,
    list_id: str,
    message: str,
    at: datetime,
    before: ListState | None,
    current: ListVersion | None,
) -> ListState:
    """After an attempt that failed: the last good look stays what it was.

    A list that was never watched was last seen when its `current` version was retrieved.
    """
    if before is not None:
        succeeded_at = before.succeeded_at
    else:
        succeeded_at = current.retrieved_at if current is not None else None
    return ListState(list_id, health, at, succeeded_at, message)


def stale(
    states: Iterable[ListState], stale_after_hours: Mapping[str, int], now: datetime
) -> list[ListState]:
    """The lists whose publisher was last seen longer ago than they may go unseen."""
    return [one for one in states if one.is_stale(stale_after_hours.get(one.list_id), now)]


def list_notes(work: Work, registry: Registry, now: datetime) -> tuple[str, ...]:
    """What every answer of a store says of its lists that could not be renewed."""
    versions = read_versions(version_to_dict(one) for one in work.lists.current_versions())
    limits = registry.stale_limits(version.list_id for version in versions)
    return state_notes(work.list_states.all(), versions, now, limits)
