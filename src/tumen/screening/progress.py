"""A progress bar on the terminal: how many subjects, how fast, how many hits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tumen.screening.run import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console


@contextmanager
def showing_progress(console: Console) -> Iterator[Callable[[Tally], None]]:
    """A function to call with the tally so far; it shows nothing where this is no terminal."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with progress:
        task = progress.add_task("Reading the lists")

        def show(tally: Tally) -> None:
            speed = progress.tasks[task].finished_speed or progress.tasks[task].speed or 0
            progress.update(
                task,
                completed=tally.subjects,
                description=f"{tally.subjects:,} screened, {tally.hit:,} with hits, "
                f"{tally.not_screened:,} not screened, {speed:,.0f} a second",
            )

        yield show
