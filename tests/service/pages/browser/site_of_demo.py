"""The demo's workbench behind a real server, and a page of a real browser in front of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from browsers import axe_source
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page
from running import listening, settings_for, wait_ready

from tumen.cli.demo_desk import BOOK_ID, PASSWORD, DemoDesk, begin_desk, change_lists
from tumen.service.app import create_app
from tumen.store import Store
from tumen.store.cases import CaseFilter

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDE, PHONE = (1280, 800), (390, 844)


@dataclass
class Site:
    """The running workbench, whose store tests may look into."""

    address: str
    store: Store
    desk: DemoDesk
    browser: Browser
    album: Path
    pages: list[Page] = field(default_factory=list)

    def visitor(self, name: str = "", size: tuple[int, int] = WIDE, **given: Any) -> Page:
        """A page in a browser of its own, signed in if a name is given."""
        width, height = size
        viewport = {"width": width, "height": height}
        context = self.browser.new_context(
            base_url=self.address, viewport=viewport, accept_downloads=True, **given
        )
        page = context.new_page()
        # A blocked script or style, or a fault in ours, is a fault of the page.
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        self.pages.append(page)
        if name:
            page.goto("/sign-in")
            page.fill("#name", name)
            page.fill("#password", PASSWORD)
            page.click("main button")
            page.wait_for_url("**/desk")
        return page

    faults: list[str] = field(default_factory=list)

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "the server responded with a status" not in message.text:
            self.faults.append(message.text)

    def shot(self, page: Page, name: str) -> None:
        """A picture for the album."""
        self.album.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.album / f"{name}.png")

    def case_of(self, party_id: str) -> str:
        """The id of the case of one partner."""
        with self.store.reading() as work:
            wanted = CaseFilter(subject_key=f"{BOOK_ID}/{party_id}")
            (found,) = work.cases.find(wanted)
        return found.case_id

    def has_changed(self) -> None:
        """Let the lists change, as they do at night."""
        change_lists(self.desk)


def accessibility_faults(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """What axe finds on a page by these rules, if it is serious."""
    page.evaluate(axe_source())
    found = page.evaluate("rules => axe.run({runOnly: rules})", list(rules))
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def begun_home(home: Path) -> DemoDesk:
    """A data directory with the demo's desk before its lists change."""
    home.mkdir(parents=True)
    store = Store.open(f"sqlite:///{home / 'tumen.db'}")
    desk = begin_desk(store, home / "snapshots" / "demo", datetime.now(UTC))
    store.close()
    return desk


@contextmanager
def site_of(begun: DemoDesk, home: Path, browser: Browser, album: Path) -> Iterator[Site]:
    """A server over a copy of the demo's desk. Fails where a page had a fault of its own."""
    shutil.copytree(begun.place.parents[1], home)
    app = create_app(settings_for(home))
    store: Store = app.state.api.store
    desk = DemoDesk(store, home / "snapshots" / "demo", begun.now, begun.told, begun.people)
    with listening(app) as address:
        wait_ready(TestClient(app))
        site = Site(address, store, desk, browser, album)
        yield site
        for page in site.pages:
            page.context.close()
    assert site.faults == []
