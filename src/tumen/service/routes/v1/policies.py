"""Policies: the one in force, every version, and proposing another for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import BaseModel, Field, StringConstraints

from tumen.cases.policies import effective_policy, hash_of, history, propose_policy
from tumen.model.policy_version import PolicyVersion
from tumen.screening.policy import Policy
from tumen.service.access.admission import note
from tumen.service.paging import Page, WantedPage, answer, ends
from tumen.service.routes.v1.case_shapes import Sentence
from tumen.service.routes.v1.case_steps import person_of, refusals
from tumen.service.routes.v1.case_views import WaitingShape, waiting
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

router = router_of("Policies")
# It stands in titles and messages: no line break, nothing that cannot be seen.
_Label = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
]
_ListId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


class PolicyBody(Strict):
    """A policy, and why it should hold from now on."""

    model_config = example(
        name="onboarding",
        version="3",
        lists=["un_sc_sanctions"],
        threshold=0.7,
        max_list_age_days=7,
        four_eyes_from=0.8,
        text="The supervisor asked for lists that are no older than a week",
    )

    name: _Label
    version: _Label
    lists: Annotated[tuple[_ListId, ...], Field(max_length=1_000, description="None: all.")] = ()
    threshold: Annotated[float, Field(gt=0, le=1, description="A hit from this score on.")] = 0.70
    cutoff: Annotated[
        float | None, Field(ge=0, le=1, description="Shown from here on; else the threshold.")
    ] = None
    max_list_age_days: Annotated[int | None, Field(ge=0, le=100_000)] = None
    four_eyes_from: Annotated[
        float, Field(ge=0, le=1, description="From this score on a release takes two people.")
    ] = 0.0
    text: Sentence

    def to_policy(self) -> Policy:
        """The policy itself. Raises RequestError for terms that make no sense together."""
        return Policy(**self.model_dump(exclude={"text"}))


class PolicyVersionShape(BaseModel):
    """A version, who proposed it, and who put it in force; nobody yet where that is empty."""

    policy_id: str
    case_id: str
    name: str
    version: str
    content: dict[str, Any]
    content_hash: str = Field(description="SHA-256 of the canonical JSON of `content`.")
    text: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    in_force_from: datetime | None


class InForceShape(BaseModel):
    """The policy that is screened by. Without `version` it is that of the settings."""

    label: str
    content: dict[str, Any]
    content_hash: str
    version: PolicyVersionShape | None


@router.get("/policies", response_model=Paged[PolicyVersionShape], summary="Versions of policies")
def show_policies(
    request: Request, response: Response, _: Reader, api: TheApi, page: WantedPage
) -> Any:
    """Every policy that was ever proposed, the last first."""
    with api.store.reading() as work:
        rest = _after(history(work), page)
    cursor = ends(rest, page, lambda one: (one.policy_id,))
    return answer(request, response, rest[: page.limit], cursor)


@router.get("/policies/in-force", response_model=InForceShape, summary="The policy in force")
def show_in_force(_: Reader, api: TheApi) -> Any:
    """The policy that two people approved last; that of the settings where none ever was."""
    with api.store.reading() as work:
        policy, kept = effective_policy(work, api.usual_policy), work.policies.in_force()
    return {
        "label": f"{policy.name} {policy.version}",
        "content": policy.to_dict(),
        "content_hash": hash_of(policy),
        "version": kept,
    }


@router.post(
    "/policies",
    response_model=WaitingShape,
    status_code=202,
    summary="Propose a policy",
    dependencies=[Repeatable],
)
def propose(body: PolicyBody, request: Request, caller: Decider, api: TheApi) -> WaitingShape:
    """Propose a policy: it holds once a second person approves it in its case."""
    actor = person_of(caller)
    with refusals(), api.store.writing() as work:
        case = propose_policy(work, body.to_policy(), body.text, actor, now_utc())
    note(request.scope, object=case.case_id, reason="see the case")
    return waiting(case)


def _after(every: Sequence[PolicyVersion], page: Page) -> Sequence[PolicyVersion]:
    """What follows the place of a page; versions are only ever added in front of it."""
    place = page.place(str)
    if place is None:
        return every
    ids = [one.policy_id for one in every]
    return every[ids.index(place[0]) + 1 :] if place[0] in ids else ()
