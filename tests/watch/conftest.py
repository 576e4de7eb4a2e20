"""A world of two invented lists behind a local server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from small_world import World, list_bytes, people, registry_of

from tumen.store import Store


@contextmanager
def a_world(folder: Path, server: HTTPServer, url: str) -> Iterator[World]:
    """Lists alpha and beta are published, nothing is loaded yet."""
    addresses = {name: server.url_for(f"/{name}.json") for name in ("alpha", "beta")}
    for name in addresses:
        server.expect_request(f"/{name}.json").respond_with_data(list_bytes(name, people(20)))
    with Store.open(url) as store:
        yield World(folder, store, registry_of(addresses))


@pytest.fixture
def world(tmp_path: Path, httpserver: HTTPServer) -> Iterator[World]:
    """A world in an SQLite file."""
    with a_world(tmp_path, httpserver, f"sqlite:///{tmp_path}/tumen.db") as made:
        yield made


@pytest.fixture
def world_on_each(tmp_path: Path, httpserver: HTTPServer, store_url: str) -> Iterator[World]:
    """A world in a store of each kind."""
    with a_world(tmp_path, httpserver, store_url) as made:
        yield made
