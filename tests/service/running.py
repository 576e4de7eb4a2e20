"""Settings for a service under test, and a real server on a free port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tumen.config import ServiceSettings, Settings

TOKEN = "let-me-in"


def settings_for(home: Path, **given: object) -> ServiceSettings:
    """Settings of a service that looks at its store only when told."""
    base = Settings(home, f"sqlite:///{home / 'tumen.db'}")
    usual = {"watch_seconds": 3600.0, "builds_apart": False, "update_token": TOKEN}
    return ServiceSettings(base, **{**usual, **given})  # type: ignore[arg-type]


def wait_ready(client: TestClient, seconds: float = 30.0) -> None:
    """Return once the service is ready."""
    end = time.monotonic() + seconds
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < end, "the service did not become ready"
        time.sleep(0.05)


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Serve an app on a free port of this machine; gives its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [found]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{found.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
