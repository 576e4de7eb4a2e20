"""What tests of every folder may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from databases import DIALECTS, MadeSchema, MadeSqlite, postgres_database, postgres_url


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """An empty PostgreSQL database for this run of the tests."""
    with postgres_database() as url:
        yield url


@pytest.fixture(scope="session")
def made_schema(postgres: URL) -> MadeSchema:
    """A PostgreSQL schema with the tables of an empty store."""
    return MadeSchema(postgres)


@pytest.fixture(scope="session")
def made_sqlite(tmp_path_factory: pytest.TempPathFactory) -> MadeSqlite:
    """An SQLite file with the tables of an empty store."""
    return MadeSqlite(tmp_path_factory.mktemp("made"))


@pytest.fixture(params=DIALECTS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty store, once of each database that we support."""
    if request.param == "sqlite":
        yield request.getfixturevalue("made_sqlite").url(tmp_path)
    else:
        with request.getfixturevalue("made_schema").url() as url:
            yield url


@pytest.fixture(params=DIALECTS)
def new_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a store that is not there yet, once of each database that we support."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/tumen.db"
    else:
        with postgres_url(request.getfixturevalue("postgres")) as url:
            yield url
