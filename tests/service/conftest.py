"""A small service over invented lists: in this process, or listening on a free port."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from invented import add_lists

from tumen.service.app import create_app


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
        while httpx.get(f"{found}/readyz").status_code != 200:
            time.sleep(0.05)
        yield found
