"""What every request passes: the bound of its address, its trace, its line in the log, metrics.

The log names method, route and outcome, never what was asked: names of persons stay out of it.
"""

from __future__ import annotations

from time import perf_counter

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tumen.service import metrics
from tumen.service.tracing import Trace, trace_of

log = structlog.get_logger("tumen.service")
# httptools takes an address of 65,536 bytes for a shorter one: what is near is refused.
MAX_URL_LENGTH = 60_000
_CLIENT_LEFT = 499


class AddressBound:
    """Refuses addresses that the parser below could cut short without a word."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 414, or pass the request on."""
        if scope["type"] == "http" and _url_length(scope) > MAX_URL_LENGTH:
            response = JSONResponse({"detail": "Request URI too long"}, 414)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


class Observed:
    """Gives each request a trace, logs it in one line, counts it; a fault becomes a 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        trace = trace_of(
            headers.get(b"traceparent", b"").decode("latin-1"),
            headers.get(b"tracestate", b"").decode("latin-1"),
        )
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(trace_id=trace.trace_id, span_id=trace.span_id)
        await _Passage(scope, send, trace).run(self._app, receive)


class _Passage:
    """One request on its way."""

    def __init__(self, scope: Scope, send: Send, trace: Trace) -> None:
        self._scope, self._send, self._trace = scope, send, trace
        self._started = perf_counter()
        self._status = 0

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        """Pass the request on, and record what came of it."""
        try:
            await app(self._scope, receive, self._sent)
        except ClientDisconnect:
            # Nobody is there to be answered; the log says it as proxies do.
            self._status = self._status or _CLIENT_LEFT
        except Exception:
            log.exception("fault")
            if self._status:
                raise
            response = JSONResponse({"status": "error"}, 500)
            await response(self._scope, receive, self._sent)
        finally:
            self._record()

    async def _sent(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["traceparent"] = self._trace.parent_header
            headers["tracestate"] = self._trace.state_header
        await self._send(message)

    def _record(self) -> None:
        seconds = perf_counter() - self._started
        route = getattr(self._scope.get("route"), "path", "") or "other"
        method = str(self._scope["method"])
        metrics.observe(method, route, self._status, seconds)
        log.info(
            "request",
            method=method,
            route=route,
            status=self._status,
            duration_ms=round(seconds * 1000, 2),
        )


def _url_length(scope: Scope) -> int:
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    return len(path) + (len(query) + 1 if query else 0)
