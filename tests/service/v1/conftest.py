"""A service for the tests of our own API, with a key for each role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from api_desk import Desk, opened
from invented import add_lists


@pytest.fixture(scope="session")
def closed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose store holds the invented lists."""
    home = tmp_path_factory.mktemp("closed")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    return home


@pytest.fixture(scope="session")
def desk(closed_home: Path) -> Iterator[Desk]:
    """A service with one key a role, so that nobody gets in without."""
    with opened(closed_home) as found:
        yield found
