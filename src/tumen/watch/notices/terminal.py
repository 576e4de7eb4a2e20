"""Notices in the terminal: shown to whoever asks, and then delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tumen.watch.notices.texts import plain_text
from tumen.watch.notices.transport import Notice


class TerminalTransport:
    """Writes notices in full: who sits at the machine may read its store anyway."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def send(self, notice: Notice, at: datetime) -> None:  # noqa: ARG002
        """Write the notice."""
        self._write(plain_text(notice.events, has_details=True))
