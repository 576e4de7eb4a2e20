"""`tumen keys`: API keys, by which programs get into the service.

Exit codes: 0 done, 2 bad usage or a store that cannot be used.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.opening import find_store
from tumen.cli.output import console, print_json, table
from tumen.cli.users import by
from tumen.config import load_settings
from tumen.model.access import Role

if TYPE_CHECKING:
    from tumen.model.access import ApiKey
    from tumen.store import Store

_store = click.option("--store", "store_url", default="", metavar="URL", help="Of this store.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def keys() -> None:
    """Keys by which programs get into the service."""


@keys.command(short_help="Make a key; it is shown once.")
@click.argument("name")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What it may."
)
@click.option("--days", type=click.IntRange(1, 36500), help="It ends after so many days.")
@_store
@_json
def add(name: str, role: str, days: int | None, store_url: str, as_json: bool) -> None:
    """Make a key for the program called NAME. Its text is shown now and kept nowhere.

    The first user or key closes a service that was open to its own machine.
    """
    from tumen.service.access import accounts

    now = datetime.now(UTC)
    ends = now + timedelta(days=days) if days else None
    with _open(store_url) as store, store.writing() as work:
        made = accounts.add_key(work, accounts.WantedKey(name, Role(role), ends), by(), now)
    if as_json:
        print_json({**_shown(made.key), "key": made.text})
    else:
        click.echo(made.text)
        click.echo(f"Keep it now: it cannot be shown again. {name} may act as {role}.", err=True)


@keys.command("list", short_help="Show the keys, without their secrets.")
@click.option("--all", "has_ended", is_flag=True, help="Also those that were ended.")
@_store
@_json
def list_(has_ended: bool, store_url: str, as_json: bool) -> None:
    """Show the keys with their roles and ends."""
    with _open(store_url) as store, store.reading() as work:
        found = work.access.keys(has_ended)
    if as_json:
        print_json({"keys": [_shown(key) for key in found]})
        return
    rows = [
        (
            key.key_id,
            key.name,
            key.role.value,
            f"{key.created_at:%Y-%m-%d}",
            f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "never",
            f"{key.ended_at:%Y-%m-%d}" if key.ended_at else "",
        )
        for key in found
    ]
    if rows:
        console().print(table("", ("Id", "Name", "Role", "Since", "Expires", "Ended"), rows))
    else:
        click.echo("There is no key yet. Make one: tumen keys add NAME --role analyst")


@keys.command(short_help="Take a key out of use.")
@click.argument("key_id")
@_store
@_json
def end(key_id: str, store_url: str, as_json: bool) -> None:
    """End the key with this KEY_ID (the part after tmn_)."""
    from tumen.service.access import accounts

    with _open(store_url) as store, store.writing() as work:
        key = accounts.end_key(work, key_id, by(), datetime.now(UTC))
    if as_json:
        print_json(_shown(key))
    else:
        click.echo(f"{key_id} is out of use (a running service knows within seconds)")


def _shown(key: ApiKey) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "role": key.role.value,
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "ended_at": key.ended_at.isoformat() if key.ended_at else None,
    }


def _open(store_url: str) -> Store:
    from tumen.store import Store

    return Store.open(find_store(store_url, load_settings()))
