"""What the page of a due-diligence file shows: one section, one field, the gaps, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tumen.cases.diligence.overview import FieldView, Overview, SectionView, overview
from tumen.cases.diligence.sections import Kind, field_specs
from tumen.cases.diligence.triggers import TriggerState
from tumen.model.access import Permission
from tumen.model.case import Actor
from tumen.model.diligence import DiligenceRecord, Standing
from tumen.screening.policy import Policy
from tumen.store.work import Work

HISTORY = "history"
_TONES = {
    Standing.ANSWERED: "good",
    Standing.UNKNOWN: "warn",
    Standing.NOT_APPLICABLE: "",
    Standing.MISSING: "bad",
}
_TRIGGER_TONES = {
    TriggerState.RAISED: "bad",
    TriggerState.NOT_RAISED: "good",
    TriggerState.NOT_ASSESSED: "warn",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One record of the history in words."""

    sequence: int
    at: datetime
    who: str
    act: str
    about: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that somebody said is unknown, and why."""

    section_id: str
    field: FieldView


@dataclass(frozen=True, slots=True)
class Rights:
    """What this reader may do to the file as it stands; the reason where they may not approve."""

    may_answer: bool
    may_recommend: bool
    may_withdraw: bool
    why_not_approve: str


@dataclass(frozen=True, slots=True)
class FilePage:
    """The page. `chosen` is the section that is open, `field` the one that is being answered."""

    view: Overview
    chosen: SectionView | None
    field: FieldView | None
    shows_history: bool
    unknowns: tuple[Gap, ...]
    next_missing: tuple[str, str] | None
    rights: Rights
    history: tuple[Happened, ...]
    undecided: Sequence[str]
    matched: Sequence[str]
    missing_now: Sequence[str]


def file_page(
    work: Work,
    book_id: str,
    party_id: str,
    usual_policy: Policy,
    actor: Actor,
    now: datetime,
    *,
    section: str = "",
    field: str = "",
) -> FilePage:
    """The page of a file. Raises NoSuchPartyError where no version of the book has the party."""
    view = overview(work, book_id, party_id, usual_policy, now)
    chosen = next((one for one in view.sections if one.section.id == section), None)
    asked = chosen.fields if chosen else ()
    shows_history = section == HISTORY
    ground = view.ground
    return FilePage(
        view=view,
        chosen=chosen,
        field=next((one for one in asked if one.spec.id == field and not one.spec.derived), None),
        shows_history=shows_history,
        unknowns=tuple(_unknowns(view)),
        next_missing=next_missing(view, after=field),
        rights=_rights(view, actor),
        history=tuple(map(_happened, reversed(view.records))) if shows_history else (),
        undecided=ground.undecided,
        matched=ground.matched,
        missing_now=ground.missing,
    )


def next_missing(view: Overview, after: str = "") -> tuple[str, str] | None:
    """(section, field) of the next required field that somebody can answer; None where all are."""
    order = list(field_specs())
    open_ids = [one.id for one in view.missing if not one.derived]
    start = order.index(after) if after in order else -1
    later = [one for one in open_ids if order.index(one) > start]
    found = next(iter(later or [one for one in open_ids if one != after]), "")
    return (found.partition(".")[0], found) if found else None


def tone_of(standing: Standing) -> str:
    """The class of a standing's tag."""
    return _TONES[standing]


def trigger_tone(state: TriggerState) -> str:
    """The class of a trigger's tag."""
    return _TRIGGER_TONES[state]


def typed_of(field: FieldView | None) -> Mapping[str, str]:
    """What the form of a field holds before anybody types: the answer, or what the store says."""
    if field is None:
        return {}
    answer = field.answer
    several = field.spec.kind in (Kind.LIST, Kind.DOCUMENT)
    return {
        "standing": (answer.standing if answer else Standing.ANSWERED).value,
        "value": ("\n" if several else " ").join(field.values),
        "note": answer.note if answer else "",
        "source": field.source,
        "evidence": "\n".join(answer.evidence) if answer else "",
    }


def _unknowns(view: Overview) -> Iterable[Gap]:
    for part in view.sections:
        for field in part.fields:
            if field.standing is Standing.UNKNOWN:
                yield Gap(part.section.id, field)


def _rights(view: Overview, actor: Actor) -> Rights:
    pending = view.file.pending
    decides = Permission.DECIDE.value in actor.permissions
    is_own = pending is not None and not actor.eyes.isdisjoint(pending.recommended_by.eyes)
    why_not = ""
    if pending is not None and is_own:
        why_not = f"{pending.recommended_by.name} recommended it; another person has to look."
    elif Permission.APPROVE.value not in actor.permissions:
        why_not = "An approver has to look."
    elif not actor.person:
        why_not = "A program approves nothing."
    return Rights(
        may_answer=decides and pending is None,
        may_recommend=decides and pending is None and bool(actor.person),
        may_withdraw=is_own,
        why_not_approve=why_not,
    )


def _happened(record: DiligenceRecord) -> Happened:
    details, spec = record.details, field_specs().get(record.field_id)
    lines = [
        *details.get("values", ()),
        *(details[name] for name in ("conclusion", "text", "note") if details.get(name)),
        *(f"Source: {details['source']}" for _ in (1,) if details.get("source")),
        *(f"Evidence: {one}" for one in details.get("evidence", ())),
    ]
    about = spec.label if spec else record.field_id
    return Happened(
        record.sequence, record.at, record.actor.name, record.act.value, about, tuple(lines)
    )
