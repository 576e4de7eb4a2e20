"""`tumen suppress`, `tumen suppressions` and `tumen release`: what a person decides of a hit.

Exit codes: 0 done, 2 bad usage, or no such hit.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from tumen.cli.options import by_option, json_option, open_store, store_option
from tumen.cli.output import console, print_json, table
from tumen.config import account_name
from tumen.model.audit import AuditEntry

if TYPE_CHECKING:
    from tumen.model.watching import Suppression

_reason = click.option("--reason", required=True, metavar="TEXT", help="Why, for the audit log.")


@click.command()
@click.argument("book_id", metavar="BOOK")
@click.argument("party_id", metavar="PARTY")
@click.argument("entity_id", metavar="ENTRY")
@_reason
@by_option
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Its last day; else none."
)
@store_option
@json_option
def suppress(
    book_id: str,
    party_id: str,
    entity_id: str,
    reason: str,
    by: str,
    until: datetime | None,
    store_url: str,
    as_json: bool,
) -> None:
    """Mute the hit of PARTY on ENTRY that a person found to be false.

    It is open again once the party or the entry changes materially, or the last day is over.
    """
    from tumen.screening.changes import suppression_to_dict
    from tumen.screening.decide import suppress as mute

    now, person = datetime.now(UTC), by or account_name()
    store, _ = open_store(store_url)
    with store, store.writing() as work:
        decided = mute(
            work,
            book_id,
            party_id,
            entity_id,
            reason=reason,
            decided_by=person,
            now=now,
            expires_on=until.date() if until else None,
        )
        work.audit.append(_entry(now, person, "hit suppressed", decided.suppression_id, reason))
    if as_json:
        print_json(suppression_to_dict(decided))
    else:
        click.echo(f"{party_id} – {entity_id} is suppressed{_until(decided)}")
        click.echo(f"Suppression {decided.suppression_id}")


@click.command()
@click.argument("book_id", metavar="BOOK")
@click.option("--all", "has_lapsed", is_flag=True, help="Also those that ended.")
@click.option("--lift", default="", metavar="SUPPRESSION", help="End this one.")
@click.option("--reason", default="", metavar="TEXT", help="Why it is lifted.")
@by_option
@store_option
@json_option
def suppressions(
    book_id: str,
    has_lapsed: bool,
    lift: str,
    reason: str,
    by: str,
    store_url: str,
    as_json: bool,
) -> None:
    """Show the suppressions of BOOK, or lift one: its hit is open again."""
    from tumen.screening.changes import suppression_to_dict
    from tumen.screening.decide import lift as end

    now, person = datetime.now(UTC), by or account_name()
    if lift and not reason:
        raise click.UsageError("To lift a suppression say --reason")
    store, _ = open_store(store_url)
    with store:
        if lift:
            with store.writing() as work:
                end(work, lift, reason=reason, now=now)
                work.audit.append(_entry(now, person, "suppression lifted", lift, reason))
        with store.reading() as work:
            found = [one for one in work.suppressions.all(book_id)
                     if has_lapsed or one.lapsed_at is None]  # fmt: skip
    if as_json:
        print_json({"suppressions": [suppression_to_dict(one) for one in found]})
        return
    rows = [
        (
            one.suppression_id,
            one.party_id,
            one.entity_id,
            one.reason,
            one.decided_by,
            f"{one.decided_at:%Y-%m-%d}",
            one.lapse_reason or _until(one).strip() or "in force",
        )
        for one in found
    ]
    columns = ("Suppression", "Party", "Entry", "Reason", "By", "On", "State")
    console().print(table("", columns, rows))


@click.command()
@click.argument("book_id", metavar="BOOK")
@click.argument("party_id", metavar="PARTY")
@click.argument("entity_id", metavar="ENTRY")
@_reason
@by_option
@store_option
def release(
    book_id: str, party_id: str, entity_id: str, reason: str, by: str, store_url: str
) -> None:
    """Let go of the hit of PARTY on ENTRY that fell away and is proposed for release."""
    from tumen.screening.decide import release as let_go

    now, person = datetime.now(UTC), by or account_name()
    store, _ = open_store(store_url)
    with store, store.writing() as work:
        let_go(work, book_id, party_id, entity_id, now=now)
        pair = f"{book_id}: {party_id} – {entity_id}"
        work.audit.append(_entry(now, person, "hit released", pair, reason))
    click.echo(f"{party_id} – {entity_id} is released")


def _entry(now: datetime, person: str, action: str, target: str, reason: str) -> AuditEntry:
    return AuditEntry(now, person, action, target, reason=reason)


def _until(decided: Suppression) -> str:
    return f" until {decided.expires_on}" if decided.expires_on else ""
