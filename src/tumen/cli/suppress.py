"""`tumen suppress`, `tumen suppressions` and `tumen release`: what people decide of a hit.

Exit codes: 0 done, 2 bad usage, no such hit, or not for one person to decide.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from tumen.cli.eyes import decider, eyes_options
from tumen.cli.options import by_option, json_option, open_store, policy_in_force, store_option
from tumen.cli.output import console, print_json, table
from tumen.config import account_name, load_settings
from tumen.model.audit import AuditEntry
from tumen.model.casework import Outcome, ReasonCode, Verdict

if TYPE_CHECKING:
    from tumen.model.watching import Suppression

_FALSE = [one.value for one in ReasonCode if one.verdict is Verdict.FALSE_POSITIVE]
_reason = click.option("--reason", required=True, metavar="TEXT", help="Why, for the audit log.")


@click.command()
@click.argument("book_id", metavar="BOOK")
@click.argument("party_id", metavar="PARTY")
@click.argument("entity_id", metavar="ENTRY")
@click.option("--reason", required=True, type=click.Choice(_FALSE), help="Why it is another party.")
@click.option("--text", required=True, metavar="TEXT", help="The same in a sentence.")
@click.option("--evidence", required=True, multiple=True, metavar="TEXT", help="Seen (repeat).")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Its last day; else none."
)
@eyes_options
@store_option
@json_option
def suppress(
    book_id: str,
    party_id: str,
    entity_id: str,
    reason: str,
    text: str,
    evidence: tuple[str, ...],
    until: datetime | None,
    user: str,
    password_stdin: bool,
    acting_for: str,
    store_url: str,
    as_json: bool,
) -> None:
    """Recommend to mute the hit of PARTY on ENTRY that you found to be false.

    It is muted when a second person approves it, and open again once the party or the entry
    changes materially, or the last day is over.
    """
    from tumen.cases.suppressing import recommend_suppression
    from tumen.cases.workflow import Proposal

    last = until.date() if until else None
    said = Proposal(ReasonCode(reason), Outcome.RELEASE, text, evidence, until=last)
    store, _ = open_store(store_url)
    with store:
        actor = decider(store, user, password_stdin, acting_for)
        now = datetime.now(UTC)
        with store.writing() as work:
            case = recommend_suppression(work, book_id, party_id, entity_id, said, actor, now)
    if as_json:
        print_json({"case_id": case.case_id, "sequence": case.sequence, "state": case.state.value})
    else:
        click.echo(f"{party_id} – {entity_id} waits in {case.case_id} for a second person:")
        click.echo(f"tumen cases approve {case.case_id} --seen {case.sequence} --as USER")


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
    """Let go of the hit of PARTY on ENTRY that fell away and is proposed for release.

    One person does so below the policy's line of four eyes alone; else its case is the place.
    """
    from tumen.cases.suppressing import release_alone

    now, person = datetime.now(UTC), by or account_name()
    store, _ = open_store(store_url)
    policy = policy_in_force(load_settings(), None, store)
    with store, store.writing() as work:
        release_alone(work, book_id, party_id, entity_id, policy, now)
        pair = f"{book_id}: {party_id} – {entity_id}"
        work.audit.append(_entry(now, person, "hit released", pair, reason))
    click.echo(f"{party_id} – {entity_id} is released")


def _entry(now: datetime, person: str, action: str, target: str, reason: str) -> AuditEntry:
    return AuditEntry(now, person, action, target, reason=reason)


def _until(decided: Suppression) -> str:
    return f" until {decided.expires_on}" if decided.expires_on else ""
