"""Progress on the terminal: indexing the lists, and screening a book."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from tumen.screening.run import Tally

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

# Formatting each result would cost more than a tenth of the time that screening it takes.
_SECONDS_BETWEEN = 0.1
Indexed = Callable[[str, int, int], None]


class Measured(Protocol):
    """A book that can tell how many subjects it will give."""

    @property
    def expected(self) -> int | None:
        """How many in all, as far as can be told by now."""


@contextmanager
def showing_progress(
    console: Console, book: Measured | None = None
) -> Iterator[Callable[[Tally], None]]:
    """A function to call with the tally so far; it shows nothing where this is no terminal."""
    if not console.is_terminal:
        yield lambda _tally: None
        return
    with _bar(console) as progress:
        task = progress.add_task("Screening", total=None)
        started = shown = time.monotonic()

        def show(tally: Tally) -> None:
            nonlocal shown
            now = time.monotonic()
            if now - shown < _SECONDS_BETWEEN:
                return
            shown = now
            expected = book.expected if book is not None else None
            text = (
                f"{tally.subjects:,} screened, {tally.hit:,} with hits, "
                f"{tally.not_screened:,} not, {tally.subjects / (now - started):,.0f}/s"
            )
            # The total is an estimate: it never lies behind what is done.
            total = None if expected is None else max(expected, tally.subjects)
            progress.update(task, completed=tally.subjects, total=total, description=text)

        yield show


@contextmanager
def showing_indexing(console: Console, total: int) -> Iterator[Indexed]:
    """A function to call with list id, entries done and entries in all of that list.

    A bar from the first call on; where this is no terminal, one line.
    """
    done: dict[str, int] = {}
    progress = _bar(console)
    task = progress.add_task("", total=total)

    def show(list_id: str, entries: int, _all: int) -> None:
        if not done:
            if not console.is_terminal:
                console.print(f"Indexing {total:,} entries …")
            else:
                progress.start()
        done[list_id] = entries
        text = f"Indexing {total:,} entries: {list_id}"
        if sum(done.values()) == total:
            text = "Writing the index"
        progress.update(task, completed=sum(done.values()), description=text)

    try:
        yield show
    finally:
        progress.stop()


@contextmanager
def showing_parties(console: Console) -> Iterator[Callable[[int, int], None]]:
    """A function to call with parties done and in all; it shows nothing where no terminal is."""
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    progress = _bar(console)
    task = progress.add_task("Screening", total=None)
    shown = 0.0

    def show(done: int, total: int) -> None:
        nonlocal shown
        if not shown:
            progress.start()
        now = time.monotonic()
        if now - shown >= _SECONDS_BETWEEN or done == total:
            shown = now
            progress.update(task, completed=done, total=total)

    try:
        yield show
    finally:
        progress.stop()


def _bar(console: Console) -> Progress:
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=12))
    return Progress(
        *columns,
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
