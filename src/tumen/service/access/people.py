"""People behind accounts: whose eyes they are, and in whose place they act."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex

from tumen.errors import RequestError
from tumen.model.access import Delegation, User
from tumen.model.audit import AuditEntry
from tumen.model.case import Actor
from tumen.service.access.accounts import By
from tumen.service.access.principal import AuthMethod, Principal
from tumen.store.work import Work

# A longer absence takes another approver, not a deputy.
LONGEST = timedelta(days=31)


def principal_of_user(user: User, method: AuthMethod) -> Principal:
    """A user who was let in."""
    return Principal(f"user:{user.name}", user.role, method, user.eyes, user.name)


def actor_of(principal: Principal) -> Actor:
    """Who acts in a case, as its history keeps it."""
    return Actor(
        user_id=principal.actor,
        person=principal.person,
        name=principal.name or principal.actor,
        permissions=tuple(sorted(one.value for one in principal.permissions)),
        deputises_for=principal.deputises_for,
    )


def in_place_of(work: Work, principal: Principal, name: str, now: datetime) -> Principal:
    """The same caller, acting in the place of another user, with that one's role.

    Raises RequestError where no delegation in force says so.
    """
    given = [
        one
        for one in work.people.delegations(to_name=_user_name(principal))
        if one.from_name == name and one.holds(now)
    ]
    absent = work.access.user_by_name(name)
    if not given or absent is None:
        raise RequestError(f"{name} has not let {principal.name} act in their place")
    return replace(
        principal,
        role=absent.role,
        name=f"{principal.name} for {absent.name}",
        deputises_for=absent.eyes,
    )


def delegate(
    work: Work, from_name: str, to_name: str, begins_at: datetime, ends_at: datetime, by: By,
    now: datetime,
) -> Delegation:  # fmt: skip
    """Let one user act in another's place. Raises RequestError where it makes no sense."""
    absent, deputy = (_user(work, name) for name in (from_name, to_name))
    if absent.eyes == deputy.eyes:
        raise RequestError(f"{from_name} and {to_name} are one person")
    if not begins_at < ends_at or ends_at <= now or ends_at - begins_at > LONGEST:
        raise RequestError(f"Name a beginning, and an end to come within {LONGEST.days} days of it")
    given = Delegation(f"del-{token_hex(8)}", from_name, to_name, by.actor, now, begins_at, ends_at)
    work.people.add_delegation(given)
    _record(work, by, now, "delegate", given)
    return given


def end_delegation(work: Work, delegation_id: str, by: By, now: datetime) -> None:
    """End a delegation before its time. Raises RequestError where there is none in force."""
    found = [one for one in work.people.delegations() if one.delegation_id == delegation_id]
    if not found or not work.people.end_delegation(delegation_id, now):
        raise RequestError(f"There is no delegation {delegation_id!r} in force")
    _record(work, by, now, "end delegation", found[0])


def _user(work: Work, name: str) -> User:
    user = work.access.user_by_name(name)
    if user is None:
        raise RequestError(f"There is no user {name!r} in force")
    return user


def _user_name(principal: Principal) -> str:
    return principal.actor.removeprefix("user:")


def _record(work: Work, by: By, now: datetime, action: str, given: Delegation) -> None:
    details = {"from": given.from_name, "to": given.to_name, "until": given.ends_at.isoformat()}
    entry = AuditEntry(
        occurred_at=now,
        actor=by.actor,
        action=action,
        object=given.delegation_id,
        auth_method=by.method,
        address=by.address,
        details=details,
    )
    work.audit.append(entry)
