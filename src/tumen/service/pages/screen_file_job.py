"""Screening a file behind a page: each row gives one outcome, and the screening is kept whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tumen.model.screening import Screening
from tumen.model.watching import Trigger
from tumen.screening.book import Book, BookOptions, Item, read_book
from tumen.screening.books import import_book
from tumen.screening.run import screen_book
from tumen.screening.runs import Outcomes, make_run, subject_to_dict
from tumen.screening.screener import Screener
from tumen.service.jobs import Report
from tumen.service.routes.v1.needs import Api
from tumen.service.routes.v1.screen import Ground, keep_run
from tumen.service.screening_books import screen_stored_book

# Progress is told after so many rows.
_EVERY = 200


@dataclass(frozen=True, slots=True)
class FileTerms:
    """The name that a file was given, and how to read what it does not say by itself."""

    name: str
    schema: str = ""
    date_order: str = ""

    def options(self, notices: list[str]) -> BookOptions:
        """How to read it; what concerns the whole file goes to `notices`."""
        return BookOptions(schema=self.schema, date_order=self.date_order, notice=notices.append)


def screen_file(
    api: Api, path: Path, terms: FileTerms, ground: Ground, actor: str, report: Report
) -> Mapping[str, Any]:
    """Screen all rows of a file and keep it; what came of it, by numbers.

    Raises SourceError where the file cannot be read.
    """
    notices: list[str] = []
    book = read_book(path, terms.options(notices))
    subjects: list[dict[str, Any]] = []
    outcomes = Outcomes(ground.notes, keeps_all=True)
    results = screen_book(
        _noted(book, subjects),
        Screener(ground.snapshot),
        ground.policy,
        warnings=ground.notes,
    )
    for found in _told(results, book, report):
        outcomes.add(found)
    run = make_run(
        outcomes,
        at=datetime.now(UTC),
        trigger=Trigger.REQUEST,
        actor=actor,
        versions=[version.version_id for version in ground.versions],
        policy=ground.policy,
        basis_hash=ground.snapshot.basis_hash,
        subjects=subjects,
    )
    keep_run(api, run, outcomes.kept, ground.snapshot)
    return {"screening_id": run.screening_id, "tally": dict(run.tally), "notices": notices}


def screen_file_as_book(
    api: Api, path: Path, book_id: str, terms: FileTerms, actor: str, report: Report
) -> Mapping[str, Any]:
    """Keep a file as the next version of a book, and screen that.

    Raises SourceError where the file cannot be read, RequestError where it gives no party.
    """
    notices: list[str] = []
    items = read_book(path, terms.options(notices))
    made = import_book(api.store, book_id, items, datetime.now(UTC), terms.name)
    done = screen_stored_book(api, book_id, actor, report)
    kept = f"Kept as version {made.version.version} of the book {book_id}."
    return {**done, "notices": [kept, *notices]}


def _noted(items: Iterable[Item], subjects: list[dict[str, Any]]) -> Iterator[Item]:
    for item in items:
        subjects.append(subject_to_dict(item))
        yield item


def _told(results: Iterable[Screening], book: Book, report: Report) -> Iterator[Screening]:
    for number, found in enumerate(results, 1):
        if number % _EVERY == 0:
            report(number, max(number, book.expected or 0))
        yield found
