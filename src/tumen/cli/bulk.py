"""Work on a whole book: how many processes it is worth, and a collector that leaves it alone."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tumen.screening.book import Item

# To start processes takes as long as to screen some thousand rows.
SMALL_BOOK = 10_000
_MOST_WORKERS = 8


def choose_workers(items: Iterator[Item], wanted: int | None) -> tuple[Iterator[Item], int]:
    """The same items, and how many processes to screen them in: as wanted, or by their number.

    The first is read at once, so that a book that cannot be read is refused at once.
    """
    if wanted is not None:
        return chain([next(items)], items), wanted
    first = list(islice(items, SMALL_BOOK + 1))
    return chain(first, items), 1 if len(first) <= SMALL_BOOK else usable_cores()


def usable_cores() -> int:
    """The cores that this process may use, at most eight."""
    # macOS and Windows do not tell what a process may use, only what there is.
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), _MOST_WORKERS)
    return min(os.cpu_count() or 1, _MOST_WORKERS)


@contextmanager
def calm_collector() -> Iterator[None]:
    """Garbage collection seldom, and not over what is there already.

    The caches of words are many small objects that live as long as the process; walking them
    again and again took a third of the time.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
