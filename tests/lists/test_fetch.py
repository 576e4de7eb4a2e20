"""Downloads against a local server: whole files come in place, faults leave the old ones."""

from __future__ import annotations

import gzip
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from pytest_httpserver import HTTPServer
from toy_list import toy_info, write
from werkzeug import Request, Response

from tumen.errors import RequestError, SourceError
from tumen.lists.fetch import Fetched, FetchStatus, Patience, addresses, fetch
from tumen.lists.registry import ListInfo

DATA = b'{"toy": 1, "entries": []}' * 100


def info_at(url: str) -> ListInfo:
    """The toy list with one address."""
    return toy_info(urls=[{"format": "json", "url": url, "files": ["toy.json"]}])


class Fetching:
    """Fetches the toy list from a local address, and remembers waits and progress."""

    def __init__(self, into: Path) -> None:
        self.into, self.waits = into, list[float]()
        self.progress: list[tuple[str, int, int | None]] = []

    def __call__(self, info: ListInfo, **patience: float) -> list[Fetched]:
        """Fetch; `patience` changes what it names."""
        limits = Patience(**{"timeout_seconds": 5.0, **patience})  # type: ignore[arg-type]
        with httpx.Client() as client:
            return fetch(
                info,
                self.into,
                client,
                progress=lambda *step: self.progress.append(step),
                patience=limits,
                sleep=self.waits.append,
            )

    @property
    def path(self) -> Path:
        """Where the one file goes."""
        return self.into / "toy/toy.json"

    def left(self) -> list[str]:
        """All files in the list's folder."""
        return sorted(path.name for path in (self.into / "toy").iterdir())


@pytest.fixture
def fetching(tmp_path: Path) -> Fetching:
    """A fresh folder."""
    return Fetching(tmp_path)


def test_a_file_is_fetched_whole(httpserver: HTTPServer, fetching: Fetching) -> None:
    """Bytes, size and SHA-256 are those of the server; progress is told."""
    httpserver.expect_request("/toy.json").respond_with_data(DATA)
    (got,) = fetching(info_at(httpserver.url_for("/toy.json")))
    assert got.status is FetchStatus.FETCHED
    assert got.path == fetching.path
    assert got.path.read_bytes() == DATA
    assert (got.size_bytes, got.sha256) == (len(DATA), sha256(DATA).hexdigest())
    assert fetching.progress[-1] == ("toy.json", len(DATA), len(DATA))
    assert fetching.left() == [".toy.json.fetched", "toy.json"]


def test_an_unchanged_file_is_not_fetched_again(httpserver: HTTPServer, fetching: Fetching) -> None:
    """ETag and date of the first answer are sent with the second request."""
    asked = []

    def answer(request: Request) -> Response:
        asked.append(request.headers)
        if request.headers.get("If-None-Match") == '"v1"':
            return Response(status=304)
        headers = {"ETag": '"v1"', "Last-Modified": "Fri, 27 Feb 2026 10:00:00 GMT"}
        return Response(DATA, headers=headers)

    httpserver.expect_request("/toy.json").respond_with_handler(answer)
    info = info_at(httpserver.url_for("/toy.json"))
    (first,), (second,) = fetching(info), fetching(info)
    assert second.status is FetchStatus.NOT_MODIFIED
    assert (second.sha256, second.size_bytes) == (first.sha256, first.size_bytes)
    assert asked[1]["If-Modified-Since"] == "Fri, 27 Feb 2026 10:00:00 GMT"
    assert fetching.path.read_bytes() == DATA


@pytest.mark.parametrize("fault", ["changed", "deleted", "note broken", "other address"])
def test_a_file_that_is_not_the_fetched_one_is_fetched_anew(
    httpserver: HTTPServer, fetching: Fetching, fault: str
) -> None:
    """ "Not modified" says something of the bytes we had, not of those that lie there now."""
    for path in ("/toy.json", "/new.json"):
        httpserver.expect_request(path).respond_with_data(DATA, headers={"ETag": '"v1"'})
    fetching(info_at(httpserver.url_for("/toy.json")))
    if fault == "changed":
        fetching.path.write_bytes(DATA[:50])
    elif fault == "deleted":
        fetching.path.unlink()
    elif fault == "note broken":
        write(fetching.path.with_name(".toy.json.fetched"), b"{")
    name = "/new.json" if fault == "other address" else "/toy.json"
    (got,) = fetching(info_at(httpserver.url_for(name)))
    assert got.status is FetchStatus.FETCHED
    assert fetching.path.read_bytes() == DATA
    assert "If-None-Match" not in httpserver.log[-1][0].headers


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_passing_fault_is_tried_again(
    httpserver: HTTPServer, fetching: Fetching, status: int
) -> None:
    """A server that is down for a moment costs a wait, not the list."""
    httpserver.expect_ordered_request("/toy.json").respond_with_data("down", status=status)
    httpserver.expect_ordered_request("/toy.json").respond_with_data("down", status=status)
    httpserver.expect_ordered_request("/toy.json").respond_with_data(DATA)
    fetching(info_at(httpserver.url_for("/toy.json")), wait_seconds=2.0)
    assert fetching.path.read_bytes() == DATA
    assert fetching.waits == [2.0, 4.0]


@pytest.mark.parametrize(("stated", "wait"), [("7", 7.0), ("86400", 60.0), ("soon", 1.0)])
def test_the_servers_wish_to_wait_is_heard(
    httpserver: HTTPServer, fetching: Fetching, stated: str, wait: float
) -> None:
    """Retry-After in seconds counts, up to a minute."""
    headers = {"Retry-After": stated}
    httpserver.expect_ordered_request("/toy.json").respond_with_data(
        "busy", status=503, headers=headers
    )
    httpserver.expect_ordered_request("/toy.json").respond_with_data(DATA)
    fetching(info_at(httpserver.url_for("/toy.json")), wait_seconds=1.0)
    assert fetching.waits == [wait]


def test_a_lasting_fault_ends_with_address_and_advice(
    httpserver: HTTPServer, fetching: Fetching
) -> None:
    """After the last attempt the message says what, where and what to do."""
    httpserver.expect_request("/toy.json").respond_with_data("down", status=500)
    url = httpserver.url_for("/toy.json")
    with pytest.raises(SourceError, match="answered 500") as caught:
        fetching(info_at(url), attempts=3)
    assert caught.value.where == url
    assert "3 attempts" in caught.value.problem
    assert "by hand" in caught.value.mend
    assert len(fetching.waits) == 2


@pytest.mark.parametrize("status", [403, 404, 204, 206])
def test_other_answers_are_faults_at_once(
    httpserver: HTTPServer, fetching: Fetching, status: int
) -> None:
    """No wait helps against a moved file; a part of a file is no file."""
    httpserver.expect_request("/toy.json").respond_with_data("", status=status)
    with pytest.raises(SourceError, match=f"answered {status}"):
        fetching(info_at(httpserver.url_for("/toy.json")))
    assert fetching.waits == []


def test_not_modified_without_being_asked_is_a_fault(
    httpserver: HTTPServer, fetching: Fetching
) -> None:
    """There is no file that it could speak of."""
    httpserver.expect_request("/toy.json").respond_with_data("", status=304)
    with pytest.raises(SourceError, match="answered 304"):
        fetching(info_at(httpserver.url_for("/toy.json")))


def test_a_server_that_says_nothing_is_left(httpserver: HTTPServer, fetching: Fetching) -> None:
    """A timeout is a passing fault."""

    def slowly(_request: Request) -> Response:
        time.sleep(0.5)
        return Response(DATA)

    httpserver.expect_request("/toy.json").respond_with_handler(slowly)
    with pytest.raises(SourceError, match=r"No answer within 0\.1 seconds"):
        fetching(info_at(httpserver.url_for("/toy.json")), timeout_seconds=0.1, attempts=2)
    assert len(fetching.waits) == 1
    assert fetching.left() == []


def test_a_server_that_drips_is_left(httpserver: HTTPServer, fetching: Fetching) -> None:
    """A byte now and then is never silence, and would hold a run for ever."""

    def drip() -> Iterator[bytes]:
        for _ in range(40):
            time.sleep(0.02)
            yield b"x"

    httpserver.expect_request("/toy.json").respond_with_handler(lambda _: Response(drip()))
    with pytest.raises(SourceError, match=r"Not whole after 0\.1 seconds"):
        fetching(info_at(httpserver.url_for("/toy.json")), total_seconds=0.1, attempts=1)
    assert fetching.left() == []


def test_a_call_that_nobody_takes_is_given_up(fetching: Fetching) -> None:
    """A network that swallows packets costs seconds, not the night."""
    with socket.socket() as full, ExitStack() as callers:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(full.getsockname())
        port = full.getsockname()[1]
        with pytest.raises(SourceError, match=r"No connection within 0\.2 seconds"):
            fetching(info_at(f"http://127.0.0.1:{port}/"), timeout_seconds=0.2, attempts=1)


def test_nobody_listens(fetching: Fetching) -> None:
    """A refused connection is told as such."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceError, match="connection broke"):
        fetching(info_at(f"http://127.0.0.1:{port}/toy.json"), attempts=2)


@contextmanager
def raw_server(answer: bytes) -> Iterator[str]:
    """A server that sends exactly these bytes and closes; faults a proper server cannot make."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(4096)
            self.request.sendall(answer)

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/toy.json"
        finally:
            server.shutdown()
            thread.join()


CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + DATA[:900]
CUT_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n" + DATA[:300]


@pytest.mark.parametrize("answer", [CUT, CUT_CHUNKED])
def test_a_cut_body_never_becomes_the_file(fetching: Fetching, answer: bytes) -> None:
    """Half a list would clear the other half; the old file and no rest stay."""
    write(fetching.path, b"the last good one")
    with (
        raw_server(answer) as url,
        pytest.raises(SourceError, match="connection broke"),
    ):
        fetching(info_at(url), attempts=2)
    assert len(fetching.waits) == 1
    assert fetching.path.read_bytes() == b"the last good one"
    assert fetching.left() == ["toy.json"]


def test_an_empty_answer_is_no_list(httpserver: HTTPServer, fetching: Fetching) -> None:
    """Status 200 with nothing in it."""
    httpserver.expect_request("/toy.json").respond_with_data(b"")
    with pytest.raises(SourceError, match="empty"):
        fetching(info_at(httpserver.url_for("/toy.json")), attempts=2)


def test_a_body_that_says_it_is_too_large_is_not_read(
    httpserver: HTTPServer, fetching: Fetching
) -> None:
    """The stated length is enough to refuse."""
    httpserver.expect_request("/toy.json").respond_with_data(DATA)
    with pytest.raises(SourceError, match="larger than 100 bytes"):
        fetching(info_at(httpserver.url_for("/toy.json")), max_bytes=100)
    assert (fetching.waits, fetching.progress) == ([], [])


def test_a_body_that_unpacks_to_too_much_is_stopped(
    httpserver: HTTPServer, fetching: Fetching
) -> None:
    """Compression on the way does not get around the limit."""
    packed = gzip.compress(b"x" * 5_000_000)
    headers = {"Content-Encoding": "gzip"}
    httpserver.expect_request("/toy.json").respond_with_data(packed, headers=headers)
    with pytest.raises(SourceError, match="larger than 1,000,000 bytes"):
        fetching(info_at(httpserver.url_for("/toy.json")), max_bytes=1_000_000)
    assert fetching.left() == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\n\n<!DOCTYPE html><html>Moved</html>", "application/xml"),
        (b"\xef\xbb\xbf<HTML><body>Sorry</body>", "application/octet-stream"),
        (b"Please wait", "text/html; charset=utf-8"),
    ],
)
def test_a_web_page_is_no_list(
    httpserver: HTTPServer, fetching: Fetching, body: bytes, kind: str
) -> None:
    """Publishers answer 200 with a page when a file has moved."""
    httpserver.expect_request("/toy.json").respond_with_data(body, content_type=kind)
    with pytest.raises(SourceError, match="web page"):
        fetching(info_at(httpserver.url_for("/toy.json")))
    assert fetching.left() == []


def test_redirects_are_followed(httpserver: HTTPServer, fetching: Fetching) -> None:
    """OFAC's addresses lead to a storage service."""
    moved = {"Location": "/there/x.json"}
    httpserver.expect_request("/toy.json").respond_with_data("", status=302, headers=moved)
    httpserver.expect_request("/there/x.json").respond_with_data(DATA)
    (got,) = fetching(info_at(httpserver.url_for("/toy.json")))
    assert got.path == fetching.path
    assert got.path.read_bytes() == DATA


def test_redirects_in_a_circle_end(httpserver: HTTPServer, fetching: Fetching) -> None:
    """No endless loop, and no retry of it."""
    moved = {"Location": "/toy.json"}
    httpserver.expect_request("/toy.json").respond_with_data("", status=302, headers=moved)
    with pytest.raises(SourceError, match="redirect"):
        fetching(info_at(httpserver.url_for("/toy.json")))
    assert fetching.waits == []


def test_a_redirect_never_gives_up_encryption(fetching: Fetching) -> None:
    """A list that anyone on the way could have changed is not taken."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            return httpx.Response(302, headers={"Location": "http://toy.example/toy.json"})
        return httpx.Response(200, content=DATA)

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as client,
        pytest.raises(SourceError, match="without encryption"),
    ):
        fetch(info_at("https://toy.example/toy.json"), fetching.into, client)
    assert fetching.left() == []


def test_an_address_that_is_none_is_told(fetching: Fetching) -> None:
    """A mistake in list.yml is no fault of the network."""
    with pytest.raises(SourceError, match="cannot be fetched"):
        fetching(info_at("http://[::1/toy.json"))
    assert fetching.waits == []


def csv_set(base: str) -> ListInfo:
    """The toy list with a set of two files."""
    files = ["toy.csv", "toy_alias.csv"]
    return toy_info(urls=[{"format": "csv", "url": base + "{file}", "files": files}])


def test_a_set_is_replaced_together_or_not_at_all(
    httpserver: HTTPServer, fetching: Fetching
) -> None:
    """New names with old aliases would be a list that was never published."""
    httpserver.expect_request("/toy.csv").respond_with_data("new")
    httpserver.expect_request("/toy_alias.csv").respond_with_data("", status=404)
    for name in ("toy.csv", "toy_alias.csv"):
        write(fetching.into / "toy" / name, b"old")
    info = csv_set(httpserver.url_for("/"))
    with pytest.raises(SourceError, match=r"toy_alias\.csv"):
        fetching(info)
    assert (fetching.into / "toy/toy.csv").read_bytes() == b"old"
    assert fetching.left() == ["toy.csv", "toy_alias.csv"]
    httpserver.clear()
    for name in ("toy.csv", "toy_alias.csv"):
        httpserver.expect_request(f"/{name}").respond_with_data("new")
    assert [got.path.name for got in fetching(info)] == ["toy.csv", "toy_alias.csv"]
    assert (fetching.into / "toy/toy.csv").read_bytes() == b"new"


def test_addresses_and_names() -> None:
    """One file, a set, an archive; formats after the first are left to those who want them."""
    assert addresses(toy_info()) == [("https://toy.example/toy.json", "toy.json")]
    assert addresses(csv_set("https://toy.example/")) == [
        ("https://toy.example/toy.csv", "toy.csv"),
        ("https://toy.example/toy_alias.csv", "toy_alias.csv"),
    ]
    archive = {"format": "csv", "url": "https://toy.example/all.zip?x=1", "files": ["*.csv"]}
    assert addresses(toy_info(urls=[archive])) == [("https://toy.example/all.zip?x=1", "all.zip")]
    by_hand = {"format": "csv", "files": ["*.csv"]}
    page = {"format": "json", "url": "https://toy.example/t.json", "files": ["toy.json"]}
    assert addresses(toy_info(urls=[by_hand, page])) == [(page["url"], "toy.json")]
    for urls in ([], [by_hand]):
        assert not toy_info(urls=urls).has_address
        with pytest.raises(RequestError, match="load its files yourself"):
            addresses(toy_info(urls=urls))
