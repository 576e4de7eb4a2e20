"""Puts our own API and the door in front of all routes into the app."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import structlog
from fastapi import FastAPI, Request, Response

from tumen.config import ServiceSettings
from tumen.screening.policy import Policy, load_policy
from tumen.service.access.admission import Admission, answer_for
from tumen.service.access.audit_log import AuditLog
from tumen.service.access.gate import make_gate
from tumen.service.access.oidc import TokenVerifier
from tumen.service.addresses import is_page
from tumen.service.help_desk.desk import HelpDesk
from tumen.service.help_desk.rounds import SECONDS, Rounds
from tumen.service.jobs import Jobs
from tumen.service.pages import install_pages
from tumen.service.pages.refusals import refuse_page
from tumen.service.problems import KINDS, ProblemError, problem_of
from tumen.service.routes.v1 import router
from tumen.service.routes.v1.needs import Api, ProblemBody
from tumen.store import Store

log = structlog.get_logger("tumen.service")

# For so long a request may be repeated under its idempotency key.
KEPT_FOR = timedelta(days=30)
_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key, tmn_…, or a JWT."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "password": {"type": "http", "scheme": "basic", "description": "A user of the service."},
}


def install_api(app: FastAPI, settings: ServiceSettings) -> None:
    """Add the routes under /api/v1 and the admission to all routes. Call before other middleware.

    Raises RequestError where the store, the policy or the settings of single sign-on cannot be
    used.
    """
    api = _open(settings)
    app.state.api = api
    app.state.help_desk = HelpDesk(Rounds(api.store, max(SECONDS, settings.watch_seconds)))
    app.include_router(router, prefix="/api/v1")
    app.add_exception_handler(ProblemError, _answer_problem)
    install_pages(app)
    app.add_middleware(
        Admission,
        gate=api.gate,
        audit=api.audit,
        settings=settings.access,
        refuse_page=refuse_page,
    )
    _describe(app)
    if api.gate.is_open():
        log.warning("open to everybody on this machine: no key, user or single sign-on is set up")


@contextmanager
def running_api(app: FastAPI) -> Iterator[None]:
    """Old answers to repeated requests are dropped at the start. At the end jobs are waited for,
    and what waits to be recorded is written.
    """
    api: Api = app.state.api
    now = datetime.now(UTC)
    api.jobs.sweep(now)
    with api.store.writing() as work:
        work.idempotency.forget_before(now - KEPT_FOR)
    rounds: Rounds = app.state.help_desk.rounds
    rounds.start()
    try:
        yield
    finally:
        rounds.close()
        api.jobs.close()
        api.audit.close()
        api.store.close()


def _open(settings: ServiceSettings) -> Api:
    store = Store.open(settings.base.store_url)
    oidc = settings.access.oidc
    tokens = TokenVerifier(oidc, httpx.Client()) if oidc else None
    file = settings.base.policy_file
    return Api(
        settings=settings,
        usual_policy=load_policy(file) if file else Policy(),
        store=store,
        jobs=Jobs(settings.base.home / "service" / "jobs"),
        gate=make_gate(store, is_loopback=settings.is_loopback, tokens=tokens),
        audit=AuditLog(store),
    )


async def _answer_problem(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    assert problem is not None
    if is_page(request.url.path):
        return refuse_page(problem, request.scope)
    return answer_for(problem, request.url.path)


def _describe(app: FastAPI) -> None:
    """Name the ways in, and the form of errors, in the OpenAPI document."""
    usual = app.openapi

    def described() -> dict[str, object]:
        document = usual()
        parts = document.setdefault("components", {})
        parts["securitySchemes"] = _SCHEMES
        shape = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes = parts.setdefault("schemas", {})
        shapes.update(shape.pop("$defs", {}))
        kinds = [f"urn:tumen:problem:{kind}" for kind in KINDS]
        shape["properties"]["type"]["enum"] = kinds
        shapes["ProblemBody"] = shape
        document["security"] = [{name: []} for name in _SCHEMES]
        return document

    app.openapi = described  # type: ignore[method-assign]
