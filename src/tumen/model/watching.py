"""What is watched and what comes of it: books of parties, standing hits, events, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from tumen.model.entity import Entity
from tumen.model.screening import Hit


@dataclass(frozen=True, slots=True)
class Party:
    """One subject under watch. `groups` are the user's own divisions (a branch, a product)."""

    party_id: str
    entity: Entity
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookVersion:
    """The exact state of a book of parties as imported. Immutable.

    `version` counts from 1 in each book; `problems` are rows that gave no party, with why.
    """

    book_id: str
    version: int
    content_hash: str
    imported_at: datetime
    parties: int
    source: str = ""
    problems: tuple[Mapping[str, Any], ...] = ()


class Trigger(StrEnum):
    """Why a screening was made."""

    REQUEST = "request"
    BOOK = "book"
    DELTA = "delta"
    PERIODIC = "periodic"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class ScreeningRun:
    """A stored screening: all that is needed to repeat it.

    `input_ref` is `<book_id>@<version>` or empty, then `subjects` holds the input itself.
    `basis_hash` names the word statistics in force, `versions` the list versions used.
    `result_hash` is the SHA-256 of the canonical JSON of all outcomes.
    """

    screening_id: str
    screened_at: datetime
    trigger: Trigger
    actor: str
    input_ref: str
    versions: tuple[str, ...]
    policy: Mapping[str, Any]
    engine: str
    basis_hash: str
    result_hash: str
    tally: Mapping[str, int]
    subjects: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()


class HitState(StrEnum):
    """Where a standing hit is. What falls away is proposed for release and never vanishes."""

    OPEN = "open"
    PROPOSED_RELEASE = "proposed release"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class StandingHit:
    """A hit on a party of a book as it stands, and since when we know.

    `party_hash` and `entry_hash` are the material fingerprints of the two sides as seen.
    `note` says why it is in its state. `known_to` is None while it stands.
    """

    book_id: str
    party_id: str
    hit: Hit
    state: HitState
    party_hash: str
    entry_hash: str
    known_from: datetime
    known_to: datetime | None = None
    screening_id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A decided false positive: mutes one pair as it was seen, until either side changes."""

    suppression_id: str
    book_id: str
    party_id: str
    entity_id: str
    party_hash: str
    entry_hash: str
    reason: str
    decided_by: str
    decided_at: datetime
    expires_on: date | None = None
    lapsed_at: datetime | None = None
    lapse_reason: str = ""


class Severity(StrEnum):
    """How much an event matters, least first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the least."""
        return list(Severity).index(self)


class EventKind(StrEnum):
    """What happened that somebody may want to hear of."""

    NEW_HIT = "new hit"
    HIT_CHANGED = "hit changed"
    PROPOSED_RELEASE = "proposed release"
    SUPPRESSION_LAPSED = "suppression lapsed"
    NOT_SCREENED = "not screened"
    LIST_CHANGED = "list changed"
    LIST_QUARANTINED = "list quarantined"
    LIST_UNREACHABLE = "list unreachable"
    LIST_STALE = "list stale"
    NOTICE_GIVEN_UP = "notice given up"
    CRISIS = "crisis"
    CASE_REOPENED = "case reopened"
    CASE_DUE = "case due"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `event_id` is made from what happened, so a repeat is the same.

    `title` is one line, `text` what to read, `data` the same for machines.
    """

    event_id: str
    kind: EventKind
    severity: Severity
    occurred_at: datetime
    title: str
    text: str
    list_id: str = ""
    programmes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    book_id: str = ""
    party_id: str = ""
    groups: tuple[str, ...] = ()
    entity_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class Channel(StrEnum):
    """How a notice reaches its reader."""

    TERMINAL = "terminal"
    EMAIL = "email"
    WEBHOOK = "webhook"
    ATOM = "atom"


class Schedule(StrEnum):
    """When a notice goes out."""

    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants to hear of what, and how. An empty filter lets everything through.

    `target` is a mail address, a URL, or the token of a feed. `secret` signs webhooks.
    `daily_hour` (UTC) is when a daily notice goes out. Only with `has_details` do names and
    texts about parties leave the machine; without it, ids alone.
    """

    subscription_id: str
    name: str
    channel: Channel
    target: str
    created_at: datetime
    schedule: Schedule = Schedule.INSTANT
    least: Severity = Severity.INFO
    kinds: tuple[EventKind, ...] = ()
    lists: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    books: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    secret: str = ""
    ended_at: datetime | None = None
    daily_hour: int = 6
    has_details: bool = False


class DeliveryStatus(StrEnum):
    """Where a delivery is. `given up` waits for a person."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice of one or more events to one subscription, and how its sending went."""

    delivery_id: str
    subscription_id: str
    event_ids: tuple[str, ...]
    status: DeliveryStatus
    attempts: int
    due_at: datetime
    delivered_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One attempt to send a delivery, the `attempt`-th. Until `lease_until` it is its sender's.

    One without `ended_at` is under way, or its sender died and nobody knows how it ended.
    """

    delivery_id: str
    attempt: int
    holder: str
    began_at: datetime
    lease_until: datetime
    ended_at: datetime | None = None
    error: str = ""


class ListHealth(StrEnum):
    """Whether the newest attempt to renew a list went well."""

    GOOD = "good"
    UNREACHABLE = "unreachable"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class ListState:
    """How a list fares: every answer carries it. `message` says what is wrong."""

    list_id: str
    health: ListHealth
    checked_at: datetime
    succeeded_at: datetime | None
    message: str = ""

    def is_stale(self, stale_after_hours: int | None, now: datetime) -> bool:
        """Whether its publisher was last seen longer ago than it may go unseen (None: no limit)."""
        if stale_after_hours is None or self.succeeded_at is None:
            return False
        return now - self.succeeded_at > timedelta(hours=stale_after_hours)
