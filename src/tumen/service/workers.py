"""Several processes that answer on one port, and share what they only read.

The parent loads code and index, then forks: what no worker writes to is in memory once. Then it
becomes the small program in `overseer`, so that its own copy is not kept for nothing.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from tumen.service import overseer

_BACKLOG = 2048
_COMMAND = (sys.executable, "-c", "from tumen.cli.main import main; main()", "serve")


def listen(host: str, port: int) -> socket.socket:
    """A socket that several processes can accept from."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    found.listen(_BACKLOG)
    return found


def run_workers(
    count: int,
    work: Callable[[], None],
    listening: socket.socket,
    options: Sequence[str],
    folder: str,
) -> NoReturn:
    """Run `work` in so many processes until told to stop.

    One that dies is followed by `tumen serve` with these options on the same socket. `folder`
    is removed at the end. The process ends with 0 where it was told to stop, with 1 where
    workers would not stay alive.
    """
    # What is here now is kept by all: the collector must not touch it, or each gets its own.
    gc.collect()
    gc.freeze()
    pids = [_start(work) for _ in range(count)]
    listening.set_inheritable(True)
    told = {
        "pids": pids,
        "fd": listening.fileno(),
        "command": [*_COMMAND, *options, "--fd", str(listening.fileno())],
        "folder": folder,
    }
    # A signal that comes while one program becomes the other waits for the other.
    signal.pthread_sigmask(signal.SIG_BLOCK, overseer.STOPPING)
    place = str(Path(overseer.__file__))
    os.execv(sys.executable, [sys.executable, "-I", "-S", place, json.dumps(told)])


def _start(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stdout.flush()
        # The parent's own end must not run again in the child.
        os._exit(code)
