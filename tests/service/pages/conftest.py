"""A workbench with people, for the tests of its pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from invented import add_lists
from workbench import Workbench, workbench_at


@pytest.fixture(scope="session")
def listed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose store holds the invented lists; copy it, do not write to it."""
    home = tmp_path_factory.mktemp("listed")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    return home


@pytest.fixture
def workbench(listed_home: Path, tmp_path: Path) -> Iterator[Workbench]:
    """A workbench of one test's own."""
    home = tmp_path / "home"
    shutil.copytree(listed_home, home)
    with workbench_at(home) as found:
        yield found
