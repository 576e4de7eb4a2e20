"""Watches over workers: a program of its own that needs next to no memory.

Run by `workers` in place of the process that started the workers, which stay its children. Only
the standard library is imported here.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

STOPPING = frozenset({signal.SIGTERM, signal.SIGINT})
# A worker that dies this soon after its start would only die again.
_LEAST_LIFE_SECONDS = 2.0


class Overseer:
    """Keeps as many workers alive as there were, until it is told to stop."""

    def __init__(self, pids: Sequence[int], command: Sequence[str], fd: int, folder: str) -> None:
        now = time.monotonic()
        self._folder = Path(folder) if folder else None
        self._started = dict.fromkeys(pids, now)
        self._command, self._fd = command, fd
        self._is_stopping = False

    def run(self) -> int:
        """Wait for workers to end; gives the exit code."""
        for number in STOPPING:
            signal.signal(number, self._stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        code = 0
        while self._started:
            pid, status = os.wait()
            began = self._started.pop(pid, None)
            self._forget_state(pid)
            if began is None or self._is_stopping:
                continue
            if time.monotonic() - began < _LEAST_LIFE_SECONDS:
                print(f"A worker ended at once (status {status})", file=sys.stderr)
                code = 1
                self._stop(signal.SIGTERM, None)
                continue
            self._replace()
        return code

    def _forget_state(self, pid: int) -> None:
        """What a worker that is no more said of its state counts no longer; its counts do."""
        for file in self._folder.glob(f"gauge_live*_{pid}.db") if self._folder else ():
            file.unlink(missing_ok=True)

    def _replace(self) -> None:
        worker = subprocess.Popen(self._command, pass_fds=[self._fd])
        self._started[worker.pid] = time.monotonic()
        # Its end is noticed by `os.wait`, as is that of the others.
        worker.returncode = 0

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
        for pid in list(self._started):
            os.kill(pid, number)


def main() -> None:
    """Watch over the workers that the argument names."""
    told = json.loads(sys.argv[1])
    try:
        sys.exit(Overseer(told["pids"], told["command"], told["fd"], told["folder"]).run())
    finally:
        if told["folder"]:
            shutil.rmtree(told["folder"], ignore_errors=True)


if __name__ == "__main__":
    main()
