"""`tumen subscribe`: who is told of what, and how.

Exit codes: 0 done, 1 a sample could not be delivered, 2 bad usage or terms that make no sense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.output import console, print_json
from tumen.cli.output import table as table_of
from tumen.cli.subscribe_shown import counted, described, row, sentence, shown_once
from tumen.config import account_name, load_notice_settings, load_settings
from tumen.errors import RequestError
from tumen.model.watching import (
    Channel,
    EventKind,
    Schedule,
    Severity,
    Subscription,
)

if TYPE_CHECKING:
    from tumen.store import Store
    from tumen.store.work import Work

_store = click.option(
    "--store", "store_url", default="", metavar="URL", help="Another store (SQLAlchemy URL)."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_KINDS = {kind.value.replace(" ", "-"): kind for kind in EventKind}


@click.group()
def subscribe() -> None:
    """Who is told of which events: by mail, webhook, feed or in the terminal."""


@subscribe.command(short_help="Tell somebody of what concerns them.")
@click.option("--name", required=True, help="What to call it.")
@click.option("--email", metavar="ADDRESS", help="By mail to this address.")
@click.option("--webhook", metavar="URL", help="By signed webhook to this URL.")
@click.option("--atom", is_flag=True, help="As an Atom feed.")
@click.option("--terminal", is_flag=True, help="For whoever types `tumen notices`.")
@click.option(
    "--schedule",
    type=click.Choice([one.value for one in Schedule]),
    default=Schedule.INSTANT.value,
    show_default=True,
    help="At once, or gathered.",
)
@click.option(
    "--hour",
    "daily_hour",
    type=click.IntRange(0, 23),
    default=6,
    show_default=True,
    help="When a daily notice goes out (UTC).",
)
@click.option("--list", "lists", multiple=True, metavar="LIST", help="Only of this list.")
@click.option("--programme", "programmes", multiple=True, help="Only of this programme.")
@click.option("--country", "countries", multiple=True, help="Only with this country.")
@click.option("--group", "groups", multiple=True, help="Only of this group of parties.")
@click.option("--book", "books", multiple=True, help="Only of this book.")
@click.option(
    "--least",
    type=click.Choice([one.value for one in Severity]),
    default=Severity.INFO.value,
    show_default=True,
    help="Only what matters at least so much.",
)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(_KINDS)), help="Only these.")
@click.option(
    "--details", "has_details", is_flag=True, help="Let names and texts leave the machine."
)
@_store
@_json
def add(store_url: str, as_json: bool, **given: Any) -> None:
    """Subscribe. A filter may be given several times: one of its values has to fit; all filters
    together have to. What says that something was not looked at (a stale list, a party not
    screened) passes a filter of which it states nothing.

    \b
    tumen subscribe add --name desk --email officer@bank.example --schedule daily --hour 7
    tumen subscribe add --name cases --webhook https://cases.bank.example/hooks --least high
    """
    from tumen.watch.notices.subscribing import prepared

    wanted = prepared(_wanted(given))
    warnings = list(_unsent(wanted))
    with _open(store_url) as store, store.writing() as work:
        warnings += _unknown(work, wanted)
        work.subscriptions.add(wanted)
        _note(work, "subscription added", wanted, wanted.created_at)
    for text in warnings:
        click.secho(f"warning: {text}", fg="yellow", err=True)
    if as_json:
        print_json(described(wanted) | shown_once(wanted))
        return
    click.echo(f"{wanted.subscription_id}: {sentence(wanted)}")
    for word, value in shown_once(wanted).items():
        click.echo(f"The {word}, shown this once: {value}")
    if wanted.channel is not Channel.ATOM:
        click.echo(f"Try it: tumen subscribe test {wanted.subscription_id}")


@subscribe.command("list", short_help="Who is subscribed to what.")
@click.option("--all", "include_ended", is_flag=True, help="Also those that have ended.")
@_store
@_json
def list_(include_ended: bool, store_url: str, as_json: bool) -> None:
    """Show the subscriptions, and how many of their notices wait or were given up."""
    with _open(store_url) as store, store.reading() as work:
        found = work.subscriptions.all(include_ended)
        counts = work.outbox.counts()
    if as_json:
        print_json({"subscriptions": [described(one) | counted(one, counts) for one in found]})
    elif found:
        columns = ("Id", "Name", "Told", "Of", "Waiting", "Given up")
        console().print(table_of("", columns, [row(one, counts) for one in found]))
    else:
        click.echo("Nobody is subscribed. Begin with: tumen subscribe add --name me --terminal")


@subscribe.command(short_help="End a subscription.")
@click.argument("subscription_id", metavar="ID")
@_store
@_json
def end(subscription_id: str, store_url: str, as_json: bool) -> None:
    """End a subscription. What it was told stays on record; what waits for it is not sent."""
    now = datetime.now(UTC)
    with _open(store_url) as store, store.writing() as work:
        found = _found(work, subscription_id)
        work.subscriptions.end(found.subscription_id, now)
        _note(work, "subscription ended", found, now)
        ended = _found(work, subscription_id)
    if as_json:
        print_json(described(ended))
    else:
        click.echo(f"{ended.subscription_id} ({ended.name}) has ended")


@subscribe.command(short_help="Send a sample.")
@click.argument("subscription_id", metavar="ID")
@_store
@_json
@click.pass_context
def test(context: click.Context, subscription_id: str, store_url: str, as_json: bool) -> None:
    """Send a sample notice now, and say what the other side answered. Nothing is recorded."""
    from tumen.watch.notices.sample import send_sample
    from tumen.watch.notices.transport import DeliveryError

    with _open(store_url) as store, store.reading() as work:
        found = _found(work, subscription_id)
    problem = ""
    try:
        send_sample(found, load_notice_settings(), _write(as_json), datetime.now(UTC))
    except DeliveryError as error:
        problem = str(error)
    if as_json:
        print_json(
            {"subscription_id": subscription_id, "is_delivered": not problem} | {"problem": problem}
        )
    elif problem:
        click.secho(f"Not delivered: {problem}", fg="red", err=True)
    else:
        click.echo("Delivered")
    context.exit(Exit.NOT_SCREENED if problem else Exit.DONE)


def _wanted(given: dict[str, Any]) -> Subscription:
    ways = {
        Channel.EMAIL: given.pop("email"),
        Channel.WEBHOOK: given.pop("webhook"),
        Channel.ATOM: given.pop("atom") or None,
        Channel.TERMINAL: given.pop("terminal") or None,
    }
    chosen = [(channel, target) for channel, target in ways.items() if target is not None]
    if len(chosen) != 1:
        raise click.UsageError("Give one of --email, --webhook, --atom and --terminal")
    ((channel, target),) = chosen
    return Subscription(
        subscription_id="",
        channel=channel,
        target=target if isinstance(target, str) else "",
        created_at=datetime.now(UTC),
        schedule=Schedule(given.pop("schedule")),
        least=Severity(given.pop("least")),
        kinds=tuple(_KINDS[name] for name in given.pop("kinds")),
        **given,
    )


def _unknown(work: Work, wanted: Subscription) -> Iterable[str]:
    """What nothing is known of: such a filter may let nothing through, without a word."""
    from tumen.lists.registry import published_lists

    known = {info.id for info in published_lists()}
    known |= {version.list_id for version in work.lists.current_versions()}
    if odd := [one for one in wanted.lists if one not in known]:
        raise RequestError(f"There is no list {odd[0]!r}. Those loaded: tumen lists show")
    books = {version.book_id for version in work.books.books()}
    for book_id in wanted.books:
        if book_id not in books:
            yield f"no book {book_id!r} is stored yet"


def _unsent(wanted: Subscription) -> Iterable[str]:
    """What keeps the channel from working as things are set up now."""
    from tumen.watch.notices.opening import address_rule, open_mail

    settings = load_notice_settings()
    if wanted.channel is Channel.EMAIL:
        try:
            open_mail(settings)
        except RequestError as error:
            yield f"mail cannot be sent yet: {error}"
    if wanted.channel is Channel.WEBHOOK:
        from tumen.watch.notices.network import check_url
        from tumen.watch.notices.transport import DeliveryError

        try:
            check_url(wanted.target, address_rule(settings))
        except DeliveryError as error:
            yield f"the webhook cannot be sent as things are: {error}"


def _note(work: Work, action: str, one: Subscription, at: datetime) -> None:
    from tumen.model.audit import AuditEntry

    details = described(one)
    work.audit.append(
        AuditEntry(
            at, account_name(), action, one.subscription_id, auth_method="local", details=details
        )
    )


def _found(work: Work, subscription_id: str) -> Subscription:
    found = work.subscriptions.get(subscription_id)
    if found is None:
        raise RequestError(f"There is no subscription {subscription_id!r}: tumen subscribe list")
    return found


def _write(as_json: bool) -> Callable[[str], None]:
    return (lambda _text: None) if as_json else click.echo


def _open(store_url: str) -> Store:
    from tumen.cli.opening import find_store
    from tumen.store import Store

    return Store.open(find_store(store_url, load_settings()))
