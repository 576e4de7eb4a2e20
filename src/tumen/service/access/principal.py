"""Who asks: an identity, how it was proven, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tumen.model.access import Permission, Role


class AuthMethod(StrEnum):
    """How an identity was proven."""

    API_KEY = "api key"
    PASSWORD = "password"
    SINGLE_SIGN_ON = "single sign-on"
    SESSION = "session"
    LOOPBACK = "loopback"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody or a program that was let in.

    `actor` is the name in the audit log: `key:<id>`, `user:<name>`, `oidc:<subject>`, or
    `loopback`. `role` is None where the service is open to its own machine. `person` is whose
    eyes these are, empty for a program, and `deputises_for` the person in whose place they act.
    """

    actor: str
    role: Role | None
    method: AuthMethod
    person: str = ""
    name: str = ""
    deputises_for: str = ""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What may be done. On an open service there is one person, who may do all."""
        return self.role.permissions if self.role else frozenset(Permission)

    def may(self, permission: Permission) -> bool:
        """Whether this is permitted."""
        return permission in self.permissions


# A service that only this machine reaches, and for which nobody has made a key or user.
LOOPBACK = Principal("loopback", None, AuthMethod.LOOPBACK, "loopback", "this machine")
