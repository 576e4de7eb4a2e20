"""Several processes that answer on one port, and share what they only read.

The parent loads code and index, then forks: what no worker writes to is in memory once.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

# A worker that dies this soon after its start would only die again.
_LEAST_LIFE_SECONDS = 2.0
_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that several processes can accept from."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    found.listen(_BACKLOG)
    found.set_inheritable(True)
    return found


def run_workers(count: int, work: Callable[[], None]) -> int:
    """Run `work` in so many processes until told to stop; one that dies is replaced.

    Gives the exit code: 0 where they were told to stop, 1 where they would not stay alive.
    """
    # What is here now is kept by all: the collector must not touch it, or each gets its own.
    gc.collect()
    gc.freeze()
    return _Workers(count, work).run()


class _Workers:
    """The parent of the workers."""

    def __init__(self, count: int, work: Callable[[], None]) -> None:
        self._count, self._work = count, work
        self._started: dict[int, float] = {}
        self._is_stopping = False

    def run(self) -> int:
        """Keep the workers alive until a signal."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for _ in range(self._count):
            self._start()
        code = 0
        while self._started:
            try:
                pid, status = os.wait()
            except ChildProcessError:
                break
            began = self._started.pop(pid, None)
            if began is None or self._is_stopping:
                continue
            if time.monotonic() - began < _LEAST_LIFE_SECONDS:
                print(f"A worker ended at once (status {status})", file=sys.stderr)
                code = 1
                self._stop(signal.SIGTERM, None)
                continue
            self._start()
        return code

    def _start(self) -> None:
        pid = os.fork()
        if pid:
            self._started[pid] = time.monotonic()
            return
        code = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            self._work()
            code = 0
        finally:
            sys.stdout.flush()
            # The parent's own end must not run again in the child.
            os._exit(code)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
        for pid in list(self._started):
            os.kill(pid, number)
