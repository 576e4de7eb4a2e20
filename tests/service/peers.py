"""A service of its own for a test of a peer's client: over given lists, or closed to strangers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn
from invented import version

from tumen.config import ServiceSettings, Settings
from tumen.model.listing import ListEntry
from tumen.service.app import create_app
from tumen.store import Store

TOKEN = "let-me-in"
AT = datetime(2026, 2, 1, 6, 30, tzinfo=UTC)


def settings_of(home: Path, *, manifest: str = "") -> ServiceSettings:
    """Settings of a service that looks at its store only when told."""
    return ServiceSettings(
        Settings(home, f"sqlite:///{home / 'tumen.db'}"),
        manifest=manifest,
        update_token=TOKEN,
        watch_seconds=3600.0,
        builds_apart=False,
    )


def put_lists(home: Path, lists: Mapping[str, Sequence[ListEntry]]) -> None:
    """Put these lists into the store of a home."""
    with Store.open(f"sqlite:///{home / 'tumen.db'}") as store:
        for mark, (list_id, entries) in zip("abcdef", lists.items(), strict=False):
            store.add_version(version(list_id, entries, mark, AT), entries)


def wait_until(is_done: Callable[[], bool], seconds: float = 30.0) -> None:
    """Return once something is so."""
    end = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


@contextmanager
def served(settings: ServiceSettings) -> Iterator[str]:
    """A real server on a free port of this machine, once it is ready; gives its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [found]}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{found.getsockname()[1]}"
        try:
            wait_until(lambda: server.started)
            wait_until(lambda: httpx.get(f"{address}/readyz").status_code == 200)
            yield address
        finally:
            server.should_exit = True
            thread.join()
