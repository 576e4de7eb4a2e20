"""`tumen backup` and `tumen restore`: the whole store into one file, and back.

Exit codes: 0 done, 1 backed up with a broken audit log, 2 the file or the store cannot be used.
"""

from __future__ import annotations

from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.opening import find_store
from tumen.cli.output import print_json
from tumen.config import load_settings

if TYPE_CHECKING:
    from tumen.store import Restored
    from tumen.store.archive import Manifest

_store = click.option("--store", "store_url", default="", metavar="URL", help="Of this store.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command(short_help="Write the whole store into one file.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_store
@_json
@click.pass_context
def backup(context: click.Context, file: Path, store_url: str, as_json: bool) -> None:
    """Write the whole store into FILE, while others may go on writing.

    FILE is replaced only once the new backup is whole. It goes back into SQLite or PostgreSQL
    with `tumen restore`, whichever it came from.
    """
    from tumen.store import Store

    with Store.open(find_store(store_url, load_settings()), may_create=False) as store:
        manifest = store.back_up(file, datetime.now(UTC))
    if as_json:
        print_json({"file": str(file), **_described(manifest)})
    else:
        click.echo(
            f"{file}: {manifest.rows:,} rows of {len(manifest.tables)} tables, "
            f"{file.stat().st_size / 2**20:,.1f} MB"
        )
        for problem in manifest.audit_problems:
            click.secho(f"The audit log is broken: {problem}", fg="red", err=True)
    context.exit(Exit.NOT_SCREENED if manifest.audit_problems else Exit.DONE)


@click.command(short_help="Bring a store back from a backup.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Also where there is a store; it is kept aside.")
@_store
@_json
def restore(file: Path, force: bool, store_url: str, as_json: bool) -> None:
    """Verify the backup FILE and put its store in place.

    Every table and the audit log are verified before anything is replaced. Stop `tumen serve`
    and `tumen watch` first.
    """
    from tumen.store import restore as put_back

    now = datetime.now(UTC)
    url = _target(store_url)
    done = put_back(url, file, now, is_forced=force)
    if not done.manifest.audit_problems:
        _record(url, file, done, now)
    if as_json:
        described = _described(done.manifest)
        print_json({"file": str(file), **described, "kept_aside": done.kept_aside})
        return
    click.echo(
        f"Restored {done.manifest.rows:,} rows, as they were on "
        f"{done.manifest.made_at:%Y-%m-%d %H:%M} UTC; all tables and the audit log verified"
    )
    if done.kept_aside:
        click.echo(f"The store that was there is kept: {done.kept_aside}")


def _target(given: str) -> str:
    """The URL to restore to: unlike elsewhere, a path need not be there yet."""
    if given and "://" not in given:
        return f"sqlite:///{Path(given).absolute()}"
    return find_store(given, load_settings())


def _record(url: str, file: Path, done: Restored, now: datetime) -> None:
    from tumen.model.audit import AuditEntry
    from tumen.store import Store

    manifest = done.manifest
    details = {
        "made_at": manifest.made_at.isoformat(),
        "audit_sequence": manifest.audit_sequence,
        "rows": manifest.rows,
        "kept_aside": done.kept_aside,
    }
    entry = AuditEntry(
        now, getuser(), "store restored", file.name, auth_method="local", details=details
    )
    with Store.open(url, may_create=False) as store, store.writing() as work:
        work.audit.append(entry)


def _described(manifest: Manifest) -> dict[str, Any]:
    return {
        "schema": manifest.schema,
        "made_at": manifest.made_at.isoformat(),
        "rows": manifest.rows,
        "audit_head": {"sequence": manifest.audit_sequence, "hash": manifest.audit_hash},
        "audit_problems": list(manifest.audit_problems),
        "tables": {table.name: table.rows for table in manifest.tables},
    }
