"""What routes of our own API take: who calls, the store, the jobs; and how they say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict

from tumen.cases.policies import effective_policy
from tumen.config import ServiceSettings
from tumen.model.access import Permission
from tumen.screening.policy import Policy
from tumen.service.access.audit_log import AuditLog
from tumen.service.access.gate import Gate
from tumen.service.access.permissions import Requires
from tumen.service.access.principal import Principal
from tumen.service.jobs import Jobs
from tumen.service.kept_deltas import KeptDeltas
from tumen.service.past import PastSnapshots
from tumen.service.routes.v1.own_route import KEY_HEADER, OwnRoute
from tumen.store import Store

Reader = Annotated[Principal, Depends(Requires(Permission.READ))]
Screener = Annotated[Principal, Depends(Requires(Permission.SCREEN))]
Editor = Annotated[Principal, Depends(Requires(Permission.EDIT_BOOKS))]
Decider = Annotated[Principal, Depends(Requires(Permission.DECIDE))]
Approver = Annotated[Principal, Depends(Requires(Permission.APPROVE))]
Administrator = Annotated[Principal, Depends(Requires(Permission.ADMINISTER))]
Auditor = Annotated[Principal, Depends(Requires(Permission.READ_AUDIT))]

KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="What was known at this instant, such as 2024-02-20T00:00:00Z."),
]
AsOf = Annotated[date | None, Query(description="What was in force on this day.")]


@dataclass(frozen=True, slots=True)
class Api:
    """What the routes work with. One for an app.

    `usual_policy` is that of the settings: it holds until two people put another in force.
    """

    settings: ServiceSettings
    usual_policy: Policy
    store: Store
    jobs: Jobs
    gate: Gate
    audit: AuditLog
    past: PastSnapshots = field(default_factory=PastSnapshots)
    deltas: KeptDeltas = field(default_factory=KeptDeltas)
    # The word statistics that are known to be in the store.
    kept_bases: set[str] = field(default_factory=set)
    # Threads that wait here take the store's write lock at once when it is their turn; at the
    # lock itself SQLite would have them sleep and try again.
    keeping: Lock = field(default_factory=Lock)

    @property
    def policy(self) -> Policy:
        """The policy in force, read from the store: another process may have put it there."""
        with self.store.reading() as work:
            return effective_policy(work, self.usual_policy)


def api_of(request: Request) -> Api:
    """What the app of this request works with."""
    api: Api = request.app.state.api
    return api


async def _api(request: Request) -> Api:
    return api_of(request)


TheApi = Annotated[Api, Depends(_api)]


class Strict(BaseModel):
    """A body whose unknown fields are refused: a slip of the pen must not be left out."""

    model_config = ConfigDict(extra="forbid")


def example(**shown: Any) -> ConfigDict:
    """The settings of a body with an example of it, for the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [shown]})


class FaultBody(BaseModel):
    """One value at fault."""

    place: str
    problem: str
    mend: str


class ProblemBody(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FaultBody] = []


def _problem_answer(words: str) -> dict[str, Any]:
    shown = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {"description": words, "content": shown}


PROBLEMS: Mapping[int | str, dict[str, Any]] = {
    400: _problem_answer("The request makes no sense"),
    401: _problem_answer("No valid credential"),
    403: _problem_answer("The role does not permit it"),
    404: _problem_answer("There is no such thing"),
    409: _problem_answer("It does not fit what is there"),
    413: _problem_answer("The body is too large"),
    422: _problem_answer("A value cannot be used"),
    429: _problem_answer("Too many requests; see Retry-After"),
    503: _problem_answer("The store, the lists or the audit log are not there; see Retry-After"),
}


async def _idempotency_key(
    _key: Annotated[
        str | None,
        Header(
            alias=KEY_HEADER,
            max_length=200,
            description="A text of your choice: the same request with the same key is done once.",
        ),
    ] = None,
) -> None:
    """States the header in the OpenAPI document; `OwnRoute` heeds it."""


Repeatable = Depends(_idempotency_key)


def router_of(tag: str) -> APIRouter:
    """A router for one capability."""
    return APIRouter(tags=[tag], route_class=OwnRoute, responses=dict(PROBLEMS))


def now_utc() -> datetime:
    """The clock of the service."""
    return datetime.now(UTC)
