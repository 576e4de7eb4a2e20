"""Invented things to store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tumen.model.audit import AuditEntry
from tumen.model.entity import Entity
from tumen.model.screening import Hit, Reason
from tumen.model.watching import (
    BookVersion,
    Delivery,
    DeliveryStatus,
    Event,
    EventKind,
    HitState,
    Party,
    ScreeningRun,
    Severity,
    StandingHit,
    Trigger,
)
from tumen.store import Store, Work

NOW = datetime(2026, 3, 1, 12, 30, 15, 250, tzinfo=UTC)


class _GivenUpError(Exception):
    """Ends a trial."""


@contextmanager
def trial(store: Store) -> Iterator[Work]:
    """A write transaction that is given up at its end: a fresh store for each example."""
    try:
        with store.writing() as work:
            yield work
            raise _GivenUpError
    except _GivenUpError:
        pass


def later(seconds: float) -> datetime:
    """So many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def a_party(number: int, name: str = "Kim Invented", **changes: object) -> Party:
    """An invented party."""
    entity = Entity(f"P{number}", "Person", {"name": (name,), "country": ("kp", "ru")})
    return replace(Party(f"P{number}", entity, ("Seoul branch",)), **changes)


def a_book(parties: int, version: int = 1, book_id: str = "clients") -> BookVersion:
    """A version of an invented book, imported an hour after the one before."""
    at = later(3600 * version)
    problems = ({"row": 7, "problem": "no name"},)
    return BookVersion(book_id, version, f"hash{version}", at, parties, "clients.csv", problems)


def a_hit(party: int = 1, entity: int = 1, **changes: object) -> StandingHit:
    """An invented standing hit."""
    reason = Reason("name", "Kim", "Kim", 0.9, "the same name")
    hit = Hit(
        f"toy-{entity}", "toy", "Person", "Kim Listed", 0.9, True, (reason,), "Same.", ("DPRK",)
    )
    made = StandingHit("clients", f"P{party}", hit, HitState.OPEN, "ours", "theirs", NOW)
    return replace(made, **changes)


def a_run(screening_id: str = "S1", **changes: object) -> ScreeningRun:
    """An invented screening."""
    made = ScreeningRun(
        screening_id,
        NOW,
        Trigger.BOOK,
        "ana",
        "clients@1",
        ("toy@aaaaaaaaaaaa",),
        {"name": "default", "threshold": 0.7},
        "1",
        "basis",
        "result",
        {"screened": 2, "hits": 1},
        warnings=("the list is old",),
    )
    return replace(made, **changes)


def an_event(number: int = 1, **changes: object) -> Event:
    """An invented event."""
    made = Event(
        f"E{number}",
        EventKind.NEW_HIT,
        Severity.HIGH,
        later(number),
        "One new hit",
        "P1 may be Kim Listed",
        "toy",
        ("DPRK",),
        ("kp",),
        "clients",
        "P1",
        ("Seoul branch",),
        "toy-1",
        {"score": 0.9},
    )
    return replace(made, **changes)


def a_delivery(number: int = 1, **changes: object) -> Delivery:
    """An invented delivery of one event."""
    status = DeliveryStatus.PENDING
    made = Delivery(f"D{number}", "desk", (f"E{number}",), status, 0, later(number))
    return replace(made, **changes)


def a_deed(number: int = 1, **changes: object) -> AuditEntry:
    """An invented entry of the audit log."""
    made = AuditEntry(
        later(number),
        "ana" if number % 2 else "ben",
        "hit opened",
        f"clients/P{number % 3}",
        "key",
        "192.0.2.7",
        "the list changed",
        "before",
        "after",
        {"number": number, "score": 0.9},
    )
    return replace(made, **changes)
