"""Browsers without script for the tests of pages: cookies are kept, forms carry their token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from running import settings_for, wait_ready

from tumen.model.access import Role
from tumen.service.access import accounts
from tumen.service.access.passwords import Passwords
from tumen.service.app import create_app
from tumen.store import Store

PASSWORD = "correct horse battery"
# Name → role of those who may sign in; ben and bella are one person.
PEOPLE = {
    "vera": Role.VIEWER,
    "anna": Role.ANALYST,
    "ben": Role.ANALYST,
    "bella": Role.APPROVER,
    "carl": Role.APPROVER,
    "dora": Role.ADMINISTRATOR,
    "emil": Role.AUDITOR,
}
_PERSON = {"ben": "benedict", "bella": "benedict"}
# As weak as the tests are quick.
_QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class Browser:
    """One browser at the workbench."""

    client: TestClient

    def get(self, path: str, **given: Any) -> httpx.Response:
        """A page, redirects followed."""
        return self.client.get(path, **given)  # type: ignore[return-value]

    def post(
        self, path: str, fields: Mapping[str, Any] | None = None, **given: Any
    ) -> httpx.Response:
        """Send a form as a page of ours would; the answer itself, no redirect followed."""
        sent = {"csrf": self.token(), **(fields or {})}
        return self.client.post(path, data=sent, follow_redirects=False, **given)  # type: ignore[return-value]

    def token(self) -> str:
        """A token from a page."""
        page = self.client.get("/sign-in", follow_redirects=True)
        found = re.search(r'name="csrf" content="([^"]+)"', page.text)
        assert found, page.text
        return found[1]

    def sign_in(self, name: str) -> Browser:
        """The same browser, signed in."""
        answer = self.post("/sign-in", {"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return self


@dataclass
class Workbench:
    """A service whose people can sign in."""

    app: FastAPI

    @property
    def store(self) -> Store:
        """The store behind it."""
        store: Store = self.app.state.api.store
        return store

    def browser(self, name: str = "") -> Browser:
        """A browser of its own, signed in if a name is given."""
        found = Browser(TestClient(self.app, raise_server_exceptions=False))
        return found.sign_in(name) if name else found


@contextmanager
def workbench_at(home: Path, *, has_people: bool = True, **given: Any) -> Iterator[Workbench]:
    """A service over a data directory, with `PEOPLE` in its store, once it is ready."""
    app = create_app(settings_for(home, **{"host": "0.0.0.0", **given}))
    found = Workbench(app)
    if has_people:
        with found.store.writing() as work:
            for name, role in PEOPLE.items():
                wanted = accounts.NewUser(
                    name, role, _QUICK.hash(PASSWORD), f"{name}@example.org", _PERSON.get(name, "")
                )
                accounts.add_user(work, wanted, accounts.By("test"), datetime.now(UTC))
    with TestClient(app) as client:
        wait_ready(client)
        yield found
