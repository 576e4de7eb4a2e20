"""A small service over invented lists: in this process, or listening on a free port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from invented import add_lists

from tumen.config import ServiceSettings, Settings
from tumen.service.app import create_app

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


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_printed() -> Iterator[None]:
    """Servers in threads log after they answered: by then pytest may have closed what it captured,
    and the number of that file may be another's socket.
    """
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def invented_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose store holds the invented lists."""
    home = tmp_path_factory.mktemp("invented")
    add_lists(settings_for(home).base.store_url)
    return home


@pytest.fixture(scope="session")
def app(invented_home: Path) -> FastAPI:
    """The app over the invented lists."""
    return create_app(settings_for(invented_home))


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client of the app in this process, once it is ready."""
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_ready(client)
        yield client


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


@pytest.fixture(scope="session")
def address(invented_home: Path) -> Iterator[str]:
    """The address of a real server over the invented lists, once it is ready."""
    import httpx

    with listening(create_app(settings_for(invented_home))) as found:
        while httpx.get(f"{found}/readyz").status_code != 200:
            time.sleep(0.05)
        yield found
