"""`tumen screen`: a book of parties against the lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.exits import Exit
from tumen.cli.options import (
    book_options,
    open_store,
    policy_in_force,
    reading_options,
    workers_option,
)

if TYPE_CHECKING:
    from tumen.cli.keep import Keeping
    from tumen.config import Settings
    from tumen.model.screening import Screening
    from tumen.screening.book import Book
    from tumen.screening.output import OutputOptions
    from tumen.screening.policy import Policy
    from tumen.screening.run import Screens, Tally
    from tumen.screening.versions import UsedVersion

_EXPLAIN = click.Choice(["none", "sentence", "full"])
_FORMATS = click.Choice(["table", "csv", "jsonl", "parquet"])
_source = click.Path(path_type=Path, exists=True)
_path = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("book", type=_path)
@click.option(
    "--threshold", type=float, metavar="SCORE", help="From this score it is a hit (0.70)."
)
@click.option("--cutoff", type=float, metavar="SCORE", help="From this score it is possible.")
@click.option("--lists", multiple=True, metavar="ID", help="Only these lists (repeat, or a,b).")
@click.option("--policy", type=_path, help="Policy file (YAML); other options override it.")
@click.option("--max-age-days", type=int, metavar="DAYS", help="Refuse older lists (exit 3).")
@click.option("--accept-stale", is_flag=True, help="Use them all the same; every result says so.")
@click.option("--snapshot", default="", metavar="DIR", help="Lists: a saved snapshot.")
@click.option("--store", "store_url", default="", metavar="URL", help="Lists: another store.")
@click.option(
    "--list-file",
    multiple=True,
    type=_source,
    metavar="PATH",
    help="Lists: an official file or folder (repeat).",
)
@reading_options
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Result file: .csv, .jsonl or .parquet.",
)
@click.option("--format", "kind", type=_FORMATS, help="Else by the extension of --out.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines on standard output.")
@click.option("--explain", default="sentence", type=_EXPLAIN, help="How much of the reasons.")
@click.option("--all", "has_clean", is_flag=True, help="Also the rows without hit.")
@workers_option
@click.option("--keep", is_flag=True, help="Store the screening, for `tumen replay`.")
@click.pass_context
def screen(ctx: click.Context, /, book: Path, **given: Any) -> None:
    """Screen every row of BOOK: CSV, XLSX, Parquet or JSON lines.

    What could not be screened is named, and makes the exit code 1; it is never "no hit".

    \b
    tumen screen customers.xlsx                        hits in a table
    tumen screen customers.xlsx --out hits.csv --all   a file with every row
    tumen screen book.csv --column 'Born about=birthDate' --ignore-column Manager
    """
    ctx.exit(run(book, given))


def run(book: Path, given: dict[str, Any], screener: Screens | None = None) -> Exit:
    """Screen a book under the options of the command line; `screener` stands in for the lists.

    Raises SourceError for a book that cannot be read, ListsMissingError for missing lists.
    """
    from tumen.cli.bulk import calm_collector, choose_workers
    from tumen.cli.opening import open_screener, versions_of
    from tumen.config import load_settings
    from tumen.screening.book import read_book
    from tumen.screening.run import screen_book

    settings = load_settings()
    options = _output_options(given, _policy(given, settings, is_stored=screener is None))
    rows = read_book(book, book_options(given))
    items, workers = choose_workers(rows, given["workers"])
    found: Screens = screener or open_screener(
        settings,
        snapshot=given["snapshot"],
        store_url=given["store_url"],
        files=given["list_file"],
    )
    options = _with_lists(options, versions_of(found), given)
    if screener is None:
        options = _with_states(options, settings, given)
    keeping = _keeping(given, options)
    if keeping is not None:
        items = keeping.reading(items)
    with calm_collector():
        policy, notes = options.policy, options.notes
        results = screen_book(items, found, policy, workers=workers, warnings=notes)
        if keeping is not None:
            results = keeping.taking(results)
        tally = _write(results, rows, given, options)
    is_table = given["out"] is None and _kind(given) == "table"
    _summarise(tally, options, is_error=not is_table)
    if keeping is not None:
        _keep(keeping, found, given)
    return Exit.NOT_SCREENED if tally.not_screened else Exit.DONE


def _keeping(given: dict[str, Any], options: OutputOptions) -> Keeping | None:
    """What takes the screening down, where it is to be kept."""
    if not given.get("keep"):
        return None
    if given["snapshot"] or given["list_file"]:
        raise click.UsageError("--keep needs the lists of a store: they must be there for a replay")
    from tumen.cli.keep import Keeping

    return Keeping(options)


def _keep(keeping: Keeping, screener: Screens, given: dict[str, Any]) -> None:
    from tumen.screening.screener import Screener

    assert isinstance(screener, Screener)
    store, _ = open_store(given["store_url"])
    with store:
        screening_id = keeping.keep(store, screener.snapshot.basis_hash)
    click.echo(f"Screening {screening_id}", err=True)


def _with_lists(
    options: OutputOptions, described: tuple[UsedVersion, ...], given: dict[str, Any]
) -> OutputOptions:
    """The options with the list versions in use, and what every result says of them."""
    from tumen.screening.versions import check_ages, starter_notes, used_versions

    now = datetime.now(UTC)
    versions = used_versions(described, options.policy)
    stale = check_ages(versions, options.policy, now.date(), accept_stale=given["accept_stale"])
    notes = (*starter_notes(versions), *stale)
    at = now.isoformat(timespec="seconds")
    return replace(options, versions=versions, notes=notes, screened_at=at)


def _with_states(
    options: OutputOptions, settings: Settings, given: dict[str, Any]
) -> OutputOptions:
    """The options with what every result says of lists that could not be renewed."""
    from tumen.cli.opening import state_notes_of

    states = state_notes_of(
        settings,
        options.versions,
        datetime.now(UTC),
        snapshot=given["snapshot"],
        store_url=given["store_url"],
        files=given["list_file"],
    )
    return replace(options, notes=(*options.notes, *states))


def _write(
    results: Iterator[Screening], rows: Book, given: dict[str, Any], options: OutputOptions
) -> Tally:
    from tumen.cli.output import console, writing_results
    from tumen.screening.progress import showing_progress
    from tumen.screening.run import Tally

    tally = Tally(notes=options.notes)
    kind = (given["kind"] or "") if given["out"] else _kind(given)
    with (
        writing_results(given["out"], kind, options) as writer,
        showing_progress(console(is_error=True), rows) as show,
    ):
        for result in results:
            tally.add(result)
            writer.write(result)
            show(tally)
    return tally


def _summarise(tally: Tally, options: OutputOptions, *, is_error: bool) -> None:
    from tumen.screening.table import summary_lines

    for line in summary_lines(tally, options.versions, datetime.now(UTC).date()):
        click.secho(line, err=is_error, fg="yellow" if line.startswith("!") else None)
    # A table has them at its head too, which is out of sight by now.
    for note in options.notes:
        click.secho(f"! {note}", err=is_error, fg="yellow")


def _kind(given: dict[str, Any]) -> str:
    return "jsonl" if given["as_json"] else given["kind"] or "table"


def _policy(given: dict[str, Any], settings: Settings, *, is_stored: bool) -> Policy:
    """The policy file's or the one in force, with what the command line sets over it."""
    if is_stored and not (given["policy"] or given["snapshot"] or given["list_file"]):
        store, _ = open_store(given["store_url"])
        with store:
            policy = policy_in_force(settings, None, store)
    else:
        policy = policy_in_force(settings, given["policy"])
    changes = {
        "threshold": given["threshold"],
        "cutoff": given["cutoff"],
        "max_list_age_days": given["max_age_days"],
        "lists": tuple(one for text in given["lists"] for one in text.split(",") if one) or None,
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    if changes:
        changes["version"] = f"{policy.version}, changed on the command line"
    return replace(policy, **changes)


def _output_options(given: dict[str, Any], policy: Policy) -> OutputOptions:
    from tumen.screening.output import Explain, OutputOptions, format_of

    if given["as_json"] and (given["out"] or given["kind"] not in (None, "jsonl")):
        raise click.UsageError("--json prints JSON lines; with a file say --out FILE.jsonl")
    if given["out"]:
        if given["kind"] == "table":
            raise click.UsageError("A table is for the screen; --out takes csv, jsonl or parquet")
        format_of(given["out"], given["kind"] or "")
    return OutputOptions(
        explain=Explain(given["explain"]),
        has_clean=given["has_clean"],
        policy=policy,
    )
