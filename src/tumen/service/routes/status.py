"""Whether the service lives, is ready, and a word to make it look at its sources again."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from tumen import __version__
from tumen.service import metrics
from tumen.service.requests import engine_of, json_response, settings_of

router = APIRouter(tags=["System information"])
# The version of motiva whose extensions of the peer's API we answer.
MOTIVA = "v0.10.0"


@router.get("/healthz", summary="Health check")
async def healthz() -> Response:
    """Whether the process answers at all."""
    return json_response({"status": "ok"})


@router.get("/readyz", summary="Readiness check")
async def readyz(request: Request) -> Response:
    """Whether any list version is loaded and uses can be recorded; 503 where not."""
    if not engine_of(request).is_ready:
        raise HTTPException(503, detail="Index not ready.")
    if request.app.state.api.audit.problem:
        raise HTTPException(503, detail="The audit log cannot be written.")
    return json_response({"status": "ok"})


@router.post("/updatez", summary="Look at the sources again")
async def updatez(
    request: Request,
    token: Annotated[str, Query(title="Update token")] = "",
    sync: Annotated[bool, Query(title="Wait until the new index is in use")] = False,
) -> Response:
    """Read the sources and build the index anew; needs the update token of the settings."""
    wanted = settings_of(request).update_token
    if not wanted or not hmac.compare_digest(token.encode(), wanted.encode()):
        raise HTTPException(403, detail="Invalid token.")
    refresher = request.app.state.refresher
    if sync:
        await refresher.refresh(is_forced=True)
    else:
        refresher.refresh_soon()
    return json_response({"status": "ok"})


@router.get("/metrics", summary="Counts for Prometheus")
async def prometheus(request: Request) -> Response:
    """Requests, their times, parties screened, and the age of each list."""
    content = metrics.exposition(settings_of(request).metrics_folder)
    return Response(content, media_type=metrics.CONTENT_TYPE)


@router.get("/-/version", summary="Versions of what is answered")
async def version() -> Response:
    """The version of motiva that clients may expect the extensions of, and our own."""
    return json_response({"motiva": MOTIVA, "tumen": __version__})
