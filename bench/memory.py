"""The memory that a process and its children take together, at its highest."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_EVERY_SECONDS = 0.1


def shared_out_bytes(pid: int) -> int:
    """PSS of one process: memory that several map counts in shares. 0 where it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0  # A child that ended between being found and being read.
    return pss_of(text)


def pss_of(rollup: str) -> int:
    """The PSS in bytes that the text of a `smaps_rollup` states."""
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def family(pid: int) -> list[int]:
    """The process and all that it started, and they started."""
    found = [pid]
    for parent in found:
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in path.read_text("ascii").split()]
            except (FileNotFoundError, ProcessLookupError):
                continue  # The thread ended meanwhile.
    return found


class PeakMemory:
    """Watches this process and its children while the `with` block runs; `peak` in bytes."""

    def __init__(self) -> None:
        self.peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.is_set():
            self.peak = max(self.peak, sum(map(shared_out_bytes, family(os.getpid()))))
            self._done.wait(_EVERY_SECONDS)
