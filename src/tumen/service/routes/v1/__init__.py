"""Our own API, one file per capability; each has a `router`, and stands in the list here."""

from __future__ import annotations

from fastapi import APIRouter

from tumen.service.routes.v1 import (
    audit,
    books,
    briefings,
    cases,
    compare,
    deltas,
    diligence,
    entities,
    events,
    evidence,
    health,
    help,
    hits,
    jobs,
    lists,
    policies,
    screen,
    screenings,
    subscriptions,
    suppressions,
    users,
    watch,
)

router = APIRouter()
for _one in (
    screen,
    compare,
    entities,
    books,
    screenings,
    evidence,
    hits,
    suppressions,
    cases,
    policies,
    diligence,
    help,
    briefings,
    lists,
    deltas,
    watch,
    events,
    subscriptions,
    jobs,
    audit,
    users,
    health,
):
    router.include_router(_one.router)
