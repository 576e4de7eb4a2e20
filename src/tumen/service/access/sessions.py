"""Sessions at browsers. A token is made anew at each sign-in; the store keeps only its hash."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from tumen.errors import RequestError
from tumen.model.access import Session, User
from tumen.model.audit import AuditEntry
from tumen.service.access.people import in_place_of, principal_of_user
from tumen.service.access.principal import AuthMethod
from tumen.store.work import Work

COOKIE = "tumen_session"
# A working day, and a lunch without touching the page.
LONGEST, IDLE = timedelta(hours=12), timedelta(hours=2)
# A session in use is noted this often at most: each note is a write.
_NOTED_EVERY = timedelta(minutes=5)


def begin_session(work: Work, user: User, address: str, now: datetime) -> str:
    """The token of a new session of a user who was just let in."""
    token = token_urlsafe(32)
    work.people.add_session(Session(hash_of(token), user.user_id, now, now))
    work.audit.append(_entry(user, "sign in", address, now))
    return token


def end_session(work: Work, token: str, address: str, now: datetime) -> None:
    """End a session, where there is one."""
    found = work.people.session(hash_of(token))
    if found is None:
        return
    work.people.end_session(found.token_hash, now)
    user = work.access.user(found.user_id)
    if user is not None:
        work.audit.append(_entry(user, "sign out", address, now))


def switch_place(work: Work, token: str, name: str, now: datetime) -> None:
    """Let a session act in the place of the user `name`, or as itself where that is empty.

    Raises RequestError where the session is over, or that user has not asked for it.
    """
    found = live_session(work, token, now)
    if found is None:
        raise RequestError("There is no session. Sign in first")
    session, user = found
    if name:
        in_place_of(work, principal_of_user(user, AuthMethod.SESSION), name, now)
    work.people.act_for(session.token_hash, name)


def live_session(work: Work, token: str, now: datetime) -> tuple[Session, User] | None:
    """The session of a token with its user, if both are in force; None else."""
    found = work.people.session(hash_of(token))
    if found is None or now - found.began_at > LONGEST or now - found.seen_at > IDLE:
        return None
    user = work.access.user(found.user_id)
    return (found, user) if user is not None and user.ended_at is None else None


def is_to_be_noted(session: Session, now: datetime) -> bool:
    """Whether it is time to note that a session is in use."""
    return now - session.seen_at > _NOTED_EVERY


def hash_of(token: str) -> str:
    """What the store keeps of a token."""
    return sha256(token.encode()).hexdigest()


def _entry(user: User, action: str, address: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        occurred_at=now,
        actor=f"user:{user.name}",
        action=action,
        object=f"user:{user.name}",
        auth_method="session",
        address=address,
    )
