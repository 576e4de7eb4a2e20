"""Servers that hang, lie, cut, loop and attack: each ends in a message and the last good state."""

from __future__ import annotations

import gzip
import socket
import socketserver
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from small_world import World, list_bytes, people, registry_of

from tumen.model.watching import EventKind, ListHealth
from tumen.watch.report import report_lines

GOOD = list_bytes("alpha", people(20))
NEXT = list_bytes("alpha", people(21), "2026-02-28")
Answer = Callable[[socket.socket], None]


@contextmanager
def server(answer: Answer) -> Iterator[str]:
    """A server that does with each connection what `answer` says, byte by byte."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            try:
                answer(self.request)
            except (BrokenPipeError, ConnectionResetError):
                return  # The client has left, as it should.

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_address[1]}/alpha.json"
        finally:
            listening.shutdown()
            thread.join()


def whole(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A complete answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def zipped(name: str, data: bytes) -> bytes:
    """A zip archive with one file."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def hang(connection: socket.socket) -> None:
    """Takes the request and says nothing."""
    time.sleep(3)


def hang_midway(connection: socket.socket) -> None:
    """Sends a part, then nothing more, and keeps the connection."""
    connection.sendall(whole(NEXT)[:-100])
    time.sleep(3)


def drip(connection: socket.socket) -> None:
    """Is never silent for long, and never done."""
    connection.sendall(whole(NEXT)[:-100])
    for _ in range(40):
        connection.sendall(b" ")
        time.sleep(0.1)


def sends(data: bytes) -> Answer:
    """A server that sends these bytes and closes."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(data)

    return answer


def loop(connection: socket.socket) -> None:
    """Sends everybody back to itself."""
    port = connection.getsockname()[1]
    address = f"Location: http://127.0.0.1:{port}/again"
    connection.sendall(whole(b"", "302 Found", address))


BOMB = b" " * (64 << 20)
PAGE = b"<!DOCTYPE html><html><body>We have moved</body></html>"
JUNK = bytes(range(256)) * 40
LYING = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
# What the server does, how the list fares then, and what is said.
UNREACHABLE, QUARANTINED = ListHealth.UNREACHABLE, ListHealth.QUARANTINED
FAULTS: dict[str, tuple[Answer, ListHealth, str]] = {
    "hangs": (hang, UNREACHABLE, "No answer within 0.5 seconds"),
    "hangs midway": (hang_midway, UNREACHABLE, "No answer within 0.5 seconds"),
    "drips": (drip, UNREACHABLE, "Not whole after 2 seconds"),
    "sends half": (sends(whole(NEXT)[:-100]), UNREACHABLE, "connection broke"),
    "closes at once": (sends(b""), UNREACHABLE, "connection broke"),
    "speaks no HTTP": (sends(b"SSH-2.0-OpenSSH_9.6\r\n"), UNREACHABLE, "connection broke"),
    "answers 500": (sends(whole(b"", "500 Oh No")), UNREACHABLE, "answered 500"),
    "answers 404": (sends(whole(b"", "404 Not Found")), UNREACHABLE, "answered 404"),
    "asks for a password": (sends(whole(b"", "401 Who Are You")), UNREACHABLE, "answered 401"),
    "loops": (loop, UNREACHABLE, "redirects"),
    "sends nothing": (sends(whole(b"")), UNREACHABLE, "empty"),
    "sends a page": (sends(whole(PAGE)), UNREACHABLE, "a web page, not a list"),
    "sends junk": (sends(whole(JUNK)), QUARANTINED, "no list begins like this"),
    "sends another list": (
        sends(whole(list_bytes("beta", people(20)))),
        QUARANTINED,
        "is beta, not alpha",
    ),
    "sends a zip bomb": (
        sends(whole(zipped("alpha.json", NEXT[:-1] + BOMB))),
        QUARANTINED,
        "unpacks to more than",
    ),
    "sends a gzip bomb": (
        sends(whole(gzip.compress(NEXT[:-1] + BOMB))),
        QUARANTINED,
        "unpacks to more than",
    ),
    "sends a cut zip": (sends(whole(zipped("alpha.json", NEXT)[:-30])), QUARANTINED, "read"),
    "sends a bomb as encoding": (
        sends(LYING + gzip.compress(BOMB)),
        UNREACHABLE,
        "larger than 10,000,000 bytes",
    ),
    "sends a broken encoding": (sends(LYING + zlib.compress(NEXT)), UNREACHABLE, "fetched"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_ends_in_a_message_and_the_last_good_state(world: World, fault: str) -> None:
    """Version, entries and the other list stay; one alarm; later the good file is taken."""
    answer, health, words = FAULTS[fault]
    world.run()
    before = world.store.current_versions()
    world.later(days=1)
    beta = registry_of({"beta": next(iter(world.registry.get("beta").urls)).url}).get("beta")
    with server(answer) as url:
        alpha = registry_of({"alpha": url}).get("alpha")
        started = time.monotonic()
        report = world.run(lists=(alpha, beta))
        took = time.monotonic() - started
    assert took < 5
    assert report.status == "incomplete"
    (line,) = [line for line in report_lines(report) if line.startswith("! alpha")]
    assert words in line
    assert f"{before[0].version_id} stays in use" in line
    assert world.store.current_versions() == before
    with world.store.reading() as work:
        states = {one.list_id: one.health for one in work.list_states.all()}
        alarms = work.outbox.events(kinds=(EventKind(f"list {health.value}"),))
    assert states == {"alpha": health, "beta": ListHealth.GOOD}
    assert len(alarms) == 1
    with server(sends(whole(NEXT))) as url:
        alpha = registry_of({"alpha": url}).get("alpha")
        assert world.run(lists=(alpha,)).status == "done"
    version = world.store.current_version("alpha")
    assert version is not None
    assert version.entries == 21
