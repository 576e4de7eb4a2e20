"""One table from errors to answers: the peer's shape on its routes, RFC 9457 under /api/v1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from tumen.errors import (
    BusyError,
    ListsMissingError,
    RecordError,
    RequestError,
    SourceError,
    StoreError,
    TumenError,
)
from tumen.service.addresses import is_page
from tumen.service.pages.refusals import refuse_page
from tumen.service.problems import ProblemError, problem_of, to_response
from tumen.service.scopes import UnknownScopeError

OWN_API = "/api/v1"
# The first line that an error is an instance of decides.
STATUSES: tuple[tuple[type[TumenError], int], ...] = (
    (UnknownScopeError, 404),
    (ListsMissingError, 503),
    (StoreError, 503),
    (BusyError, 503),
    (RequestError, 400),
    (RecordError, 400),
    (SourceError, 502),
    (TumenError, 500),
)


def install(app: FastAPI) -> None:
    """Make the app answer errors by the table."""
    app.add_exception_handler(TumenError, _tumen_error)
    app.add_exception_handler(StarletteHTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)


def status_of(error: TumenError) -> int:
    """The HTTP status for an error of ours."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def error_response(
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error as the peer's readers expect it."""
    return _json(status, {"detail": list(errors) if errors else detail}, headers)


def is_own(path: str) -> bool:
    """Whether a path is of our own API rather than of one that we stand in for."""
    return path == OWN_API or path.startswith(OWN_API + "/")


def invalid(*loc: str | int, kind: str, message: str, given: Any) -> RequestValidationError:
    """A validation error in the shape of FastAPI's own."""
    return RequestValidationError([{"type": kind, "loc": loc, "msg": message, "input": given}])


async def _tumen_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, TumenError)
    if is_own(request.url.path):
        return _own(request, error)
    if is_page(request.url.path):
        return _page(request, error)
    return error_response(status_of(error), str(error))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    if error.status_code in (204, 304):
        return Response(status_code=error.status_code, headers=error.headers)
    if is_own(request.url.path):
        return _own(request, error)
    if is_page(request.url.path):
        return _page(request, error)
    return error_response(error.status_code, str(error.detail), headers=error.headers)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if is_own(request.url.path):
        return _own(request, error)
    if is_page(request.url.path):
        return _page(request, error)
    errors = [
        {key: one[key] for key in ("type", "loc", "msg", "input", "ctx") if key in one}
        for one in error.errors()
    ]
    return error_response(422, "The request is not valid", errors)


def _own(request: Request, error: Exception) -> Response:
    """Problem details, as the routes of our own API give them (see `OwnRoute`)."""
    return to_response(_problem(error), request.url.path)


def _page(request: Request, error: Exception) -> Response:
    """A page that says the same."""
    return refuse_page(_problem(error), request.scope)


def _problem(error: Exception) -> ProblemError:
    return problem_of(error) or ProblemError("internal", "This is our fault; see the log")


def _json(status: int, body: Any, headers: Mapping[str, str] | None) -> Response:
    content = orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS)
    return Response(content, status, dict(headers or {}), "application/json")


__all__ = ["HTTPException", "error_response", "install", "invalid", "is_own", "status_of"]
