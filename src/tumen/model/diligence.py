"""The due-diligence file of a party: what people set in it and signed. Records are the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tumen.model.case import Actor


class DiligenceAct(StrEnum):
    """What a record in the history of a file says happened."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"
    RECOMMENDED = "recommended"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    APPROVED = "approved"


class Standing(StrEnum):
    """How a field stands. `unknown` is said by a person, with a reason; `missing` by nobody."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"
    MISSING = "missing"


class ResidualRisk(StrEnum):
    """The risk that is left after controls. `months` is how long a file holds at most."""

    SEVERE = "severe"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def months(self) -> int:
        """Months after which the file is looked at again, whatever happens."""
        return _MONTHS[self]


_MONTHS = {
    ResidualRisk.SEVERE: 3,
    ResidualRisk.HIGH: 6,
    ResidualRisk.MEDIUM: 24,
    ResidualRisk.LOW: 36,
}


class Conclusion(StrEnum):
    """What is recommended about the party."""

    ACCEPT = "accept"
    ACCEPT_WITH_CONDITIONS = "accept with conditions"
    REJECT = "reject"
    EXIT = "exit the relationship"

    @property
    def accepts(self) -> bool:
        """Whether the relationship begins or goes on."""
        return self in (Conclusion.ACCEPT, Conclusion.ACCEPT_WITH_CONDITIONS)


@dataclass(frozen=True, slots=True)
class DiligenceRecord:
    """One thing that happened in a file. Never changed; `sequence` counts from 1 in each file.

    `field_id` is empty for what concerns the whole file.
    """

    book_id: str
    party_id: str
    sequence: int
    act: DiligenceAct
    field_id: str
    at: datetime
    actor: Actor
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands in a field, who set it, and on which evidence.

    `values` is empty where it is unknown or not applicable; `note` then says why. `supersedes`
    is the sequence of the answer before it, 0 where there was none.
    """

    field_id: str
    standing: Standing
    values: tuple[str, ...]
    note: str
    source: str
    evidence: tuple[str, ...]
    by: Actor
    at: datetime
    sequence: int
    supersedes: int = 0


@dataclass(frozen=True, slots=True)
class SignOff:
    """A conclusion that one person recommended; in force once `approved_by` another approved it.

    `known` is what the store knew of the party when it was recommended, as plain data.
    """

    sequence: int
    conclusion: Conclusion
    risk: ResidualRisk
    text: str
    conditions: str
    valid_until: date
    recommended_by: Actor
    recommended_at: datetime
    known: Mapping[str, Any]
    approved_by: Actor | None = None
    approved_at: datetime | None = None
    approval_text: str = ""


@dataclass(frozen=True, slots=True)
class DiligenceFile:
    """A file as its history makes it. `answers` holds the last word on each field."""

    book_id: str
    party_id: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    pending: SignOff | None = None
    signed: tuple[SignOff, ...] = ()
    sequence: int = 0

    @property
    def sign_off(self) -> SignOff | None:
        """The sign-off in force: the last one that was approved; None while there is none."""
        return self.signed[-1] if self.signed else None
