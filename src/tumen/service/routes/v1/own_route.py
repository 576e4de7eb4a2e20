"""A route of our own API: errors as problem details, and writes that may safely be repeated."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

import orjson
import structlog
from anyio import to_thread
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile

from tumen.service.access.permissions import demanded, principal_of
from tumen.service.problems import Fault, ProblemError, problem_of, to_response
from tumen.store import Store

Answerer = Callable[[Request], Coroutine[Any, Any, Response]]

KEY_HEADER = "Idempotency-Key"
# Where a route leaves the body to be kept for repeats, if that is not the one it answers with: a
# secret is shown once and stored nowhere.
KEPT_BODY = "tumen.kept_body"

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LONGEST_KEY = 200
_KEPT = ("location", "content-type")
_STEP = 1 << 20

_log = structlog.get_logger("tumen.service")
# A process that dies while it answers blocks its key for so long.
_HOLD_SECONDS = 300


class OwnRoute(APIRoute):
    """Answers every error as RFC 9457 says, and a repeated write with its first answer."""

    def get_route_handler(self) -> Answerer:
        """The answer to a request, wrapped."""
        inner = super().get_route_handler()
        is_write = bool(_WRITES & set(self.methods or ()))

        async def answered(request: Request) -> Response:
            try:
                key = request.headers.get(KEY_HEADER) if is_write else None
                if key is None:
                    return await inner(request)
                for need in demanded(self):
                    await need(request)  # A repeat is for those alone who may still do it.
                return await _once(request, key, inner)
            except Exception as error:
                return to_response(_problem(error), request.url.path)

        return answered


def _problem(error: Exception) -> ProblemError:
    found = problem_of(error)
    if found is None:
        _log.error("a request failed", exc_info=error)
        return ProblemError("internal", "This is our fault; the log says more. Nothing was kept")
    if found.status >= 500:
        _log.warning("a request was not answered", why=str(error))
    return found


async def _once(request: Request, key: str, inner: Answerer) -> Response:
    """Answer, or give the answer that was given to the same request before."""
    if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
        fault = Fault(f"header.{KEY_HEADER}", "It cannot be used", "Give 1 to 200 characters")
        raise ProblemError("invalid", "The idempotency key cannot be used", [fault])
    actor = principal_of(request).actor
    try:
        known = _Known(request.app.state.api.store, key, actor, await _mark(request))
        if (found := await to_thread.run_sync(known.find_or_hold)) is not None:
            return found
        return await _held(request, known, inner)
    finally:
        await request.close()  # The files of a form that was read for its hash alone.


async def _held(request: Request, known: _Known, inner: Answerer) -> Response:
    try:
        response = await inner(request)
        if response.status_code < 400:
            body = request.scope.get(KEPT_BODY, response.body)
            await to_thread.run_sync(known.keep, response, bytes(body))
        return response
    finally:
        await to_thread.run_sync(known.let_go)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is kept under one key of one actor. `mark` is the hash of this request.

    A lock in the store holds back the same request at another worker meanwhile.
    """

    store: Store
    key: str
    actor: str
    mark: str
    holder: str = field(default_factory=lambda: token_hex(8))

    @property
    def lock(self) -> str:
        return f"idempotency {sha256(f'{self.actor} {self.key}'.encode()).hexdigest()}"

    def find_or_hold(self) -> Response | None:
        """The answer that was given before; None where this request may go on, and alone."""
        with self.store.writing() as work:
            if kept := work.idempotency.find(self.key, self.actor):
                return _repeat(kept, self.mark)
            now = datetime.now(UTC)
            if work.locks.acquire(self.lock, self.holder, now, _HOLD_SECONDS):
                text = "A request with this idempotency key is being answered. Try again"
                raise ProblemError("conflict", text, headers={"Retry-After": "1"})
        return None

    def keep(self, response: Response, body: bytes) -> None:
        headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
        kept = orjson.dumps({"headers": headers, "body": body.decode()}).decode()
        now, status = datetime.now(UTC), response.status_code
        with self.store.writing() as work:
            work.idempotency.put(self.key, self.actor, self.mark, status, kept, now)

    def let_go(self) -> None:
        with self.store.writing() as work:
            work.locks.release(self.lock, self.holder)


def _repeat(kept: tuple[str, int, str], mark: str) -> Response:
    request_hash, status, text = kept
    if request_hash != mark:
        fault = Fault(f"header.{KEY_HEADER}", "It was used before", "Give each request its own")
        detail = "This idempotency key was used for a request that said something else"
        raise ProblemError("idempotency-key-reused", detail, [fault])
    found = orjson.loads(text)
    headers = {**found["headers"], "Idempotency-Replayed": "true"}
    return Response(found["body"], status, headers)


async def _mark(request: Request) -> str:
    """A hash of what is asked. Of a form its parts: the line between them is chosen at random."""
    digest = sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        for name, part in (await request.form()).multi_items():
            digest.update(orjson.dumps([name, getattr(part, "filename", None)]))
            digest.update(await _hash_part(part))
    else:
        digest.update(await request.body())
    return digest.hexdigest()


async def _hash_part(part: UploadFile | str) -> bytes:
    if isinstance(part, str):
        return sha256(part.encode()).digest()
    digest = sha256()
    while block := await part.read(_STEP):
        digest.update(block)
    await part.seek(0)
    return digest.digest()
