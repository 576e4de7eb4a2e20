"""Users, API keys and delegations: who may do what, and in whose place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from fastapi import Request, Response

from tumen.errors import RequestError
from tumen.model.access import Role
from tumen.service.access import accounts
from tumen.service.access.people import delegate, end_delegation
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.refused import words_of
from tumen.service.pages.typed import Typed
from tumen.service.pages.users_data import PERMISSIONS, span_of, users_page
from tumen.service.routes.v1.needs import Administrator, Api, TheApi, now_utc
from tumen.service.routes.v1.users import by_of

router = page_router("Users")
_HERE = "/desk/users"


@router.get(_HERE)
def show_users(request: Request, _: Administrator, api: TheApi) -> Response:
    """Everybody who may sign in, the keys of programs, delegations, and what roles may do."""
    return _page(request, api)


def _page(request: Request, api: Api, **more: Any) -> Response:
    given: dict[str, Any] = {"typed": {}, "new_key": None, **more}
    status = 422 if given.get("refusal") else 200
    found = users_page(api.store, now_utc())
    return render(
        request, "users/all.html", status=status, found=found, permissions=PERMISSIONS, **given
    )


def _refused(request: Request, api: Api, typed: Mapping[str, str], error: RequestError) -> Response:
    kept = {name: text for name, text in typed.items() if name != "password"}
    return _page(request, api, refusal=words_of(error), typed=kept)


@router.post(_HERE)
def add_user(request: Request, caller: Administrator, api: TheApi, typed: Typed) -> Response:
    """Let somebody in."""
    try:
        password = typed.get("password", "")
        wanted = accounts.NewUser(
            typed.get("name", "").strip(),
            _role(typed),
            api.gate.passwords.hash(password) if password else "",
            typed.get("email", "").strip(),
            typed.get("person", "").strip(),
        )
        with api.store.writing() as work:
            user = accounts.add_user(work, wanted, by_of(caller, request), now_utc())
    except RequestError as error:
        return _refused(request, api, typed, error)
    return _done(api, f"{user.name} may sign in as {user.role.value}")


@router.post(f"{_HERE}/end")
def end_user(request: Request, caller: Administrator, api: TheApi, typed: Typed) -> Response:
    """Take a user's access away; what they did stays on record."""
    name = typed.get("name", "")
    try:
        with api.store.writing() as work:
            accounts.end_user(work, name, by_of(caller, request), now_utc())
    except RequestError as error:
        return _refused(request, api, {}, error)
    return _done(api, f"{name} may no longer sign in")


@router.post(f"{_HERE}/password")
def set_password(request: Request, caller: Administrator, api: TheApi, typed: Typed) -> Response:
    """Give a user another password; sessions with the old one are over."""
    name = typed.get("name", "")
    try:
        kept = api.gate.passwords.hash(typed.get("password", ""))
        with api.store.writing() as work:
            accounts.set_password(work, name, kept, by_of(caller, request), now_utc())
    except RequestError as error:
        return _refused(request, api, {}, error)
    return _done(api, f"{name} has a new password")


@router.post(f"{_HERE}/person")
def set_person(request: Request, caller: Administrator, api: TheApi, typed: Typed) -> Response:
    """Say whose account it is: two accounts of one person are one pair of eyes."""
    name, person = typed.get("name", ""), typed.get("person", "")
    try:
        with api.store.writing() as work:
            accounts.set_person(work, name, person, by_of(caller, request), now_utc())
    except RequestError as error:
        return _refused(request, api, {}, error)
    return _done(api, f"The account {name} is now known as that of {person.strip() or name}")


@router.post(f"{_HERE}/keys")
def add_key(request: Request, caller: Administrator, api: TheApi, typed: Typed) -> Response:
    """Make a key. Its text stands on the page that answers, and nowhere else ever again."""
    try:
        expires = typed.get("expires", "")
        wanted = accounts.WantedKey(typed.get("name", ""), _role(typed), _end_of(expires))
        with api.store.writing() as work:
            made = accounts.add_key(work, wanted, by_of(caller, request), now_utc())
    except RequestError as error:
        return _refused(request, api, typed, error)
    api.gate.memory.forget()
    return _page(request, api, new_key=made)


@router.post(f"{_HERE}/keys/end")
def end_key(request: Request, caller: Administrator, api: TheApi, typed: Typed) -> Response:
    """Take a key out of use."""
    key_id = typed.get("key_id", "")
    try:
        with api.store.writing() as work:
            accounts.end_key(work, key_id, by_of(caller, request), now_utc())
    except RequestError as error:
        return _refused(request, api, {}, error)
    return _done(api, f"The key {key_id} opens nothing any more")


@router.post(f"{_HERE}/delegations")
def add_delegation(request: Request, caller: Administrator, api: TheApi, typed: Typed) -> Response:
    """Let one user act in another's place for some days."""
    now = now_utc()
    absent, deputy = typed.get("from_name", ""), typed.get("to_name", "")
    try:
        begins, ends = span_of(typed.get("begins", ""), typed.get("ends", ""), now)
        with api.store.writing() as work:
            delegate(work, absent, deputy, begins, ends, by_of(caller, request), now)
    except RequestError as error:
        return _refused(request, api, typed, error)
    return _done(api, f"{deputy} may act in the place of {absent}")


@router.post(f"{_HERE}/delegations/end")
def stop_delegation(request: Request, caller: Administrator, api: TheApi, typed: Typed) -> Response:
    """End a delegation before its time."""
    try:
        with api.store.writing() as work:
            end_delegation(work, typed.get("delegation_id", ""), by_of(caller, request), now_utc())
    except RequestError as error:
        return _refused(request, api, {}, error)
    return _done(api, "The delegation is ended")


def _done(api: Api, said: str) -> Response:
    api.gate.memory.forget()
    return redirect(_HERE, say=said)


def _role(typed: Mapping[str, str]) -> Role:
    try:
        return Role(typed.get("role", ""))
    except ValueError:
        raise RequestError("Choose a role") from None


def _end_of(day: str) -> datetime | None:
    """The end of a day typed into a form; None where none was."""
    try:
        last = date.fromisoformat(day) if day else None
    except ValueError:
        raise RequestError(f"{day!r} is no day: write it as 2026-02-20") from None
    return datetime.combine(last, time(), UTC) + timedelta(days=1) if last else None
