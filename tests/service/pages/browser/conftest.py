"""A browser, and the demo's workbench for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import running_browser
from playwright.sync_api import Browser
from site_of_demo import Site, begun_home, site_of

from tumen.cli.demo_desk import DemoDesk


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with running_browser() as found:
        yield found


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> DemoDesk:
    """The demo's desk before its lists change; copy it, do not write to it."""
    return begun_home(tmp_path_factory.mktemp("demo") / "home")


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Where pictures go: the documents' folder where `make screenshots` asks for it."""
    given = os.environ.get("TUMEN_SCREENSHOTS")
    return Path(given) if given else tmp_path / "album"


@pytest.fixture
def early_site(begun: DemoDesk, tmp_path: Path, browser: Browser, album: Path) -> Iterator[Site]:
    """The workbench of a test's own, on the eve of the change."""
    with site_of(begun, tmp_path / "home", browser, album) as found:
        yield found


@pytest.fixture
def site(early_site: Site) -> Site:
    """The workbench of a test's own, in the morning after the lists changed."""
    early_site.has_changed()
    return early_site


@pytest.fixture(scope="module")
def shown_site(
    begun: DemoDesk, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Site]:
    """The workbench after the change, for tests that only look."""
    folder = tmp_path_factory.mktemp("shown")
    with site_of(begun, folder / "home", browser, folder / "album") as found:
        found.has_changed()
        yield found
