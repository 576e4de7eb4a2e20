"""`tumen desk`: what is said of the desk to those who ask it for help.

Exit codes: 0 done, 2 bad usage or settings that make no sense.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.output import print_json
from tumen.config import account_name, load_settings
from tumen.model.access import Permission
from tumen.model.case import Actor
from tumen.model.desk import DeskSettings, Topic

if TYPE_CHECKING:
    from tumen.store import Store

_store = click.option("--store", "store_url", default="", metavar="URL", help="Of this store.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def desk() -> None:
    """The desk that others ask for help."""


@desk.command(short_help="Show or change what is said of the desk.")
@click.option("--name", metavar="TEXT", help="What the desk is called.")
@click.option("--crisis-telephone", metavar="NUMBER", help="Shown first on the urgent page.")
@click.option("--public-url", metavar="URL", help="What links in mails begin with.")
@click.option("--time-zone", metavar="ZONE", help="Such as Europe/London.")
@click.option(
    "--public-help/--no-public-help", "is_help_public", default=None, help="Strangers may ask."
)
@click.option(
    "--public-briefings/--no-public-briefings",
    "are_briefings_public",
    default=None,
    help="Strangers may read briefings and be kept informed.",
)
@click.option(
    "--topic", "topics", multiple=True, metavar="KEY=NAME", help="All topics, one an option."
)
@click.option(
    "--holiday",
    "holidays",
    multiple=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="All holidays, one an option.",
)
@_store
@_json
def settings(store_url: str, as_json: bool, **given: Any) -> None:
    """Show what is in force; with options, change what they name and leave the rest.

    \b
    tumen desk settings --crisis-telephone "+44 20 7946 0000" --public-help
    tumen desk settings --public-url https://desk.example --public-briefings
    """
    from tumen.service.help_desk.setting import set_settings

    changes = _changes(given)
    with _open(store_url) as store:
        if changes:
            with store.writing() as work:
                wanted = replace(work.desk.current(), **changes)
                set_settings(work, wanted, local_actor(), datetime.now(UTC))
        with store.reading() as work:
            found = work.desk.current()
    if as_json:
        print_json({**asdict(found), "holidays": [one.isoformat() for one in found.holidays]})
    else:
        _print(found)


def local_actor() -> Actor:
    """Whoever works at the command line: they have the store in their hands."""
    name = account_name()
    return Actor(name, name, name, tuple(sorted(one.value for one in Permission)))


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    changes = {name: value for name, value in given.items() if value not in (None, ())}
    if topics := changes.get("topics"):
        changes["topics"] = tuple(map(_topic, topics))
    if holidays := changes.get("holidays"):
        changes["holidays"] = tuple(sorted({one.date() for one in holidays}))
    return changes


def _topic(text: str) -> Topic:
    key, _, name = text.partition("=")
    return Topic(key.strip(), name.strip() or key.strip())


def _print(found: DeskSettings) -> None:
    lines = {
        "Name": found.name,
        "Crisis telephone": found.crisis_telephone or "none",
        "Public address": found.public_url or "none: nothing with a link is mailed",
        "Strangers may ask for help": "yes" if found.is_help_public else "no",
        "Strangers may read briefings": "yes" if found.are_briefings_public else "no",
        "Time zone": found.time_zone,
        "Topics": ", ".join(found.topic_names),
        "Holidays": ", ".join(one.isoformat() for one in found.holidays) or "none",
    }
    for label, value in lines.items():
        click.echo(f"{label}: {value}")


def _open(store_url: str) -> Store:
    from tumen.cli.opening import find_store
    from tumen.store import Store

    return Store.open(find_store(store_url, load_settings()))
