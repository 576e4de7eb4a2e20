"""`tumen watch`: renew the lists, screen the books again, tell whom it concerns.

Exit codes: 0 all lists renewed and all parties screened, 1 a list or a party was left out, 2 bad
usage or a store that cannot be used, 3 no list is loaded, 4 another run is under way.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.output import print_json
from tumen.config import account_name, load_settings

if TYPE_CHECKING:
    from tumen.store import Store
    from tumen.store.quarantine import Quarantined
    from tumen.watch.quarantine import Ruling

_store = click.option(
    "--store", "store_url", default="", metavar="URL", help="Another store (SQLAlchemy URL)."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_by = click.option("--by", default="", metavar="NAME", help="Who decides; by default you.")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Interval(click.ParamType[float]):
    """A span of time such as `30m`, `6h` or `1d`, in seconds."""

    name = "interval"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The seconds; refuses what is no span of at least one second."""
        found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", str(value).strip())
        if found is None:
            self.fail(f"{value!r}: write it as 30m, 6h or 1d", param, ctx)
        return float(int(found[1]) * _UNITS[found[2]])


@click.group()
def watch() -> None:
    """Watch the lists: what changed, and whom it touches."""


@watch.command(short_help="Renew lists, screen the books again, send notices.")
@click.argument("list_ids", metavar="[LIST]...", nargs=-1)
@click.option("--every", type=Interval(), help="Go on, with a run each 30m, 6h, 1d …")
@click.option(
    "--drop",
    type=click.Path(path_type=Path, file_okay=False),
    help="Read this folder instead of the publishers' addresses.",
)
@click.option("--leave", is_flag=True, help="Leave the files in the drop folder where they are.")
@_store
@_json
@click.pass_context
def run(context: click.Context, /, list_ids: tuple[str, ...], **given: Any) -> None:
    """Fetch lists (all that have an address), check and load them, compare with what was there,
    screen the stored books again where that can change anything, and send the notices.

    A run that was cut off is taken up by the next. What is bad or cannot be had never takes the
    place of a good version.

    \b
    tumen watch run                      all lists, once
    tumen watch run --every 6h           until it is stopped
    tumen watch run --drop /media/lists  where there is no network
    """
    from tumen.cli.watch_run import Orders, obey

    if given["leave"] and given["drop"] is None:
        raise click.UsageError("--leave speaks of the files in a --drop folder")
    if given["drop"] is not None and list_ids:
        raise click.UsageError("A drop folder is read whole: name no lists beside it")
    orders = Orders(
        list_ids=list_ids,
        drop=given["drop"],
        is_left=given["leave"],
        every_seconds=given["every"],
        as_json=given["as_json"],
    )
    settings = load_settings()
    context.exit(obey(_url(given["store_url"]), settings, orders))


@watch.command(short_help="The last run, the lists, what waits for somebody.")
@_store
@_json
@click.pass_context
def status(context: click.Context, store_url: str, as_json: bool) -> None:
    """Show how the watch fares. The exit code is 1 where something needs a person."""
    from tumen.cli.watch_shown import needs_somebody, print_status
    from tumen.lists.registry import published_lists
    from tumen.watch.status import watch_status

    with _open(store_url) as store:
        found = watch_status(store, published_lists(), datetime.now(UTC))
    if as_json:
        print_json(found)
    else:
        print_status(found)
    if not found["lists"]:
        context.exit(Exit.LISTS_MISSING)
    context.exit(Exit.NOT_SCREENED if needs_somebody(found) else Exit.DONE)


@watch.command(short_help="Count the word statistics anew.")
@_store
def rebase(store_url: str) -> None:
    """Count anew how rare each word of the lists is, and index them with that. Scores may move a
    little: the next run screens every book whole.

    This is done by itself where the lists have grown much; it is seldom needed by hand.
    """
    from tumen.cli.opening import snapshot_place
    from tumen.cli.output import console
    from tumen.model.audit import AuditEntry
    from tumen.screening.progress import showing_indexing
    from tumen.screening.snapshots import snapshot_of
    from tumen.watch.lock import holding

    place = snapshot_place(load_settings(), _url(store_url))
    with _open(store_url) as store, holding(store, _now):
        total = sum(version.entries for version in store.current_versions())
        with showing_indexing(console(is_error=True), total) as show:
            found = snapshot_of(store, place, show, rebases=True)
        with store.writing() as work:
            work.audit.append(
                AuditEntry(_now(), account_name(), "word statistics counted", found.basis_hash)
            )
    click.echo(f"Word statistics {found.basis_hash[:12]} of {total:,} entries are in force")
    click.echo("Screen the books under them now: tumen watch run")


@watch.group()
def quarantine() -> None:
    """Files that were put aside: look at them, take them over, discard them."""


@quarantine.command("list", short_help="What was put aside, and why.")
@click.option("--all", "has_resolved", is_flag=True, help="Also what was decided already.")
@_store
@_json
def list_(has_resolved: bool, store_url: str, as_json: bool) -> None:
    """Show the files that wait for a decision."""
    from tumen.cli.watch_shown import print_quarantine, quarantined_to_dict

    with _open(store_url) as store, store.reading() as work:
        found = work.quarantine.all(open_only=not has_resolved)
    if as_json:
        print_json({"quarantine": [quarantined_to_dict(one) for one in found]})
    else:
        print_quarantine(found)


@quarantine.command(short_help="Take a file over all the same.")
@click.argument("quarantine_id")
@click.option("--why", required=True, metavar="TEXT", help="The reason, for the audit log.")
@_by
@_store
def accept(quarantine_id: str, why: str, by: str, store_url: str) -> None:
    """Load a file that lost more entries than usual, or goes back in date. The next run screens
    the books against it. A file that cannot be read whole cannot be accepted.
    """
    from tumen.lists.registry import published_lists
    from tumen.watch.lock import holding
    from tumen.watch.quarantine import accept as accept_file

    with _open(store_url) as store, holding(store, _now):
        outcome = accept_file(store, published_lists(), quarantine_id, _ruling(by, why))
    assert outcome.version is not None
    click.echo(f"{outcome.version.version_id} is in use: {outcome.message}")
    click.echo("Screen the books against it now: tumen watch run")


@quarantine.command(short_help="Leave a file aside and hear no more of it.")
@click.argument("quarantine_id")
@click.option("--why", required=True, metavar="TEXT", help="The reason, for the audit log.")
@_by
@_store
def discard(quarantine_id: str, why: str, by: str, store_url: str) -> None:
    """Decide that a file is bad. The same bytes raise no new alarm; the file stays on disk."""
    from tumen.watch.quarantine import discard as discard_file

    with _open(store_url) as store:
        kept: Quarantined = discard_file(store, quarantine_id, _ruling(by, why))
    click.echo(f"{kept.quarantine_id} is discarded; its files stay in {kept.place}")


def _ruling(by: str, why: str) -> Ruling:
    from tumen.watch.quarantine import Ruling

    return Ruling(by or account_name(), why, _now())


def _now() -> datetime:
    return datetime.now(UTC)


def _open(store_url: str) -> Store:
    from tumen.store import Store

    return Store.open(_url(store_url))


def _url(store_url: str) -> str:
    from tumen.cli.opening import find_store

    return find_store(store_url, load_settings())
