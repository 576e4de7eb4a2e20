"""What commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from tumen.screening.output import OutputOptions, Writer


def print_json(data: Any) -> None:
    """One JSON document, readable, in its own script."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def console(*, is_error: bool = False) -> Console:
    """A console on standard output or error; plain text where that is no terminal."""
    from rich.console import Console

    stream = sys.stderr if is_error else sys.stdout
    # Away from a terminal there is no width to fit into: a log or a file keeps whole rows.
    width = None if stream.isatty() else 160
    return Console(file=stream, highlight=False, markup=False, soft_wrap=False, width=width)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table whose cells are shown as they are, folded where they are long."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(
        title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1, 0, 0)
    )
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made


@contextmanager
def writing_results(out: Path | None, kind: str, options: OutputOptions) -> Iterator[Writer]:
    """A writer to the file `out`, or to standard output as a table, CSV or JSON lines."""
    from tumen.screening.output import text_writer, writing_file
    from tumen.screening.table import TableWriter

    if out is not None:
        with writing_file(out, kind, options) as writer:
            yield writer
    elif kind in ("", "table"):
        shown = TableWriter(options)
        yield shown
        shown.show(console())
    else:
        yield text_writer(sys.stdout, kind, options)
