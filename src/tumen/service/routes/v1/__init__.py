"""Our own API, one file per capability; each has a `router`, and stands in the list here."""

from __future__ import annotations

from fastapi import APIRouter

from tumen.service.routes.v1 import (
    audit,
    compare,
    deltas,
    entities,
    events,
    health,
    hits,
    jobs,
    lists,
    subscriptions,
    users,
)

router = APIRouter()
for _one in (
    compare,
    entities,
    lists,
    deltas,
    hits,
    events,
    subscriptions,
    jobs,
    audit,
    users,
    health,
):
    router.include_router(_one.router)
