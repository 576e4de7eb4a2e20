"""Stored screenings: start one of a book, show what it said and rested on, repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from tumen.model.watching import ScreeningRun, Trigger
from tumen.screening.replay import replay
from tumen.screening.standing import look_back
from tumen.service.access.admission import note
from tumen.service.jobs import Report
from tumen.service.paging import WantedPage, answer, cursor_of, ends
from tumen.service.problems import not_found
from tumen.service.routes.v1.jobs import JobShape, accepted
from tumen.service.routes.v1.needs import (
    Api,
    Editor,
    Reader,
    Repeatable,
    Screener,
    Strict,
    TheApi,
    example,
    now_utc,
    router_of,
)
from tumen.service.routes.v1.screen_shapes import OutcomeShape, outcome_shape
from tumen.service.routes.v1.shapes import Paged, UsedShape, used_shape
from tumen.service.screening_books import post_of, screen_stored_book

router = router_of("Screenings")


class ScreeningBody(Strict):
    """Which book to screen whole."""

    model_config = example(book_id="customers")

    book_id: Annotated[str, Field(max_length=64, examples=["customers"])]


class LookBackBody(Strict):
    """Under which lists to look at a book; nothing of it is kept."""

    model_config = example(as_of="2024-02-20", known_at="2024-02-20T12:00:00Z")

    as_of: date | None = None
    known_at: AwareDatetime | None = None


class RunShape(BaseModel):
    """A stored screening, and all that it rests on."""

    screening_id: str
    screened_at: datetime
    trigger: Trigger
    actor: str
    input_ref: str = Field(description="Book and version, or empty where subjects were given.")
    policy: dict[str, Any]
    engine: str
    basis_hash: str
    result_hash: str
    tally: dict[str, int]
    versions: list[str]
    warnings: list[str]


class CertificateShape(RunShape):
    """A stored screening as evidence: when, against what, how old that was, and what came of it."""

    statement: str = Field(
        examples=["Screened on 2026-04-01 at 12:00:00 UTC against un_sc_sanctions@0123: no hit."]
    )
    used: list[UsedShape]
    subjects: list[dict[str, Any]]


@router.post(
    "/screenings",
    response_model=JobShape,
    status_code=202,
    summary="Screen a book",
    dependencies=[Repeatable],
)
def start_screening(
    body: ScreeningBody, request: Request, response: Response, caller: Editor, api: TheApi
) -> Any:
    """Start screening the current version of a book; the job's result names the screening."""
    _check_book(api, body.book_id)
    note(request.scope, object=body.book_id)

    def work(report: Report) -> Mapping[str, Any]:
        return screen_stored_book(api, body.book_id, caller.actor, report)

    return accepted(response, api.jobs.start("screen a book", caller.actor, work))


@router.post(
    "/books/{book_id}/look-back",
    response_model=JobShape,
    status_code=202,
    summary="Screen a book under past lists",
    dependencies=[Repeatable],
)
def start_look_back(
    book_id: str, body: LookBackBody, response: Response, caller: Editor, api: TheApi
) -> Any:
    """Who of the book would have been hit under the lists of a past day. Nothing is kept."""
    _check_book(api, book_id)

    def work(report: Report) -> Mapping[str, Any]:
        post = replace(post_of(api, caller.actor), progress=report)
        found = look_back(post, book_id, body.as_of, body.known_at, now_utc())
        return {"outcomes": [outcome_shape(one) for one in found]}

    return accepted(response, api.jobs.start("look back", caller.actor, work))


def _check_book(api: Api, book_id: str) -> None:
    with api.store.reading() as work:
        if work.books.version(book_id) is None:
            raise not_found(f"book {book_id!r}")


@router.get("/screenings", response_model=Paged[RunShape], summary="Screenings, newest first")
def show_screenings(
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
    book_id: Annotated[str, Query(description="Of this book alone.")] = "",
) -> Any:
    """The stored screenings of books and of requests."""
    place = page.place(str)
    with api.store.reading() as work:
        found = work.screenings.find(
            book_id=book_id or None, before=place[0] if place else None, limit=page.limit + 1
        )
    cursor = ends(found, page, lambda one: (one.screening_id,))
    return answer(request, response, found[: page.limit], cursor)


@router.get(
    "/screenings/{screening_id}", response_model=CertificateShape, summary="A screening as evidence"
)
def show_screening(screening_id: str, _: Reader, api: TheApi) -> Any:
    """What was screened when, against which list versions of what age, under which policy."""
    with api.store.reading() as work:
        run = _known(work.screenings.get(screening_id), screening_id)
        versions = [work.lists.known_version(one) for one in run.versions]
    day = run.screened_at.astimezone(UTC).date()
    return {
        **{slot: getattr(run, slot) for slot in run.__slots__},
        "statement": statement_of(run),
        "used": [used_shape(version, day) for version in versions],
    }


def statement_of(run: ScreeningRun) -> str:
    """The outcome in one sentence that can be filed."""
    tally = run.tally
    at = run.screened_at.astimezone(UTC)
    whom = f"The book {run.input_ref}" if run.input_ref else f"{tally['subjects']} subjects"
    whom = "One subject" if whom == "1 subjects" else whom
    parts = [
        f"{tally[name]:,} {words}"
        for name, words in (
            ("hit", "with a hit"),
            ("possible", "with candidates below the threshold"),
            ("not_screened", "not screened"),
        )
        if tally.get(name)
    ]
    found = ", ".join(parts) or "nothing was found"
    return (
        f"{whom}, screened on {at:%Y-%m-%d} at {at:%H:%M:%S} UTC against "
        f"{', '.join(run.versions)}: {found}."
    )


def _known(run: ScreeningRun | None, screening_id: str) -> ScreeningRun:
    if run is None:
        raise not_found(f"screening {screening_id!r}")
    return run


@router.get(
    "/screenings/{screening_id}/outcomes",
    response_model=Paged[OutcomeShape],
    summary="What came of each subject",
)
def show_outcomes(
    screening_id: str,
    request: Request,
    response: Response,
    _: Reader,
    api: TheApi,
    page: WantedPage,
) -> Any:
    """The outcomes in their order; of a book only those with hits or problems are kept."""
    place = page.place(int)
    start = place[0] if place else 0
    with api.store.reading() as work:
        _known(work.screenings.get(screening_id), screening_id)
        every = work.screenings.outcomes(screening_id)
        found = list(islice(every, max(0, start), max(0, start) + page.limit + 1))
    shown = [outcome_shape(one) for one in found[: page.limit]]
    cursor = cursor_of(start + page.limit) if len(found) > page.limit else ""
    return answer(request, response, shown, cursor)


@router.post(
    "/screenings/{screening_id}/replay",
    response_model=JobShape,
    status_code=202,
    summary="Repeat a screening",
    dependencies=[Repeatable],
)
def start_replay(
    screening_id: Annotated[str, Path()], response: Response, caller: Screener, api: TheApi
) -> Any:
    """Repeat a screening from what was kept; the job says identical, or what differs."""
    with api.store.reading() as work:
        _known(work.screenings.get(screening_id), screening_id)

    def work_on(report: Report) -> Mapping[str, Any]:
        def indexed(_list_id: str, done: int, total: int) -> None:
            report(done, total)

        return replay(api.store, screening_id, progress=indexed).to_dict()

    return accepted(response, api.jobs.start("repeat a screening", caller.actor, work_on))
