"""`tumen users`: who may sign in to the service.

Exit codes: 0 done, 2 bad usage or a store that cannot be used.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.opening import find_store
from tumen.cli.output import console, print_json, table
from tumen.config import account_name, load_settings
from tumen.errors import RequestError
from tumen.model.access import Role

if TYPE_CHECKING:
    from tumen.model.access import User
    from tumen.service.access.accounts import By
    from tumen.store import Store

_store = click.option("--store", "store_url", default="", metavar="URL", help="Of this store.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group()
def users() -> None:
    """People who may sign in to the service, and their roles."""


@users.command(short_help="Let somebody sign in.")
@click.argument("name")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What they may."
)
@click.option("--email", default="", metavar="ADDRESS")
@click.option(
    "--person", default="", metavar="NAME", help="Whose account it is, where one has several."
)
@click.option("--no-password", is_flag=True, help="For single sign-on alone.")
@_stdin
@_store
@_json
def add(
    name: str,
    role: str,
    email: str,
    person: str,
    no_password: bool,
    password_stdin: bool,
    store_url: str,
    as_json: bool,
) -> None:
    """Add a user called NAME. The password is asked for, never given on the command line.

    The first user or key closes a service that was open to its own machine.
    """
    from tumen.service.access import accounts

    if no_password and password_stdin:
        raise click.UsageError("Either --no-password or --password-stdin")
    kept = "" if no_password else _hashed(password_stdin)
    with _open(store_url) as store, store.writing() as work:
        wanted = accounts.NewUser(name, Role(role), kept, email, person)
        user = accounts.add_user(work, wanted, by(), _now())
    if as_json:
        print_json(_shown(user))
    else:
        click.echo(f"{user.name} may sign in as {user.role.value}")


@users.command("list", short_help="Show who may sign in.")
@click.option("--all", "has_ended", is_flag=True, help="Also those whose access has ended.")
@_store
@_json
def list_(has_ended: bool, store_url: str, as_json: bool) -> None:
    """Show the users with their roles."""
    with _open(store_url) as store, store.reading() as work:
        found = work.access.users(has_ended)
    if as_json:
        print_json({"users": [_shown(user) for user in found]})
        return
    rows = [
        (
            user.name,
            user.role.value,
            user.email,
            "password" if user.password_hash else "single sign-on",
            f"{user.created_at:%Y-%m-%d}",
            f"{user.ended_at:%Y-%m-%d}" if user.ended_at else "",
        )
        for user in found
    ]
    if rows:
        columns = ("Name", "Role", "E-mail", "Signs in by", "Since", "Ended")
        console().print(table("", columns, rows))
    else:
        click.echo("There is no user yet. Add one: tumen users add NAME --role administrator")


@users.command(short_help="Take somebody's access away.")
@click.argument("name")
@_store
@_json
def end(name: str, store_url: str, as_json: bool) -> None:
    """End the access of the user called NAME; what they did stays on record."""
    from tumen.service.access import accounts

    with _open(store_url) as store, store.writing() as work:
        user = accounts.end_user(work, name, by(), _now())
    if as_json:
        print_json(_shown(user))
    else:
        click.echo(f"{name} may sign in no more (a running service knows within seconds)")


@users.command(short_help="Give somebody a new password.")
@click.argument("name")
@_stdin
@_store
@_json
def password(name: str, password_stdin: bool, store_url: str, as_json: bool) -> None:
    """Set a new password for the user called NAME; the old one ends."""
    from tumen.service.access import accounts

    with _open(store_url) as store:
        with store.reading() as work:
            if work.access.user_by_name(name) is None:
                raise RequestError(f"There is no user {name!r} in force")
        kept = _hashed(password_stdin)
        with store.writing() as work:
            user = accounts.set_password(work, name, kept, by(), _now())
    if as_json:
        print_json(_shown(user))
    else:
        click.echo(f"{name} has a new password")


def by() -> By:
    """Who works at the command line, for the audit log."""
    from tumen.service.access.accounts import By

    return By(account_name(), "command line")


def _hashed(is_from_stdin: bool) -> str:
    """The hash of a password that is asked for, or read from standard input."""
    from tumen.service.access.passwords import Passwords

    if is_from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return Passwords().hash(given)


def _shown(user: User) -> dict[str, Any]:
    return {
        "user_id": user.user_id,
        "name": user.name,
        "role": user.role.value,
        "email": user.email,
        "has_password": bool(user.password_hash),
        "created_at": user.created_at.isoformat(),
        "ended_at": user.ended_at.isoformat() if user.ended_at else None,
    }


def _open(store_url: str) -> Store:
    from tumen.store import Store

    return Store.open(find_store(store_url, load_settings()))


def _now() -> datetime:
    return datetime.now(UTC)
