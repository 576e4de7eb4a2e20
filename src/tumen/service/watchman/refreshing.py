"""Reading the sources again when told to, and what became of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog

log = structlog.get_logger("tumen.service")


class Refreshes(Protocol):
    """What reads the sources and swaps the index; the service's Refresher."""

    async def refresh(self, *, is_forced: bool = False) -> object:
        """Read the sources and swap to what they hold."""


@dataclass(slots=True)
class LastRefresh:
    """The refresh that runs or ran last."""

    state: str = "idle"
    trigger: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    last_error: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As Watchman's clients read it."""
        ends = self.finished_at or (datetime.now(UTC) if self.started_at else None)
        spent = (ends - self.started_at).total_seconds() if ends and self.started_at else 0.0
        return {
            "state": self.state,
            "trigger": self.trigger,
            "startedAt": instant(self.started_at),
            "finishedAt": instant(self.finished_at),
            "duration": f"{spent:.3f}s",
            "lastError": self.last_error,
        }


class Refreshing:
    """One refresh at a time."""

    def __init__(self, source: Refreshes) -> None:
        self._source = source
        self._task: asyncio.Task[None] | None = None
        self.last = LastRefresh()

    def start(self, trigger: str) -> bool:
        """Begin a refresh in the background; False while one runs."""
        if self.last.state == "running":
            return False
        self.last = LastRefresh("running", trigger, datetime.now(UTC))
        self._task = asyncio.create_task(self._run(self.last))
        return True

    async def _run(self, last: LastRefresh) -> None:
        try:
            await self._source.refresh(is_forced=True)
            last.state = "completed"
        except Exception as error:
            # Whatever it was: the last good index goes on answering, and the state tells.
            last.state, last.last_error = "failed", str(error) or type(error).__name__
            log.error("refresh failed", error=f"{type(error).__name__}: {error}")
        finally:
            last.finished_at = datetime.now(UTC)


def instant(at: datetime | None) -> str | None:
    """An instant as Watchman writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
