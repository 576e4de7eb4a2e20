"""Audit records of every use, written some hundreds at a time by one thread.

A commit for each request would cost more than the screening. What waits is bounded, and while
it cannot be written nothing further is let in: an answer that cannot be recorded is not given.
A crash can lose what came in the last `INTERVAL_SECONDS`.
"""

from __future__ import annotations

from collections import deque
from threading import Condition, Thread

import structlog

from tumen.errors import TumenError
from tumen.model.audit import AuditEntry
from tumen.store import Store

BATCH = 500
INTERVAL_SECONDS = 0.1
# At 300 requests a second, two minutes in which another writer holds the store.
MOST_WAITING = 40_000
_PAUSE_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class AuditUnavailableError(TumenError):
    """Records cannot be written; the text says why."""


class AuditLog:
    """Takes entries and writes them in order. `close` writes what waits."""

    def __init__(self, store: Store, *, most_waiting: int = MOST_WAITING) -> None:
        self._store = store
        self._most = most_waiting
        self._waiting: deque[AuditEntry] = deque()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._is_closing = False
        self._fault = ""

    @property
    def problem(self) -> str:
        """Why nothing may be let in; empty while all is well."""
        if self._fault:
            return f"The audit log cannot be written: {self._fault}"
        if len(self._waiting) >= self._most:
            return f"{self._most:,} audit records wait to be written"
        return ""

    def check(self) -> None:
        """Raises AuditUnavailableError while records cannot be written."""
        if problem := self.problem:
            raise AuditUnavailableError(problem)

    def put(self, entry: AuditEntry) -> None:
        """Take an entry to be written within a moment. Raises AuditUnavailableError where full."""
        if len(self._waiting) >= self._most:
            raise AuditUnavailableError(self.problem)
        # No lock: deque.append is atomic, and the writer wakes by itself.
        self._waiting.append(entry)
        if self._thread is None:
            self._start()

    def close(self) -> None:
        """Write what waits, and stop. Says in the log how many records could not be written."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._waiting:
            _log.error("audit records lost", count=len(self._waiting), why=self._fault)

    def flush(self) -> None:
        """Wait until all that was put is written. Raises AuditUnavailableError where it fails."""
        with self._changed:
            self._changed.notify_all()
            while self._waiting:
                self._changed.wait(INTERVAL_SECONDS)
                if self._fault:
                    raise AuditUnavailableError(self.problem)

    def _start(self) -> None:
        with self._changed:
            if self._thread is None and not self._is_closing:
                self._thread = Thread(target=self._run, name="audit", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                pause = _PAUSE_SECONDS if self._fault else INTERVAL_SECONDS
                if not self._is_closing:
                    self._changed.wait(pause)
                is_closing = self._is_closing
            while self._waiting and self._write():
                pass
            with self._changed:
                self._changed.notify_all()
            if is_closing:
                return

    def _write(self) -> bool:
        """Write one batch; False where it failed and stays."""
        batch = [self._waiting[n] for n in range(min(BATCH, len(self._waiting)))]
        try:
            with self._store.writing() as work:
                work.audit.append_all(batch)
        except Exception as error:  # Whatever it is: the thread lives on, and the gate is shut.
            if not self._fault:
                _log.error("audit log cannot be written", error=str(error))
            self._fault = type(error).__name__
            return False
        for _ in batch:
            self._waiting.popleft()
        if self._fault:
            _log.info("audit log can be written again")
        self._fault = ""
        return True
