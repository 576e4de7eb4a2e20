"""A running service in this process, and the keys to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tumen.config import AccessSettings, ServiceSettings, Settings
from tumen.model.access import Role
from tumen.service.access import accounts
from tumen.service.app import create_app
from tumen.store import Store

API = "/api/v1"
EVERYWHERE = "0.0.0.0"


@dataclass
class Desk:
    """A service and a key for each role."""

    app: FastAPI
    client: TestClient
    keys: dict[Role, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The store behind it."""
        store: Store = self.app.state.api.store
        return store

    def ask(
        self, method: str, path: str, role: Role = Role.ADMINISTRATOR, **given: Any
    ) -> httpx.Response:
        """An answer of our own API to somebody in that role."""
        headers = {"Authorization": f"Bearer {self.keys[role]}", **given.pop("headers", {})}
        found = path if path.startswith("/") else f"{API}/{path}"
        return self.client.request(method, found, headers=headers, **given)  # type: ignore[return-value]

    def get(self, path: str, role: Role = Role.ADMINISTRATOR, **given: Any) -> Any:
        """The JSON of a good answer to GET."""
        answer = self.ask("GET", path, role, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wait(self, job_id: str, seconds: float = 60.0) -> dict[str, Any]:
        """A job once it has ended."""
        end = time.monotonic() + seconds
        while (job := self.get(f"jobs/{job_id}"))["status"] in ("queued", "running"):
            assert time.monotonic() < end, job
            time.sleep(0.05)
        found: dict[str, Any] = job
        return found


def settings_of(home: Path, **given: Any) -> ServiceSettings:
    """Settings of a service that looks at its store only when told."""
    base = given.pop("base", Settings(home, f"sqlite:///{home / 'tumen.db'}"))
    usual: dict[str, Any] = {"watch_seconds": 3600.0, "builds_apart": False, "host": EVERYWHERE}
    return ServiceSettings(base, **{**usual, **given})


@contextmanager
def opened(home: Path, access: AccessSettings | None = None, **given: Any) -> Iterator[Desk]:
    """A service over a data directory, once it is ready."""
    app = create_app(settings_of(home, access=access or AccessSettings(), **given))
    found = Desk(app, TestClient(app, raise_server_exceptions=False))
    with found.store.writing() as work:
        for role in Role:
            wanted = accounts.WantedKey(role.value, role)
            made = accounts.add_key(work, wanted, accounts.By("test"), datetime.now(UTC))
            found.keys[role] = made.text
    with found.client as client:
        end = time.monotonic() + 60
        while client.get("/readyz").status_code != 200:
            assert time.monotonic() < end, "the service did not become ready"
            time.sleep(0.05)
        yield found
