"""What routes take from a request: the current view, and answers as bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar, get_origin
from urllib.parse import parse_qsl

import orjson
from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from tumen.config import ServiceSettings
from tumen.service.access.admission import VIEW
from tumen.service.engine import Engine
from tumen.service.scopes import Scopes


def engine_of(request: Request) -> Engine:
    """The engine of the app."""
    engine: Engine = request.app.state.engine
    return engine


def settings_of(request: Request) -> ServiceSettings:
    """The settings of the app."""
    settings: ServiceSettings = request.app.state.settings
    return settings


def scopes_now(request: Request) -> Scopes:
    """The view that this request keeps to its end; 503 while there is none."""
    found = engine_of(request).current()
    request.scope[VIEW] = found  # For the audit record of this use.
    return found


async def scopes_of(request: Request) -> Scopes:
    """`scopes_now` as a dependency."""
    return scopes_now(request)


Model = TypeVar("Model", bound=BaseModel)
Terms = TypeVar("Terms", bound=BaseModel)
Body = TypeVar("Body", bound=BaseModel)
Current = Annotated[Scopes, Depends(scopes_of)]


async def read_request(
    request: Request, terms: type[Terms], body: type[Body]
) -> tuple[Terms, Body]:
    """The query and the JSON body of a request as these models.

    Raises RequestValidationError, as FastAPI would, with all that is wrong in either.
    """
    errors: list[Any] = []
    read_terms = _validated(lambda: terms.model_validate(_query(request, terms)), "query", errors)
    content = await request.body()
    if not content:
        errors.append({"type": "missing", "loc": ("body",), "msg": "Field required", "input": None})
        raise RequestValidationError(errors)
    read_body = _validated(lambda: body.model_validate(orjson.loads(content)), "body", errors)
    if read_terms is None or read_body is None:
        raise RequestValidationError(errors)
    return read_terms, read_body


def _validated(read: Callable[[], Model], place: str, errors: list[Any]) -> Model | None:
    try:
        return read()
    except ValidationError as error:
        for one in error.errors(include_url=False):
            errors.append({**one, "loc": (place, *one["loc"])})
    except orjson.JSONDecodeError as error:
        given = {"type": "json_invalid", "loc": (place, error.pos), "msg": "JSON decode error"}
        errors.append({**given, "input": {}, "ctx": {"error": error.msg}})
    return None


def _query(request: Request, terms: type[BaseModel]) -> dict[str, Any]:
    """The query of the address: the last value of each key, all of those that take several."""
    found: dict[str, Any] = {}
    for key, value in parse_qsl(request.scope["query_string"].decode("latin-1"), True):
        known = terms.model_fields.get(key)
        if known is not None and get_origin(known.annotation) is list:
            found.setdefault(key, []).append(value)
        else:
            found[key] = value
    return found


def json_bytes(body: Any) -> bytes:
    """JSON by orjson."""
    return orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_NAIVE_UTC)


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer in JSON, past every validation on the way out."""
    return Response(json_bytes(body), status, headers, "application/json")
