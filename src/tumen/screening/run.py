"""A whole book screened: every row gives one result, in the book's order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from tumen.errors import TumenError
from tumen.model.entity import Entity
from tumen.model.screening import Screening
from tumen.screening.policy import Policy
from tumen.screening.subject import RecordProblem, Subject


class Screens(Protocol):
    """What screens subjects: the Screener, or anything that does as it does."""

    @property
    def versions(self) -> Iterable[Mapping[str, Any]]:
        """The list versions that are screened against, described."""

    def screen_many(
        self,
        subjects: Iterable[Entity],
        *,
        threshold: float = ...,
        cutoff: float | None = ...,
        lists: Iterable[str] | None = ...,
        workers: int = ...,
    ) -> Iterator[Screening]:
        """The outcome for each subject, in the order given."""


@dataclass(slots=True)
class Tally:
    """How many subjects came to which outcome. `possible` are those with candidates only.

    `notes` are warnings that stand on every result: they alone do not count as warnings.
    """

    subjects: int = 0
    hit: int = 0
    possible: int = 0
    no_hit: int = 0
    not_screened: int = 0
    with_warnings: int = 0
    notes: Sequence[str] = ()

    def add(self, screening: Screening) -> None:
        """Count one result."""
        self.subjects += 1
        self.with_warnings += any(one not in self.notes for one in screening.warnings)
        if not screening.was_screened:
            self.not_screened += 1
        elif any(hit.is_hit for hit in screening.hits):
            self.hit += 1
        elif screening.hits:
            self.possible += 1
        else:
            self.no_hit += 1


def screen_book(
    items: Iterable[Subject | RecordProblem],
    screener: Screens,
    policy: Policy,
    *,
    workers: int = 1,
    warnings: Sequence[str] = (),
) -> Iterator[Screening]:
    """One result for every item, in order; a RecordProblem comes out as "not screened".

    `warnings` (an override of the policy) are put on every result. Raises TumenError where the
    screener gives more or fewer results than it was given subjects.
    """
    waiting: deque[Subject | RecordProblem] = deque()
    lists = policy.lists or None
    results = screener.screen_many(
        _entities(items, waiting),
        threshold=policy.threshold,
        cutoff=policy.floor,
        lists=lists,
        workers=workers,
    )
    for result in results:
        yield from _problems(waiting, warnings)
        if not waiting:
            raise TumenError("The screener gave a result for no subject")
        subject = waiting.popleft()
        assert isinstance(subject, Subject)
        yield _joined(subject, result, warnings)
    yield from _problems(waiting, warnings)
    if waiting:
        raise TumenError(f"The screener gave no result for {waiting[0].subject_id}")


def _entities(
    items: Iterable[Subject | RecordProblem], waiting: deque[Subject | RecordProblem]
) -> Iterator[Entity]:
    for item in items:
        waiting.append(item)
        if isinstance(item, Subject):
            yield item.entity


def _problems(
    waiting: deque[Subject | RecordProblem], warnings: Sequence[str]
) -> Iterator[Screening]:
    """The problems that stand before the next subject."""
    while waiting and isinstance(first := waiting[0], RecordProblem):
        waiting.popleft()
        problem = first.to_screening()
        yield replace(problem, warnings=(*problem.warnings, *warnings))


def _joined(subject: Subject, result: Screening, warnings: Sequence[str]) -> Screening:
    if result.subject_id != subject.subject_id:
        raise TumenError(f"The result of {result.subject_id} came for {subject.subject_id}")
    found = dict.fromkeys((*subject.warnings, *result.warnings, *warnings))
    return replace(
        result,
        caption=subject.caption,
        where=subject.where,
        warnings=tuple(found),
        subject=subject.entity.to_dict(),
    )
