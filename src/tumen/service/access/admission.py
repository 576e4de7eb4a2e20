"""The door in front of every route: who asks, how often, how much; and a record of each use."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tumen.config import AccessSettings
from tumen.errors import RequestError, StoreError
from tumen.model.audit import AuditEntry
from tumen.service.access.audit_log import AuditLog, AuditUnavailableError
from tumen.service.access.credentials import Credential, read_credential, read_session
from tumen.service.access.gate import (
    NOTHING_SHOWN,
    Gate,
    NotAdmittedError,
    TooManyAttemptsError,
)
from tumen.service.access.limits import Allowance, Buckets, Rate
from tumen.service.access.oidc import ProviderError
from tumen.service.access.permissions import PRINCIPAL, unauthenticated
from tumen.service.access.principal import LOOPBACK, Principal
from tumen.service.access.sessions import COOKIE
from tumen.service.addresses import is_desk_page, is_open_page
from tumen.service.problems import ProblemError, problem_of, to_response

OWN = "/api/v1"
# Where routes leave what belongs in the record of this use.
NOTES = "tumen.audit"
# Where a route leaves the view of the lists that it answers from.
VIEW = "tumen.view"

# Nobody has to say who they are for these: they tell whether the service lives, and no more. A
# feed has its token in the address, as readers of feeds can send no header.
_PUBLIC = re.compile(r"/healthz|/readyz|/-/version|/ping|/api/v1/health(/ready)?")
# These check a token of their own.
_BY_TOKEN = re.compile(r"/updatez|/api/v1/feeds/.*")
# OpenRefine can send no header either.
_TAKES_QUERY_KEY = re.compile(r"/reconcile/.*")
# Another peer's routes, whose errors have another key.
_WATCHMAN = re.compile(r"/v2/(search|listinfo|data/.*)")
_UPLOADS = re.compile(
    r"/api/v1/(lists|books/[^/]+/versions|cases/[^/]+/attachments)"
    r"|/desk/(lists|books|screen/files|books/[^/]+/versions|cases/[^/]+/attachments)"
)
# A stranger's form is short.
_OPEN_BYTES = 256 << 10
_NEAR = ("localhost", "127.0.0.1", "::1", "testserver")


RefusePage = Callable[[ProblemError, Scope], Response]


@dataclass(slots=True)
class _Use:
    """One request on its way through."""

    scope: Scope
    headers: dict[str, str]
    address: str
    query_hash: Any = field(default_factory=sha256)
    result_hash: Any = field(default_factory=sha256)
    status: int = 0

    @property
    def path(self) -> str:
        return str(self.scope["path"])


class Admission:
    """ASGI middleware: lets a request through to the app, or refuses it, and records it.

    `refuse_page` words a refusal for somebody at a browser.
    """

    def __init__(
        self,
        app: ASGIApp,
        gate: Gate,
        audit: AuditLog,
        settings: AccessSettings,
        refuse_page: RefusePage,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._refuse_page = refuse_page
        self._app, self._gate, self._audit, self._settings = app, gate, audit, settings
        self._seconds = seconds
        rate = settings.rate_per_second
        self._buckets = Buckets(Rate(rate, max(1, settings.rate_burst))) if rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request. There are no web sockets."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        client = scope.get("client")
        use = _Use(scope, headers, client[0] if client else "")
        if self._is_public(use.path) or await self._is_open_page(use):
            await self._app(scope, self._limited(use, receive), send)
            return
        try:
            self._audit.check()
            extra = await self._admit(use)
        except Exception as error:
            await self._refuse(use, error, receive, send)
            return
        recorder = _Recorder(use, send, self._audit, extra)
        await self._app(scope, self._limited(use, receive), recorder.send)

    def _is_public(self, path: str) -> bool:
        if path == "/metrics":
            return self._settings.is_metrics_public or self._gate.is_loopback
        return bool(_PUBLIC.fullmatch(path) or _BY_TOKEN.fullmatch(path))

    async def _is_open_page(self, use: _Use) -> bool:
        """Whether this page is anybody's; it still knows who is signed in."""
        if not is_open_page(use.path):
            return False
        credential = read_session(use.headers, COOKIE)
        with suppress(NotAdmittedError):
            use.scope[PRINCIPAL] = await self._principal(credential, use)
        return True

    async def _principal(self, credential: Credential | None, use: _Use) -> Principal:
        found = self._gate.recall(credential)
        if found is None:
            found = await to_thread.run_sync(self._gate.admit, credential, use.address)
        return found

    async def _admit(self, use: _Use) -> list[tuple[bytes, bytes]]:
        """Set who asks, and give the headers that say how often they still may."""
        query = use.scope["query_string"].decode("latin-1")
        credential = read_credential(
            use.headers, query, takes_query_key=bool(_TAKES_QUERY_KEY.fullmatch(use.path))
        )
        if is_desk_page(use.path):
            credential = read_session(use.headers, COOKIE) or credential
        principal = await self._principal(credential, use)
        if absent := use.headers.get("x-acting-for"):
            principal = await to_thread.run_sync(self._gate.deputise, principal, absent)
        use.scope[PRINCIPAL] = principal
        if principal is LOOPBACK:
            _refuse_strange_pages(use)
            return []
        return self._count(principal)

    def _count(self, principal: Principal) -> list[tuple[bytes, bytes]]:
        if self._buckets is None:
            return []
        allowance = self._buckets.take(principal.actor, self._seconds())
        if not allowance.is_allowed:
            raise _too_many(allowance, self._buckets.rate)
        return [
            (name.encode(), value.encode())
            for name, value in _rate_headers(allowance, self._buckets.rate).items()
        ]

    def _limited(self, use: _Use, receive: Receive) -> Receive:
        """`receive` that stops at the largest body allowed, and hashes what passes."""
        given = self._settings
        is_upload = _UPLOADS.fullmatch(use.path) and use.scope["method"] == "POST"
        most = given.max_upload_bytes if is_upload else given.max_body_bytes
        if is_open_page(use.path):
            most = min(most, _OPEN_BYTES)
        start = f"{use.scope['method']} {use.path}?".encode() + use.scope["query_string"] + b"\n"
        use.query_hash.update(start)
        stated = use.headers.get("content-length", "")
        too_large = HTTPException(413, f"At most {most:,} bytes are taken here")
        left = most

        async def limited() -> Message:
            nonlocal left
            if stated.isdigit() and int(stated) > most:
                raise too_large
            message = await receive()
            if body := message.get("body"):
                left -= len(body)
                if left < 0:
                    raise too_large
                use.query_hash.update(body)
            return message

        return limited

    async def _refuse(self, use: _Use, error: Exception, receive: Receive, send: Send) -> None:
        problem = _refusal(error)
        if problem is None:
            raise error
        if isinstance(error, NotAdmittedError) and error.reason != NOTHING_SHOWN:
            # A wrong credential is worth a record; a missing one is a stranger passing by.
            use.status = problem.status
            self._record_refusal(use, error.reason)
        if is_desk_page(use.path):
            answer = self._refuse_page(problem, use.scope)
        else:
            answer = answer_for(problem, use.path)
        await answer(use.scope, receive, send)

    def _record_refusal(self, use: _Use, reason: str) -> None:
        entry = _entry(use, "nobody", "", {"status": use.status})
        try:
            self._audit.put(_with_reason(entry, reason))
        except AuditUnavailableError:
            return  # It is refused in any case.


class _Recorder:
    """`send` that holds the start back until the use is recorded: no record, no answer."""

    def __init__(
        self, use: _Use, send: Send, audit: AuditLog, extra: list[tuple[bytes, bytes]]
    ) -> None:
        self._use, self._send, self._audit, self._extra = use, send, audit, extra
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._use.status = message["status"]
            self._start = {**message, "headers": [*message.get("headers", []), *self._extra]}
            return
        if message["type"] == "http.response.body":
            self._use.result_hash.update(message.get("body", b""))
            if not message.get("more_body") and not await self._recorded():
                return
        if self._start is not None:
            start, self._start = self._start, None
            await self._send(start)
        await self._send(message)

    async def _recorded(self) -> bool:
        try:
            self._audit.put(_use_entry(self._use))
        except AuditUnavailableError as error:
            problem = ProblemError("audit-unavailable", str(error))
            answer = answer_for(problem, self._use.path)
            if self._start is not None:
                await answer(self._use.scope, _nothing, self._send)
                return False
            raise
        return True


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def note(scope: Scope, **details: Any) -> None:
    """Add to the audit record of this use. `object`, `before`, `after` and `reason` are its own
    fields, all else goes into its details. No personal data: name ids, or hashes.
    """
    scope.setdefault(NOTES, {}).update(details)


def answer_for(problem: ProblemError, path: str) -> Response:
    """The answer in the form of the API that was asked: problem details, or the peers' own."""
    if path.startswith("/api/"):
        return to_response(problem, path)
    key = "error" if _WATCHMAN.fullmatch(path) else "detail"
    return JSONResponse({key: problem.detail}, problem.status, dict(problem.headers))


def _refusal(error: Exception) -> ProblemError | None:
    match error:
        case NotAdmittedError():
            return unauthenticated()
        case TooManyAttemptsError():
            headers = {"Retry-After": str(error.retry_after)}
            return ProblemError("too-many-requests", str(error), headers=headers)
        case AuditUnavailableError():
            headers = {"Retry-After": "5"}
            return ProblemError("audit-unavailable", str(error), headers=headers)
        case ProviderError():
            return ProblemError("provider-unavailable", "Try again, or use an API key")
        case ProblemError() | StoreError() | RequestError():
            return problem_of(error)
    return None


def _too_many(allowance: Allowance, rate: Rate) -> ProblemError:
    seconds = allowance.retry_after
    return ProblemError(
        "too-many-requests",
        f"More than {rate.per_second:g} requests a second. Try again in {seconds} s",
        headers={"Retry-After": str(seconds), **_rate_headers(allowance, rate)},
    )


def _rate_headers(allowance: Allowance, rate: Rate) -> dict[str, str]:
    window = max(1, round(rate.burst / rate.per_second))
    return {
        "RateLimit-Policy": f'"default";q={rate.burst};w={window}',
        "RateLimit": f'"default";r={allowance.left};t={window}',
    }


def _refuse_strange_pages(use: _Use) -> None:
    """An open service trusts its machine, not the pages that a browser on it has open.

    A page can ask any address from its reader's browser, under its own `Origin`, or under a
    name of its own that it lets point to this machine (`Host`).
    """
    if not use.path.startswith("/api/") and not is_desk_page(use.path):
        return
    origin = urlsplit(use.headers.get("origin", "")).hostname
    host = urlsplit(f"//{use.headers.get('host', '')}").hostname
    if (origin and origin not in _NEAR) or (host and host not in _NEAR):
        text = f"A page of {origin or host} asked. Make an API key: tumen keys add"
        raise ProblemError("forbidden", text)


def _use_entry(use: _Use) -> AuditEntry:
    notes = dict(use.scope.get(NOTES, {}))
    own = {name: str(notes.pop(name)) for name in ("before", "after", "reason") if name in notes}
    shown = notes.pop("object", _object_of(use.scope))
    principal = use.scope[PRINCIPAL]
    details = {
        "status": use.status,
        "query_hash": use.query_hash.hexdigest(),
        "result_hash": use.result_hash.hexdigest(),
        **_versions(use.scope),
        **notes,
    }
    entry = _entry(use, principal.actor, principal.method.value, details, shown)
    return _with_reason(entry, **own) if own else entry


def _versions(scope: Scope) -> dict[str, list[str]]:
    """The list versions of the view that a route took, if it took one."""
    view = scope.get(VIEW)
    if view is None:
        return {}
    described = view.snapshot.meta.get("versions", ())
    return {"versions": sorted(str(one["version_id"]) for one in described)}


def _entry(
    use: _Use, actor: str, method: str, details: dict[str, Any], shown: str = ""
) -> AuditEntry:
    return AuditEntry(
        occurred_at=datetime.now(UTC),
        actor=actor,
        action=f"{use.scope['method']} {_template(use.scope)}",
        object=shown,
        auth_method=method,
        address=use.address,
        details=details,
    )


def _with_reason(
    entry: AuditEntry, reason: str = "", before: str = "", after: str = ""
) -> AuditEntry:
    return replace(entry, reason=reason, before=before, after=after)


def _template(scope: Scope) -> str:
    """The path of the route with its parameters unfilled; the path itself where there is none."""
    path = str(scope["path"])
    template = str(getattr(scope.get("route"), "path", "") or path)
    # A router that was included says its own part of the path alone.
    is_part = path.startswith(OWN) and not template.startswith(OWN)
    return OWN + template if is_part else template


def _object_of(scope: Scope) -> str:
    """What the path names: the values of its parameters."""
    return "/".join(str(one) for one in scope.get("path_params", {}).values())
