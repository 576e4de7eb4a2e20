"""Users and keys made and ended, each change with its audit record in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

import orjson

from tumen.errors import RequestError
from tumen.model.access import ApiKey, Role, User
from tumen.model.audit import AuditEntry
from tumen.service.access.keys import NewKey, make_key
from tumen.store.work import Work


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a change: the actor of the audit log, how they proved it, and from where."""

    actor: str
    method: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be; without a hash they have no password.

    `person` tells that several accounts are one person's; without it the mail address does.
    """

    name: str
    role: Role
    password_hash: str = ""
    email: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class WantedKey:
    """A key to be."""

    name: str
    role: Role
    expires_at: datetime | None = None


def add_user(work: Work, wanted: NewUser, by: By, now: datetime) -> User:
    """Keep a user. Raises RequestError where the name is taken or cannot be used."""
    _check_name(wanted.name)
    user = User(
        user_id=f"usr_{token_hex(8)}",
        name=wanted.name,
        role=wanted.role,
        created_at=now,
        password_hash=wanted.password_hash,
        email=wanted.email,
        person=wanted.person,
    )
    work.access.add_user(user)
    _record(work, by, now, "add user", f"user:{user.name}", after=user, role=user.role.value)
    return user


def end_user(work: Work, name: str, by: By, now: datetime) -> User:
    """Take a user's access away. Raises RequestError where there is none of that name."""
    user = _user(work, name)
    work.access.end_user(user.user_id, now)
    ended = replace(user, ended_at=now)
    _record(work, by, now, "end user", f"user:{name}", before=user, after=ended)
    return ended


def set_password(work: Work, name: str, password_hash: str, by: By, now: datetime) -> User:
    """Give a user a new password. Raises RequestError where there is no such user.

    Users are not edited: the one with the old password ends, one with the new one begins.
    """
    user = _user(work, name)
    work.access.end_user(user.user_id, now)
    renewed = replace(
        user, user_id=f"usr_{token_hex(8)}", password_hash=password_hash, created_at=now
    )
    work.access.add_user(renewed)
    _record(work, by, now, "set password", f"user:{name}", before=user, after=renewed)
    return renewed


def set_person(work: Work, name: str, person: str, by: By, now: datetime) -> User:
    """Say whose account it is: all accounts of one person are the same eyes.

    Raises RequestError where there is no such user. Signing in begins anew, as with a password.
    """
    user = _user(work, name)
    work.access.end_user(user.user_id, now)
    known = replace(user, user_id=f"usr_{token_hex(8)}", person=person.strip(), created_at=now)
    work.access.add_user(known)
    _record(work, by, now, "set person", f"user:{name}", before=user, after=known)
    return known


def add_key(work: Work, wanted: WantedKey, by: By, now: datetime) -> NewKey:
    """Make and keep a key. Raises RequestError for a name or an end that makes no sense."""
    _check_name(wanted.name)
    if wanted.expires_at is not None and wanted.expires_at <= now:
        raise RequestError(f"The key would have expired on {wanted.expires_at:%Y-%m-%d} already")
    made = make_key(wanted.name, wanted.role, now, wanted.expires_at)
    work.access.add_key(made.key)
    shown = f"key:{made.key.key_id}"
    _record(work, by, now, "add key", shown, after=made.key, role=made.key.role.value)
    return made


def end_key(work: Work, key_id: str, by: By, now: datetime) -> ApiKey:
    """Take a key out of use. Raises RequestError where there is none in force."""
    key = work.access.key(key_id)
    if key is None:
        raise RequestError(f"There is no key {key_id!r}")
    work.access.end_key(key_id, now)
    ended = replace(key, ended_at=now)
    _record(work, by, now, "end key", f"key:{key_id}", before=key, after=ended)
    return ended


def _user(work: Work, name: str) -> User:
    user = work.access.user_by_name(name)
    if user is None:
        raise RequestError(f"There is no user {name!r} in force")
    return user


def _check_name(name: str) -> None:
    # HTTP Basic parts name and password by a colon.
    if not name.strip() or name != name.strip() or ":" in name or not name.isprintable():
        raise RequestError(f"{name!r} is no name: give printable characters without a colon")


def _record(
    work: Work,
    by: By,
    now: datetime,
    action: str,
    shown: str,
    *,
    before: User | ApiKey | None = None,
    after: User | ApiKey | None = None,
    **details: Any,
) -> None:
    entry = AuditEntry(
        occurred_at=now,
        actor=by.actor,
        action=action,
        object=shown,
        auth_method=by.method,
        address=by.address,
        before=_hash(before),
        after=_hash(after),
        details=details,
    )
    work.audit.append(entry)


def _hash(thing: User | ApiKey | None) -> str:
    if thing is None:
        return ""
    return sha256(orjson.dumps(thing, option=orjson.OPT_SORT_KEYS)).hexdigest()
