"""Faults behind the API: the database goes and comes back, two write at once."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from api_desk import Desk, opened
from invented import add_lists

from tumen.model.access import Role
from tumen.store import Store

QUILL = {"subject": {"schema": "Person", "properties": {"name": "Quill Feathersby"}}}
BOOK = b"id,name\n1,Quill Feathersby\n"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Desk]:
    """A service whose store a test may take away."""
    add_lists(f"sqlite:///{tmp_path / 'tumen.db'}")
    with opened(tmp_path) as found:
        yield found


@contextmanager
def taken_away(home: Path) -> Iterator[None]:
    """The database of a service, gone for a while."""
    for path in home.glob("tumen.db*"):
        path.rename(path.with_name(f"away-{path.name}"))
    try:
        yield
    finally:
        for path in home.glob("away-*"):
            path.rename(path.with_name(path.name.removeprefix("away-")))


def until(is_so: Any) -> None:
    """Wait for something that takes a moment."""
    end = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_database_that_goes_is_a_503_and_its_return_mends_all(own: Desk, tmp_path: Path) -> None:
    """Reads and writes alike; the message names no file; nothing has to be started anew."""
    assert own.ask("GET", "lists").status_code == 200
    with taken_away(tmp_path):
        for method, path, given in (
            ("GET", "lists", {}),
            ("POST", "screen", {"json": QUILL}),
            ("POST", "books/b/versions", {"files": {"file": ("b.csv", BOOK)}}),
        ):
            answer = own.ask(method, path, **given)
            assert answer.status_code == 503, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"] in (
                "urn:tumen:problem:store-unavailable",
                "urn:tumen:problem:audit-unavailable",
            )
            assert int(answer.headers["Retry-After"]) > 0
            assert str(tmp_path) not in answer.text
        ready = own.client.get("/api/v1/health/ready")
        assert ready.status_code == 503
        assert "The store does not answer" in ready.json()["problems"]
        assert own.client.get("/healthz").status_code == 200
        assert not (tmp_path / "tumen.db").exists()
    until(lambda: own.client.get("/api/v1/health/ready").status_code == 200)
    assert own.ask("POST", "screen", json=QUILL).status_code == 200
    assert own.ask("GET", "books/b").status_code == 404


def test_a_stranger_gets_in_neither_before_nor_after(own: Desk, tmp_path: Path) -> None:
    """Where keys cannot be looked up nobody is let in."""
    with taken_away(tmp_path):
        answer = own.client.get("/api/v1/lists", headers={"X-API-Key": own.keys[Role.VIEWER][:-1]})
        assert answer.status_code == 401
        wrong = own.keys[Role.VIEWER][:-1] + "0"
        answer = own.client.get("/api/v1/lists", headers={"X-API-Key": wrong})
        assert answer.status_code in (401, 503)


def test_no_record_is_lost_meanwhile(own: Desk, tmp_path: Path) -> None:
    """What was taken before the database went is written when it is back."""
    log = own.app.state.api.audit
    log.flush()
    with own.store.reading() as work:
        before, _ = work.audit.head()
    own.ask("GET", "me")
    with taken_away(tmp_path):
        time.sleep(0.3)
    until(lambda: not log.problem)
    log.flush()
    with own.store.reading() as work:
        after, _ = work.audit.head()
        assert work.audit.verify() == []
    assert after > before


def test_two_writers_wait_for_each_other(own: Desk, tmp_path: Path) -> None:
    """A write that another process holds up comes through once that one is done."""
    blocker = sqlite3.connect(tmp_path / "tumen.db", isolation_level=None, check_same_thread=False)
    blocker.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.5, lambda: blocker.execute("ROLLBACK"))
    timer.start()
    start = time.monotonic()
    answer = own.ask("POST", "screen", json=QUILL)
    assert answer.status_code == 200, answer.text
    assert time.monotonic() - start > 0.3
    timer.join()
    blocker.close()


def test_a_writer_that_waits_too_long_is_told(own: Desk, tmp_path: Path) -> None:
    """As a 503 to try again; and a key of idempotency is not used up by it."""
    headers = {"Idempotency-Key": "again"}
    with Store.open(f"sqlite:///{tmp_path / 'tumen.db'}", wait_seconds=0.1) as impatient:
        patient = own.app.state.api
        hasty = Desk(own.app, own.client, own.keys)
        own.app.state.api = _with_store(patient, impatient)
        blocker = sqlite3.connect(tmp_path / "tumen.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        answer = hasty.ask("POST", "screen", json=QUILL, headers=headers)
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:tumen:problem:store-unavailable"
        blocker.execute("ROLLBACK")
        blocker.close()
        own.app.state.api = patient
    assert own.ask("POST", "screen", json=QUILL, headers=headers).status_code == 200


def _with_store(api: Any, store: Store) -> Any:
    from dataclasses import replace

    return replace(api, store=store)


def test_many_write_at_once_and_none_is_lost(own: Desk) -> None:
    """Eight clients, each with screenings that are kept."""
    found: list[str] = []

    def ask() -> None:
        for _ in range(5):
            answer = own.ask("POST", "screen", Role.ANALYST, json=QUILL)
            assert answer.status_code == 200, answer.text
            found.append(answer.json()["screening_id"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 40
    kept = {one["screening_id"] for one in own.get("screenings?limit=100")["items"]}
    assert set(found) <= kept


def test_a_job_that_fails_says_why(own: Desk, tmp_path: Path) -> None:
    """As problem details in the job; the service goes on."""
    own.ask("POST", "books/b/versions", files={"file": ("b.csv", BOOK)})
    with own.store.writing() as work:
        assert work.locks.acquire("watch", "another process", _now(), 60) is None
    job = own.ask("POST", "watch/runs", json={}).json()
    failed = own.wait(job["job_id"])
    assert failed["status"] == "failed"
    assert failed["problem"]["type"] == "urn:tumen:problem:conflict"
    assert "another process" in failed["problem"]["detail"]


def _now() -> Any:
    from tumen.service.routes.v1.needs import now_utc

    return now_utc()
