"""Users, keys and delegations, and what each role may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tumen.errors import RequestError
from tumen.model.access import ApiKey, Delegation, Permission, Role, User
from tumen.service.access.keys import is_in_force
from tumen.store import Store

# What a permission lets somebody do, in words.
PERMISSIONS = {
    Permission.READ: "Read lists, books, hits and cases",
    Permission.SCREEN: "Screen names and files",
    Permission.EDIT_BOOKS: "Import and screen books",
    Permission.DECIDE: "Work on cases and recommend",
    Permission.APPROVE: "Approve what another recommended",
    Permission.ADMINISTER: "Users, keys, lists, settings, subscriptions",
    Permission.READ_AUDIT: "Read and verify the audit log",
}


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user; `others` are further accounts of the same person."""

    user: User
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key, and whether it still opens anything."""

    key: ApiKey
    holds: bool


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """Who acts in whose place, and how that stands: in force, to come, over."""

    delegation: Delegation
    state: str


@dataclass(frozen=True, slots=True)
class UsersPage:
    """All that the page of users shows; those who have left stand apart."""

    users: tuple[UserRow, ...]
    ended: tuple[User, ...]
    keys: tuple[KeyRow, ...]
    delegations: tuple[DelegationRow, ...]
    roles: tuple[tuple[Role, frozenset[Permission]], ...]


def users_page(store: Store, now: datetime) -> UsersPage:
    """Everybody who may sign in or once might, every key, every delegation."""
    with store.reading() as work:
        every = work.access.users(include_ended=True)
        keys = work.access.keys(include_ended=True)
        delegations = work.people.delegations()
    users = [one for one in every if one.ended_at is None]
    names = {one.name for one in users}
    gone = {one.name: one for one in every if one.name not in names}
    return UsersPage(
        tuple(UserRow(one, _others(one, users)) for one in users),
        tuple(gone.values()),
        tuple(KeyRow(one, is_in_force(one, now)) for one in keys),
        tuple(delegation_row(one, now) for one in delegations),
        roles(),
    )


def roles() -> tuple[tuple[Role, frozenset[Permission]], ...]:
    """Each role with what it may do."""
    return tuple((role, role.permissions) for role in Role)


def delegations_of(store: Store, name: str, now: datetime) -> tuple[DelegationRow, ...]:
    """The delegations that a user gave or was given, the newest first."""
    with store.reading() as work:
        every = work.people.delegations()
    return tuple(delegation_row(one, now) for one in every if name in (one.from_name, one.to_name))


def delegation_row(one: Delegation, now: datetime) -> DelegationRow:
    """A delegation with how it stands."""
    if one.ended_at is not None:
        return DelegationRow(one, "ended")
    if one.holds(now):
        return DelegationRow(one, "in force")
    return DelegationRow(one, "to come" if now < one.begins_at else "over")


def span_of(first: str, last: str, now: datetime) -> tuple[datetime, datetime]:
    """The instants between which days typed into a form lie; the last one counts whole (UTC).

    Raises RequestError where they are no days.
    """
    try:
        begins = datetime.combine(date.fromisoformat(first), time(), UTC) if first else now
        ends = datetime.combine(date.fromisoformat(last), time(), UTC) + timedelta(days=1)
    except ValueError:
        raise RequestError("Name the first and the last day, such as 2026-02-20") from None
    # A beginning on this day is at once: midnight is over.
    return (now if begins.date() == now.date() else begins), ends


def _others(user: User, users: list[User]) -> tuple[str, ...]:
    return tuple(one.name for one in users if one.eyes == user.eyes and one is not user)
