"""What tests of every folder may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from databases import DIALECTS, postgres_database, postgres_url, sqlite_url


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """An empty PostgreSQL database for this run of the tests."""
    with postgres_database() as url:
        yield url


@pytest.fixture(params=DIALECTS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh store, once of each database that we support."""
    if request.param == "sqlite":
        with sqlite_url(tmp_path) as url:
            yield url
    else:
        with postgres_url(request.getfixturevalue("postgres")) as url:
            yield url
