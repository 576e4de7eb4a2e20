"""Who looks at a page, and what they may do on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from tumen.model.access import Permission
from tumen.service.access.permissions import PRINCIPAL, OpenToAll
from tumen.service.access.principal import LOOPBACK, Principal

Anybody = Annotated[None, Depends(OpenToAll("a page that needs no account"))]


@dataclass(frozen=True, slots=True)
class PageReader:
    """Whoever looks at a page; `principal` is None for somebody without an account."""

    principal: Principal | None

    @property
    def is_known(self) -> bool:
        """Whether they are signed in, or the service is open to its own machine."""
        return self.principal is not None

    @property
    def is_loopback(self) -> bool:
        """Whether nobody has made an account yet, so that there is one person for everything."""
        return self.principal is LOOPBACK

    @property
    def name(self) -> str:
        """How the page calls them."""
        return self.principal.name or self.principal.actor if self.principal else ""

    @property
    def role(self) -> str:
        """Their role in a word."""
        role = self.principal.role if self.principal else None
        return role.value if role else ""

    @property
    def may(self) -> Callable[[str], bool]:
        """Whether they may do this: `reader.may("approve")`."""
        return lambda name: self.principal is not None and self.principal.may(Permission(name))


def reader_of(request: Request) -> PageReader:
    """Who looks at this page."""
    found = request.scope.get(PRINCIPAL)
    return PageReader(found if isinstance(found, Principal) else None)
