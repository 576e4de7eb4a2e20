"""A case: what happened in it, and how it stands. What happened is the truth, the rest follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tumen.model.casework import CaseAct, CaseState, Origin, Outcome, Priority, ReasonCode


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts. `person` is who they are whatever account they use.

    `deputises_for` is the person in whose place they act, else empty. A program has no `person`
    and decides nothing.
    """

    user_id: str
    person: str
    name: str
    permissions: tuple[str, ...] = ()
    deputises_for: str = ""

    @property
    def eyes(self) -> frozenset[str]:
        """Whose eyes these are: the person's own, and those they stand in for."""
        return frozenset(one for one in (self.person, self.deputises_for) if one)


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One thing that happened in a case. Never changed; `sequence` counts from 1 in each case."""

    case_id: str
    sequence: int
    act: CaseAct
    at: datetime
    actor: Actor
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """All hits of one screening of one subject, as they were seen."""

    alert_id: str
    book_id: str
    party_id: str
    screening_id: str
    raised_at: datetime
    subject: Mapping[str, Any]
    hits: tuple[Mapping[str, Any], ...]
    versions: tuple[str, ...] = ()
    note: str = ""
    policy: Mapping[str, Any] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """The highest score among its hits."""
        return max((float(hit["score"]) for hit in self.hits), default=0.0)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What an analyst proposes for some entities of a case; `until` is the last day it holds."""

    sequence: int
    by: Actor
    at: datetime
    entity_ids: tuple[str, ...]
    reason: ReasonCode
    outcome: Outcome
    text: str
    evidence: tuple[str, ...]
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A recommendation that a second person approved. A later decision supersedes it."""

    recommendation: Recommendation
    approved_by: Actor
    approved_at: datetime
    text: str
    supersedes: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its history makes it.

    `subject_key` names whom it is about (`<book_id>/<party_id>`), `reopened_by` the record that
    last reopened it (0 for none), `reopened_for` the difference that did. `open_since` says of
    each entity which record last laid it before people: a decision has to come after it.
    """

    case_id: str
    origin: Origin
    title: str
    subject_key: str
    state: CaseState
    priority: Priority
    opened_at: datetime
    due_at: datetime | None = None
    assignee: str = ""
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    pending: Recommendation | None = None
    decisions: tuple[Decision, ...] = ()
    notes: tuple[CaseRecord, ...] = ()
    attachments: tuple[str, ...] = ()
    reopened_for: str = ""
    reopened_by: int = 0
    open_since: Mapping[str, int] = field(default_factory=dict)
    sequence: int = 0

    @property
    def decision(self) -> Decision | None:
        """The decision in force: the last one; None while there is none."""
        return self.decisions[-1] if self.decisions else None


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case as a queue shows it: derived from its records, kept beside them to be found by.

    `score` is the highest of its hits, `awaits` whose turn it is (`analyst`, `approver` or empty),
    `entities` whom its hits are on.
    """

    case_id: str
    sequence: int
    state: CaseState
    priority: Priority
    origin: Origin
    title: str
    subject_key: str
    book_id: str
    assignee: str
    score: float
    hits: int
    lists: tuple[str, ...]
    tags: tuple[str, ...]
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None = None
    awaits: str = ""
    recommended_by: str = ""
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a case, named by the SHA-256 of its bytes."""

    sha256: str
    media_type: str
    size_bytes: int
    stored_at: datetime
