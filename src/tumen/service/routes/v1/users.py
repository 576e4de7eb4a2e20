"""Users, API keys and roles: who may do what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Request, Response
from pydantic import AwareDatetime, BaseModel, Field, SecretStr

from tumen.model.access import ApiKey, Permission, Role, User
from tumen.service.access import accounts
from tumen.service.access.admission import note
from tumen.service.access.permissions import principal_of
from tumen.service.access.principal import Principal
from tumen.service.paging import WantedPage, answer, cut
from tumen.service.problems import ProblemError, not_found
from tumen.service.routes.v1.needs import (
    Administrator,
    Reader,
    Repeatable,
    Strict,
    TheApi,
    example,
    now_utc,
    router_of,
)
from tumen.service.routes.v1.own_route import KEPT_BODY
from tumen.service.routes.v1.shapes import Paged

router = router_of("Users and keys")
_Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s:][^:\r\n]*$")]


class UserBody(Strict):
    """A user to be. Without a password they sign in by single sign-on alone."""

    model_config = example(name="anna", role="analyst", password="correct horse battery")

    name: _Name
    role: Role
    password: SecretStr | None = Field(None, min_length=12, max_length=256)
    email: Annotated[str, Field(max_length=254)] = ""


class PasswordBody(Strict):
    """A new password."""

    model_config = example(password="another good one")

    password: SecretStr = Field(min_length=12, max_length=256)


class UserShape(BaseModel):
    """A user."""

    user_id: str
    name: str
    role: Role
    created_at: datetime
    email: str
    has_password: bool
    ended_at: datetime | None


class KeyBody(Strict):
    """A key to be."""

    model_config = example(name="onboarding", role="analyst", expires_at="2099-01-01T00:00:00Z")

    name: Annotated[str, Field(min_length=1, max_length=200, examples=["onboarding"])]
    role: Role
    expires_at: AwareDatetime | None = None


class KeyShape(BaseModel):
    """An API key, without its secret."""

    key_id: str
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None


class NewKeyShape(KeyShape):
    """A key just made. `key` is its text, and comes only here: it is kept nowhere."""

    key: str | None


class RoleShape(BaseModel):
    """A role and what it permits."""

    role: Role
    permissions: list[Permission]


class CallerShape(BaseModel):
    """Who asks, as the service sees it."""

    actor: str
    role: Role | None
    method: str
    permissions: list[Permission]


def _user(user: User) -> dict[str, Any]:
    slots = UserShape.model_fields.keys() - {"has_password"}
    return {
        **{name: getattr(user, name) for name in slots},
        "has_password": bool(user.password_hash),
    }


def _key(key: ApiKey) -> dict[str, Any]:
    return {name: getattr(key, name) for name in KeyShape.model_fields}


def by_of(caller: Principal, request: Request) -> accounts.By:
    """Who makes a change, as the audit log keeps it."""
    address = request.client.host if request.client else ""
    return accounts.By(caller.actor, caller.method.value, address)


@router.get("/users", response_model=Paged[UserShape], summary="Users")
def show_users(
    request: Request,
    response: Response,
    _: Administrator,
    api: TheApi,
    page: WantedPage,
    include_ended: bool = False,
) -> Any:
    """Everybody who may sign in, or ever might."""
    with api.store.reading() as work:
        every = work.access.users(include_ended)
    found, cursor = cut(every, page, lambda one: f"{one.name}\0{one.user_id}")
    return answer(request, response, [_user(one) for one in found], cursor)


@router.post(
    "/users",
    response_model=UserShape,
    status_code=201,
    summary="Add a user",
    dependencies=[Repeatable],
)
def add_user(
    body: UserBody, request: Request, response: Response, caller: Administrator, api: TheApi
) -> Any:
    """Let somebody in. The first user or key closes a service that was open to its machine."""
    kept = api.gate.passwords.hash(body.password.get_secret_value()) if body.password else ""
    with api.store.writing() as work:
        if work.access.user_by_name(body.name) is not None:
            raise ProblemError("conflict", f"There is a user {body.name!r} already")
        user = accounts.add_user(
            work,
            accounts.NewUser(body.name, body.role, kept, body.email),
            by_of(caller, request),
            now_utc(),
        )
    api.gate.memory.forget()
    note(request.scope, object=f"user:{user.name}")
    response.headers["Location"] = f"/api/v1/users/{quote(user.name, safe='')}"
    return _user(user)


@router.delete(
    "/users/{name}", status_code=204, summary="End a user's access", dependencies=[Repeatable]
)
def end_user(name: str, request: Request, caller: Administrator, api: TheApi) -> None:
    """Take a user's access away; what they did stays on record under their name."""
    with api.store.writing() as work:
        if work.access.user_by_name(name) is None:
            raise not_found(f"user {name!r} in force")
        accounts.end_user(work, name, by_of(caller, request), now_utc())
    api.gate.memory.forget()


@router.put(
    "/users/{name}/password",
    status_code=204,
    summary="Set a user's password",
    dependencies=[Repeatable],
)
def set_password(
    name: str, body: PasswordBody, request: Request, caller: Administrator, api: TheApi
) -> None:
    """Give a user a new password; the old one ends."""
    kept = api.gate.passwords.hash(body.password.get_secret_value())
    with api.store.writing() as work:
        if work.access.user_by_name(name) is None:
            raise not_found(f"user {name!r} in force")
        accounts.set_password(work, name, kept, by_of(caller, request), now_utc())
    api.gate.memory.forget()


@router.get("/keys", response_model=Paged[KeyShape], summary="API keys")
def show_keys(
    request: Request,
    response: Response,
    _: Administrator,
    api: TheApi,
    page: WantedPage,
    include_ended: bool = False,
) -> Any:
    """The keys of programs, without their secrets."""
    with api.store.reading() as work:
        every = work.access.keys(include_ended)
    found, cursor = cut(every, page, lambda one: one.key_id)
    return answer(request, response, [_key(one) for one in found], cursor)


@router.post(
    "/keys",
    response_model=NewKeyShape,
    status_code=201,
    summary="Make an API key",
    dependencies=[Repeatable],
)
def add_key(
    body: KeyBody, request: Request, response: Response, caller: Administrator, api: TheApi
) -> Any:
    """Make a key. Its text comes only in this answer, also if the request is repeated."""
    with api.store.writing() as work:
        made = accounts.add_key(
            work,
            accounts.WantedKey(body.name, body.role, body.expires_at),
            by_of(caller, request),
            now_utc(),
        )
    api.gate.memory.forget()
    note(request.scope, object=f"key:{made.key.key_id}")
    response.headers["Location"] = f"/api/v1/keys/{made.key.key_id}"
    kept = NewKeyShape(**_key(made.key), key=None)
    request.scope[KEPT_BODY] = kept.model_dump_json().encode()
    return {**_key(made.key), "key": made.text}


@router.get("/keys/{key_id}", response_model=KeyShape, summary="One API key")
def show_key(key_id: str, _: Administrator, api: TheApi) -> Any:
    """A key by its id, in force or not."""
    with api.store.reading() as work:
        key = work.access.key(key_id)
    if key is None:
        raise not_found(f"key {key_id!r}")
    return _key(key)


@router.delete(
    "/keys/{key_id}", status_code=204, summary="End an API key", dependencies=[Repeatable]
)
def end_key(key_id: str, request: Request, caller: Administrator, api: TheApi) -> None:
    """Take a key out of use, at once here and within seconds at other workers."""
    with api.store.writing() as work:
        key = work.access.key(key_id)
        if key is None:
            raise not_found(f"key {key_id!r}")
        if key.ended_at is None:
            accounts.end_key(work, key_id, by_of(caller, request), now_utc())
    api.gate.memory.forget()


@router.get("/roles", response_model=list[RoleShape], summary="Roles and what they permit")
def show_roles(_: Reader) -> Any:
    """The catalogue of roles."""
    return [{"role": role, "permissions": sorted(role.permissions)} for role in Role]


@router.get("/me", response_model=CallerShape, summary="Who am I?")
def show_caller(request: Request, _: Reader) -> Any:
    """The caller, as the service sees it."""
    caller = principal_of(request)
    return {
        "actor": caller.actor,
        "role": caller.role,
        "method": caller.method.value,
        "permissions": sorted(caller.permissions),
    }
