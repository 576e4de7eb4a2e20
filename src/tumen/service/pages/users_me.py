"""What a reader may do, who may act in their place, and in whose place they may act."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request, Response

from tumen.errors import RequestError
from tumen.service.access.people import delegate, end_delegation
from tumen.service.access.principal import Principal
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.refused import words_of
from tumen.service.pages.typed import Typed
from tumen.service.pages.users_data import PERMISSIONS, delegations_of, roles, span_of
from tumen.service.problems import ProblemError
from tumen.service.routes.v1.needs import Api, Reader, TheApi, now_utc
from tumen.service.routes.v1.users import by_of

router = page_router("Me")
_HERE = "/desk/me"
_USER = "user:"


@router.get(_HERE)
def show_me(request: Request, reader: Reader, api: TheApi) -> Response:
    """Who the reader is to the service."""
    return _page(request, api, reader, {})


def _page(
    request: Request, api: Api, caller: Principal, typed: Mapping[str, str], refusal: str = ""
) -> Response:
    name = caller.actor.removeprefix(_USER) if caller.actor.startswith(_USER) else ""
    with api.store.reading() as work:
        users = [one.name for one in work.access.users() if one.name != name]
    return render(
        request,
        "users/me.html",
        status=422 if refusal else 200,
        caller=caller,
        name=name,
        users=users,
        delegations=delegations_of(api.store, name, now_utc()),
        permissions=PERMISSIONS,
        roles=roles(),
        typed=typed,
        refusal=refusal,
    )


@router.post(f"{_HERE}/delegations")
def let_act(request: Request, caller: Reader, api: TheApi, typed: Typed) -> Response:
    """Let somebody act in the reader's own place for some days."""
    name, deputy, now = _own_name(caller), typed.get("to_name", ""), now_utc()
    try:
        begins, ends = span_of(typed.get("begins", ""), typed.get("ends", ""), now)
        with api.store.writing() as work:
            delegate(work, name, deputy, begins, ends, by_of(caller, request), now)
    except RequestError as error:
        return _page(request, api, caller, typed, words_of(error))
    api.gate.memory.forget()
    return redirect(_HERE, say=f"{deputy} may act in your place")


@router.post(f"{_HERE}/delegations/end")
def stop(request: Request, caller: Reader, api: TheApi, typed: Typed) -> Response:
    """End a delegation that the reader gave, or was given."""
    name, wanted = _own_name(caller), typed.get("delegation_id", "")
    own = {one.delegation.delegation_id for one in delegations_of(api.store, name, now_utc())}
    try:
        if wanted not in own:
            raise RequestError("This is no delegation of yours")
        with api.store.writing() as work:
            end_delegation(work, wanted, by_of(caller, request), now_utc())
    except RequestError as error:
        return _page(request, api, caller, {}, words_of(error))
    api.gate.memory.forget()
    return redirect(_HERE, say="The delegation is ended")


def _own_name(caller: Principal) -> str:
    """The user who is at the browser, in whosoever's place they act. Raises ProblemError."""
    if not caller.actor.startswith(_USER):
        raise ProblemError("forbidden", "Only somebody with an account has a place to give")
    return caller.actor.removeprefix(_USER)
