"""What a route asks of whoever calls it: a dependency that every route has exactly one of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from tumen.model.access import Permission
from tumen.service.access.principal import Principal
from tumen.service.problems import ProblemError

# Where admission leaves the principal in the ASGI scope.
PRINCIPAL = "tumen.principal"


@dataclass(frozen=True, slots=True)
class Requires:
    """Lets through whoever has the permission. Use as `Depends(Requires(Permission.READ))`."""

    permission: Permission

    async def __call__(self, request: Request) -> Principal:
        """The caller. Raises ProblemError: 401 for nobody, 403 for the wrong role."""
        principal = principal_of(request)
        if not principal.may(self.permission):
            role = principal.role.value if principal.role else ""
            raise ProblemError(
                "forbidden",
                f"This needs the permission {self.permission.value!r}, which {role} has not",
            )
        return principal


@dataclass(frozen=True, slots=True)
class OpenToAll:
    """Marks a route that asks for nothing, and says why."""

    why: str

    async def __call__(self, request: Request) -> None:
        """Let through."""


def principal_of(request: Request) -> Principal:
    """Who asks. Raises ProblemError 401 where admission let nobody in."""
    found = request.scope.get(PRINCIPAL)
    if not isinstance(found, Principal):
        raise unauthenticated()
    return found


def unauthenticated() -> ProblemError:
    """The 401 that names the ways in and nothing else."""
    challenge = 'Bearer realm="tumen", Basic realm="tumen", charset="UTF-8"'
    text = "Give an API key as 'Authorization: Bearer tmn_…', or a user's name and password"
    return ProblemError("unauthenticated", text, headers={"WWW-Authenticate": challenge})


def demanded(route: Any) -> list[Requires | OpenToAll]:
    """What a route of FastAPI asks, over all its dependencies: one thing, if all is well."""
    return list(_demanded(route.dependant.dependencies))


def _demanded(dependencies: Iterable[Any]) -> Iterable[Requires | OpenToAll]:
    for one in dependencies:
        if isinstance(one.call, Requires | OpenToAll):
            yield one.call
        yield from _demanded(one.dependencies)
