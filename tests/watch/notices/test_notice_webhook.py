"""Webhooks against local receivers: signatures, faults, and no way into our own house."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from notice_certificates import certificate
from notice_samples import NOW, SECRET, event, stale_list, subscription
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook, WebhookVerificationError
from werkzeug import Request, Response

from tumen.errors import RequestError
from tumen.watch.notices.addresses import AddressRule
from tumen.watch.notices.transport import DeliveryError, Notice
from tumen.watch.notices.webhook import (
    MOST_BODY_BYTES,
    WebhookTransport,
    new_secret,
    parse_url,
    payload,
)

OPEN = AddressRule(is_private_allowed=True)


def notice(url: str, *events: Any, **changes: Any) -> Notice:
    """A notice to a URL; of one new hit where nothing else is given."""
    return Notice("dlv_1", subscription(target=url, **changes), events or (event(),))


def send(url: str, *, seconds: float = 5.0, rule: AddressRule = OPEN, **changes: Any) -> None:
    """Send one notice now."""
    WebhookTransport(rule, timeout_seconds=seconds).send(notice(url, **changes), datetime.now(UTC))


class Receiver:
    """Remembers what was posted, and answers as told."""

    def __init__(self, server: HTTPServer, status: int = 200, **headers: str) -> None:
        self.requests = list[Request]()
        self.bodies = list[bytes]()
        self._status, self._headers = status, headers
        server.expect_request("/hooks", method="POST").respond_with_handler(self._answer)
        self.url = server.url_for("/hooks")

    def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        self.bodies.append(request.get_data())
        return Response("seen", self._status, self._headers)


def test_a_receiver_verifies_the_signature(httpserver: HTTPServer) -> None:
    """With the reference implementation; any changed byte fails."""
    receiver = Receiver(httpserver)
    send(receiver.url)
    (request,), (body,) = receiver.requests, receiver.bodies
    headers = dict(request.headers)
    found = Webhook(SECRET).verify(body, headers)
    assert found["data"]["delivery_id"] == "dlv_1" == headers["Webhook-Id"]
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"].startswith("tumen/")
    assert headers["Host"] == httpserver.url_for("")[len("http://") :].rstrip("/")
    for wrong_body, wrong_secret in ((body + b" ", SECRET), (body, new_secret())):
        with pytest.raises(WebhookVerificationError):
            Webhook(wrong_secret).verify(wrong_body, headers)


def test_the_body_says_what_happened() -> None:
    """Ids, kind and next step always; words and data only with details."""
    bare = orjson.loads(payload(notice("https://h.example")))
    assert bare["type"] == "notice"
    assert bare["timestamp"] == NOW.isoformat()
    assert bare["data"]["count"] == 1
    (one,) = bare["data"]["events"]
    assert one["party_id"] == "C-1"
    assert one["kind"] == "new hit"
    assert one["severity"] == "high"
    assert "Kim" not in str(bare)
    full = orjson.loads(payload(notice("https://h.example", has_details=True)))
    assert full["data"]["events"][0]["title"] == "Kim Chol Nam (1) is newly hit"
    assert full["data"]["events"][0]["data"] == {"party_name": "Kim Chol Nam", "score": 0.97}


def test_the_body_is_the_same_at_every_attempt() -> None:
    """Also where the store gives the events in another order."""
    events = (event(1), event(2), stale_list())
    first = payload(notice("https://h.example", *events))
    assert payload(notice("https://h.example", *reversed(events))) == first


@pytest.mark.parametrize("text", ["x", "x" * 5_000, "x" * MOST_BODY_BYTES, "\x01" * 30_000])
def test_a_large_body_is_bounded_and_loses_no_event(text: str) -> None:
    """What does not fit is named, so that the receiver can ask for it."""
    events = [event(number, text=text) for number in range(200)]
    body = payload(notice("https://h.example", *events, has_details=True))
    assert len(body) <= MOST_BODY_BYTES
    found = orjson.loads(body)["data"]
    told = [one["event_id"] for one in found["events"]] + found["omitted_event_ids"]
    assert sorted(told) == sorted(one.event_id for one in events)
    assert found["count"] == 200


def test_a_flood_of_ids_is_bounded_too() -> None:
    """The count still says how many there are."""
    events = [event(number, event_id=f"{number:032}") for number in range(20_000)]
    body = payload(notice("https://h.example", *events))
    assert len(body) <= MOST_BODY_BYTES
    assert orjson.loads(body)["data"]["count"] == 20_000


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_an_answer_that_is_no_success_is_a_fault(httpserver: HTTPServer, status: int) -> None:
    """To be tried again."""
    receiver = Receiver(httpserver, status)
    with pytest.raises(DeliveryError, match=f"answered {status}") as caught:
        send(receiver.url)
    assert not caught.value.is_final
    assert not caught.value.ends_subscription


def test_gone_ends_the_subscription(httpserver: HTTPServer) -> None:
    """410 is the receiver's way to say so."""
    receiver = Receiver(httpserver, 410)
    with pytest.raises(DeliveryError, match="no more") as caught:
        send(receiver.url)
    assert caught.value.ends_subscription
    assert caught.value.is_final


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "120", 120),
        (503, "7", 7),
        (503, "Wed, 01 Jan 2020 00:00:00 GMT", 0),
        (503, "soon", 0),
        (503, "-5", 0),
        (503, "9" * 400, 999_999_999),
        (500, "120", 0),
    ],
)
def test_retry_after_is_heard(
    httpserver: HTTPServer, status: int, value: str, seconds: float
) -> None:
    """Where the standard gives it a meaning."""
    receiver = Receiver(httpserver, status, **{"Retry-After": value})
    with pytest.raises(DeliveryError) as caught:
        send(receiver.url)
    assert caught.value.asked_seconds == seconds


def test_retry_after_as_a_date(httpserver: HTTPServer) -> None:
    """Counted from the attempt."""
    later = datetime.now(UTC) + timedelta(hours=1)
    receiver = Receiver(httpserver, 503, **{"Retry-After": f"{later:%a, %d %b %Y %H:%M:%S} GMT"})
    with pytest.raises(DeliveryError) as caught:
        send(receiver.url)
    assert 3590 < caught.value.asked_seconds <= 3600


def test_a_redirect_is_not_followed(httpserver: HTTPServer) -> None:
    """It could lead into our own house."""
    httpserver.expect_request("/inside").respond_with_data("secret")
    receiver = Receiver(httpserver, 307, Location=httpserver.url_for("/inside"))
    with pytest.raises(DeliveryError, match=r"redirects \(307\)"):
        send(receiver.url)
    assert [request.path for request, _ in httpserver.log] == ["/hooks"]


@contextmanager
def silent_server(*answer: bytes, pause_seconds: float = 0.0) -> Iterator[str]:
    """Takes one connection, sends each piece of the answer after a pause, and stays open."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        is_over = threading.Event()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                for piece in answer:
                    if is_over.wait(pause_seconds):
                        return
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return
                is_over.wait(10)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hooks"
        is_over.set()
        thread.join(5)


def test_a_receiver_that_hangs_is_left() -> None:
    """After the time allowed."""
    began = time.monotonic()
    with silent_server() as url, pytest.raises(DeliveryError, match=r"did not answer within 0\.3"):
        send(url, seconds=0.3)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_receiver_that_drips_is_left(head: bytes) -> None:
    """The time allowed is for the whole exchange, not for each byte of it."""
    began = time.monotonic()
    with (
        silent_server(head, *[b"x"] * 100, pause_seconds=0.1) as url,
        pytest.raises(DeliveryError, match=r"did not answer within 0\.5"),
    ):
        send(url, seconds=0.5)
    assert time.monotonic() - began < 3


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    """The status says all that we want to know."""
    with silent_server(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * (1 << 20)) as url:
        send(url)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 999999 X\r\n\r\n"])
def test_what_speaks_no_http_is_a_fault(answer: bytes) -> None:
    """Said in one line, to be tried again."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(DeliveryError) as caught:
            send(f"http://127.0.0.1:{server.getsockname()[1]}/", seconds=2)
        thread.join(5)
    assert not caught.value.is_final


def test_nobody_there_is_a_fault() -> None:
    """A refused connection names the host."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(DeliveryError, match=r"No connection to 127\.0\.0\.1"):
        send(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433"]
)
def test_our_own_house_is_refused(httpserver: HTTPServer, host: str) -> None:
    """By every name it has; nothing is sent."""
    receiver = Receiver(httpserver)
    url = f"http://{host}:{httpserver.port}/hooks"
    with pytest.raises(DeliveryError, match="no public address"):
        send(url, rule=AddressRule())
    assert receiver.requests == []


def test_a_name_that_changes_its_meaning_changes_nothing(httpserver: HTTPServer) -> None:
    """The address that was checked is the one connected to: the name is asked for once."""
    receiver = Receiver(httpserver)
    asked = list[str]()

    def turning(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["203.0.113.7"] if len(asked) > 1 else ["127.0.0.1"]

    transport = WebhookTransport(AddressRule.parse("127.0.0.1"), resolve=turning)
    url = f"http://turning.example:{httpserver.port}/hooks"
    transport.send(notice(url), datetime.now(UTC))
    assert asked == ["turning.example"]
    assert receiver.requests[0].host == f"turning.example:{httpserver.port}"


def test_the_second_address_is_tried_where_the_first_is_silent(httpserver: HTTPServer) -> None:
    """A host may have an address that does not answer."""
    receiver = Receiver(httpserver)
    transport = WebhookTransport(OPEN, resolve=lambda *_: ["127.9.9.9", "127.0.0.1"])
    transport.send(notice(receiver.url.replace("localhost", "two.example")), datetime.now(UTC))
    assert len(receiver.requests) == 1


class TestOverTls:
    """The certificate is that of the name, though the connection goes to an address."""

    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[tuple[HTTPServer, ssl.SSLContext]]:
        """A receiver called hooks.example, and a context that trusts it."""
        file, context = certificate(tmp_path, "hooks.example")
        with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
            yield server, ssl.create_default_context(cafile=str(file))

    def _send(self, server: HTTPServer, context: ssl.SSLContext, host: str) -> None:
        transport = WebhookTransport(OPEN, context=context, resolve=lambda *_: ["127.0.0.1"])
        transport.send(notice(f"https://{host}:{server.port}/hooks"), datetime.now(UTC))

    def test_the_right_name(self, server: tuple[HTTPServer, ssl.SSLContext]) -> None:
        """Host and certificate fit the name in the URL."""
        receiver = Receiver(server[0])
        self._send(*server, "hooks.example")
        assert receiver.requests[0].host == f"hooks.example:{server[0].port}"

    def test_a_wrong_name_or_a_stranger(self, server: tuple[HTTPServer, ssl.SSLContext]) -> None:
        """Nothing is sent to whom the certificate does not name, or nobody vouches for."""
        receiver = Receiver(server[0])
        for context, host in (
            (server[1], "other.example"),
            (ssl.create_default_context(), "hooks.example"),
        ):
            with pytest.raises(DeliveryError, match="certificate"):
                self._send(server[0], context, host)
        assert receiver.requests == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://h.example/", "no URL of a receiver"),
        ("file:///etc/passwd", "no URL of a receiver"),
        ("https://", "no URL of a receiver"),
        ("hooks", "no URL of a receiver"),
        ("https://u:p@h.example/", "no name or password"),
        ("https://h.example/#x", "is never sent"),
        ("https://h.example:99999/", "no URL"),
        ("https://h.example/\r\nX: y", "no URL"),
    ],
)
def test_what_is_no_url_of_a_receiver(url: str, problem: str) -> None:
    """Refused when subscribing; found later it is given up at once."""
    with pytest.raises(RequestError, match=problem):
        parse_url(url)
    with pytest.raises(DeliveryError) as caught:
        send(url)
    assert caught.value.is_final


def test_secrets_are_as_the_standard_wants_them() -> None:
    """24 to 64 random bytes in Base64, each another."""
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith("whsec_")
    assert len(Webhook(first)._whsecret) == 32
