"""People with passwords, and cases for them, for the tests of cases over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from api_desk import API, Desk, opened
from argon2 import PasswordHasher

from tumen.cases.acting import open_by_hand
from tumen.cases.workflow import Opening
from tumen.config import Settings
from tumen.model.access import Role
from tumen.model.case import Actor, Alert
from tumen.model.casework import Origin, Priority
from tumen.service.access import accounts
from tumen.service.access.passwords import Passwords
from tumen.store import Store

PASSWORD = "correct horse battery"
SENTENCE = "Born in 1955; our customer was born in 1980 and has another passport"
PROPOSAL = {
    "reason": "FP-DOB",
    "outcome": "release",
    "text": SENTENCE,
    "evidence": ["Passport, copy of 2024"],
}
# Name → role and person: bea and bob are one person's accounts.
PEOPLE = {
    "vera": (Role.VIEWER, ""),
    "anna": (Role.ANALYST, ""),
    "arne": (Role.ANALYST, ""),
    "bea": (Role.ANALYST, "beatrix"),
    "bob": (Role.APPROVER, "Beatrix"),
    "carl": (Role.APPROVER, ""),
    "dora": (Role.ADMINISTRATOR, ""),
    "emil": (Role.AUDITOR, ""),
}
_BY = accounts.By("test")
_ROBOT = Actor("watch", "", "the watch", ("decide",))


@dataclass
class CaseDesk:
    """A service, its people and its cases."""

    desk: Desk

    @property
    def store(self) -> Store:
        """The store behind it."""
        return self.desk.store

    def ask(self, name: str, method: str, path: str, **given: Any) -> httpx.Response:
        """An answer to somebody who says their name and password."""
        found = path if path.startswith("/") else f"{API}/{path}"
        return self.desk.client.request(method, found, auth=(name, PASSWORD), **given)  # type: ignore[return-value]

    def act(self, name: str, case_id: str, step: str, /, **body: Any) -> httpx.Response:
        """An answer to a step on a case."""
        headers = body.pop("headers", {})
        return self.ask(name, "POST", f"cases/{case_id}/{step}", json=body, headers=headers)

    def done(self, name: str, case_id: str, step: str, /, **body: Any) -> dict[str, Any]:
        """The case after a step that went well, on what stands now unless told otherwise."""
        body.setdefault("seen", self.sequence(case_id))
        answer = self.act(name, case_id, step, **body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def case(self, case_id: str) -> dict[str, Any]:
        """A case as a viewer sees it."""
        answer = self.ask("vera", "GET", f"cases/{case_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def sequence(self, case_id: str) -> int:
        """The last record of a case."""
        with self.store.reading() as work:
            return len(work.cases.records(case_id))

    def opened(self, *entity_ids: str, title: str = "Kim Chol", score: float = 0.8) -> str:
        """The id of a new case with a hit on each entity."""
        now = datetime.now(UTC)
        hits = tuple({"entity_id": one, "score": score, "caption": one} for one in entity_ids)
        alert = Alert(f"alert-{title}", "partners", title, "s-1", now, {"schema": "Person"}, hits)
        opening = Opening(Origin.HIT, title, f"partners/{title}", Priority.P3)
        with self.store.writing() as work:
            return open_by_hand(work, opening, _ROBOT, now, [alert] if hits else []).case_id

    def recommended(self, name: str, *entity_ids: str, title: str = "Kim Chol") -> str:
        """The id of a new case that somebody recommended to release."""
        case_id = self.opened(*(entity_ids or ("un:1",)), title=title)
        self.done(name, case_id, "recommend", **PROPOSAL)
        return case_id

    def refused(self, answer: httpx.Response, status: int, words: str) -> None:
        """Check that an answer is a problem of this status, which says so."""
        assert answer.status_code == status, answer.text
        assert words in answer.json()["detail"], answer.text


def add_people(store: Store) -> None:
    """Everybody of `PEOPLE`, each with the password."""
    kept = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)).hash(PASSWORD)
    with store.writing() as work:
        for name, (role, person) in PEOPLE.items():
            wanted = accounts.NewUser(name, role, kept, person=person)
            accounts.add_user(work, wanted, _BY, datetime.now(UTC))


def change_role(desk: CaseDesk, name: str, role: Role) -> None:
    """Give somebody another role, as it is done: their account ends, and they get a new one."""
    now = datetime.now(UTC)
    with desk.store.writing() as work:
        user = work.access.user_by_name(name)
        assert user is not None
        accounts.end_user(work, name, _BY, now)
        wanted = accounts.NewUser(name, role, user.password_hash, user.email, user.person)
        accounts.add_user(work, wanted, _BY, now)
    desk.desk.app.state.api.gate.memory.forget()


@contextmanager
def case_desk(home: Path, store_url: str = "") -> Iterator[CaseDesk]:
    """A service with people, over a store of its own."""
    given = {"base": Settings(home, store_url)} if store_url else {}
    with opened(home, **given) as desk:
        add_people(desk.store)
        yield CaseDesk(desk)
