"""The words of casework, with their rules on them: states and moves, reasons, priorities."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case is. `moves` are the states that may follow."""

    NEW = "new"
    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    AWAITING_INFO = "awaiting information"
    RECOMMENDED = "recommended"
    RETURNED = "returned"
    APPROVED = "approved"
    ACTIONED = "actioned"
    CLOSED = "closed"
    REOPENED = "reopened"

    @property
    def moves(self) -> frozenset[CaseState]:
        """The states that may follow this one."""
        return _MOVES[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to work on it."""
        return self is not CaseState.CLOSED

    @property
    def may_be_recommended(self) -> bool:
        """Whether a recommendation may be made from here."""
        return CaseState.RECOMMENDED in self.moves


_WORKING = {CaseState.INVESTIGATING, CaseState.AWAITING_INFO, CaseState.RECOMMENDED}
_MOVES = {
    CaseState.NEW: frozenset({CaseState.TRIAGE, *_WORKING}),
    CaseState.TRIAGE: frozenset(_WORKING),
    CaseState.INVESTIGATING: frozenset({CaseState.AWAITING_INFO, CaseState.RECOMMENDED}),
    CaseState.AWAITING_INFO: frozenset({CaseState.INVESTIGATING, CaseState.RECOMMENDED}),
    CaseState.RECOMMENDED: frozenset(
        {CaseState.APPROVED, CaseState.RETURNED, CaseState.INVESTIGATING}
    ),
    CaseState.RETURNED: frozenset(_WORKING),
    # An approval that no longer fits what is known is superseded before anybody acts on it.
    CaseState.APPROVED: frozenset({CaseState.ACTIONED, CaseState.REOPENED}),
    # Some hits of a case may be decided before the others.
    CaseState.ACTIONED: frozenset({CaseState.CLOSED, CaseState.REOPENED, CaseState.RECOMMENDED}),
    CaseState.CLOSED: frozenset({CaseState.REOPENED}),
    CaseState.REOPENED: frozenset({CaseState.TRIAGE, *_WORKING}),
}


class Verdict(StrEnum):
    """What a person concluded. Inconclusive must be chased or escalated: it clears nobody."""

    TRUE_MATCH = "true match"
    FALSE_POSITIVE = "false positive"
    INCONCLUSIVE = "inconclusive"
    NO_MATCH_ASKED = "not about a match"


class ReasonCode(StrEnum):
    """Why: the code that a decision must name."""

    FP_NAME = "FP-NAME"
    FP_DOB = "FP-DOB"
    FP_GEO = "FP-GEO"
    FP_TYPE = "FP-TYPE"
    FP_ID = "FP-ID"
    FP_STALE = "FP-STALE"
    TP_LIST = "TP-LIST"
    TP_OWN = "TP-OWN"
    TP_CTRL = "TP-CTRL"
    TP_GOODS = "TP-GOODS"
    TP_VESSEL = "TP-VESSEL"
    TP_LABOUR = "TP-LABOUR"
    TP_EVADE = "TP-EVADE"
    IN_DATA = "IN-DATA"
    NO_POLICY = "NO-POLICY"
    NO_ADVICE = "NO-ADVICE"

    @property
    def verdict(self) -> Verdict:
        """The verdict that the code goes with."""
        return _VERDICTS[self.value[:2]]

    @property
    def label(self) -> str:
        """The code in words."""
        return _REASONS[self]


_VERDICTS = {
    "FP": Verdict.FALSE_POSITIVE,
    "TP": Verdict.TRUE_MATCH,
    "IN": Verdict.INCONCLUSIVE,
    "NO": Verdict.NO_MATCH_ASKED,
}
_REASONS = {
    ReasonCode.FP_NAME: "The names are of two parties",
    ReasonCode.FP_DOB: "Birth or founding dates exclude each other",
    ReasonCode.FP_GEO: "Places or nationalities exclude each other",
    ReasonCode.FP_TYPE: "One is a person, the other is not",
    ReasonCode.FP_ID: "Identifiers exclude each other",
    ReasonCode.FP_STALE: "The entry is no longer in force",
    ReasonCode.TP_LIST: "The party is the listed one",
    ReasonCode.TP_OWN: "The party is owned by a listed one",
    ReasonCode.TP_CTRL: "The party is controlled by a listed one",
    ReasonCode.TP_GOODS: "The goods are forbidden",
    ReasonCode.TP_VESSEL: "The vessel is listed or forbidden",
    ReasonCode.TP_LABOUR: "The labour is forbidden",
    ReasonCode.TP_EVADE: "A way round the measures",
    ReasonCode.IN_DATA: "What is known does not decide it",
    ReasonCode.NO_POLICY: "A policy is to change",
    ReasonCode.NO_ADVICE: "Help was asked for, and given",
}


class Outcome(StrEnum):
    """What is to be done. To freeze is a legal act and never a mere hold."""

    RELEASE = "release"
    REJECT = "reject"
    FREEZE = "freeze"
    REPORT = "report"
    EXIT = "exit the relationship"
    SEEK_LICENCE = "seek a licence"
    ESCALATE = "escalate"
    ADOPT = "put in force"
    ANSWER = "answer"


class Priority(StrEnum):
    """How soon: P1 is a crisis and pages people now, the others have a time to be done by."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"

    @property
    def hours(self) -> int | None:
        """Hours by the clock until it is due; None where business days count."""
        return {Priority.P1: 1, Priority.P2: 4}.get(self)

    @property
    def business_days(self) -> int:
        """Business days until it is due; 0 where hours count."""
        return {Priority.P3: 1, Priority.P4: 5}.get(self, 0)


# Who is called when a crisis is not taken up: minutes after it began, and whom.
CRISIS_LADDER: tuple[tuple[timedelta, str], ...] = (
    (timedelta(minutes=0), "duty officer"),
    (timedelta(minutes=15), "deputy"),
    (timedelta(minutes=30), "money laundering reporting officer and general counsel"),
    (timedelta(minutes=60), "executive"),
)


class CaseAct(StrEnum):
    """What a record in a case's history says happened."""

    OPENED = "opened"
    ALERT_ADDED = "alert added"
    ASSIGNED = "assigned"
    MOVED = "moved"
    NOTED = "noted"
    ATTACHED = "attached"
    TAGGED = "tagged"
    RELATED = "related"
    PRIORITISED = "prioritised"
    ESCALATED = "escalated"
    RECOMMENDED = "recommended"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    APPROVED = "approved"
    ACTIONED = "actioned"
    CLOSED = "closed"
    REOPENED = "reopened"


class Origin(StrEnum):
    """What a case came from."""

    HIT = "hit"
    HELP = "request for help"
    MANUAL = "opened by hand"
    SUPPRESSION = "suppression"
    POLICY = "policy change"
