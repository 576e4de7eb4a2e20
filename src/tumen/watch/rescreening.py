"""Screening a book again, with its events: kept together in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from tumen.errors import BusyError, RequestError, StoreError, TumenError
from tumen.lists.registry import Registry
from tumen.model.audit import AuditEntry
from tumen.model.entity import Entity
from tumen.model.watching import BookVersion, Event, EventKind, Severity
from tumen.screening.rescreen import find_rescreening
from tumen.screening.standing import BookScreening, Watchpost, known_book
from tumen.store import Store
from tumen.store.work import Work
from tumen.watch.book_events import Seen, book_events, touched, touched_ids
from tumen.watch.events import event_id
from tumen.watch.notices.dispatch import keep
from tumen.watch.report import FAILED
from tumen.watch.states import list_notes
from tumen.watch.steps import RESCREEN, Found, Run

# How far back an entry that is no longer listed is looked for.
_VERSIONS_BACK = 5
_ATTEMPTS = 3
UP_TO_DATE, SCREENED = "up to date", "screened again"


def rescreen_book(run: Run, post: Watchpost, book: BookVersion) -> None:
    """Bring a book up to date where anything changed since it was screened.

    Where somebody decides about one of its hits meanwhile, it is screened once more.
    """
    key = f"{book.book_id}@{book.version}"
    for _ in range(_ATTEMPTS - 1):
        try:
            run.once(RESCREEN, key, partial(_rescreen, run, post, book))
        except StoreError:
            raise
        except RequestError:
            continue
        return
    run.once(RESCREEN, key, partial(_rescreen, run, post, book))


def _rescreen(run: Run, post: Watchpost, book: BookVersion) -> Found:
    run.tell(f"{book.book_id}: screening {book.parties:,} parties where anything changed")
    try:
        found = find_rescreening(_marked(run, post), book.book_id, run.clock())
    except (StoreError, BusyError):
        raise
    except TumenError as error:
        return _failed(run, book, str(error))
    if found is None:
        return Found({**_facts(book, UP_TO_DATE), "counts": {}, "told": {}})
    return _screened(run, book, found)


def _marked(run: Run, post: Watchpost) -> Watchpost:
    """The post with the points of the run while it indexes and screens."""
    return replace(
        post,
        indexed=_first_call(run, "index: builds", post.indexed),
        progress=_first_call(run, f"{RESCREEN}: first result", post.progress),
    )


def _first_call(run: Run, point: str, told: Callable[..., None] | None) -> Callable[..., None]:
    passed = False

    def tell(*progress: Any) -> None:
        nonlocal passed
        if not passed:
            passed = True
            run.checkpoint(point)
        if told is not None:
            told(*progress)

    return tell


def _screened(run: Run, book: BookVersion, found: BookScreening) -> Found:
    with run.store.reading() as work:
        seen = seen_by(work, book, found)
        notes = list_notes(work, run.registry, run.clock())
    whole = _noted(found, notes)
    detail = {
        **_facts(book, SCREENED),
        "screening_id": found.run.screening_id,
        "trigger": found.run.trigger.value,
        "screened": found.run.tally["subjects"],
        "notes": list(notes),
        **touched(found.changes, seen),
    }
    at = found.run.screened_at
    audit = screened_entry(found, run.actor)
    return Found(
        detail, book_events(book.book_id, found.changes, seen, at), audit=[audit], also=whole.keep
    )


def _failed(run: Run, book: BookVersion, message: str) -> Found:
    """The book could not be screened at all; the other books go on."""
    event = Event(
        event_id=event_id(EventKind.NOT_SCREENED, book.book_id, str(book.version), message),
        kind=EventKind.NOT_SCREENED,
        severity=Severity.CRITICAL,
        occurred_at=run.clock(),
        title=f"The book {book.book_id} could not be screened",
        text=f"{message}\nNone of its {book.parties:,} parties was looked at.",
        book_id=book.book_id,
        data={"problem": message, "parties": book.parties},
    )
    counts = {"not_screened": book.parties}
    return Found(
        {**_facts(book, FAILED), "message": message, "counts": counts, "told": {}}, [event]
    )


def _facts(book: BookVersion, status: str) -> dict[str, Any]:
    return {
        "book_id": book.book_id,
        "version": book.version,
        "parties": book.parties,
        "status": status,
    }


def keep_screening(
    store: Store, registry: Registry, found: BookScreening, actor: str
) -> BookScreening:
    """Keep a screening that somebody asked for, with its events and its audit record.

    Returns it as kept: it says which of its lists could not be renewed. Raises RequestError
    where a hit has changed since: then it must be screened again.
    """
    book_id, _, number = found.run.input_ref.rpartition("@")
    with store.reading() as work:
        seen = seen_by(work, known_book(work, book_id, int(number)), found)
        at = found.run.screened_at
        found = _noted(found, list_notes(work, registry, at))
    with store.writing() as work:
        found.keep(work)
        keep(work, book_events(book_id, found.changes, seen, at), at)
        work.audit.append(screened_entry(found, actor))
    return found


def _noted(found: BookScreening, notes: Sequence[str]) -> BookScreening:
    return replace(found, run=replace(found.run, warnings=(*found.run.warnings, *notes)))


def screened_entry(found: BookScreening, actor: str) -> AuditEntry:
    """The audit entry of a screening of a book."""
    run = found.run
    return AuditEntry(
        occurred_at=run.screened_at,
        actor=actor,
        action="book screened",
        object=run.input_ref,
        after=run.result_hash,
        details={
            "screening_id": run.screening_id,
            "trigger": run.trigger.value,
            "versions": list(run.versions),
            **found.changes.counts,
        },
    )


def seen_by(work: Work, book: BookVersion, found: BookScreening) -> Seen:
    """The parties and entries that the changes of a screening speak of."""
    party_ids, entity_ids = touched_ids(found.changes)
    parties = work.books.parties(book.book_id, book.version, party_ids)
    return Seen(
        book.version,
        {party.party_id: party for party in parties},
        _entities(work, found.run.versions, entity_ids),
    )


def _entities(
    work: Work, version_ids: Collection[str], entity_ids: Collection[str]
) -> Mapping[str, Entity]:
    """The entries as they were listed last, also those that are not any more."""
    found: dict[str, Entity] = {}
    for list_id in sorted({version_id.rpartition("@")[0] for version_id in version_ids}):
        for version in work.lists.versions(list_id)[-1 : -1 - _VERSIONS_BACK : -1]:
            missing = [one for one in entity_ids if one not in found]
            if not missing:
                return found
            entries = work.lists.entries_by_id(version.version_id, missing)
            found |= {entry.entity.entity_id: entry.entity for entry in entries}
    return found
