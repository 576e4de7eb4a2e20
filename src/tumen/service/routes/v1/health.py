"""Health of the service in our own words: what is loaded, how old, and what is amiss."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from tumen import __version__
from tumen.errors import StoreError
from tumen.lists.ingest import version_to_dict
from tumen.screening.versions import read_versions
from tumen.service.access.permissions import OpenToAll
from tumen.service.routes.v1.needs import Api, Reader, TheApi, now_utc, router_of
from tumen.service.routes.v1.screen import notes_of
from tumen.service.routes.v1.shapes import UsedShape, used_shape

router = router_of("Health")
_Open = Annotated[None, Depends(OpenToAll("whoever watches over the service may not have a key"))]


class HealthShape(BaseModel):
    """Whether the service can answer. `problems` say why it cannot."""

    is_ready: bool
    problems: list[str]


class StatusShape(HealthShape):
    """The health with what only those hear who may read."""

    version: str
    policy: str
    lists: list[UsedShape]
    notes: list[str]


@router.get("/health", response_model=HealthShape, summary="Does it live?")
def show_health(_: _Open) -> Any:
    """That the process answers."""
    return {"is_ready": True, "problems": []}


@router.get("/health/ready", response_model=HealthShape, summary="Can it screen?")
def show_readiness(request: Request, response: Response, _: _Open, api: TheApi) -> Any:
    """Whether a list is loaded, the store answers, and uses can be recorded; else 503."""
    problems = problems_of(request, api)
    if problems:
        response.status_code = 503
    return {"is_ready": not problems, "problems": problems}


@router.get("/status", response_model=StatusShape, summary="What is loaded, and how old it is")
def show_status(request: Request, _: Reader, api: TheApi) -> Any:
    """The lists in use with their ages, and what stands on every answer."""
    problems = problems_of(request, api)
    now = now_utc()
    versions = api.store.current_versions()
    used = read_versions(version_to_dict(version) for version in versions)
    return {
        "is_ready": not problems,
        "problems": problems,
        "version": __version__,
        "policy": str(api.policy),
        "lists": [used_shape(version, now.date()) for version in versions],
        "notes": list(notes_of(api, used, now)),
    }


def problems_of(request: Request, api: Api) -> list[str]:
    """Why nothing can be screened; empty where it can. No names of hosts or files."""
    problems = []
    if not request.app.state.engine.is_ready:
        problems.append("No list is loaded")
    if api.audit.problem:
        problems.append("The audit log cannot be written")
    try:
        with api.store.reading() as work:
            work.audit.head()
    except StoreError:
        problems.append("The store does not answer")
    return problems
