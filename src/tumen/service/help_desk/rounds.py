"""What the clock asks of a running service: the ladder of a crisis, notices and letters."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event, Thread

import structlog

from tumen.config import load_notice_settings
from tumen.errors import TumenError
from tumen.service.help_desk.calling import call_who_is_due
from tumen.store import Store
from tumen.watch.notices.opening import open_transports
from tumen.watch.notices.outgoing import send_outgoing

# The ladder counts minutes; a letter that somebody waits for is asked for at once (`nudge`).
SECONDS = 20.0

_log = structlog.get_logger("tumen.service")


class Rounds:
    """Makes a round every so many seconds, in a thread of its own. Workers do not get in each
    other's way: what one has in hand the others leave alone.
    """

    def __init__(self, store: Store, seconds: float = SECONDS) -> None:
        self._store, self._seconds = store, seconds
        self._wanted, self._is_closing = Event(), False
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin; the first round is made after the first wait, or a nudge."""
        self._is_closing = False
        self._wanted.clear()
        self._thread = Thread(target=self._run, name="rounds", daemon=True)
        self._thread.start()

    def nudge(self) -> None:
        """Make a round now: somebody waits for what it sends."""
        self._wanted.set()

    def close(self) -> None:
        """End after the round that is being made."""
        self._is_closing = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while True:
            self._wanted.wait(self._seconds)
            if self._is_closing:
                return
            self._wanted.clear()
            try:
                make_round(self._store, datetime.now(UTC))
            except TumenError as error:
                _log.error("a round of the desk failed", why=str(error))
            except Exception as error:  # The thread lives on: the next round may do better.
                _log.error("a round of the desk failed", exc_info=error)


def make_round(store: Store, now: datetime) -> None:
    """Call whom a crisis calls by now, and send what is due."""
    call_who_is_due(store, now)
    transports = open_transports(load_notice_settings())
    send_outgoing(store, transports, now)
