"""One file per capability; each has a `router`, and stands in the list here."""

from __future__ import annotations

from fastapi import FastAPI

from tumen.service.routes import algorithms, match, status

ROUTERS = (match.router, status.router, algorithms.router)


def include_all(app: FastAPI) -> None:
    """Give the app every route."""
    for router in ROUTERS:
        app.include_router(router)
