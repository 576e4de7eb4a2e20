"""Records of uses are written in order, in batches, and no use goes on without them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import CapturingLogger

from tumen.model.audit import AuditEntry
from tumen.service.access import audit_log
from tumen.service.access.audit_log import BATCH, AuditLog, AuditUnavailableError
from tumen.store import Store

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def entry(number: int) -> AuditEntry:
    """One use."""
    return AuditEntry(NOW, "key:a", "GET /x", str(number))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "tumen.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A store that does not wait for long."""
    with Store.open(f"sqlite:///{path}", wait_seconds=0.1) as opened:
        yield opened


def written(store: Store) -> list[str]:
    """The objects on record."""
    with store.reading() as work:
        return [record.entry.object for record in work.audit.records(limit=10_000)]


def test_all_are_written_in_order(store: Store) -> None:
    """More than a batch, and the chain is whole."""
    log = AuditLog(store)
    for number in range(BATCH * 2 + 7):
        log.put(entry(number))
    log.flush()
    assert written(store) == [str(number) for number in range(BATCH * 2 + 7)]
    with store.reading() as work:
        assert work.audit.verify() == []
    log.close()


def test_closing_writes_what_waits(store: Store) -> None:
    """A service that is stopped loses no record."""
    log = AuditLog(store)
    log.put(entry(1))
    log.close()
    assert written(store) == ["1"]


def test_a_use_is_on_record_within_a_moment(store: Store) -> None:
    """Without anybody asking."""
    log = AuditLog(store)
    log.put(entry(1))
    end = time.monotonic() + 5
    while not written(store):
        assert time.monotonic() < end
        time.sleep(0.02)
    log.close()


def test_taking_a_record_costs_no_commit(store: Store) -> None:
    """A thousand take less than a tenth of a second, so that the throughput stays."""
    log = AuditLog(store)
    start = time.perf_counter()
    for number in range(1_000):
        log.put(entry(number))
    assert time.perf_counter() - start < 0.1
    log.close()


def test_while_it_cannot_be_written_nothing_is_let_in(store: Store, path: Path) -> None:
    """It says why, keeps what waits, and goes on by itself once it can."""
    log = AuditLog(store)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    log.put(entry(1))
    with pytest.raises(AuditUnavailableError, match="cannot be written"):
        log.flush()
    with pytest.raises(AuditUnavailableError, match="cannot be written"):
        log.check()
    blocker.execute("ROLLBACK")
    blocker.close()
    end = time.monotonic() + 10
    while log.problem:
        assert time.monotonic() < end
        time.sleep(0.05)
    log.check()
    assert written(store) == ["1"]
    log.close()


def test_no_more_wait_than_memory_allows(store: Store, path: Path) -> None:
    """A full queue refuses; what was taken before is written all the same."""
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    log = AuditLog(store, most_waiting=3)
    for number in range(3):
        log.put(entry(number))
    with pytest.raises(AuditUnavailableError):
        log.put(entry(3))
    assert log.problem
    blocker.execute("ROLLBACK")
    blocker.close()
    log.close()
    assert written(store) == ["0", "1", "2"]


def test_what_is_lost_at_the_end_is_said(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With how many, in the log of the service."""
    logger = CapturingLogger()
    monkeypatch.setattr(audit_log, "_log", logger)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    log = AuditLog(store)
    log.put(entry(1))
    log.close()
    blocker.close()
    assert logger.calls[-1].args == ("audit records lost",)
    assert logger.calls[-1].kwargs["count"] == 1
