"""Work on a case over HTTP short of deciding it: notes, tags, who has it, how soon."""

from __future__ import annotations

from typing import Any

from tumen.cases import workflow
from tumen.cases.acting import act
from tumen.service.casework import assignee_of, due_from
from tumen.service.routes.v1.case_shapes import (
    AssignBody,
    MoveBody,
    NoteBody,
    PriorityBody,
    RelateBody,
    TagsBody,
)
from tumen.service.routes.v1.case_steps import WorkedCase, must_exist
from tumen.service.routes.v1.case_views import CaseShape
from tumen.service.routes.v1.needs import Repeatable, router_of
from tumen.store.work import Work

router = router_of("Cases")


@router.post(
    "/cases/{case_id}/notes",
    response_model=CaseShape,
    summary="Note something",
    dependencies=[Repeatable],
)
def add_note(body: NoteBody, case: WorkedCase) -> Any:
    """Add a note; a closed case takes notes too."""
    return case.step(body.seen, lambda found: workflow.note(found, body.text, case.actor, case.now))


@router.post(
    "/cases/{case_id}/assign",
    response_model=CaseShape,
    summary="Give a case to somebody",
    dependencies=[Repeatable],
)
def assign(body: AssignBody, case: WorkedCase) -> Any:
    """Give a case to a user who may decide, to yourself (`me`), or to nobody."""
    seen = case.seen(body.seen)

    def giving(work: Work) -> tuple[str, ...]:
        is_me = body.assignee == "me"
        who = case.caller.actor if is_me else assignee_of(work, body.assignee)
        act(work, case.case_id, seen, lambda one: workflow.assign(one, who, case.actor, case.now))
        return ()

    return case.do(giving)


@router.post(
    "/cases/{case_id}/move",
    response_model=CaseShape,
    summary="Say where the investigation stands",
    dependencies=[Repeatable],
)
def move(body: MoveBody, case: WorkedCase) -> Any:
    """Move a case between the states of investigating."""
    return case.step(
        body.seen, lambda found: workflow.move(found, body.state, case.actor, case.now)
    )


@router.post(
    "/cases/{case_id}/tags",
    response_model=CaseShape,
    summary="Tag a case",
    dependencies=[Repeatable],
)
def tag(body: TagsBody, case: WorkedCase) -> Any:
    """Set the tags that a case has from now on."""
    return case.step(body.seen, lambda found: workflow.tag(found, body.tags, case.actor, case.now))


@router.post(
    "/cases/{case_id}/relate",
    response_model=CaseShape,
    summary="Name a case that belongs with this one",
    dependencies=[Repeatable],
)
def relate(body: RelateBody, case: WorkedCase) -> Any:
    """Name another case that belongs with this one."""
    seen, other = case.seen(body.seen), body.case_id

    def relating(work: Work) -> tuple[str, ...]:
        must_exist(work, other)
        act(work, case.case_id, seen, lambda one: workflow.relate(one, other, case.actor, case.now))
        return ()

    return case.do(relating)


@router.post(
    "/cases/{case_id}/priority",
    response_model=CaseShape,
    summary="Say how soon",
    dependencies=[Repeatable],
)
def prioritise(body: PriorityBody, case: WorkedCase) -> Any:
    """Give another priority; what is due when follows from it, counted from now."""
    seen, wanted = case.seen(body.seen), body.priority

    def hurrying(work: Work) -> tuple[str, ...]:
        due = due_from(work, wanted, case.now)
        act(
            work,
            case.case_id,
            seen,
            lambda one: workflow.prioritise(one, wanted, due, case.actor, case.now),
        )
        return ()

    return case.do(hurrying)
