"""Runs the service: in this process, or in several that share one index."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NoReturn

import uvicorn

from tumen.config import ServiceSettings
from tumen.model.entity import Entity
from tumen.service.app import create_app
from tumen.service.engine import Engine
from tumen.service.matching import Limits, find_matches
from tumen.service.pages.frame import read_templates
from tumen.service.refresh import build_current, generations_folder
from tumen.service.scopes import Dataset, Scope
from tumen.service.tidying import large_caches
from tumen.service.workers import listen, run_workers

# Names whose reading loads the tables of each culture.
_NAMES = (
    ("Person", "Mohammed Abdul Rahman al-Example"),
    ("Person", "Иван Петрович Примеров"),
    ("Person", "김예시"),
    ("Person", "王小明"),
    ("Company", "Example Trading Company Limited"),
    ("Vessel", "Example Star 7"),
)
# And so many names from all over the lists.
_LISTED = 300


def serve(settings: ServiceSettings, *, fd: int | None = None) -> None:
    """Answer in this process until told to stop, on a socket that is open already or a new one."""
    listening = listen(settings.host, settings.port) if fd is None else socket.socket(fileno=fd)
    engine = Engine(generations_folder(settings))
    read_templates()
    if engine.adopt():
        warm(engine)
    _run(settings, engine, listening)


def serve_with_workers(settings: ServiceSettings, count: int, options: Sequence[str]) -> NoReturn:
    """Answer in several processes; `options` are those of the command that follows a dead one."""
    listening = listen(settings.host, settings.port)
    engine = Engine(generations_folder(settings))
    # What is loaded before the fork is in memory once for all workers.
    if not engine.adopt():
        build_current(settings, datetime.now(UTC))
        engine.adopt()
    read_templates()
    warm(engine)
    run_workers(
        count,
        lambda: _run(settings, engine, listening),
        listening,
        options,
        settings.metrics_folder,
    )


def warm(engine: Engine) -> None:
    """Load the tables that the first requests would otherwise wait for."""
    if not engine.is_ready:
        return
    scopes = engine.current()
    everything = Scope(Dataset("all", "All"), frozenset(scopes.datasets))
    step = max(1, len(scopes.snapshot) // _LISTED)
    listed = [scopes.snapshot.listed(one).entity for one in range(0, len(scopes.snapshot), step)]
    made = [Entity("", schema, {"name": (name,)}) for schema, name in _NAMES]
    for entity in (*made, *listed):
        find_matches(scopes, everything, [(entity, Limits())])
    for cache in large_caches():
        cache.cache_clear()


def _run(settings: ServiceSettings, engine: Engine, listening: socket.socket) -> None:
    config = uvicorn.Config(
        create_app(settings, engine),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=20,
    )
    # Caches of words and facts are many small objects that stay; walking them again and again
    # takes a third of the time, and makes some requests wait for it.
    gc.freeze()
    gc.set_threshold(30_000, 20, 50)
    # Other threads record uses and watch the store: none may hold up an answer for long.
    sys.setswitchinterval(0.001)
    uvicorn.Server(config).run(sockets=[listening])
