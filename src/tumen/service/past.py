"""Indexes of past days, kept for the next question about the same day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from tumen.matching.snapshot import Snapshot

# One takes as much memory as the index in use.
_MOST = 2


class PastSnapshots:
    """The snapshots that were asked for last. One is built at a time: it takes all of a core."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], Snapshot] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...], build: Callable[[], Snapshot]) -> Snapshot:
        """The snapshot of these statistics and versions, built where it is not kept."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = build()
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            return self._kept[key]
