"""What people say of standing hits: a false positive is to be muted, a fallen hit let go of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field, field_validator

from tumen.cases.suppressing import recommend_suppression, release_alone
from tumen.cases.workflow import Proposal
from tumen.errors import RequestError, StoreError
from tumen.model.casework import Outcome, ReasonCode, Verdict
from tumen.model.watching import Suppression
from tumen.screening.decide import lift
from tumen.service.access.admission import note
from tumen.service.paging import WantedPage, answer, cut
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.case_shapes import Sentence
from tumen.service.routes.v1.case_steps import person_of
from tumen.service.routes.v1.case_views import WaitingShape, waiting
from tumen.service.routes.v1.hits import StandingHitShape
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

router = router_of("Decisions")
_Id = Annotated[str, Field(min_length=1, max_length=500)]
_Reason = Annotated[str, Field(min_length=3, max_length=5_000, examples=["Another birth date"])]


class SuppressionBody(Strict):
    """A false positive, as one person sees it."""

    model_config = example(
        party_id="C-1",
        entity_id="un_sc_sanctions:1",
        reason="FP-DOB",
        text="Born in 1955; our customer was born in 1980 and has another passport",
        evidence=["Passport, copy of 2024"],
        expires_on="2030-12-31",
    )

    party_id: _Id
    entity_id: _Id
    reason: ReasonCode
    text: Sentence
    evidence: Annotated[list[_Id], Field(min_length=1, max_length=100)]
    expires_on: Annotated[date | None, Field(description="The last day it holds.")] = None

    @field_validator("reason")
    @classmethod
    def _is_false(cls, reason: ReasonCode) -> ReasonCode:
        if reason.verdict is not Verdict.FALSE_POSITIVE:
            raise ValueError(f"{reason.value} is no reason to mute a hit: one that begins with FP")
        return reason


class ReasonBody(Strict):
    """Why."""

    model_config = example(reason="The passport was another one")

    reason: _Reason


class ReleaseBody(ReasonBody):
    """A hit that fell away and is let go."""

    model_config = example(
        party_id="C-1", entity_id="un_sc_sanctions:1", reason="Delisted, and checked"
    )

    party_id: _Id
    entity_id: _Id


class SuppressionShape(BaseModel):
    """A suppression: of one pair as it was seen."""

    suppression_id: str
    book_id: str
    party_id: str
    entity_id: str
    party_hash: str
    entry_hash: str
    reason: str
    decided_by: str
    decided_at: datetime
    expires_on: date | None
    lapsed_at: datetime | None
    lapse_reason: str


T = TypeVar("T")


def _decided(decide: Callable[[], T]) -> T:
    """What was decided; 409 where the hit is not in a state in which it can be."""
    try:
        return decide()
    except StoreError:
        raise
    except RequestError as error:
        raise ProblemError("conflict", str(error)) from error


@router.get(
    "/books/{book_id}/suppressions",
    response_model=Paged[SuppressionShape],
    summary="Suppressions of a book",
)
def show_suppressions(
    book_id: str,
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    is_active: Annotated[bool | None, Query(description="In force now, or not.")] = None,
) -> Any:
    """The suppressions of a book that are in force, or ever were."""
    with api.store.reading() as work:
        every = work.suppressions.all(book_id)
        active = {one.suppression_id for one in work.suppressions.active(book_id, now_utc())}
    wanted = [
        one for one in every if is_active is None or (one.suppression_id in active) is is_active
    ]
    found, cursor = cut(wanted, page, lambda one: one.suppression_id)
    return answer(request, response, found, cursor)


@router.post(
    "/books/{book_id}/suppressions",
    response_model=WaitingShape,
    status_code=202,
    summary="Recommend to mute a false positive",
    dependencies=[Repeatable],
)
def add_suppression(
    book_id: str, body: SuppressionBody, request: Request, caller: Decider, api: TheApi
) -> WaitingShape:
    """Recommend to mute one pair as it stands: a second person approves it in its case.

    It is then muted until either side changes materially or the day is over.
    """
    actor, evidence = person_of(caller), tuple(body.evidence)
    said = Proposal(body.reason, Outcome.RELEASE, body.text, evidence, until=body.expires_on)
    pair = (book_id, body.party_id, body.entity_id)
    with api.store.writing() as work:
        case = _decided(lambda: recommend_suppression(work, *pair, said, actor, now_utc()))
    note(request.scope, object=case.case_id, reason="see the case")
    return waiting(case)


@router.post(
    "/suppressions/{suppression_id}/lift",
    response_model=SuppressionShape,
    summary="End a suppression",
    dependencies=[Repeatable],
)
def lift_suppression(suppression_id: str, body: ReasonBody, _: Decider, api: TheApi) -> Suppression:
    """End a suppression by decision; the hit that it muted is open again."""
    with api.store.writing() as work:
        if work.suppressions.get(suppression_id) is None:
            raise not_found(f"suppression {suppression_id!r}")
        return _decided(lambda: lift(work, suppression_id, reason=body.reason, now=now_utc()))


@router.post(
    "/books/{book_id}/releases",
    response_model=StandingHitShape,
    summary="Release a hit that fell away",
    dependencies=[Repeatable],
)
def release_hit(book_id: str, body: ReleaseBody, request: Request, _: Decider, api: TheApi) -> Any:
    """Let go of a hit that is proposed for release; what was known of it stays.

    One person does so below the policy's line of four eyes alone; else its case is the place.
    """
    note(request.scope, object=f"{book_id}/{body.entity_id}", reason=body.reason)
    policy, pair = api.policy, (book_id, body.party_id, body.entity_id)
    with api.store.writing() as work:
        return _decided(lambda: release_alone(work, *pair, policy, now_utc()))
