"""A world of two invented lists behind a local server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from small_world import World, list_bytes, people, registry_of

from tumen.store import Store


@pytest.fixture
def world(tmp_path: Path, httpserver: HTTPServer) -> Iterator[World]:
    """Lists alpha and beta are published, nothing is loaded yet."""
    addresses = {name: httpserver.url_for(f"/{name}.json") for name in ("alpha", "beta")}
    for name in addresses:
        httpserver.expect_request(f"/{name}.json").respond_with_data(list_bytes(name, people(20)))
    with Store.open(f"sqlite:///{tmp_path}/tumen.db") as store:
        yield World(tmp_path, store, registry_of(addresses))
