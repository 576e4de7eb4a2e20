"""What happened in a case, in words: a line of its timeline for each record. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tumen.model.case import CaseRecord
from tumen.model.casework import CaseAct, ReasonCode
from tumen.service.pages.queue_query import user_words

_TONES = {
    CaseAct.RECOMMENDED: "info",
    CaseAct.APPROVED: "good",
    CaseAct.ACTIONED: "good",
    CaseAct.CLOSED: "good",
    CaseAct.RETURNED: "warn",
    CaseAct.REOPENED: "warn",
    CaseAct.ESCALATED: "warn",
}
_Words = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Told:
    """One record: who did what, in words, and what they wrote."""

    sequence: int
    at: datetime
    who: str
    words: str
    text: str
    tone: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file beside a case, as it was attached."""

    sha256: str
    name: str
    media_type: str
    size_bytes: int
    who: str
    at: datetime

    @property
    def evidence(self) -> str:
        """How a recommendation names it: by what it is and what cannot be changed."""
        return f"{self.name} (SHA-256 {self.sha256})"


def timeline(records: Iterable[CaseRecord]) -> list[Told]:
    """The history, the last record first; what two in a row say in the same words stands once."""
    told = [_told(one) for one in records]
    for place in range(len(told) - 1, 0, -1):
        if told[place].text == told[place - 1].text:
            told[place] = replace(told[place], text="")
    return told[::-1]


def attached_files(records: Iterable[CaseRecord]) -> list[AttachedFile]:
    """The files beside a case; one that was attached twice stands once, as it was last named."""
    return list({one.sha256: one for one in _attached(records)}.values())


def _attached(records: Iterable[CaseRecord]) -> Iterator[AttachedFile]:
    for record in records:
        if record.act is CaseAct.ATTACHED:
            facts = record.details
            yield AttachedFile(
                str(facts["sha256"]),
                str(facts["name"]),
                str(facts["media_type"]),
                int(facts["size_bytes"]),
                record.actor.name,
                record.at,
            )


def _told(record: CaseRecord) -> Told:
    details = record.details
    return Told(
        record.sequence,
        record.at,
        record.actor.name,
        _WORDS[record.act](details),
        str(details.get("text", "") or details.get("note", "")),
        _TONES.get(record.act, ""),
        tuple(map(str, details.get("evidence", ()))),
    )


def _assigned(details: Mapping[str, Any]) -> str:
    whom = user_words(str(details["user_id"]))
    return f"assigned it to {whom}" if whom else "took the assignment back"


def _alert_added(details: Mapping[str, Any]) -> str:
    hits = details.get("hits", ())
    count = f"{len(hits)} hit" + ("" if len(hits) == 1 else "s")
    return f"added an alert of {count}"


def _tagged(details: Mapping[str, Any]) -> str:
    tags = ", ".join(details["tags"])
    return f"tagged it {tags}" if tags else "took its tags away"


def _recommended(details: Mapping[str, Any]) -> str:
    reason = ReasonCode(details["reason"])
    until = f" until {details['until']}" if details.get("until") else ""
    about = ", ".join(details["entity_ids"])
    on = f" on {about}" if about else ""
    return (
        f"recommended: {reason.verdict.value}, {reason.value} ({reason.label.lower()}), "
        f"{details['outcome']}{until}{on}"
    )


_WORDS: dict[CaseAct, _Words] = {
    CaseAct.OPENED: lambda one: f"opened it ({one['origin']}), {one['priority']}",
    CaseAct.ALERT_ADDED: _alert_added,
    CaseAct.ASSIGNED: _assigned,
    CaseAct.MOVED: lambda one: f"moved it to {one['state']}",
    CaseAct.NOTED: lambda _: "noted",
    CaseAct.ATTACHED: lambda one: f"attached {one['name']}",
    CaseAct.TAGGED: _tagged,
    CaseAct.RELATED: lambda one: f"related it to {one['case_id']}",
    CaseAct.PRIORITISED: lambda one: f"set the priority to {one['priority']}",
    CaseAct.ESCALATED: lambda one: f"called the {one['to']}",
    CaseAct.RECOMMENDED: _recommended,
    CaseAct.WITHDRAWN: lambda _: "withdrew the recommendation",
    CaseAct.RETURNED: lambda _: "returned it",
    CaseAct.APPROVED: lambda _: "approved it as a second person",
    CaseAct.ACTIONED: lambda _: "recorded what was done",
    CaseAct.CLOSED: lambda _: "closed it",
    CaseAct.REOPENED: lambda _: "reopened it",
}
