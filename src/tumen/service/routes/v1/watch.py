"""The watch over the lists: its runs, how each list fares, and files that were put aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from tumen.lists.registry import published_lists
from tumen.service.access.admission import note
from tumen.service.jobs import Report
from tumen.service.paging import WantedPage, answer, cut
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.jobs import JobShape, accepted
from tumen.service.routes.v1.needs import (
    Administrator,
    Api,
    Reader,
    Repeatable,
    Strict,
    TheApi,
    example,
    now_utc,
    router_of,
)
from tumen.service.routes.v1.shapes import CheckShape, Paged, VersionShape, version_shape
from tumen.service.watch_runs import watch_now
from tumen.store.quarantine import Quarantined
from tumen.watch.lock import holding
from tumen.watch.quarantine import Ruling, accept, discard
from tumen.watch.status import watch_status

router = router_of("Watch")


class RunShape(BaseModel):
    """One run of the watch."""

    run_id: str
    began_at: datetime
    ended_at: datetime | None
    actor: str
    status: str
    tally: dict[str, Any]


class WatchShape(BaseModel):
    """How the watch fares."""

    at: datetime
    locks: dict[str, Any]
    runs: list[RunShape]
    lists: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    books: list[dict[str, Any]]
    notices: dict[str, int]


class QuarantinedShape(BaseModel):
    """A file that was put aside; the good version stays in use."""

    quarantine_id: str
    list_id: str
    quarantined_at: datetime
    content_hash: str
    reason: str
    checks: list[CheckShape]
    resolved_at: datetime | None
    note: str


class RulingBody(Strict):
    """Why it is decided so."""

    model_config = example(reason="The publisher confirms that entries were removed")

    reason: Annotated[str, Field(min_length=3, max_length=5_000)]


@router.get("/watch", response_model=WatchShape, summary="How the watch fares")
def show_watch(_: Reader, api: TheApi) -> Any:
    """The last runs, who is at work, each list's state and age, and what waits for somebody."""
    return watch_status(api.store, published_lists(), now_utc())


@router.get("/watch/runs", response_model=Paged[RunShape], summary="Runs of the watch")
def show_runs(_: Reader, api: TheApi, limit: Annotated[int, Query(ge=1, le=1000)] = 20) -> Any:
    """The newest runs, the last one first."""
    with api.store.reading() as work:
        return {"items": work.journal.runs(limit), "next": None}


class RunBody(Strict):
    """What to renew."""

    model_config = example(lists=["un_sc_sanctions"])

    lists: Annotated[
        tuple[str, ...], Field(max_length=500, description="These; by default all with an address.")
    ] = ()


@router.post(
    "/watch/runs",
    response_model=JobShape,
    status_code=202,
    summary="Start a run of the watch",
    dependencies=[Repeatable],
)
def start_run(body: RunBody, response: Response, caller: Administrator, api: TheApi) -> Any:
    """Renew lists, tell what changed, screen the books again and send the notices."""
    registry = published_lists()
    if odd := [list_id for list_id in body.lists if list_id not in registry]:
        raise not_found(f"list {odd[0]!r}")

    def work(report: Report) -> Mapping[str, Any]:
        return watch_now(api, body.lists, caller.actor, report)

    return accepted(response, api.jobs.start("watch run", caller.actor, work))


@router.get(
    "/quarantine", response_model=Paged[QuarantinedShape], summary="Files that were put aside"
)
def show_quarantine(
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    open_only: bool = True,
) -> Any:
    """Files that wait for a person's decision, or all that ever were put aside."""
    with api.store.reading() as work:
        every = work.quarantine.all(open_only)
    found, cursor = cut(every, page, lambda one: f"{int(one.quarantine_id[1:]):012}")
    return answer(request, response, found, cursor)


@router.post(
    "/quarantine/{quarantine_id}/accept",
    response_model=VersionShape,
    summary="Take a file over all the same",
    dependencies=[Repeatable],
)
def accept_file(
    quarantine_id: str, body: RulingBody, request: Request, caller: Administrator, api: TheApi
) -> Any:
    """Load a file that lost more entries than usual, or goes back in date."""
    _check_open(api, quarantine_id)
    note(request.scope, object=quarantine_id, reason=body.reason)
    ruling = Ruling(caller.actor, body.reason, now_utc())
    with holding(api.store, now_utc):
        outcome = accept(api.store, published_lists(), quarantine_id, ruling)
    if outcome.version is None:
        raise ProblemError("source-refused", outcome.message)
    return version_shape(outcome.version)


@router.post(
    "/quarantine/{quarantine_id}/discard",
    response_model=QuarantinedShape,
    summary="Leave a file aside",
    dependencies=[Repeatable],
)
def discard_file(
    quarantine_id: str, body: RulingBody, request: Request, caller: Administrator, api: TheApi
) -> Quarantined:
    """Decide that a file is bad: the same bytes raise no new alarm."""
    _check_open(api, quarantine_id)
    note(request.scope, object=quarantine_id, reason=body.reason)
    discard(api.store, quarantine_id, Ruling(caller.actor, body.reason, now_utc()))
    with api.store.reading() as work:
        found = {one.quarantine_id: one for one in work.quarantine.all(False)}
    return found[quarantine_id]


def _check_open(api: Api, quarantine_id: str) -> None:
    with api.store.reading() as work:
        if quarantine_id not in {one.quarantine_id for one in work.quarantine.all()}:
            raise not_found(f"open quarantine {quarantine_id!r}")
