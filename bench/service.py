"""The service under load: requests a second, their times, and the memory of each worker.

The load comes from a process of its own (`python -m bench.service ADDRESS …`), so that what it
takes of the cores can be told: one client is a connection that asks again as soon as it has its
answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.data import ROOT
from bench.memory import family, shared_out_bytes

CLIENTS = 8
SECONDS = 20
WARM_UP_SECONDS = 8
READY_SECONDS = 600
# Of so many subjects one is a listed person under an altered name, the others are ordinary.
EVERY_LISTED = 5
Figures = dict[str, Any]


def measure(home: Path, workers: int, *, clients: int = CLIENTS, seconds: int = SECONDS) -> Figures:
    """Serve the lists of a data directory and put load on it.

    `rate` is requests a second, `p50_ms` and `p99_ms` times seen by clients, `cpu_ms` what a
    request took in the workers. `generator_share` is the part of one core that the load itself
    took. `memory_bytes` is what all processes take together: the difference between two workers
    and one is what the second adds. `memory` has for each worker what it shares out (`pss`) and
    has alone (`uss`), in bytes, after the load.
    """
    with _serving(home, workers) as (address, pids):
        _load(address, clients, WARM_UP_SECONDS)
        before = _cpu_seconds(pids)
        found = _load(address, clients, seconds)
        used = _cpu_seconds(pids) - before
        memory = [_memory(pid) for pid in pids]
        # With the process that watches over the workers, where there are several.
        whole = sum(map(shared_out_bytes, _all(pids)))
    return {
        **found,
        "memory_bytes": whole,
        "workers": workers,
        "cores": os.cpu_count(),
        "worker_share": used / found["seconds"],
        "cpu_ms": 1000 * used / found["requests"],
        "memory": memory,
    }


@contextmanager
def _serving(home: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """A running service: its address, and the processes that answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("tumen"), "serve", "--port", str(port), "--quiet"]
    environment = {**os.environ, "TUMEN_HOME": str(home), "TUMEN_RATE_PER_SECOND": "0"}
    server = subprocess.Popen([*command, "--workers", str(workers)], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_ready(address, server)
        pids = [server.pid] if workers == 1 else family(server.pid)[1:]
        yield address, pids
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"tumen serve ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/readyz") as response:
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("tumen serve did not become ready")


def _load(address: str, clients: int, seconds: int) -> Figures:
    """Put load on an address from another process."""
    command = [sys.executable, "-m", "bench.service", address, str(clients), str(seconds)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: Figures = json.loads(done.stdout)
    return found


def _all(pids: Sequence[int]) -> list[int]:
    """The workers, and the process that they are children of where they are several."""
    if len(pids) == 1:
        return list(pids)
    fields = Path(f"/proc/{pids[0]}/stat").read_text("ascii").rpartition(")")[2].split()
    return [*pids, int(fields[1])]


def _memory(pid: int) -> dict[str, int]:
    return {"pss": shared_out_bytes(pid), "uss": _own_bytes(pid)}


def _own_bytes(pid: int) -> int:
    """Memory that no other process maps."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    parts = (line.split() for line in text.splitlines() if line.startswith("Private_"))
    return sum(int(part[1]) * 1024 for part in parts)


def _cpu_seconds(pids: Sequence[int]) -> float:
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class _Client(asyncio.Protocol):
    """One connection: sends the next request as soon as the answer before is whole."""

    def __init__(self, requests: Iterator[bytes], times: list[float], failed: list[bytes]) -> None:
        self._requests, self._times, self._failed = requests, times, failed
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        """Collect an answer; when it is whole, note its time and ask again."""
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        self._times.append(time.perf_counter() - self._sent_at)
        if not head.startswith(b"HTTP/1.1 200"):
            self._failed.append(head[:200])
        self._buffer = b""
        self._send()


async def _run(host: str, port: int, clients: int, seconds: float) -> Figures:
    times: list[float] = []
    failed: list[bytes] = []
    requests = _requests()
    next(requests)  # Made before the clock runs.
    loop = asyncio.get_running_loop()
    used, started = time.process_time(), time.perf_counter()
    opened = [
        await loop.create_connection(lambda: _Client(requests, times, failed), host, port)
        for _ in range(clients)
    ]
    await asyncio.sleep(seconds)
    elapsed, used = time.perf_counter() - started, time.process_time() - used
    for transport, _ in opened:
        transport.abort()
    times.sort()
    return {
        "clients": clients,
        "requests": len(times),
        "failed": len(failed),
        "seconds": elapsed,
        "rate": len(times) / elapsed,
        "p50_ms": 1000 * times[len(times) // 2],
        "p99_ms": 1000 * times[int(len(times) * 0.99)],
        "longest_ms": 1000 * times[-1],
        "generator_share": used / elapsed,
    }


def _requests() -> Iterator[bytes]:
    """Requests without end, as bytes; a subject comes again only after thousands of others."""
    from bench.people import ordinary_people, un_people

    ordinary = ordinary_people(whole=True, count=20_000)
    listed = [subject for _, subject in un_people(whole=True)]
    made = []
    for number, subject in enumerate(ordinary):
        made.append(_request(subject))
        if number % (EVERY_LISTED - 1) == 0:
            made.append(_request(listed[number // (EVERY_LISTED - 1) % len(listed)]))
    # The warm-up and the measured load begin at different places.
    place = time.time_ns() % len(made)
    while True:
        yield made[place % len(made)]
        place += 1


def _request(subject: dict[str, Any]) -> bytes:
    body = json.dumps({"queries": {"one": subject}}).encode()
    head = (
        "POST /match/default?algorithm=best HTTP/1.1\r\nhost: localhost\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def main() -> None:
    """Put load on an address and print the figures."""
    address, clients, seconds = sys.argv[1:]
    host, _, port = address.removeprefix("http://").partition(":")
    print(json.dumps(asyncio.run(_run(host, int(port), int(clients), float(seconds)))))


if __name__ == "__main__":
    main()
