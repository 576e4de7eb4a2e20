"""The due-diligence file of a party: read, filled in, recommended, and approved by another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Query, Request, Response

from tumen.cases.diligence import keeping
from tumen.cases.diligence.answering import Change
from tumen.cases.diligence.export import Form, collect
from tumen.cases.diligence.known import NoSuchPartyError
from tumen.cases.diligence.overview import overview
from tumen.cases.diligence.shown import overview_to_dict
from tumen.cases.diligence.signing import Proposal
from tumen.cases.workflow import RefusedError
from tumen.errors import ConflictError
from tumen.model.diligence import Standing
from tumen.service.access.admission import note
from tumen.service.access.people import actor_of
from tumen.service.problems import ProblemError
from tumen.service.routes.v1.diligence_shapes import (
    AnswerBody,
    DiligenceShape,
    RecommendationBody,
    WordsBody,
)
from tumen.service.routes.v1.needs import (
    Api,
    Approver,
    Decider,
    Reader,
    Repeatable,
    TheApi,
    now_utc,
    router_of,
)

router = router_of("Due diligence")
_PLACE = "/books/{book_id}/parties/{party_id}/diligence"


@router.get(_PLACE, response_model=DiligenceShape, summary="The due-diligence file of a party")
def show_file(book_id: str, party_id: str, request: Request, _: Reader, api: TheApi) -> Any:
    """Every section and field as it stands, the gaps, the triggers, and whether it holds."""
    note(request.scope, object=f"{book_id}/{party_id}")
    return _shown(api, book_id, party_id)


@router.post(
    f"{_PLACE}/answers",
    response_model=DiligenceShape,
    status_code=201,
    summary="Set a field",
    dependencies=[Repeatable],
)
def set_field(
    book_id: str, party_id: str, body: AnswerBody, request: Request, caller: Decider, api: TheApi
) -> Any:
    """Answer a field with its source, or say why it is unknown or not applicable."""
    change = Change(
        body.field_id,
        Standing(body.standing),
        tuple(body.values),
        body.note,
        body.source,
        tuple(body.evidence),
    )
    step = keeping.set_field(change, actor_of(caller), now_utc())
    return _done(api, book_id, party_id, request, step, body.seen)


@router.post(
    f"{_PLACE}/recommendation",
    response_model=DiligenceShape,
    status_code=201,
    summary="Recommend a conclusion",
    dependencies=[Repeatable],
)
def recommend(
    book_id: str,
    party_id: str,
    body: RecommendationBody,
    request: Request,
    caller: Decider,
    api: TheApi,
) -> Any:
    """Recommend on the file as it stands. It has no effect until another person approves it."""
    proposal = Proposal(body.conclusion, body.text, body.conditions, body.valid_until)
    step = keeping.recommend(proposal, actor_of(caller), now_utc())
    return _done(api, book_id, party_id, request, step, body.seen)


@router.post(
    f"{_PLACE}/withdrawal",
    response_model=DiligenceShape,
    summary="Take a recommendation back",
    dependencies=[Repeatable],
)
def withdraw(
    book_id: str, party_id: str, body: WordsBody, request: Request, caller: Decider, api: TheApi
) -> Any:
    """Take one's own recommendation back."""
    step = keeping.withdraw(body.text, actor_of(caller), now_utc())
    return _done(api, book_id, party_id, request, step, body.seen)


@router.post(
    f"{_PLACE}/return",
    response_model=DiligenceShape,
    summary="Return a recommendation",
    dependencies=[Repeatable],
)
def send_back(
    book_id: str, party_id: str, body: WordsBody, request: Request, caller: Approver, api: TheApi
) -> Any:
    """Return a recommendation with what is missing."""
    step = keeping.send_back(body.text, actor_of(caller), now_utc())
    return _done(api, book_id, party_id, request, step, body.seen)


@router.post(
    f"{_PLACE}/approval",
    response_model=DiligenceShape,
    summary="Sign a file off",
    dependencies=[Repeatable],
)
def approve(
    book_id: str, party_id: str, body: WordsBody, request: Request, caller: Approver, api: TheApi
) -> Any:
    """Approve what another person recommended; refused where anything changed since."""
    step = keeping.approve(body.text, actor_of(caller), now_utc())
    return _done(api, book_id, party_id, request, step, body.seen)


@router.get(
    f"{_PLACE}/export",
    response_class=Response,
    responses={200: {"content": {one.media_type: {} for one in Form}}},
    summary="Hand a file over",
)
def export_file(
    book_id: str,
    party_id: str,
    request: Request,
    _: Reader,
    api: TheApi,
    form: Annotated[Form, Query(description="Data, pages, or an archive of all.")] = Form.ZIP,
) -> Response:
    """The file as JSON with the party as FollowTheMoney, as PDF, or as a ZIP with a manifest."""
    note(request.scope, object=f"{book_id}/{party_id}", form=form.value)
    with _telling(), api.store.reading() as work:
        found = collect(work, book_id, party_id, api.usual_policy, now_utc())
    headers = {"Content-Disposition": f'attachment; filename="{found.name}.{form.value}"'}
    return Response(found.to(form), media_type=form.media_type, headers=headers)


def _done(
    api: Api, book_id: str, party_id: str, request: Request, step: keeping.Step, seen: int | None
) -> dict[str, Any]:
    """The file after a step; 409 where the step may not be, or others were faster."""
    note(request.scope, object=f"{book_id}/{party_id}")
    with _telling(), api.store.writing() as work:
        keeping.act(
            work, book_id, party_id, step, now_utc(), usual_policy=api.usual_policy, seen=seen
        )
    return _shown(api, book_id, party_id)


def _shown(api: Api, book_id: str, party_id: str) -> dict[str, Any]:
    with _telling(), api.store.reading() as work:
        return overview_to_dict(overview(work, book_id, party_id, api.usual_policy, now_utc()))


@contextmanager
def _telling() -> Iterator[None]:
    """Refusals as problems: what is not there is 404, what may not be is 409."""
    try:
        yield
    except NoSuchPartyError as error:
        raise ProblemError("not-found", str(error)) from error
    except (ConflictError, RefusedError) as error:
        raise ProblemError("conflict", str(error)) from error
