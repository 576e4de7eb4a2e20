"""Notices by webhook, signed in the manner of Standard Webhooks (v1, HMAC-SHA256)."""

from __future__ import annotations

import base64
import secrets
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any

import httpcore
import httpx
import orjson
from standardwebhooks import Webhook

from tumen.errors import RequestError
from tumen.model.watching import Event
from tumen.watch.notices.addresses import AddressRule
from tumen.watch.notices.network import CheckedNetwork, Resolve, resolve
from tumen.watch.notices.transport import DeliveryError, Notice
from tumen.watch.notices.wording import in_order, is_private, next_step, text_of, title_of

SECRET_PREFIX = "whsec_"
_SECRET_BYTES = 32
# Receivers bound what they take; what does not fit is named by its ids.
MOST_BODY_BYTES = 256 << 10
# Of an answer only the status is used.
_MOST_ANSWER_BYTES = 64 << 10
TIMEOUT_SECONDS = 20.0
_GONE = 410
_ASKS_TO_WAIT = (429, 503)
_Headers = list[tuple[bytes | str, bytes | str]]


def new_secret() -> str:
    """A fresh secret to sign with, as Standard Webhooks writes it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def check_secret(secret: str) -> None:
    """Raises RequestError for what is no secret of Standard Webhooks: 24 to 64 bytes."""
    if not secret.startswith(SECRET_PREFIX):
        raise RequestError(f"A webhook's secret begins with {SECRET_PREFIX}")
    try:
        size = len(base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True))
    except ValueError as error:
        raise RequestError(f"A webhook's secret is no secret: {error}") from error
    if not 24 <= size <= 64:
        raise RequestError(f"A webhook's secret of {size} bytes is no secret: 24 to 64 are")


def parse_url(text: str) -> httpx.URL:
    """The URL of a receiver. Raises RequestError where no webhook can go there."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise RequestError(f"{text!r} is no URL: {error}") from error
    is_port = url.port is None or 0 < url.port < 1 << 16
    if url.scheme not in ("https", "http") or not url.host or not is_port:
        raise RequestError(f"{text!r} is no URL of a receiver: give https://host/path")
    if url.userinfo:
        raise RequestError("A webhook's URL holds no name or password: receivers check signatures")
    if url.fragment:
        raise RequestError(f"{text!r}: what follows # is never sent, leave it out")
    return url


class WebhookTransport:
    """Posts notices as signed JSON. Redirects are not followed, proxies not used."""

    def __init__(
        self,
        rule: AddressRule,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        context: ssl.SSLContext | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        self._rule, self._timeout_seconds, self._resolve = rule, timeout_seconds, resolve
        self._context = context or httpx.create_ssl_context()

    def send(self, notice: Notice, at: datetime) -> None:
        """Post the notice; only an answer of 200 to 299 means that it is there."""
        try:
            url = parse_url(notice.subscription.target)
        except RequestError as error:
            raise DeliveryError(str(error), is_final=True) from error
        body = payload(notice)
        status, asked_seconds = self._post(url, body, _headers(notice, url, body, at), at)
        if status == _GONE:
            raise DeliveryError("The receiver wants no more (410)", ends_subscription=True)
        if 300 <= status < 400:
            raise DeliveryError(f"The receiver redirects ({status}), which is not followed")
        if not 200 <= status < 300:
            raise DeliveryError(f"The receiver answered {status}", asked_seconds=asked_seconds)

    def _post(
        self, url: httpx.URL, body: bytes, headers: _Headers, at: datetime
    ) -> tuple[int, float]:
        """The status of the answer, and the seconds that it asks to wait."""
        is_plain = url.scheme == "http"
        network = CheckedNetwork(
            self._rule, self._timeout_seconds, is_plain=is_plain, resolve=self._resolve
        )
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        try:
            with (
                httpcore.ConnectionPool(self._context, network_backend=network) as pool,
                pool.stream("POST", target, headers=headers, content=body) as response,
            ):
                _skim(response)
                return response.status, _asked_seconds(response, at)
        except httpcore.TimeoutException as error:
            seconds = f"{self._timeout_seconds:g} seconds"
            text = f"{url.host} did not answer within {seconds}"
            raise DeliveryError(text, is_unreachable=True) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            text = f"No connection to {url.host}: {error}"
            raise DeliveryError(text, is_unreachable=True) from error


def payload(notice: Notice) -> bytes:
    """The body: the same bytes at every attempt.

    Events that would make it larger than `MOST_BODY_BYTES` are named in `omitted_event_ids`,
    as far as those fit; `count` is the number of all.
    """
    has_details = notice.subscription.has_details
    ordered = [event for _, _, found in in_order(notice.events) for event in found]
    # Room is left for the ids of the others; the frame is small.
    told = _fitting((_event(one, has_details=has_details) for one in ordered), MOST_BODY_BYTES // 2)
    named = _fitting((one.event_id for one in ordered[len(told) :]), MOST_BODY_BYTES // 4)
    return orjson.dumps(
        {
            "type": "notice",
            "timestamp": _text(max(event.occurred_at for event in ordered)),
            "data": {
                "delivery_id": notice.delivery_id,
                "subscription_id": notice.subscription.subscription_id,
                "subscription": notice.subscription.name,
                "count": len(ordered),
                "events": told,
                "omitted_event_ids": named,
            },
        }
    )


def _event(event: Event, *, has_details: bool) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "kind": event.kind.value,
        "severity": event.severity.value,
        "occurred_at": _text(event.occurred_at),
        "title": title_of(event, has_details=has_details),
        "text": text_of(event, has_details=has_details),
        "next_step": next_step(event),
        "list_id": event.list_id,
        "programmes": list(event.programmes),
        "countries": list(event.countries),
        "book_id": event.book_id,
        "party_id": event.party_id,
        "groups": list(event.groups),
        "entity_id": event.entity_id,
        "data": dict(event.data) if has_details or not is_private(event) else {},
    }


def _fitting(values: Iterable[Any], room: int) -> list[Any]:
    """The first values whose JSON fits into so many bytes, each with a comma."""
    fitting = []
    for value in values:
        room -= len(orjson.dumps(value)) + 1
        if room < 0:
            break
        fitting.append(value)
    return fitting


def _headers(notice: Notice, url: httpx.URL, body: bytes, at: datetime) -> _Headers:
    signer = Webhook(notice.subscription.secret)
    return [
        ("Host", url.netloc),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("User-Agent", f"tumen/{version('tumen')}"),
        ("webhook-id", notice.delivery_id),
        ("webhook-timestamp", str(int(at.timestamp()))),
        ("webhook-signature", signer.sign(notice.delivery_id, at.astimezone(UTC), body.decode())),
    ]


def _skim(response: httpcore.Response) -> None:
    """Read the answer so far that its sender sees a whole exchange, and no further."""
    size = 0
    for chunk in response.iter_stream():
        size += len(chunk)
        if size > _MOST_ANSWER_BYTES:
            return


def _asked_seconds(response: httpcore.Response, at: datetime) -> float:
    """What `Retry-After` asks for, in seconds or as a date; 0 where it asks for nothing."""
    if response.status not in _ASKS_TO_WAIT:
        return 0.0
    headers = {name.lower(): value for name, value in response.headers}
    text = headers.get(b"retry-after", b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - at).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
