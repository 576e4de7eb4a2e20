"""One file per capability; each has a `router`, and stands in the list here."""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI

from tumen.model.access import Permission
from tumen.service.access.permissions import OpenToAll, Requires
from tumen.service.routes import (
    algorithms,
    catalog,
    docs,
    entities,
    match,
    reconcile,
    search,
    status,
    watchman,
)

ROUTERS = (
    match.router,
    search.router,
    entities.router,
    catalog.router,
    algorithms.router,
    docs.router,
    status.router,
    reconcile.router,
    watchman.searching,
    watchman.reading,
    watchman.administering,
    watchman.pinging,
)

# What these routers ask of their callers; all others ask for permission to read.
SCREENING = (match.router, reconcile.router, watchman.searching)
ADMINISTERING = (watchman.administering,)
OPEN = (status.router, watchman.pinging)


def include_all(app: FastAPI) -> None:
    """Give the app every route."""
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(_need_of(router))])


def _need_of(router: APIRouter) -> Requires | OpenToAll:
    if any(router is one for one in OPEN):
        return OpenToAll("it tells whether the service lives, or has a token of its own")
    if any(router is one for one in ADMINISTERING):
        return Requires(Permission.ADMINISTER)
    does_screen = any(router is one for one in SCREENING)
    return Requires(Permission.SCREEN if does_screen else Permission.READ)
