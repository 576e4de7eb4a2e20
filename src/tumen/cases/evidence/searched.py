"""What a stored screening said of its subjects, also of one of a book that had no hit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tumen.cases.evidence.history import caption_of
from tumen.cases.evidence.runs import party_ids_of
from tumen.errors import RequestError
from tumen.model.screening import Screening
from tumen.model.watching import ScreeningRun
from tumen.screening.standing import known_book, subject_of
from tumen.store.work import Work


@dataclass(frozen=True, slots=True)
class Searched:
    """A screening, the outcomes of it that are kept, and its results as evidence shows them."""

    run: ScreeningRun
    subject_id: str | None
    outcomes: tuple[Screening, ...]
    results: tuple[Mapping[str, Any], ...]

    @property
    def section(self) -> dict[str, Any]:
        """What was asked."""
        return {"screening_id": self.run.screening_id, "subject_id": self.subject_id}


def searched(work: Work, screening_id: str, subject_id: str | None) -> Searched:
    """A stored screening, whole or of one subject.

    Raises RequestError where it is not stored or never looked at the subject: that nothing is
    kept of somebody must not be read as "nothing found".
    """
    run = work.screenings.get(screening_id)
    if run is None:
        raise RequestError(f"There is no screening {screening_id!r} in the store")
    outcomes = tuple(work.screenings.outcomes(screening_id, subject_id))
    known = _parties(work, run, {one.subject_id for one in outcomes} | _named(subject_id))
    if subject_id is not None and not outcomes:
        return _without_outcome(work, run, subject_id, known)
    results = [_result(run, one, known.get(one.subject_id, {})) for one in outcomes]
    if subject_id is None:
        results += [_result(run, one, {}) for one in _problems(work, run)]
    return Searched(run, subject_id, outcomes, tuple(results))


def _named(subject_id: str | None) -> set[str]:
    return set() if subject_id is None else {subject_id}


def _without_outcome(
    work: Work, run: ScreeningRun, subject_id: str, known: Mapping[str, Mapping[str, Any]]
) -> Searched:
    """Of a book, an outcome without hits is counted and hashed, and not kept."""
    looked_at = party_ids_of(run) if run.input_ref else frozenset[str]()
    if subject_id in known and (looked_at is None or subject_id in looked_at):
        subject = known[subject_id]
        outcome = Screening(subject_id, caption_of(subject) or subject_id)
        return Searched(run, subject_id, (), (_result(run, outcome, subject),))
    problems = [one for one in _problems(work, run) if one.subject_id == subject_id]
    if problems:
        shown = tuple(_result(run, one, {}) for one in problems)
        return Searched(run, subject_id, (), shown)
    raise RequestError(f"The screening {run.screening_id} did not look at {subject_id!r}")


def _problems(work: Work, run: ScreeningRun) -> Iterator[Screening]:
    """The rows of the book that gave no party, and so were not screened with it."""
    if not run.input_ref or party_ids_of(run) is not None:
        return
    for one in known_book(work, *_book(run)).problems:
        words = ". ".join(part for part in (one.get("problem"), one.get("mend")) if part)
        party_id, where = str(one.get("party_id", "")), str(one.get("where", ""))
        caption = str(one.get("caption") or party_id or where)
        yield Screening(party_id, caption, problem=words, where=where)


def _parties(work: Work, run: ScreeningRun, ids: set[str]) -> dict[str, Mapping[str, Any]]:
    """The parties of the book as screened, by id; empty where no book was screened."""
    if not run.input_ref:
        return {}
    book_id, number = _book(run)
    found = work.books.parties(book_id, number, ids)
    return {one.party_id: subject_of(one).to_dict() for one in found}


def _book(run: ScreeningRun) -> tuple[str, int]:
    book_id, _, number = run.input_ref.rpartition("@")
    return book_id, int(number)


def _result(run: ScreeningRun, outcome: Screening, subject: Mapping[str, Any]) -> dict[str, Any]:
    is_party = bool(run.input_ref)
    return {
        **outcome.to_dict(),
        "subject": dict(outcome.subject or subject),
        "alert_id": "",
        "book_id": _book(run)[0] if is_party else "",
        "party_id": outcome.subject_id if is_party else "",
        "screening_id": run.screening_id,
        "raised_at": run.screened_at.isoformat(),
        "versions": list(run.versions),
        "note": "",
    }
