"""Who decides at the command line: a user of the service, by their password, as it checks it.

One person at one keyboard must not be two by typing another name. So what counts as a pair of
eyes takes a name and its password; a wrong one is recorded, and costs all tries some seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tumen.errors import RequestError
from tumen.model.audit import AuditEntry

if TYPE_CHECKING:
    from tumen.model.case import Actor
    from tumen.service.access.gate import Gate
    from tumen.service.access.principal import Principal
    from tumen.store import Store

_Command = TypeVar("_Command", bound=Callable[..., Any])
# Over all processes of this store, for one name: seventeen thousand guesses a day, no more.
PAUSE_SECONDS = 5.0
# Verifying takes a tenth of a second; whoever is killed over it blocks the name for so long.
_HOLD_SECONDS = 30.0
_PLACE = "command line"

_OPTIONS = (
    click.option("--as", "user", required=True, metavar="USER", help="Who you are."),
    click.option("--password-stdin", is_flag=True, help="Read the password from standard input."),
    click.option(
        "--acting-for", default="", metavar="USER", help="In whose place, if they let you."
    ),
)


def eyes_options(command: _Command) -> _Command:
    """The options that say who decides."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def decider(store: Store, user: str, password_stdin: bool, acting_for: str) -> Actor:
    """The person who decides, once they have proven who they are. Raises RequestError."""
    from tumen.service.access.gate import make_gate
    from tumen.service.access.people import actor_of

    password = _password(user, password_stdin)
    gate = make_gate(store, is_loopback=False)
    principal = _signed_in(gate, user, password, datetime.now(UTC))
    if acting_for:
        principal = gate.deputise(principal, acting_for)
    return actor_of(principal)


def _password(user: str, is_from_stdin: bool) -> str:
    if is_from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    text: str = click.prompt(f"Password of {user}", hide_input=True)
    return text


def _signed_in(gate: Gate, user: str, password: str, now: datetime) -> Principal:
    """Let in by name and password; one try at a time for each name, over all processes."""
    from tumen.service.access.credentials import PasswordCredential
    from tumen.service.access.gate import NotAdmittedError, TooManyAttemptsError

    lock, holder = f"sign-in {user}", token_hex(8)
    with gate.store.writing() as work:
        if work.locks.acquire(lock, holder, now, _HOLD_SECONDS) is not None:
            raise RequestError(f"{user} was tried a moment ago. Wait {PAUSE_SECONDS:.0f} seconds")
    try:
        principal = gate.admit(PasswordCredential(user, password), _PLACE)
    except (NotAdmittedError, TooManyAttemptsError) as error:
        with gate.store.writing() as work:
            work.locks.renew(lock, holder, now, PAUSE_SECONDS)
            entry = AuditEntry(now, "nobody", "sign-in refused", f"user:{user}", "password", _PLACE)
            work.audit.append(entry)
        raise RequestError(f"This is not {user}: wrong name or password") from error
    with gate.store.writing() as work:
        work.locks.release(lock, holder)
    return principal
