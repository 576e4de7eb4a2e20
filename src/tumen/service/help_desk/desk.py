"""What the pages and routes of the help desk work with. One for an app."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request

from tumen.cases.help import STRANGER
from tumen.model.case import Actor
from tumen.service.access.people import actor_of
from tumen.service.access.permissions import PRINCIPAL
from tumen.service.access.principal import Principal
from tumen.service.help_desk.limits import SendingLimit
from tumen.service.help_desk.rounds import Rounds


@dataclass(frozen=True, slots=True)
class HelpDesk:
    """The rounds that send what waits, and how often strangers may send something."""

    rounds: Rounds
    limit: SendingLimit = field(default_factory=SendingLimit)


def help_desk_of(request: Request) -> HelpDesk:
    """The help desk of the app of this request."""
    found: HelpDesk = request.app.state.help_desk
    return found


def sender_of(request: Request) -> Actor:
    """Who sends something to the desk: a person who is signed in, or a stranger."""
    found = request.scope.get(PRINCIPAL)
    return actor_of(found) if isinstance(found, Principal) else STRANGER


def count_sending(request: Request) -> None:
    """Count one more thing sent. Raises ProblemError 429 where it is too much."""
    actor = sender_of(request)
    address = request.client.host if request.client else ""
    named = "" if actor is STRANGER else actor.user_id
    help_desk_of(request).limit.check(named, address)
