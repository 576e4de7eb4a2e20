"""Many cases decided with one reason: each for itself, so that one failure hinders no other."""

from __future__ import annotations

from typing import Any

from tumen.cases import workflow
from tumen.cases.acting import act, approve
from tumen.model.access import Permission
from tumen.model.case import Actor, Case, CaseRecord
from tumen.service.problems import ProblemError
from tumen.service.routes.v1.case_shapes import DecisionsBody, SeenCase
from tumen.service.routes.v1.case_steps import must_exist, person_of, refusals
from tumen.service.routes.v1.case_views import DecidedManyShape
from tumen.service.routes.v1.needs import Api, Decider, Repeatable, TheApi, now_utc, router_of
from tumen.store.work import Work

router = router_of("Cases")


@router.post(
    "/cases/decisions",
    response_model=DecidedManyShape,
    summary="Decide many cases with one reason",
    dependencies=[Repeatable],
)
def decide_many(body: DecisionsBody, caller: Decider, api: TheApi) -> Any:
    """Recommend, approve or return each of these cases as it was looked at.

    Every case is decided and recorded singly; what could not be says why, and hinders no other.
    """
    if body.act != "recommend" and not caller.may(Permission.APPROVE):
        raise ProblemError("forbidden", f"This needs the permission {Permission.APPROVE.value!r}")
    actor = person_of(caller)
    results = [_decide_one(api, one, body, actor) for one in body.cases]
    return {"results": results, "done": sum(one["is_done"] for one in results)}


def _decide_one(api: Api, one: SeenCase, body: DecisionsBody, actor: Actor) -> dict[str, Any]:
    """Decide one case in a transaction of its own, and say what became of it."""
    try:
        with refusals(), api.store.writing() as work:
            must_exist(work, one.case_id)
            case, effects = _decided(work, one, body, actor)
    except ProblemError as problem:
        return _result(one, problem.status, problem.detail)
    return {
        **_result(one, 200, ""),
        "state": case.state,
        "sequence": case.sequence,
        "effects": effects,
    }


def _decided(
    work: Work, one: SeenCase, body: DecisionsBody, actor: Actor
) -> tuple[Case, tuple[str, ...]]:
    now = now_utc()
    if body.act == "approve":
        approval = approve(work, one.case_id, one.seen, body.text, actor, now)
        return approval.case, approval.effects

    def step(case: Case) -> CaseRecord:
        if body.proposal is None:
            return workflow.send_back(case, body.text, actor, now)
        return workflow.recommend(case, body.proposal.proposal(), actor, now)

    return act(work, one.case_id, one.seen, step), ()


def _result(one: SeenCase, status: int, detail: str) -> dict[str, Any]:
    return {
        "case_id": one.case_id,
        "is_done": status == 200,
        "status": status,
        "detail": detail,
        "state": None,
        "sequence": None,
        "effects": [],
    }
