"""Briefings: short advisories that the desk writes, publishes and withdraws."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, Field

from tumen.errors import ConflictError
from tumen.model.briefing import Briefing, BriefingState, BriefingText
from tumen.service.access.admission import note
from tumen.service.access.people import actor_of
from tumen.service.help_desk.desk import help_desk_of
from tumen.service.help_desk.writing import (
    LONGEST_SUMMARY,
    LONGEST_TEXT,
    LONGEST_TITLE,
    draft,
    publish,
    revise,
    withdraw,
)
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.needs import (
    Decider,
    Reader,
    Repeatable,
    Strict,
    TheApi,
    example,
    now_utc,
    router_of,
)
from tumen.service.routes.v1.shapes import Paged
from tumen.store.work import Work

router = router_of("Briefings")
_Text = Annotated[str, Field(max_length=LONGEST_TEXT, description="Markdown without HTML.")]
_Ids = Annotated[tuple[str, ...], Field(max_length=100)]
_SHOWN = {
    "title": "Coal transfers off Chongjin",
    "summary": "Three vessels met at sea; look at flags and positions.",
    "body": "Three vessels met. See [the notice](https://un.example/1).",
    "topics": ["north-korea", "shipping"],
}


class BriefingBody(Strict):
    """What a briefing says."""

    model_config = example(**_SHOWN)

    title: Annotated[str, Field(max_length=LONGEST_TITLE)]
    summary: Annotated[str, Field(max_length=LONGEST_SUMMARY)]
    body: _Text
    diligence: _Text = ""
    regulation: _Text = ""
    risk: _Text = ""
    topics: _Ids
    entity_ids: _Ids = ()
    case_ids: _Ids = ()


class SeenBody(Strict):
    """The version that was looked at."""

    model_config = example(seen=1)

    seen: Annotated[int, Field(ge=1, le=1_000_000)]


class RevisionBody(BriefingBody, SeenBody):
    """What a briefing is to say, instead of the version that was looked at."""

    model_config = example(seen=1, **_SHOWN)


class PublicationBody(SeenBody):
    """Publish the version that was looked at."""

    model_config = example(seen=1, tells_readers=True)

    tells_readers: Annotated[bool, Field(description="By mail, those who asked for it.")] = True


class WithdrawalBody(SeenBody):
    """Withdraw what readers see, saying why."""

    model_config = example(seen=2, note="The ship was another one")

    note: Annotated[str, Field(min_length=1, max_length=LONGEST_SUMMARY)]


class BriefingShape(BaseModel):
    """One version of a briefing."""

    briefing_id: str
    version: int
    slug: str
    state: BriefingState
    title: str
    summary: str
    body: str
    diligence: str
    regulation: str
    risk: str
    topics: list[str]
    entity_ids: list[str]
    case_ids: list[str]
    at: datetime
    by: str
    published_at: datetime | None
    note: str


class PublishedShape(BriefingShape):
    """A briefing that readers see now."""

    letters: int = Field(description="To how many readers a mail is on its way.")


@router.get("/briefings", response_model=Paged[BriefingShape], summary="Briefings")
def show_briefings(
    _: Reader,
    api: TheApi,
    topic: Annotated[str, Query(max_length=60)] = "",
    with_drafts: Annotated[
        bool, Query(description="The last version of each, be it a draft or withdrawn.")
    ] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Any:
    """What readers see, newest first."""
    with api.store.reading() as work:
        if with_drafts:
            every = work.briefings.all()
            found = [one for one in every if not topic or topic in one.content.topics][:limit]
        else:
            found = work.briefings.shown(topic, limit=limit)
    return {"items": [_shown(one) for one in found], "next": None}


@router.post(
    "/briefings",
    response_model=BriefingShape,
    status_code=201,
    summary="Draft a briefing",
    dependencies=[Repeatable],
)
def add_briefing(body: BriefingBody, request: Request, caller: Decider, api: TheApi) -> Any:
    """A draft, which the desk alone sees until it is published."""
    with api.store.writing() as work:
        made = draft(work, BriefingText(**body.model_dump()), actor_of(caller), now_utc())
    note(request.scope, object=made.briefing_id)
    return _shown(made)


@router.get("/briefings/{briefing_id}", response_model=BriefingShape, summary="One briefing")
def show_briefing(briefing_id: str, _: Reader, api: TheApi) -> Any:
    """The last version of a briefing, as the desk sees it."""
    with api.store.reading() as work:
        return _shown(_last(work, briefing_id))


@router.get(
    "/briefings/{briefing_id}/versions",
    response_model=Paged[BriefingShape],
    summary="Versions of a briefing",
)
def show_versions(briefing_id: str, _: Reader, api: TheApi) -> Any:
    """Every version, the last first: who made it, and when."""
    with api.store.reading() as work:
        _last(work, briefing_id)
        found = work.briefings.versions(briefing_id)
    return {"items": [_shown(one) for one in found], "next": None}


@router.post(
    "/briefings/{briefing_id}/versions",
    response_model=BriefingShape,
    status_code=201,
    summary="Revise a briefing",
    dependencies=[Repeatable],
)
def revise_briefing(briefing_id: str, body: RevisionBody, caller: Decider, api: TheApi) -> Any:
    """Another draft; what readers see stays as it is until it is published."""
    content = BriefingText(**body.model_dump(exclude={"seen"}))
    with _one(api, briefing_id) as work:
        return _shown(revise(work, briefing_id, body.seen, content, actor_of(caller), now_utc()))


@router.post(
    "/briefings/{briefing_id}/publication",
    response_model=PublishedShape,
    status_code=201,
    summary="Publish a briefing",
    dependencies=[Repeatable],
)
def publish_briefing(
    briefing_id: str, body: PublicationBody, request: Request, caller: Decider, api: TheApi
) -> Any:
    """Let readers see the last version, and tell those by mail who asked for its topics."""
    with _one(api, briefing_id) as work:
        actor = actor_of(caller)
        tells = body.tells_readers
        done = publish(work, briefing_id, body.seen, actor, now_utc(), tells_readers=tells)
    help_desk_of(request).rounds.nudge()
    return {**_shown(done.briefing), "letters": done.letters}


@router.post(
    "/briefings/{briefing_id}/withdrawal",
    response_model=BriefingShape,
    status_code=201,
    summary="Withdraw a briefing",
    dependencies=[Repeatable],
)
def withdraw_briefing(briefing_id: str, body: WithdrawalBody, caller: Decider, api: TheApi) -> Any:
    """Take back what readers see; its page says so, and why."""
    with _one(api, briefing_id) as work:
        actor = actor_of(caller)
        return _shown(withdraw(work, briefing_id, body.seen, body.note, actor, now_utc()))


@contextmanager
def _one(api: TheApi, briefing_id: str) -> Iterator[Work]:
    """A transaction on one briefing: 404 where there is none, 409 where it has gone on."""
    try:
        with api.store.writing() as work:
            _last(work, briefing_id)
            yield work
    except ConflictError as error:
        raise ProblemError("conflict", str(error)) from error


def _last(work: Work, briefing_id: str) -> Briefing:
    found = work.briefings.get(briefing_id)
    if found is None:
        raise not_found(f"briefing {briefing_id!r}")
    return found


def _shown(briefing: Briefing) -> dict[str, Any]:
    shown = asdict(briefing)
    return {**shown, **shown.pop("content")}
