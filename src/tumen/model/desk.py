"""The desk as it shows itself to those who ask it: name, telephone, topics, working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from tumen.model.casework import Priority


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that readers of briefings may want to hear of. `key` stands in addresses."""

    key: str
    name: str
    about: str = ""


TOPICS = (
    Topic("north-korea", "North Korea", "Measures against the DPRK, its trade and its workers"),
    Topic("russia", "Russia", "Measures over Russia and Belarus, and the ways round them"),
    Topic("list-changes", "List changes", "Who was listed, changed or removed, and what to do"),
    Topic("shipping", "Shipping", "Vessels, flags, ports, transfers at sea"),
    Topic("payments", "Payments", "Banks, correspondents, virtual assets, blocked payments"),
    Topic("cyber", "Cyber", "Intrusions, ransoms and information technology workers"),
    Topic("export-controls", "Export controls", "Goods, end users and end uses"),
    Topic("ownership", "Ownership and control", "Who stands behind a party"),
)


class HelpKind(StrEnum):
    """Who asks the desk for help, or how soon. The values stand in addresses."""

    CLIENT = "client"
    ADVICE = "advice"
    OTHER = "other"
    URGENT = "urgent"

    @property
    def label(self) -> str:
        """What is written on the door."""
        return _LABELS[self]

    @property
    def priority(self) -> Priority:
        """The priority of the case that comes of it."""
        return _PRIORITIES[self]


_LABELS = {
    HelpKind.CLIENT: "I'm a client",
    HelpKind.ADVICE: "I'm looking for advice",
    HelpKind.OTHER: "Something else",
    HelpKind.URGENT: "Urgent",
}
_PRIORITIES = {
    HelpKind.CLIENT: Priority.P3,
    HelpKind.ADVICE: Priority.P3,
    HelpKind.OTHER: Priority.P4,
    HelpKind.URGENT: Priority.P1,
}


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What an administrator says of the desk.

    `public_url` is where others reach the service: links in mails are made from it and from
    nothing that a request says. `is_help_public` lets people without an account ask for help.
    """

    name: str = "Compliance desk"
    crisis_telephone: str = ""
    is_help_public: bool = False
    are_briefings_public: bool = False
    public_url: str = ""
    topics: tuple[Topic, ...] = TOPICS
    time_zone: str = "UTC"
    holidays: tuple[date, ...] = ()

    @property
    def topic_names(self) -> dict[str, str]:
        """Key → name of each topic."""
        return {one.key: one.name for one in self.topics}

    def local(self, at: datetime) -> datetime:
        """An instant by the clock on the desk's wall."""
        return at.astimezone(ZoneInfo(self.time_zone))


@dataclass(frozen=True, slots=True)
class HelpContact:
    """Who asked, and how to answer them: kept beside the case, so that no export carries it.

    `reference` is what they were given; it cannot be guessed and opens nothing.
    """

    case_id: str
    reference: str
    kind: HelpKind
    received_at: datetime
    name: str = ""
    email: str = ""
    telephone: str = ""
    organisation: str = ""
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who wants briefings by mail, from the asking to the leaving.

    Nothing but the confirmation itself goes out before `confirmed_at`; of the token that
    confirms only a hash is kept. Whoever has `leave_token` may end it, which harms nobody.
    """

    reader_id: str
    email: str
    topics: tuple[str, ...]
    confirm_hash: str
    leave_token: str
    asked_at: datetime
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None


class LetterKind(StrEnum):
    """What a letter is for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    CONFIRMATION = "confirmation"
    BRIEFING = "briefing"


class LetterStatus(StrEnum):
    """Where a letter is."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail that must go out, once. What it says is forgotten when that is settled.

    `letter_id` is made from what it is about, so that asking twice sends once; its mail has it
    as Message-ID. `holder` has it in hand until `lease_until`. `leave_url` is for one-click
    unsubscribing, `reader_id` names the reader who must still want it.
    """

    letter_id: str
    kind: LetterKind
    address: str
    subject: str
    text: str
    html: str
    created_at: datetime
    due_at: datetime
    reader_id: str = ""
    leave_url: str = ""
    about: str = ""
    status: LetterStatus = LetterStatus.PENDING
    attempts: int = 0
    holder: str = ""
    lease_until: datetime | None = None
    settled_at: datetime | None = None
    last_error: str = ""
