"""A stored screening repeated from what was kept of it: the same, or what differs and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tumen.errors import RequestError
from tumen.model.entity import Entity
from tumen.model.listing import ListVersion
from tumen.model.screening import Hit, Screening
from tumen.model.watching import ScreeningRun
from tumen.screening.basis import basis_of
from tumen.screening.run import screen_book
from tumen.screening.runs import (
    PARTY_IDS,
    Outcomes,
    engine_name,
    policy_of,
    subject_from_dict,
)
from tumen.screening.screener import Screener
from tumen.screening.snapshots import Progress, snapshot_of_versions
from tumen.screening.standing import known_book, subject_of
from tumen.store import Store


@dataclass(frozen=True, slots=True)
class OutcomeDifference:
    """One subject whose outcome is another by now. `was` and `became` say each in words."""

    subject_id: str
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of repeating a screening.

    `causes` name what is not as it was (the engine); `differences` the outcomes.
    """

    run: ScreeningRun
    result_hash: str
    causes: tuple[str, ...]
    differences: tuple[OutcomeDifference, ...]

    @property
    def is_identical(self) -> bool:
        """Whether every outcome is as it was, to the letter."""
        return self.result_hash == self.run.result_hash

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "screening_id": self.run.screening_id,
            "screened_at": self.run.screened_at.isoformat(),
            "is_identical": self.is_identical,
            "result_hash": {"then": self.run.result_hash, "now": self.result_hash},
            "causes": list(self.causes),
            "differences": [
                {"subject_id": one.subject_id, "was": one.was, "became": one.became}
                for one in self.differences
            ],
        }


def replay(
    store: Store, screening_id: str, *, workers: int = 1, progress: Progress | None = None
) -> Replay:
    """Repeat a stored screening with its input, list versions, policy and word statistics.

    Raises RequestError where there is no such screening, or part of what it used is gone.
    """
    with store.reading() as work:
        run = work.screenings.get(screening_id)
        if run is None:
            raise RequestError(f"There is no screening {screening_id!r} in the store")
        before = {one.subject_id: one for one in work.screenings.outcomes(screening_id)}
        versions: list[ListVersion] = [work.lists.known_version(one) for one in run.versions]
    snapshot = snapshot_of_versions(store, versions, basis_of(store, run.basis_hash), progress)
    outcomes = Outcomes()
    for outcome in _screened(store, run, Screener(snapshot), workers):
        outcomes.add(outcome)
    after = {one.subject_id: one for one in outcomes.kept}
    differences = tuple(_differences(before, after))
    return Replay(run, outcomes.result_hash, tuple(_causes(run)), differences)


def _causes(run: ScreeningRun) -> Iterator[str]:
    if run.engine != engine_name():
        yield f"The engine was {run.engine}, it is {engine_name()}"


def _screened(
    store: Store, run: ScreeningRun, screener: Screener, workers: int
) -> Iterator[Screening]:
    policy = policy_of(run.policy)
    if not run.input_ref:
        items = map(subject_from_dict, run.subjects)
        return screen_book(items, screener, policy, workers=workers)
    return screener.screen_many(
        _parties(store, run),
        threshold=policy.threshold,
        cutoff=policy.floor,
        lists=policy.lists or None,
        workers=workers,
    )


def _parties(store: Store, run: ScreeningRun) -> Iterator[Entity]:
    book_id, _, number = run.input_ref.rpartition("@")
    chosen = run.subjects[0][PARTY_IDS] if run.subjects else None
    with store.reading() as work:
        book = known_book(work, book_id, int(number))
        yield from map(subject_of, work.books.parties(book_id, book.version, chosen))


def _differences(
    before: dict[str, Screening], after: dict[str, Screening]
) -> Iterator[OutcomeDifference]:
    for subject_id in sorted(before.keys() | after.keys()):
        was, became = (_words(found.get(subject_id)) for found in (before, after))
        if was != became:
            yield OutcomeDifference(subject_id, was, became)


def _words(outcome: Screening | None) -> str:
    if outcome is None:
        return "no hit"
    if not outcome.was_screened:
        return f"not screened: {outcome.problem}"
    return "; ".join(map(_hit_words, outcome.hits)) or "no hit"


def _hit_words(hit: Hit) -> str:
    kind = "hit" if hit.is_hit else "possible"
    return f"{kind} {hit.entity_id} {hit.score:.4f} ({hit.sentence})"
