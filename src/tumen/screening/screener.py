"""The screener: subjects in, screenings with graded and explained hits out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from tumen.errors import ListsMissingError
from tumen.matching.score import THRESHOLD
from tumen.matching.snapshot import Snapshot
from tumen.model.screening import Screening
from tumen.scale import in_chunks
from tumen.screening.batch import Subject, Terms, screen_batch
from tumen.screening.parallel import screen_parallel
from tumen.screening.snapshots import (
    snapshot_from_entities,
    snapshot_from_files,
    snapshot_from_store,
)
from tumen.store import Store

# Large enough for the matrix products to pay, small enough for steady progress.
BATCH = 512


class Screener:
    """Compares subjects with every listed entity that may be meant.

    A subject is an `Entity` or a FollowTheMoney mapping
    `{"id", "schema", "properties": {name: [values]}}`.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @classmethod
    def from_files(cls, paths: Iterable[Path | str]) -> Self:
        """A screener over official files as published (plain, .gz, .zip, folders).

        Raises SourceError where one is not recognised or cannot be read whole.
        """
        return cls(snapshot_from_files(paths))

    @classmethod
    def from_entities(cls, entities: Iterable[Mapping[str, Any]]) -> Self:
        """A screener over FollowTheMoney mappings. Raises RecordError for one that is none."""
        return cls(snapshot_from_entities(entities))

    @classmethod
    def open(cls, place: Path | str) -> Self:
        """A screener over a saved snapshot's folder, or over a store (its URL or SQLite file).

        Raises ListsMissingError where nothing is there to screen against.
        """
        text = str(place)
        if "://" not in text:
            path = Path(text)
            if path.is_dir():
                return cls(Snapshot.open(path))
            if not path.exists():
                raise ListsMissingError(f"{text}: neither a snapshot nor a store")
            text = f"sqlite:///{path.resolve()}"
        with Store.open(text) as store:
            return cls(snapshot_from_store(store))

    @property
    def versions(self) -> list[Mapping[str, Any]]:
        """The list versions that are screened against, described."""
        return list(self.snapshot.meta.get("versions", []))

    def screen(
        self,
        subject: Subject,
        *,
        threshold: float = THRESHOLD,
        cutoff: float | None = None,
        lists: Iterable[str] | None = None,
    ) -> Screening:
        """Screen one subject; see `screen_many`."""
        return screen_batch(self.snapshot, _terms(threshold, cutoff, lists), [subject])[0]

    def screen_many(
        self,
        subjects: Iterable[Subject],
        *,
        threshold: float = THRESHOLD,
        cutoff: float | None = None,
        lists: Iterable[str] | None = None,
        workers: int = 1,
    ) -> Iterator[Screening]:
        """Screen subjects, in the order given; `workers` processes share the snapshot.

        Candidates at `cutoff` or above come back (the threshold where it is None), those at
        `threshold` or above with `is_hit`. `lists` narrows to these list ids. A subject that
        cannot be screened comes back with its problem.
        """
        terms = _terms(threshold, cutoff, lists)
        chunks = in_chunks(subjects, BATCH)
        if workers > 1:
            batches = screen_parallel(self.snapshot, chunks, terms, workers)
        else:
            batches = (screen_batch(self.snapshot, terms, chunk) for chunk in chunks)
        for batch in batches:
            yield from batch


def _terms(threshold: float, cutoff: float | None, lists: Iterable[str] | None) -> Terms:
    floor = threshold if cutoff is None else min(cutoff, threshold)
    return Terms(threshold, floor, frozenset(lists) if lists is not None else None)
