"""The page of the audit log: read with filters, verified before one's eyes, exported."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from jobs_done import waited
from sqlalchemy import make_url
from workbench import Workbench

from tumen.model.audit import AuditEntry, chained
from tumen.service.pages.audit_data import audit_lines, audit_page, filter_of
from tumen.store import Store
from tumen.store.audit import AuditFilter

START = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"


def fill(store: Store, count: int = 250) -> None:
    """Records of two actors, an hour apart, and one whose texts mean harm."""
    entries = [
        AuditEntry(
            START + timedelta(hours=number), "user:anna" if number % 2 else "user:ben",
            "case recommended", f"case-{number}",
        )
        for number in range(count)
    ]  # fmt: skip
    harm = AuditEntry(
        START + timedelta(hours=count), HOSTILE, HOSTILE, HOSTILE, reason=HOSTILE,
        details={HOSTILE: HOSTILE},
    )  # fmt: skip
    with store.writing() as work:
        work.audit.append_all([*entries, harm])


def test_records_are_read_newest_first_and_turned(store_url: str) -> None:
    """Page after page goes on where the last ended, whatever is written meanwhile."""
    with Store.open(store_url) as store:
        fill(store)
        seen, before = [], None
        while True:
            found = audit_page(store, AuditFilter(actor="anna"), before, 50)
            seen += [one.sequence for one in found.records]
            if not found.has_older:
                break
            before = seen[-1]
        assert seen == [number + 1 for number in range(249, 0, -2)]
        assert found.total == 251


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ({"actor": "ANNA"}, 125),
        ({"action": "recommended"}, 250),
        ({"object": "case-24"}, 11),
        ({"object": "%"}, 0),
        ({"since": "2026-03-02", "until": "2026-03-02"}, 24),
        ({"until": "2026-03-01"}, 1),
        ({}, 251),
    ],
)
def test_filters(store_url: str, typed: dict[str, str], count: int) -> None:
    """Parts of a field, whatever the case; days count whole; a sign of the database is a sign."""
    with Store.open(store_url) as store:
        fill(store)
        assert len(audit_page(store, filter_of(typed), None, 1_000).records) == count
        lines = b"".join(audit_lines(store, filter_of(typed))).splitlines()
        assert len(lines) == count


def test_an_export_can_be_verified_by_others(store_url: str) -> None:
    """The lines hold all that is hashed, in order: whoever has them follows the chain."""
    with Store.open(store_url) as store:
        fill(store, 5)
        previous = "0" * 64
        for line in b"".join(audit_lines(store, AuditFilter())).splitlines():
            record = orjson.loads(line)
            slots = {name: record[name] for name in AuditEntry.__slots__}
            slots["occurred_at"] = datetime.fromisoformat(slots["occurred_at"])
            made = chained(record["sequence"], AuditEntry(**slots), previous)
            assert made.hash == record["hash"]
            previous = made.hash


def test_an_auditor_reads_the_log(workbench: Workbench) -> None:
    """With filters in the address; texts of others are no markup; a slip is said."""
    fill(workbench.store)
    emil = workbench.browser("emil")
    page = emil.get("/desk/audit?object=case-24").text
    assert "case-240" in page
    assert "case-250" not in page
    hostile = emil.get("/desk/audit?action=script").text
    assert "alert(1)" in hostile
    assert HOSTILE not in hostile
    wrong = emil.get("/desk/audit?since=soon")
    assert (wrong.status_code, "is no day" in wrong.text) == (422, True)
    assert emil.get("/desk/audit/export?since=soon").status_code == 422
    older = emil.get("/desk/audit?actor=user").text
    assert "before=" in older
    lines = emil.get("/desk/audit/export?actor=anna&action=recommended")
    assert lines.headers["content-disposition"].startswith("attachment")
    assert len(lines.text.splitlines()) == 125


def forge(path: Path) -> None:
    """Write another actor into the first record, past the guards of the database."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE audit_record SET actor = 'nobody' WHERE sequence = 1")
        connection.commit()


def test_the_chain_is_verified_before_the_reader(workbench: Workbench) -> None:
    """How many records, the last hash, and each problem in words; a forger is found out."""
    fill(workbench.store)
    emil = workbench.browser("emil")
    whole = waited(emil, emil.post("/desk/audit/verify"))
    assert "The log is whole" in whole
    forge(Path(make_url(workbench.app.state.api.settings.base.store_url).database or ""))
    broken = waited(emil, emil.post("/desk/audit/verify"))
    assert "is NOT whole" in broken
    assert "Record 1 was changed" in broken


@pytest.mark.parametrize("name", ["vera", "anna", "carl", "dora"])
def test_only_auditors_read_the_log(workbench: Workbench, name: str) -> None:
    """Not even an administrator: whoever could forge must not be the one who checks."""
    browser = workbench.browser(name)
    assert browser.get("/desk/audit").status_code == 403
    assert browser.get("/desk/audit/export").status_code == 403
    assert browser.post("/desk/audit/verify").status_code == 403
    emil = workbench.browser("emil")
    started = emil.post("/desk/audit/verify")
    waited(emil, started)
    assert browser.get(started.headers["location"]).status_code == 403
