"""What routes take from a request: the current view, and answers as bytes."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import Depends, Request, Response

from tumen.config import ServiceSettings
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


async def scopes_of(request: Request) -> Scopes:
    """The view that this request keeps to its end; 503 while there is none."""
    return engine_of(request).current()


Current = Annotated[Scopes, Depends(scopes_of)]


def json_bytes(body: Any) -> bytes:
    """JSON by orjson."""
    return orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_NAIVE_UTC)


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer in JSON, past every validation on the way out."""
    return Response(json_bytes(body), status, headers, "application/json")
