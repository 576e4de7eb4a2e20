"""What is kept beside a case: notes, tags, the cases that belong with it."""

from __future__ import annotations

from fastapi import Request, Response

from tumen.cases import acting, workflow
from tumen.errors import RequestError
from tumen.service.access.people import actor_of
from tumen.service.pages.case_steps import Seen, Text, Word, Worded, take, take_words
from tumen.service.pages.frame import page_router
from tumen.service.routes.v1.needs import Decider, TheApi, now_utc
from tumen.store.work import Work

router = page_router("Cases")
_HERE = "/desk/cases/{case_id}"
_NOTE = Worded(workflow.note, "Noted.", "note")
_MOST_TAGS, _LONGEST_TAG = 20, 60


@router.post(_HERE + "/notes")
def note(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen, text: Text = ""
) -> Response:
    """Write a note; a closed case takes notes too."""
    return take_words(request, api, decider, case_id, seen, _NOTE, text)


@router.post(_HERE + "/tags")
def tag(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen, tags: Word = ""
) -> Response:
    """Set the tags, apart by commas."""

    def step(work: Work) -> str:
        actor, now = actor_of(decider), now_utc()
        found = [one.strip() for one in tags.split(",") if one.strip()]
        if len(found) > _MOST_TAGS or any(len(one) > _LONGEST_TAG for one in found):
            raise RequestError(f"At most {_MOST_TAGS} tags, {_LONGEST_TAG} letters each")
        acting.act(work, case_id, seen, lambda one: workflow.tag(one, found, actor, now))
        return "Tagged."

    return take(request, api, decider, case_id, step, {"tag": {"tags": tags}})


@router.post(_HERE + "/related")
def relate(
    request: Request, decider: Decider, api: TheApi, case_id: str, seen: Seen, other: Word = ""
) -> Response:
    """Name another case that belongs with this one."""

    def step(work: Work) -> str:
        actor, now = actor_of(decider), now_utc()
        if work.cases.summary(other.strip()) is None:
            raise RequestError(f"There is no case {other.strip()!r}")
        acting.act(work, case_id, seen, lambda one: workflow.relate(one, other.strip(), actor, now))
        return "Related."

    return take(request, api, decider, case_id, step, {"relate": {"other": other}})
