"""The same batches in several processes that share one snapshot on disk."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from tumen.matching.snapshot import Snapshot
from tumen.model.screening import Screening
from tumen.scale import run_chunks
from tumen.screening.batch import Subject, Terms, screen_batch

_opened: dict[str, Snapshot] = {}


def screen_parallel(
    snapshot: Snapshot, chunks: Iterable[list[Subject]], terms: Terms, workers: int
) -> Iterator[list[Screening]]:
    """Screen chunks in `workers` processes, results in order.

    A snapshot that is only in memory is written to a temporary folder for the others to map.
    """
    with tempfile.TemporaryDirectory(prefix="tumen-") as scratch:
        folder = snapshot.folder
        if folder is None:
            folder = Path(scratch) / "snapshot"
            snapshot.save(folder)
        function = partial(_screen_there, str(folder), terms)
        setup = partial(_open, str(folder))
        yield from run_chunks(function, chunks, workers=workers, setup=setup)


def _open(folder: str) -> Snapshot:
    found = _opened.get(folder)
    if found is None:
        found = _opened[folder] = Snapshot.open(Path(folder))
        # Caches of words are many small objects that live as long as the process; walking them
        # again and again took a third of the time.
        gc.freeze()
        gc.set_threshold(200_000, 50, 100)
    return found


def _screen_there(folder: str, terms: Terms, chunk: list[Subject]) -> list[Screening]:
    return screen_batch(_open(folder), terms, chunk)
