"""When a notice that could not be sent is tried again. Pure.

The waits triple, 26 seconds to 16 hours: nine attempts over about a day, then it is given up.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

MOST_ATTEMPTS = 9
_FIRST_WAIT_SECONDS = 26.0
_GROWTH = 3.0
# Each wait is up to so much shorter or longer, lest all notices of an outage come at once.
_JITTER = 0.2
_LONGEST_ASKED_SECONDS = 86_400.0


def next_attempt(
    delivery_id: str, attempts: int, at: datetime, *, asked_seconds: float = 0.0
) -> datetime | None:
    """When to try again after `attempts` that failed, the last of them at `at`; None: give up.

    `asked_seconds` is what the receiver asked to wait at least (`Retry-After`), up to a day.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    wait = _FIRST_WAIT_SECONDS * _GROWTH ** (attempts - 1) * _jitter(delivery_id, attempts)
    return at + timedelta(seconds=max(wait, min(asked_seconds, _LONGEST_ASKED_SECONDS)))


def _jitter(delivery_id: str, attempts: int) -> float:
    """A factor around 1 that looks random and is the same each time it is asked for."""
    digest = hashlib.sha256(f"{delivery_id}:{attempts}".encode()).digest()
    share = int.from_bytes(digest[:8]) / 2**64
    return 1 - _JITTER + 2 * _JITTER * share
