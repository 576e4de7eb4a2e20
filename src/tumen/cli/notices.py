"""`tumen notices`: read what is told in the terminal, send what is due, see what failed.

Exit codes: 0 done, 1 a notice could not be sent or was given up, 2 bad usage.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.notices_shown import delivery_to_dict, event_to_dict, print_deliveries
from tumen.cli.output import print_json
from tumen.config import account_name, load_notice_settings, load_settings
from tumen.errors import RequestError
from tumen.model.watching import Channel, Delivery, DeliveryStatus, Event

if TYPE_CHECKING:
    from tumen.store import Store
    from tumen.store.work import Work
    from tumen.watch.notices.transport import Notice

_store = click.option(
    "--store", "store_url", default="", metavar="URL", help="Another store (SQLAlchemy URL)."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_MOST = 10_000
_PAGE = 1_000


@click.group(invoke_without_command=True)
@click.option("--pending", "what", flag_value="pending", help="List what waits to be sent.")
@click.option("--failed", "what", flag_value="failed", help="List what failed or was given up.")
@click.option("--send", "what", flag_value="send", help="Send what is due, by mail and webhook.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    help="Tell again all that happened since (UTC).",
)
@_store
@_json
@click.pass_context
def notices(
    context: click.Context, what: str | None, since: datetime | None, store_url: str, as_json: bool
) -> None:
    """Show what waits to be read in the terminal; what was shown once is not shown again.

    \b
    tumen notices                    what is new
    tumen notices --since 2026-03-01 all of it again
    tumen notices --send             what is due by mail and webhook (`tumen watch run` does so too)
    tumen notices --failed           what did not get through; then: tumen notices retry
    """
    if context.invoked_subcommand is not None:
        return
    if what and since:
        raise click.UsageError("Give one of --pending, --failed, --send and --since")
    with _open(store_url) as store:
        if since:
            _tell_since(store, since.replace(tzinfo=UTC), as_json=as_json)
        elif what == "send":
            context.exit(_send(store, as_json=as_json))
        elif what:
            context.exit(_list(store, is_failed=what == "failed", as_json=as_json))
        else:
            _read(store, as_json=as_json)


@notices.command(short_help="Try what was given up again.")
@click.argument("delivery_ids", metavar="[NOTICE]...", nargs=-1)
@_store
@_json
def retry(delivery_ids: tuple[str, ...], store_url: str, as_json: bool) -> None:
    """Put notices that were given up (all, or these) back among those that are due, when their
    receiver is mended. They go out with the next `tumen notices --send` or `tumen watch run`.
    """
    now = datetime.now(UTC)
    with _open(store_url) as store, store.writing() as work:
        wanted = delivery_ids or tuple(_of_living(work))
        for delivery_id in wanted:
            work.outbox.reopen(delivery_id, now)
            _note(work, delivery_id, now)
    if as_json:
        print_json({"reopened": list(wanted)})
    else:
        click.echo(f"{len(wanted):,} to be tried again" if wanted else "Nothing was given up")


@notices.command(short_help="Write the feed of a subscription to a file.")
@click.argument("subscription_id", metavar="ID")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file."
)
@click.option("--base-url", default="", help="Where the service serves feeds, for a link to it.")
@_store
@_json
def feed(subscription_id: str, out: Path, base_url: str, store_url: str, as_json: bool) -> None:
    """Write an Atom feed to a file, for readers where there is no network."""
    from tumen.watch.notices.atom import feed as feed_of
    from tumen.watch.notices.reading import events_for

    with _open(store_url) as store, store.reading() as work:
        wanted = work.subscriptions.get(subscription_id)
        if wanted is None or wanted.channel is not Channel.ATOM:
            raise RequestError(
                f"{subscription_id!r} is no subscription with a feed: tumen subscribe list"
            )
        events = events_for(work, wanted)
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(feed_of(wanted, events, base_url, datetime.now(UTC)))
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RequestError(f"{out} cannot be written: {error.strerror}") from error
    if as_json:
        print_json({"out": str(out), "entries": len(events)})
    else:
        click.echo(f"{out}: {len(events):,} entries")


def _read(store: Store, *, as_json: bool) -> None:
    from tumen.watch.notices.sending import send_due
    from tumen.watch.notices.terminal import TerminalTransport

    collected = _Collected()
    transport = collected if as_json else TerminalTransport(click.echo)
    tally = send_due(store, {Channel.TERMINAL: transport}, datetime.now(UTC))
    if as_json:
        print_json({"notices": collected.notices})
        return
    with store.reading() as work:
        is_anybody = any(one.channel is Channel.TERMINAL for one in work.subscriptions.all())
        given_up = len(work.outbox.deliveries(status=DeliveryStatus.GIVEN_UP, limit=_MOST))
    if not is_anybody:
        click.echo("Nobody reads here. Begin with: tumen subscribe add --name me --terminal")
    elif not tally.delivered:
        click.echo("Nothing new")
    if tally.waiting:
        click.echo(f"{tally.waiting:,} due by mail or webhook: tumen notices --send")
    if given_up:
        click.secho(f"{given_up:,} given up: tumen notices --failed", fg="yellow")


class _Collected:
    """A transport that keeps what it is given for one JSON document."""

    def __init__(self) -> None:
        self.notices = list[dict[str, Any]]()

    def send(self, notice: Notice, at: datetime) -> None:
        """Keep the notice."""
        events = [event_to_dict(event) for event in notice.events]
        self.notices.append(
            {"delivery_id": notice.delivery_id, "shown_at": at.isoformat(), "events": events}
        )


def _send(store: Store, *, as_json: bool) -> Exit:
    from tumen.watch.notices.opening import open_transports
    from tumen.watch.notices.outgoing import send_outgoing

    transports = open_transports(load_notice_settings())
    now = datetime.now(UTC)
    tally = send_outgoing(store, transports, now)
    if as_json:
        print_json(tally.to_dict())
    else:
        told = (f"{count:,} {word.replace('_', ' ')}" for word, count in tally.to_dict().items())
        click.echo(", ".join(told))
    if Channel.EMAIL not in transports and _waits_for_mail(store, now):
        text = "No mail was sent: set TUMEN_SMTP_URL and TUMEN_MAIL_FROM"
        click.secho(text, fg="yellow", err=True)
        return Exit.NOT_SCREENED
    return Exit.NOT_SCREENED if tally.to_try_again or tally.given_up else Exit.DONE


def _waits_for_mail(store: Store, now: datetime) -> bool:
    with store.reading() as work:
        subscriptions = work.subscriptions.all()
        mailed = [one.subscription_id for one in subscriptions if one.channel is Channel.EMAIL]
        return bool(
            work.outbox.due(now, 1, subscription_ids=mailed) or work.letters.due(now, limit=1)
        )


def _list(store: Store, *, is_failed: bool, as_json: bool) -> Exit:
    with store.reading() as work:
        names = {one.subscription_id: one.name for one in work.subscriptions.all(True)}
        found = work.outbox.deliveries(status=DeliveryStatus.PENDING, limit=_MOST)
        if is_failed:
            given_up = work.outbox.deliveries(status=DeliveryStatus.GIVEN_UP, limit=_MOST)
            found = [*given_up, *(one for one in found if one.last_error)]
        tried = {one.delivery_id: work.attempts.of(one.delivery_id) for one in found}
    if as_json:
        print_json({"deliveries": [delivery_to_dict(one, tried[one.delivery_id]) for one in found]})
    else:
        print_deliveries(found, names)
    return Exit.NOT_SCREENED if is_failed and found else Exit.DONE


def _tell_since(store: Store, since: datetime, *, as_json: bool) -> None:
    from tumen.watch.notices.texts import plain_text

    events = _events_since(store, since)
    if as_json:
        print_json({"events": [event_to_dict(event) for event in events]})
    elif events:
        click.echo(plain_text(events, has_details=True, most=len(events)), nl=False)
    else:
        click.echo(f"Nothing happened since {since:%Y-%m-%d %H:%M} UTC")


def _events_since(store: Store, since: datetime) -> list[Event]:
    found, before = list[Event](), None
    with store.reading() as work:
        while page := work.outbox.events(since=since, before=before, limit=_PAGE):
            found += page
            before = page[-1].event_id
    return found


def _of_living(work: Work) -> list[str]:
    """What was given up for subscriptions that are still in force."""
    living = {one.subscription_id for one in work.subscriptions.all()}
    found: list[Delivery] = work.outbox.deliveries(status=DeliveryStatus.GIVEN_UP, limit=_MOST)
    return [one.delivery_id for one in found if one.subscription_id in living]


def _note(work: Work, delivery_id: str, at: datetime) -> None:
    from tumen.model.audit import AuditEntry

    work.audit.append(
        AuditEntry(at, account_name(), "notice reopened", delivery_id, auth_method="local")
    )


def _open(store_url: str) -> Store:
    from tumen.cli.opening import find_store
    from tumen.store import Store

    return Store.open(find_store(store_url, load_settings()))
