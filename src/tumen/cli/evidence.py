"""`tumen evidence`: the evidence file of a case or a search, and whether one is what it says.

Exit codes of `verify`: 0 intact, 1 something differs, 2 no evidence file or bad usage.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tumen.cli.exits import Exit
from tumen.cli.options import json_option, open_store, store_option
from tumen.cli.output import print_json
from tumen.errors import RequestError

if TYPE_CHECKING:
    from tumen.cases.evidence.findings import Findings
    from tumen.cases.evidence.shape import Evidence
    from tumen.store.work import Work

# As much as an archive may unpack to, and some room.
_MOST_BYTES = (1 << 30) + (1 << 24)
_KINDS = (".zip", ".pdf")
_out = click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it: .zip with all of it, or .pdf without attachments.",
)


@click.group()
def evidence() -> None:
    """What a third party needs to re-create a decision, in one file."""


@evidence.command(short_help="Write the evidence file of a case.")
@click.argument("case_id", metavar="CASE")
@_out
@store_option
def export(case_id: str, out: Path, store_url: str) -> None:
    """Write all that is known of CASE: both sides of every hit, who decided what and when, the
    list versions with their hashes, and how to verify it.
    """
    from tumen.cases.evidence.collect import collect

    now = datetime.now(UTC)
    _write(out, store_url, now, lambda work: collect(work, case_id, now))


@evidence.command(short_help="Write the evidence file of a search, also a clean one.")
@click.argument("screening_id", metavar="SCREENING")
@click.option("--subject", "subject_id", metavar="ID", help="Of this subject alone.")
@_out
@store_option
def search(screening_id: str, subject_id: str | None, out: Path, store_url: str) -> None:
    """Write what SCREENING said: screened when, against what, and what was found, or nothing."""
    from tumen.cases.evidence.collect import collect_search

    now = datetime.now(UTC)
    _write(out, store_url, now, lambda work: collect_search(work, screening_id, subject_id, now))


@evidence.command(short_help="Find out whether an evidence file is what it says it is.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--store",
    "store_url",
    is_flag=False,
    flag_value="",
    default=None,
    metavar="[URL]",
    help="Compare with this store too (after FILE, without URL: with your own).",
)
@json_option
@click.pass_context
def verify(context: click.Context, file: Path, store_url: str | None, as_json: bool) -> None:
    """Check every hash in FILE, that the case follows from its records, that every decision took
    two persons, and that the pages say what the data say. Needs no store and no network.

    With --store the file is also compared with the audit log and the list versions of the store
    that it came from: only that shows that it was not made up as a whole.
    """
    from tumen.cases.evidence.in_store import compare
    from tumen.cases.evidence.verify import verify as look_at

    if file.stat().st_size > _MOST_BYTES:
        raise RequestError(f"{file} has {file.stat().st_size:,} bytes: no evidence file has")
    found = look_at(file.read_bytes())
    if store_url is not None:
        store, _ = open_store(store_url)
        with store, store.reading() as work:
            compare(work, found.evidence, found.findings)
    if as_json:
        print_json({"sha256": found.evidence.digest, **found.findings.to_dict()})
    else:
        _show(found.findings, found.evidence.digest)
    context.exit(Exit.DONE if found.findings.is_intact else Exit.NOT_SCREENED)


def _show(findings: Findings, digest: str) -> None:
    for words in findings.checked:
        click.echo(f"  checked  {words}")
    for words in findings.remarks:
        click.secho(f"  note     {words}", fg="yellow")
    for words in findings.problems:
        click.secho(f"  DIFFERS  {words}", fg="red")
    click.echo(f"SHA-256 of evidence.json: {digest}")
    number = len(findings.problems)
    told = "Intact" if findings.is_intact else f"Not intact: {number:,} differ"
    click.echo(told)


def _write(out: Path, store_url: str, now: datetime, gather: Callable[[Work], Evidence]) -> None:
    from tumen.cases.evidence.archive import to_zip
    from tumen.cases.evidence.in_store import handed_out
    from tumen.cases.evidence.pdf import to_pdf
    from tumen.config import account_name

    kind = out.suffix.lower()
    if kind not in _KINDS:
        raise RequestError(f"--out {out}: end it in .zip or .pdf")
    store, _ = open_store(store_url)
    with store:
        with store.reading() as work:
            found = gather(work)
        content = to_zip(found) if kind == ".zip" else to_pdf(found)
        with store.writing() as work:
            work.audit.append(handed_out(found, now, account_name()))
    try:
        out.write_bytes(content)
    except OSError as error:
        raise RequestError(f"{out} could not be written: {error}") from error
    click.echo(f"{out}: {len(content):,} bytes. SHA-256 of evidence.json: {found.digest}")
