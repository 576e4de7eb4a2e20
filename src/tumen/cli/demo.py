"""`tumen demo`: the invented book against the starter pack, in a store of its own."""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tumen.config import Settings, load_settings

if TYPE_CHECKING:
    from rich.console import Console

    from tumen.screening.output import OutputOptions
    from tumen.screening.run import Tally
    from tumen.screening.screener import Screener
    from tumen.screening.table import TableWriter


@click.command()
@click.option(
    "--out",
    default="hits.csv",
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Result file (.csv, .jsonl or .parquet).",
)
@click.option(
    "--store",
    "store_url",
    default="",
    metavar="URL",
    help="Store for the starter pack (by default one of its own in the data directory).",
)
@click.option("--serve", "is_served", is_flag=True, help="Then open its workbench on this machine.")
@click.option("--port", default=8000, show_default=True, help="Where the workbench listens.")
def demo(out: Path, store_url: str, is_served: bool, port: int) -> None:
    """Screen an invented book against a starter pack of real designations.

    It also fills the workbench of an invented trading house, whose lists have just changed: see
    it with --serve. Your own lists are not touched. The exit code is 0 also though one row of
    the book is not screened, on purpose; `tumen screen` would exit with 1.
    """
    from tumen.cli.output import console

    url = _store_url(store_url, load_settings())
    shown = console()
    started = time.perf_counter()
    screener = _load(url, shown)
    loaded = time.perf_counter()
    report, tally, options = _screen(screener, out)
    ended = time.perf_counter()
    report.show(shown)
    _summarise(shown, tally, options, (loaded - started, ended - loaded))
    _say_next(shown, out, url, report.ranked[0].hits[0].entity_id)
    if is_served:
        _serve(url, port)


def _serve(url: str, port: int) -> None:
    from tumen.config import load_service_settings
    from tumen.service.logs import configure_logs
    from tumen.service.serving import serve

    settings = load_service_settings(host="127.0.0.1", port=port)
    configure_logs(is_quiet=True)
    serve(replace(settings, base=replace(settings.base, store_url=url)))


def _store_url(given: str, settings: Settings) -> str:
    if not given:
        return f"sqlite:///{settings.home / 'demo' / 'demo.db'}"
    return given if "://" in given else f"sqlite:///{Path(given).absolute()}"


def _load(url: str, shown: Console) -> Screener:
    """Put the starter pack into the store, with the desk if the store is new, and index it.

    Raises RequestError for a store with published lists, SourceError for a damaged pack.
    """
    from tumen.cli.demo_desk import fill_desk
    from tumen.cli.opening import snapshot_place
    from tumen.cli.starter import load_starter
    from tumen.demo import LISTS
    from tumen.lists.registry import published_lists
    from tumen.screening.screener import Screener
    from tumen.screening.snapshots import snapshot_from_store
    from tumen.store import Store

    now = datetime.now(UTC)
    with Store.open(url) as store:
        shown.print("Loading the starter pack …", style="bold")
        if not store.current_versions():
            fill_desk(store, snapshot_place(load_settings(), url), now)
        load_starter(store, LISTS, now)
        for version in store.current_versions():
            title = published_lists().get(version.list_id).title
            shown.print(f"  {version.entries:>3} entries  {title}")
        return Screener(snapshot_from_store(store))


def _screen(screener: Screener, out: Path) -> tuple[TableWriter, Tally, OutputOptions]:
    from tumen.cli.output import console
    from tumen.demo import BOOK
    from tumen.screening.book import read_book
    from tumen.screening.output import OutputOptions, writing_file
    from tumen.screening.policy import Policy
    from tumen.screening.progress import showing_progress
    from tumen.screening.run import Tally, screen_book
    from tumen.screening.table import TableWriter
    from tumen.screening.versions import read_versions, starter_notes

    versions = read_versions(screener.versions)
    options = OutputOptions(
        versions=versions,
        notes=starter_notes(versions),
        policy=Policy(name="demo"),
        screened_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    report = TableWriter(options, is_ranked=True)
    tally, book = Tally(notes=options.notes), read_book(BOOK)
    with (
        writing_file(out, "", options) as writer,
        showing_progress(console(is_error=True), book) as show,
    ):
        for result in screen_book(book, screener, options.policy, warnings=options.notes):
            tally.add(result)
            report.write(result)
            writer.write(result)
            show(tally)
    return report, tally, options


def _summarise(
    shown: Console, tally: Tally, options: OutputOptions, seconds: tuple[float, float]
) -> None:
    from tumen.screening.table import summary_lines

    loading, screening = seconds
    speed = tally.subjects / max(screening, 1e-6)
    lines = summary_lines(tally, options.versions, datetime.now(UTC).date())
    for line in (*lines, *(f"! {note}" for note in options.notes)):
        shown.print(line, style="yellow" if line.startswith("!") else "")
    shown.print(
        f"Lists loaded in {loading:.1f} s, book screened in {screening:.2f} s "
        f"({speed:,.0f} parties a second)."
    )
    if tally.not_screened:
        shown.print(
            "What was not screened is not the same as no hit. Rows like these make "
            "`tumen screen` exit with 1; the demo has them on purpose and exits with 0."
        )


def _say_next(shown: Console, out: Path, url: str, example: str) -> None:
    """Commands, as they can be typed here."""
    from tumen.cli.demo_desk import PASSWORD

    tumen = "tumen" if shutil.which("tumen") else shlex.quote(_relative(Path(sys.argv[0])))
    place = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else url
    shown.print(f"\nAll hits are in {out}. What to do next:", style="bold")
    steps = {
        f"{tumen} demo --serve": "work at the desk of a trading house: http://127.0.0.1:8000/desk",
        f"{tumen} lists fetch": "load today's lists (or files of yours: lists load PATH)",
        f"{tumen} screen BOOK.csv --out {out.name}": "screen a book of yours",
        f"{tumen} show {example} --store {shlex.quote(place)}": "all that the list says of one",
    }
    for command, why in steps.items():
        shown.print(f"  {command}", soft_wrap=True)
        shown.print(f"      {why}", style="dim")
    shown.print(
        f"In the workbench you are mina, and after her grace, who approves; the password of all is "
        f"{PASSWORD!r}. The walk is in docs/guide.md."
    )


def _relative(path: Path) -> str:
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
