"""Signing in and out at a browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Form, Query, Request, Response

from tumen.service.access.credentials import PasswordCredential
from tumen.service.access.gate import NotAdmittedError, TooManyAttemptsError
from tumen.service.access.sessions import COOKIE, LONGEST, begin_session, end_session, switch_place
from tumen.service.pages.frame import own_address, page_router, redirect, render
from tumen.service.pages.reader import Anybody, reader_of
from tumen.service.pages.visit import VISIT_COOKIE
from tumen.service.routes.v1.needs import Reader, TheApi

router = page_router("Sign in")


@router.get("/sign-in")
def show_sign_in(
    request: Request, _: Anybody, to: Annotated[str, Query(alias="next")] = "/desk"
) -> Response:
    """The form; who is signed in already goes on."""
    if reader_of(request).is_known:
        return redirect(to)
    return render(request, "sign_in.html", to=own_address(to), name="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    _: Anybody,
    api: TheApi,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=256)],
    to: Annotated[str, Form(alias="next")] = "/desk",
) -> Response:
    """A new session for a user whose password is right; one page for all else."""
    address = request.client.host if request.client else ""
    try:
        api.gate.admit(PasswordCredential(name, password), address)
        token = _begin(api, name, address)
    except NotAdmittedError:
        refusal = "Name or password is not right"
        return render(
            request, "sign_in.html", status=403, to=own_address(to), name=name, refusal=refusal
        )
    except TooManyAttemptsError as error:
        return render(
            request, "sign_in.html", status=429, to=own_address(to), name=name, refusal=str(error)
        )
    response = redirect(to)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    response.delete_cookie(VISIT_COOKIE)
    return response


@router.post("/sign-out")
def sign_out(request: Request, _: Anybody, api: TheApi) -> Response:
    """The end of a session."""
    if token := request.cookies.get(COOKIE):
        address = request.client.host if request.client else ""
        with api.store.writing() as work:
            end_session(work, token, address, datetime.now(UTC))
        api.gate.memory.forget()
    response = redirect("/sign-in", say="You are signed out")
    response.delete_cookie(COOKIE)
    return response


@router.post("/desk/acting-for")
def act_for(
    request: Request, _: Reader, api: TheApi, name: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Act in the place of a user who has asked for it, or as oneself again."""
    token = request.cookies.get(COOKIE, "")
    now = datetime.now(UTC)
    with api.store.writing() as work:
        switch_place(work, token, name, now)
    api.gate.memory.forget()
    return redirect("/desk", say=f"You act for {name}" if name else "You act for yourself")


def _begin(api: TheApi, name: str, address: str) -> str:
    with api.store.writing() as work:
        user = work.access.user_by_name(name)
        if user is None:
            raise NotAdmittedError("an open service has nobody to sign in")
        return begin_session(work, user, address, datetime.now(UTC))
