"""A small service over invented lists: in this process, or listening on a free port."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from invented import add_lists
from running import listening, settings_for, wait_ready

from tumen.service.app import create_app


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


@pytest.fixture(scope="session")
def address(invented_home: Path) -> Iterator[str]:
    """The address of a real server over the invented lists, once it is ready."""
    with listening(create_app(settings_for(invented_home))) as found:
        end = time.monotonic() + 60
        while httpx.get(f"{found}/readyz").status_code != 200:
            assert time.monotonic() < end, "the service did not become ready"
            time.sleep(0.05)
        yield found
