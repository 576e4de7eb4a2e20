"""Which due-diligence files do not hold, a stretch of files at a time.

Whether a file holds is not kept anywhere: it follows from its answers and from what is known of
the party now. To tell it takes some milliseconds a file, so a page looks at so many and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tumen.cases.diligence.overview import Overview, overview
from tumen.cases.diligence.refresh import ReviewState
from tumen.screening.policy import Policy
from tumen.store.work import Work

LOOKED_AT = 100
NOT_IN_FORCE = ""
_URGENCY = (
    ReviewState.DUE, ReviewState.DUE_SOON, ReviewState.NOT_SIGNED, ReviewState.IN_FORCE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueFile:
    """One file: how it stands, since when or until when, and why; `missing` counts fields."""

    book_id: str
    party_id: str
    caption: str
    state: ReviewState
    due_on: date | None
    why: tuple[str, ...]
    percent: int
    missing: int
    is_pending: bool
    has_left: bool


@dataclass(frozen=True, slots=True)
class DuePage:
    """The files in the wanted state among the `looked_at` of this page; `total` were begun.

    `book_id` and `state` are what was asked for, empty where there is no such book or state.
    """

    files: tuple[DueFile, ...]
    looked_at: int
    total: int
    books: tuple[str, ...]
    book_id: str
    state: str


def due_page(
    work: Work,
    usual_policy: Policy,
    now: datetime,
    *,
    book_id: str = "",
    state: str = NOT_IN_FORCE,
    number: int = 1,
) -> DuePage:
    """One page of files, what is most urgent first; without a state all that do not hold."""
    books = tuple(work.diligence.books())
    chosen = book_id if book_id in books else ""
    wanted = state if state in {one.value for one in ReviewState} else NOT_IN_FORCE
    total = work.diligence.count(chosen)
    offset = min(number - 1, max(0, total - 1) // LOOKED_AT) * LOOKED_AT
    places = work.diligence.files(chosen, offset=offset, limit=LOOKED_AT)
    every = (_file(overview(work, *place, usual_policy, now)) for place in places)
    found = sorted((one for one in every if _is_wanted(one, wanted)), key=_urgency)
    return DuePage(tuple(found), len(places), total, books, chosen, wanted)


def _file(view: Overview) -> DueFile:
    review, file = view.review, view.file
    return DueFile(
        file.book_id,
        file.party_id,
        view.known.party.entity.caption,
        review.state,
        review.due_on,
        review.reasons,
        view.progress.percent,
        len(view.missing),
        file.pending is not None,
        view.known.has_left,
    )


def _is_wanted(one: DueFile, state: str) -> bool:
    return one.state.value == state if state else one.state is not ReviewState.IN_FORCE


def _urgency(one: DueFile) -> tuple[int, date, str, str]:
    return _URGENCY.index(one.state), one.due_on or date.max, one.book_id, one.party_id
