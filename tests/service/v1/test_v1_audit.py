"""Every use is on record, without personal data, and nothing goes on that cannot be recorded."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from api_desk import Desk, opened
from invented import add_lists

from tumen.model.access import Role
from tumen.service.access.audit_log import AuditLog
from tumen.store import Store

NAME = "Quill Feathersby"
QUILL = {"subject": {"schema": "Person", "properties": {"name": NAME}}}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service of this file's own: its log is short enough to be read in one page."""
    home = tmp_path_factory.mktemp("audited")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    with opened(home) as found:
        yield found


def records(desk: Desk, **wanted: str) -> list[dict[str, Any]]:
    """All records, the last one last."""
    found: list[dict[str, Any]] = []
    page = desk.get("audit/records", Role.AUDITOR, params={"limit": "500", **wanted})
    found += page["items"]
    while page["next"]:
        page = desk.get(page["next"], Role.AUDITOR)
        found += page["items"]
    return found


def test_a_screening_is_on_record_with_versions_and_hashes(desk: Desk) -> None:
    """Who, what, when, from where, against what and with which result; no name of anybody."""
    content = orjson.dumps(QUILL)
    headers = {"Content-Type": "application/json"}
    answer = desk.ask("POST", "screen", Role.ANALYST, content=content, headers=headers).json()
    (record,) = records(desk, object=answer["screening_id"])
    assert record["action"] == "POST /api/v1/screen"
    assert record["actor"] == desk.get("me", Role.ANALYST)["actor"]
    assert record["auth_method"] == "api key"
    assert record["address"] == "testclient"
    details = record["details"]
    assert details["status"] == 200
    assert details["result_hash"] == answer["result_hash"]
    assert details["versions"] == sorted(one["version_id"] for one in answer["versions"])
    asked = b"POST /api/v1/screen?\n" + content
    assert details["query_hash"] == sha256(asked).hexdigest()
    assert NAME not in str(records(desk))


def test_peers_routes_are_on_record_too(desk: Desk) -> None:
    """A query by example, with a hash of what was answered and the lists of that moment."""
    body = {"queries": {"q": QUILL["subject"]}}
    answer = desk.ask("POST", "/match/default", Role.ANALYST, json=body)
    assert answer.status_code == 200, answer.text
    record = records(desk)[-1]
    assert record["action"] == "POST /match/{dataset}"
    assert record["object"] == "default"
    assert len(record["details"]["result_hash"]) == 64
    assert record["details"]["versions"]


def test_refusals_are_on_record(desk: Desk) -> None:
    """A role that may not, and a credential that is none; a passing stranger is not."""
    desk.ask("GET", "users", Role.VIEWER)
    desk.client.get("/api/v1/lists", headers={"X-API-Key": "tmn_wrong"})
    desk.client.get("/api/v1/lists", headers={"Authorization": "Bearer ey.no.token"})
    count = len(records(desk))
    desk.client.get("/api/v1/lists")
    found = records(desk)
    assert len(found) == count + 1
    assert [one["details"]["status"] for one in found[-4:-1]] == [403, 401, 401]
    assert found[-2]["actor"] == "nobody"
    assert found[-2]["reason"] == "a credential of no known kind"


def test_reading_the_log_is_on_record(desk: Desk) -> None:
    """Also for the auditor."""
    desk.get("audit/records", Role.AUDITOR)
    last = records(desk)[-1]
    assert last["action"] == "GET /api/v1/audit/records"


def test_the_chain_is_verified(tmp_path: Path) -> None:
    """A record that somebody changed is named."""
    add_lists(f"sqlite:///{tmp_path / 'tumen.db'}")
    with opened(tmp_path) as own:
        own.get("status")
        found = own.get("audit/verify", Role.AUDITOR)
        assert found["is_intact"]
        assert found["records"] >= len(Role)
        with sqlite3.connect(tmp_path / "tumen.db") as connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in triggers.fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            connection.execute("UPDATE audit_record SET actor = 'x' WHERE sequence = 2")
        connection.close()
        found = own.get("audit/verify", Role.AUDITOR)
        assert not found["is_intact"]
        assert "Record 2 was changed" in found["problems"]


def test_while_nothing_can_be_recorded_nothing_is_screened(tmp_path: Path) -> None:
    """It says so in readiness, and goes on by itself when the log can be written again."""
    add_lists(f"sqlite:///{tmp_path / 'tumen.db'}")
    with (
        opened(tmp_path) as own,
        Store.open(f"sqlite:///{tmp_path / 'tumen.db'}", wait_seconds=0.1) as impatient,
    ):
        log: AuditLog = own.app.state.api.audit
        log.flush()
        log._store = impatient
        blocker = sqlite3.connect(tmp_path / "tumen.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        own.get("status")
        _until(lambda: bool(log.problem))
        refused = own.ask("POST", "screen", Role.ANALYST, json=QUILL)
        assert refused.status_code == 503
        assert refused.json()["type"] == "urn:tumen:problem:audit-unavailable"
        assert own.ask("POST", "/match/default", json={"queries": {}}).status_code == 503
        ready = own.client.get("/api/v1/health/ready")
        assert ready.status_code == 503
        assert ready.json()["problems"] == ["The audit log cannot be written"]
        assert own.client.get("/readyz").status_code == 503
        blocker.execute("ROLLBACK")
        blocker.close()
        _until(lambda: not log.problem)
        assert own.ask("POST", "screen", Role.ANALYST, json=QUILL).status_code == 200
        assert own.client.get("/api/v1/health/ready").status_code == 200


def _until(is_so: Any) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_full_queue_takes_the_answer_back(tmp_path: Path) -> None:
    """What cannot be recorded is not answered, not even when it was found already."""
    add_lists(f"sqlite:///{tmp_path / 'tumen.db'}")
    with opened(tmp_path) as own:
        log: AuditLog = own.app.state.api.audit
        log.flush()
        taken = log.put

        def put(entry: Any) -> None:
            from tumen.service.access.audit_log import AuditUnavailableError

            raise AuditUnavailableError("full")

        log.put = put  # type: ignore[method-assign]
        answer = own.ask("POST", "screen", Role.ANALYST, json=QUILL)
        log.put = taken  # type: ignore[method-assign]
        assert answer.status_code == 503
        assert NAME not in answer.text
