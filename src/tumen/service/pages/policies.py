"""Policies: the one in force, its history, and proposing another for a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response

from tumen.cases.policies import propose_policy
from tumen.errors import ConflictError, RequestError
from tumen.service.access.people import actor_of
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.policies_data import (
    SETTINGS,
    content_of,
    policies_page,
    policy_from,
    terms_between,
)
from tumen.service.pages.refused import words_of
from tumen.service.pages.typed import Ticked, Typed
from tumen.service.routes.v1.needs import Api, Decider, Reader, TheApi, now_utc

router = page_router("Policies")
_HERE = "/desk/policies"


@router.get(_HERE)
def show_policies(request: Request, _: Reader, api: TheApi) -> Response:
    """The policy in force, and every version with who proposed and approved it."""
    return _page(request, api, {}, ())


def _page(
    request: Request,
    api: Api,
    typed: Mapping[str, str],
    lists: Sequence[str],
    refusal: str = "",
    status: int = 200,
) -> Response:
    found = policies_page(api.store, api.usual_policy)
    return render(
        request,
        "policies/all.html",
        status=status,
        found=found,
        typed=typed or _usual(found.policy.to_dict()),
        chosen=lists if typed else found.policy.lists,
        settings=SETTINGS,
        usual=api.usual_policy,
        refusal=refusal,
    )


@router.get(f"{_HERE}/diff")
def show_diff(
    request: Request,
    _: Reader,
    api: TheApi,
    before: Annotated[str, Query(alias="from", max_length=100)] = SETTINGS,
    after: Annotated[str, Query(alias="to", max_length=100)] = SETTINGS,
) -> Response:
    """What differs between any two versions."""
    names, contents = zip(
        *(content_of(api.store, api.usual_policy, one) for one in (before, after)), strict=True
    )
    return render(
        request, "policies/diff.html", names=names, terms=terms_between(contents[0], contents[1])
    )


@router.post(_HERE)
def propose(
    request: Request, caller: Decider, api: TheApi, typed: Typed, ticked: Ticked
) -> Response:
    """Open a case in which a second person approves the change, or sends it back."""
    lists = ticked.get("lists", [])
    try:
        policy = policy_from(typed, lists)
        with api.store.writing() as work:
            case = propose_policy(work, policy, typed.get("text", ""), actor_of(caller), now_utc())
    except RequestError as error:
        status = 409 if isinstance(error, ConflictError) else 422
        return _page(request, api, typed, lists, words_of(error), status)
    said = f"{policy.name} {policy.version} is proposed: it holds once a second person approves"
    return redirect(f"/desk/cases/{quote(case.case_id, safe='')}", say=said)


def _usual(content: Mapping[str, object]) -> dict[str, str]:
    """The terms in force as the form shows them at first; the version is for the proposer."""
    shown = {name: "" if value is None else str(value) for name, value in content.items()}
    cutoff = "" if content["cutoff"] == content["threshold"] else shown["cutoff"]
    return {**shown, "version": "", "text": "", "cutoff": cutoff}
