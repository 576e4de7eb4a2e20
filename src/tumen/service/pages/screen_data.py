"""Screenings as their pages show them: one subject with both sides of each hit, or many rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from tumen.cases.evidence.published import with_entry
from tumen.model.listing import ListVersion
from tumen.model.screening import Hit, Screening
from tumen.model.watching import ScreeningRun
from tumen.screening.output import Outcome, outcome_of
from tumen.service.pages.comparison import ScorePart, align, score_parts
from tumen.service.pages.comparison_rows import SideRow
from tumen.service.pages.screen_words import asked_as, filing_text
from tumen.service.pages.turning import SIZE
from tumen.service.problems import not_found
from tumen.store.screenings import SAID
from tumen.store.work import Work

# Each hit takes a look into the lists.
HITS_SHOWN = 20
# So many subjects are shown in full on one page; more are rows.
IN_FULL = 3
_COUNTS = {"hit": "hit", "possible": "possible", "no hit": "no_hit", "not screened": "not_screened"}


@dataclass(frozen=True, slots=True)
class HitShown:
    """One hit: both sides aligned, and how its score came about.

    `version_id` names the list version whose entry is shown, empty where none has it any more.
    """

    hit: Hit
    rows: tuple[SideRow, ...]
    parts: tuple[ScorePart, ...]
    version_id: str


@dataclass(frozen=True, slots=True)
class OutcomeShown:
    """The outcome of one subject in full. `case_id` names the case about it, if there is one."""

    position: int
    found: Screening
    hits: tuple[HitShown, ...]
    text: str
    case_id: str = ""

    @property
    def outcome(self) -> Outcome:
        """Hit, possible, no hit or not screened."""
        return outcome_of(self.found)

    @property
    def asked_as(self) -> str:
        """As what the subject was asked for, where that was left open."""
        return asked_as(self.found)

    @property
    def more(self) -> int:
        """How many hits are not shown."""
        return len(self.found.hits) - len(self.hits)


@dataclass(frozen=True, slots=True)
class UsedList:
    """A list version that was screened against, and how old it was that day."""

    version: ListVersion
    age_days: int

    @property
    def address(self) -> str:
        """The page of the version."""
        version = self.version
        asked = urlencode({"version": version.version_id})
        return f"/desk/lists/{quote(version.list_id, safe='')}?{asked}"


@dataclass(frozen=True, slots=True)
class RunShown:
    """A screening, what it rested on, and what came of it by kind of outcome.

    `problems` are the rows of its book that gave no party: nobody has screened them.
    """

    run: ScreeningRun
    used: tuple[UsedList, ...]
    counts: Mapping[str, int]
    kept: int
    problems: tuple[Mapping[str, Any], ...] = ()

    @property
    def subjects(self) -> int:
        """How many were screened, or should have been."""
        return self.run.tally.get("subjects", 0)

    @property
    def threshold(self) -> float:
        """From this score on it is a hit."""
        return float(self.run.policy.get("threshold", 0.0))

    @property
    def book_id(self) -> str:
        """The book that was screened; empty where subjects were given."""
        return self.run.input_ref.rpartition("@")[0]


@dataclass(frozen=True, slots=True)
class Row:
    """One outcome in a table."""

    position: int
    found: Screening

    @property
    def outcome(self) -> Outcome:
        """Hit, possible, no hit or not screened."""
        return outcome_of(self.found)


def read_run(work: Work, screening_id: str) -> RunShown:
    """A stored screening. Raises ProblemError where there is none."""
    run = work.screenings.head(screening_id)
    if run is None:
        raise not_found(f"screening {screening_id!r}")
    day = run.screened_at.astimezone(UTC).date()
    versions = [work.lists.version(one) for one in run.versions]
    return RunShown(
        run,
        tuple(UsedList(one, (day - _day(one)).days) for one in versions if one),
        {said: int(run.tally.get(key, 0)) for said, key in _COUNTS.items()},
        work.screenings.count(screening_id),
        _problems(work, run),
    )


def _problems(work: Work, run: ScreeningRun) -> tuple[Mapping[str, Any], ...]:
    """The rows of a book that gave no party."""
    if not run.input_ref:
        return ()
    book_id, _, version = run.input_ref.rpartition("@")
    book = work.books.version(book_id, int(version))
    return book.problems if book else ()


def read_rows(work: Work, shown: RunShown, said: str, number: int) -> tuple[list[Row], int]:
    """A page of outcomes of one kind (all for none), and how many there are in all."""
    kind = said if said in SAID else ""
    total = work.screenings.count(shown.run.screening_id, kind)
    offset = min(number - 1, max(0, total - 1) // SIZE) * SIZE
    found = work.screenings.page(shown.run.screening_id, kind, offset=offset, limit=SIZE)
    return [Row(position, one) for position, one in found], total


def read_outcome(
    work: Work, shown: RunShown, position: int, most: int = HITS_SHOWN
) -> OutcomeShown:
    """One outcome in full. Raises ProblemError where there is none."""
    found = work.screenings.outcome_at(shown.run.screening_id, position)
    if found is None:
        raise not_found(f"row {position} in screening {shown.run.screening_id}")
    subject = subject_of(work, shown, found)
    return OutcomeShown(
        position,
        found,
        tuple(_hit(work, shown.run, subject, hit) for hit in found.hits[:most]),
        filing_text(shown.run, found),
        _case_of(work, subject_key(shown, found, position)),
    )


def subject_of(work: Work, shown: RunShown, found: Screening) -> Mapping[str, Any]:
    """Whom an outcome is about: as it was screened, or as the book has it."""
    if found.subject or not shown.book_id:
        return found.subject
    book_id, _, version = shown.run.input_ref.rpartition("@")
    parties = work.books.parties(book_id, int(version), [found.subject_id])
    return next((party.entity.to_dict() for party in parties), {})


def subject_key(shown: RunShown, found: Screening, position: int) -> str:
    """What names the subject in a case."""
    if shown.book_id:
        return f"{shown.book_id}/{found.subject_id}"
    return f"screening/{shown.run.screening_id}/{position}"


def _case_of(work: Work, key: str) -> str:
    cases: Sequence[Any] = work.cases.of_subjects([key])
    return cases[0].case_id if cases else ""


def _hit(work: Work, run: ScreeningRun, subject: Mapping[str, Any], hit: Hit) -> HitShown:
    used = [one for one in run.versions if one.rpartition("@")[0] == hit.list_id]
    told = hit.to_dict()
    published = with_entry(work, told, used, run.screened_at)["published"] or {}
    entity = published.get("entry", {}).get("entity", {})
    return HitShown(
        hit,
        tuple(align(subject, entity, told["reasons"])),
        tuple(score_parts(told["reasons"])),
        str(published.get("version_id", "")),
    )


def _day(version: ListVersion) -> date:
    at: datetime = version.retrieved_at
    return version.published_on or at.date()
