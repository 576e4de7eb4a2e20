"""`tumen lists diff`: what changed between two versions of a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tumen.errors import RequestError

if TYPE_CHECKING:
    from tumen.cli.lists_sides import Side, Sides
    from tumen.model.delta import Delta
    from tumen.model.listing import ListVersion
    from tumen.store import Store
    from tumen.watch.delta_report import DeltaReport

FORMATS = ("table", "json", "markdown", "ftm")
KINDS = ("added", "removed", "changed", "relisted", "reprogrammed")
_FILE_WIDTH = 120


@click.command(short_help="Show what changed between two versions of a list.")
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", required=False)
@click.option(
    "--format", "kind", type=click.Choice(FORMATS), default="table", help="How to show it."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead."
)
@click.option("--all", "show_all", is_flag=True, help="Show cosmetic changes too.")
@click.option(
    "--only", type=click.Choice(KINDS), multiple=True, help="Show this kind of change alone."
)
@click.option(
    "--programme", "programmes", multiple=True, metavar="NAME", help="Show this programme alone."
)
@click.option(
    "--list", "list_id", default="", metavar="LIST", help="The list to take from files with more."
)
@click.option("--store", "store_url", default="", metavar="URL", help="Look in this store.")
def diff(
    first: str,
    second: str | None,
    kind: str,
    as_json: bool,
    out: Path | None,
    show_all: bool,
    only: tuple[str, ...],
    programmes: tuple[str, ...],
    list_id: str,
    store_url: str,
) -> None:
    """Show what was added, removed and changed from version A to version B of a list.

    \b
    A and B are each one of
      us_ofac_sdn               the current version of a list
      us_ofac_sdn@2024-02-20    the version published on that day, or last before it
      us_ofac_sdn@3f2a          a version id, or its first letters
      sdn.csv                   an official file or folder; it need not be loaded

    Without B, a list or version is compared with the one before it, and a file with the
    current version of its list. Names and other facts of a party, its identifiers, programmes
    and measures are material; remarks, capitals, blanks and order are cosmetic, and only
    counted unless --all is given.
    """
    from tumen.cli.lists_sides import Sides
    from tumen.lists.registry import published_lists
    from tumen.watch.delta_report import Only

    kind = "json" if as_json else kind
    if kind == "ftm" and (only or programmes):
        raise RequestError("--format ftm holds every change: leave out --only and --programme")
    with _open(store_url) as store:
        sides = Sides(store, published_lists(), datetime.now(UTC), list_id)
        before, after = sides.find(first, second)
        delta = sides.delta(before, after)
        if kind == "ftm":
            _write(_ftm(sides, before, after, delta), out)
            return
    report = _report(delta, before.version, after.version).only(tuple(map(Only, only)), programmes)
    if kind == "table" and out is None:
        _print(report, show_all)
    else:
        _write(_rendered(report, kind, show_all), out)


def _open(store_url: str) -> Store:
    from tumen.cli.opening import find_store
    from tumen.config import load_settings
    from tumen.store import Store

    return Store.open(find_store(store_url, load_settings()))


def _report(delta: Delta, before: ListVersion, after: ListVersion) -> DeltaReport:
    from tumen.lists.registry import published_lists
    from tumen.watch.delta_report import DeltaReport

    registry = published_lists()
    title = registry.get(delta.list_id).title if delta.list_id in registry else ""
    return DeltaReport.of(delta, after, before, title)


def _print(report: DeltaReport, show_all: bool) -> None:
    from tumen.cli.output import console
    from tumen.watch.delta_text import delta_text

    out = console()
    for part in delta_text(report, show_all=show_all):
        out.print(part)


def _rendered(report: DeltaReport, kind: str, show_all: bool) -> Iterator[str]:
    """The report as text, whole."""
    if kind == "json":
        yield json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n"
    elif kind == "markdown":
        from tumen.watch.delta_markdown import delta_markdown

        yield delta_markdown(report, show_all=show_all)
    else:
        from rich.console import Console

        from tumen.watch.delta_text import delta_text

        text = StringIO()
        out = Console(file=text, width=_FILE_WIDTH, highlight=False, markup=False)
        for part in delta_text(report, show_all=show_all):
            out.print(part)
        yield text.getvalue()


def _ftm(sides: Sides, before: Side, after: Side, delta: Delta) -> Iterator[str]:
    """One operation a line."""
    from tumen.service.delta_lines import delta_lines
    from tumen.service.sources.lists import topic_of

    ids = [change.entity_id for change in delta.changes]
    lines = delta_lines(
        sides.entries(before, ids),
        sides.entries(after, ids),
        after.version,
        topic_of(delta.list_id),
        first_seen=sides.first_seen(ids),
        find=lambda others: sides.entries(after, others),
    )
    for line in lines:
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _write(parts: Iterator[str], out: Path | None) -> None:
    """Write text to a file, or print it."""
    if out is None:
        for part in parts:
            click.echo(part, nl=False)
        return
    try:
        with out.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)
    except OSError as error:
        raise RequestError(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"Written to {out}", err=True)
