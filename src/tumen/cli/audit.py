"""`tumen audit`: verify the audit log, and read it.

Exit codes: 0 intact, 1 broken, 2 bad usage or a store that cannot be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.opening import find_store
from tumen.cli.output import console, print_json, table
from tumen.config import load_settings
from tumen.errors import RequestError

if TYPE_CHECKING:
    from tumen.model.audit import AuditRecord
    from tumen.store import Store

_SHOWN_PROBLEMS = 20
_store = click.option("--store", "store_url", default="", metavar="URL", help="Of this store.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def audit() -> None:
    """The audit log: who did what, in a chain that shows any change."""


@audit.command(short_help="Find changed, removed, inserted or reordered records.")
@click.option(
    "--head", metavar="NUMBER:HASH", default="", help="A head noted earlier, to check as well."
)
@_store
@_json
@click.pass_context
def verify(context: click.Context, head: str, store_url: str, as_json: bool) -> None:
    """Check every record against the chain of hashes, and say what is wrong with which.

    Note the head that this prints somewhere else: with --head it proves later that the log was
    not written anew as a whole.
    """
    noted = _noted(head)
    with _open(store_url) as store, store.reading() as work:
        problems = work.audit.verify(noted)
        sequence, hash_ = work.audit.head() if not problems else (0, "")
    if as_json:
        found = {"sequence": sequence, "hash": hash_} if not problems else None
        print_json({"is_intact": not problems, "head": found, "problems": problems})
    elif problems:
        for problem in problems[:_SHOWN_PROBLEMS]:
            click.secho(problem, fg="red")
        if len(problems) > _SHOWN_PROBLEMS:
            click.echo(f"and {len(problems) - _SHOWN_PROBLEMS:,} more; --json shows all")
    else:
        click.echo(f"Intact: {sequence:,} records. Head {sequence}:{hash_}")
    context.exit(Exit.NOT_SCREENED if problems else Exit.DONE)


@audit.command(short_help="Show the last records.")
@click.option("--actor", help="Only what this user or key did.")
@click.option("--object", "on", help="Only what was done to this object.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many.")
@_store
@_json
def show(actor: str | None, on: str | None, limit: int, store_url: str, as_json: bool) -> None:
    """Show the last records, oldest first."""
    with _open(store_url) as store, store.reading() as work:
        records = work.audit.latest(limit, actor, on)
    if as_json:
        print_json({"records": [_described(record) for record in records]})
        return
    rows = [
        (
            str(record.sequence),
            f"{record.entry.occurred_at:%Y-%m-%d %H:%M:%S}",
            record.entry.actor,
            record.entry.action,
            record.entry.object,
            record.entry.reason,
        )
        for record in records
    ]
    columns = ("Number", "Time (UTC)", "Who", "Did", "To", "Reason")
    console().print(table("", columns, rows))


def _open(store_url: str) -> Store:
    from tumen.store import Store

    return Store.open(find_store(store_url, load_settings()), may_create=False)


def _noted(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    number, _, digest = text.partition(":")
    if not number.isdecimal() or not digest:
        raise RequestError(f"--head {text!r}: give NUMBER:HASH as `tumen audit verify` printed it")
    return int(number), digest


def _described(record: AuditRecord) -> dict[str, Any]:
    entry = record.entry
    return {
        "sequence": record.sequence,
        "occurred_at": entry.occurred_at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "object": entry.object,
        "auth_method": entry.auth_method,
        "address": entry.address,
        "reason": entry.reason,
        "before": entry.before,
        "after": entry.after,
        "details": dict(entry.details),
        "previous_hash": record.previous_hash,
        "hash": record.hash,
    }
