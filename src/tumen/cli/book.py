"""`tumen book`: keep books of parties, and screen them whole.

Exit codes: 0 done and all parties screened, 1 a party could not be screened or a row gave none,
2 bad usage or input, 3 lists are missing or older than the policy allows.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.options import (
    book_options,
    json_option,
    open_store,
    policy_option,
    reading_options,
    store_option,
    watchpost,
    workers_option,
)
from tumen.cli.output import console, print_json, table

if TYPE_CHECKING:
    from tumen.model.watching import BookVersion
    from tumen.screening.changes import Changes
    from tumen.screening.standing import BookScreening


@click.group()
def book() -> None:
    """Books of parties that are kept and watched."""


@book.command("import", short_help="Keep a file of parties as a book.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--book", "book_id", required=True, metavar="ID", help="Under this id.")
@click.option(
    "--group-column",
    multiple=True,
    metavar="HEADING",
    help="Holds a division of your own, such as a branch (repeat).",
)
@reading_options
@store_option
@json_option
@click.pass_context
def import_(
    context: click.Context,
    /,
    file: Path,
    book_id: str,
    group_column: tuple[str, ...],
    store_url: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Keep FILE (CSV, XLSX, Parquet, JSON lines) as the next version of a book.

    A file that says the same as the version before makes no new one. What is kept is screened by
    `tumen book screen` and `tumen watch run`.
    """
    from tumen.config import account_name
    from tumen.model.audit import AuditEntry
    from tumen.screening.book import read_book
    from tumen.screening.books import import_book

    now = datetime.now(UTC)
    rows = read_book(file, book_options(given, group_column))
    store, _ = open_store(store_url)
    with store:
        with console(is_error=True).status(f"Reading {file.name} …"):
            found = import_book(store, book_id, rows, now, file.name)
        version = found.version
        if found.is_new:
            entry = AuditEntry(
                now,
                account_name(),
                "book imported",
                f"{book_id}@{version.version}",
                after=version.content_hash,
                details={"parties": version.parties, "problems": len(version.problems)},
            )
            with store.writing() as work:
                work.audit.append(entry)
    if as_json:
        print_json({"is_new": found.is_new, **version_to_dict(version)})
    else:
        word = "kept" if found.is_new else "unchanged, still"
        click.echo(f"{book_id}: {word} version {version.version}, {version.parties:,} parties")
        _show_problems(version)
    context.exit(Exit.NOT_SCREENED if version.problems else Exit.DONE)


@book.command("list", short_help="Show the books that are kept.")
@store_option
@json_option
def list_(store_url: str, as_json: bool) -> None:
    """Show the current version of each book."""
    store, _ = open_store(store_url)
    with store, store.reading() as work:
        found = work.books.books()
    if as_json:
        print_json({"books": [version_to_dict(one) for one in found]})
    elif found:
        rows = [_row(one) for one in found]
        columns = ("Book", "Version", "Parties", "Problems", "Imported", "From")
        console().print(table("", columns, rows))
    else:
        click.echo("No book is kept. Import one: tumen book import FILE --book ID")


@book.command(short_help="Show a book: its versions, its screenings, what stands.")
@click.argument("book_id", metavar="BOOK")
@store_option
@json_option
def show(book_id: str, store_url: str, as_json: bool) -> None:
    """Show the versions of a book, its last screenings, and how many hits stand."""
    from tumen.model.watching import HitState
    from tumen.screening.standing import known_book

    store, _ = open_store(store_url)
    with store, store.reading() as work:
        known_book(work, book_id)
        versions = work.books.versions(book_id)
        runs = work.screenings.find(book_id=book_id, limit=10)
        hits = work.hits.standing(book_id)
    counts = {state.value: sum(one.state is state for one in hits) for state in HitState}
    if as_json:
        screenings = [
            {
                "screening_id": one.screening_id,
                "screened_at": one.screened_at.isoformat(),
                "trigger": one.trigger.value,
                "input_ref": one.input_ref,
                "versions": list(one.versions),
                "tally": dict(one.tally),
            }
            for one in runs
        ]
        described = [version_to_dict(one) for one in versions]
        print_json({"versions": described, "screenings": screenings, "hits": counts})
        return
    columns = ("Book", "Version", "Parties", "Problems", "Imported", "From")
    console().print(table("Versions", columns, [_row(one) for one in versions]))
    shown = [
        (
            one.screening_id,
            f"{one.screened_at:%Y-%m-%d %H:%M}",
            one.trigger.value,
            f"{one.tally['subjects']:,}",
            f"{one.tally['hit']:,}",
        )
        for one in runs
    ]
    headings = ("Screening", "At (UTC)", "Because of", "Parties", "With hits")
    console().print(table("Last screenings", headings, shown))
    click.echo(", ".join(f"{count:,} {state}" for state, count in counts.items()))
    _show_problems(versions[-1])


@book.command(short_help="Screen a whole book now.")
@click.argument("book_id", metavar="BOOK")
@policy_option
@click.option("--accept-stale", is_flag=True, help="Use lists older than the policy allows.")
@workers_option
@store_option
@json_option
@click.pass_context
def screen(
    context: click.Context,
    /,
    book_id: str,
    policy: Path | None,
    accept_stale: bool,
    workers: int | None,
    store_url: str,
    as_json: bool,
) -> None:
    """Screen every party of BOOK against the current lists, and say what changed.

    `tumen watch run` does the same for what changed since, which is much less work.
    """
    from dataclasses import replace

    from tumen.cli.bulk import calm_collector
    from tumen.lists.registry import published_lists
    from tumen.screening.progress import showing_indexing, showing_parties
    from tumen.screening.snapshots import snapshot_of
    from tumen.screening.standing import find_whole, known_book
    from tumen.service.gathering import gather_hits
    from tumen.watch.rescreening import keep_screening

    store, url = open_store(store_url)
    with store:
        with store.reading() as work:
            parties = known_book(work, book_id).parties
        post = watchpost(store, url, parties, policy, workers)
        total = sum(version.entries for version in store.current_versions())
        errors = console(is_error=True)
        with showing_indexing(errors, total) as indexed:
            snapshot_of(store, post.place, indexed)
        with calm_collector(), showing_parties(errors) as progress:
            post = replace(post, accepts_stale=accept_stale, progress=progress)
            found = find_whole(post, book_id, datetime.now(UTC))
        found = keep_screening(store, published_lists(), found, post.actor)
        gather_hits(store, book_id, post.policy, datetime.now(UTC))
    if as_json:
        print_json({"screening_id": found.run.screening_id, **found.changes.to_dict()})
    else:
        _show_changes(found)
    context.exit(Exit.NOT_SCREENED if found.changes.not_screened else Exit.DONE)


def version_to_dict(version: BookVersion) -> dict[str, Any]:
    """JSON-ready form."""
    return {
        "book_id": version.book_id,
        "version": version.version,
        "content_hash": version.content_hash,
        "imported_at": version.imported_at.isoformat(),
        "parties": version.parties,
        "source": version.source,
        "problems": [dict(one) for one in version.problems],
    }


def _row(version: BookVersion) -> tuple[str, ...]:
    return (
        version.book_id,
        str(version.version),
        f"{version.parties:,}",
        f"{len(version.problems):,}",
        f"{version.imported_at:%Y-%m-%d %H:%M}",
        version.source,
    )


def _show_problems(version: BookVersion) -> None:
    for one in version.problems[:20]:
        text = f"! Not kept: {one['where']} {one['party_id']}: {one['problem']}. {one['mend']}"
        click.secho(text, fg="yellow", err=True)
    if len(version.problems) > 20:
        click.secho(f"! and {len(version.problems) - 20:,} more", fg="yellow", err=True)


def _show_changes(found: BookScreening) -> None:
    changes: Changes = found.changes
    run = found.run
    click.echo(
        f"{run.tally['subjects']:,} parties screened against {', '.join(run.versions)}: "
        f"{run.tally['hit']:,} with hits"
    )
    for name, one in (
        *(("opened", hit) for hit in changes.opened),
        *(("changed", hit) for hit in changes.changed),
        *(("proposed for release", hit) for hit in changes.proposed),
    ):
        click.echo(f"{name}: {one.party_id} – {one.hit.entity_id} {one.hit.score:.2f}"
                   f" {one.note or one.hit.sentence}")  # fmt: skip
    for suppression in changes.lapsed:
        pair = f"{suppression.party_id} – {suppression.entity_id}"
        click.echo(f"suppression lapsed: {pair}: {suppression.lapse_reason}")
    for outcome in changes.not_screened:
        text = f"! Not screened: {outcome.subject_id}: {outcome.problem}"
        click.secho(text, fg="yellow", err=True)
    for note in run.warnings:
        click.secho(f"! {note}", fg="yellow", err=True)
    click.echo(f"Screening {run.screening_id}")
