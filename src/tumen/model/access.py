"""Who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Permission(StrEnum):
    """One thing that can be allowed."""

    READ = "read"
    SCREEN = "screen"
    EDIT_BOOKS = "edit books"
    DECIDE = "decide"
    APPROVE = "approve"
    ADMINISTER = "administer"
    READ_AUDIT = "read audit"


class Role(StrEnum):
    """A role and what it permits. An administrator does not decide: duties are apart."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role may do."""
        return _PERMISSIONS[self]


_WORK = {Permission.READ, Permission.SCREEN, Permission.EDIT_BOOKS, Permission.DECIDE}
_PERMISSIONS = {
    Role.VIEWER: frozenset({Permission.READ}),
    Role.ANALYST: frozenset(_WORK),
    Role.APPROVER: frozenset({*_WORK, Permission.APPROVE}),
    Role.ADMINISTRATOR: frozenset(
        {Permission.READ, Permission.SCREEN, Permission.EDIT_BOOKS, Permission.ADMINISTER}
    ),
    Role.AUDITOR: frozenset({Permission.READ, Permission.READ_AUDIT}),
}


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in. `password_hash` is Argon2id, empty for single sign-on alone."""

    user_id: str
    name: str
    role: Role
    created_at: datetime
    password_hash: str = ""
    email: str = ""
    ended_at: datetime | None = None
    person: str = ""

    @property
    def eyes(self) -> str:
        """Who this is, whatever account they use: the person named, else by mail, else by name."""
        return (self.person or self.email or self.name).casefold()


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in at a browser. Of the token that the browser holds only a hash is kept.

    `acting_for` names the user in whose place they act, else it is empty.
    """

    token_hash: str
    user_id: str
    began_at: datetime
    seen_at: datetime
    acting_for: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """One user lets another act in their place for a time; both are named by user name."""

    delegation_id: str
    from_name: str
    to_name: str
    granted_by: str
    granted_at: datetime
    begins_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.ended_at is None and self.begins_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of a program. `key_id` is its public half; of the secret only a hash is kept."""

    key_id: str
    name: str
    role: Role
    secret_hash: str
    created_at: datetime
    expires_at: datetime | None = None
    ended_at: datetime | None = None
