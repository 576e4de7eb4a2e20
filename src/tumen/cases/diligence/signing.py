"""Two people sign a file: one recommends, another approves. The eyes are those of casework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tumen.cases.diligence.answering import LEAST_LETTERS, clean, letters
from tumen.cases.diligence.file import next_record
from tumen.cases.diligence.refresh import refresh_due_on
from tumen.cases.workflow import LEAST_TEXT, RefusedError
from tumen.model.access import Permission
from tumen.model.case import Actor
from tumen.model.diligence import (
    Conclusion,
    DiligenceAct,
    DiligenceFile,
    DiligenceRecord,
    ResidualRisk,
    SignOff,
    Standing,
)

RISK_FIELD = "risk.residual"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is recommended. Without `valid_until` the file holds as long as its risk allows."""

    conclusion: Conclusion
    text: str
    conditions: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a recommendation stands.

    `missing` names the required fields without an answer, `undecided` the open hits that nobody
    has decided, `matched` those that were found to be the party itself. `snapshot` is what the
    store knows (see `changes`).
    """

    missing: Sequence[str]
    undecided: Sequence[str]
    matched: Sequence[str]
    snapshot: Mapping[str, Any]


def recommend(
    file: DiligenceFile, proposal: Proposal, ground: Ground, actor: Actor, now: datetime
) -> DiligenceRecord:
    """Propose a conclusion; it has no effect until a second person approves it.

    Raises RefusedError where permission or state forbid it, a reason is missing, or a party
    would be accepted with required fields missing, hits undecided, or although it is listed.
    """
    _must(actor, Permission.DECIDE)
    if file.pending is not None:
        raise RefusedError(f"{file.pending.recommended_by.name} has recommended already")
    _must_say(proposal.text, "Give the reasons in a sentence")
    risk = residual_risk(file)
    if proposal.conclusion.accepts:
        _must_be_acceptable(proposal.conclusion, ground)
    conditions = clean(proposal.conditions)
    is_bare = letters(conditions) < LEAST_LETTERS
    if proposal.conclusion is Conclusion.ACCEPT_WITH_CONDITIONS and is_bare:
        raise RefusedError(f"Name the conditions, in {LEAST_LETTERS} letters or more")
    details = {
        "conclusion": proposal.conclusion.value,
        "risk": risk.value,
        "text": clean(proposal.text),
        "conditions": conditions,
        "valid_until": _valid_until(proposal, risk, now.date()).isoformat(),
        "known": dict(ground.snapshot),
    }
    return next_record(file, DiligenceAct.RECOMMENDED, actor, now, details)


def withdraw(file: DiligenceFile, text: str, actor: Actor, now: datetime) -> DiligenceRecord:
    """Take one's own recommendation back."""
    pending = _pending(file)
    if actor.eyes.isdisjoint(pending.recommended_by.eyes):
        name = pending.recommended_by.name
        raise RefusedError(f"Only {name} may withdraw it. Return it instead")
    return next_record(file, DiligenceAct.WITHDRAWN, actor, now, {"text": clean(text)})


def send_back(file: DiligenceFile, text: str, actor: Actor, now: datetime) -> DiligenceRecord:
    """Return a recommendation with what is missing."""
    _must(actor, Permission.APPROVE)
    _must_be_a_second_person(file, actor)
    _must_say(text, "Say what is missing")
    return next_record(file, DiligenceAct.RETURNED, actor, now, {"text": clean(text)})


def approve(
    file: DiligenceFile, text: str, changed: Sequence[str], actor: Actor, now: datetime
) -> DiligenceRecord:
    """Give the second pair of eyes: the file is signed off.

    `changed` is what changed materially since the recommendation: nobody signs what the first
    person has not seen. Raises RefusedError.
    """
    _must(actor, Permission.APPROVE)
    _must_be_a_second_person(file, actor)
    if changed:
        raise RefusedError(
            f"What is known changed since it was recommended: {_few(changed)}. Return it"
        )
    if _pending(file).valid_until <= now.date():
        raise RefusedError("The day until which it would hold is over. Return it")
    return next_record(file, DiligenceAct.APPROVED, actor, now, {"text": clean(text)})


def residual_risk(file: DiligenceFile) -> ResidualRisk:
    """The residual risk that the file states. Raises RefusedError where it states none."""
    found = file.answers.get(RISK_FIELD)
    if found is None or found.standing is not Standing.ANSWERED:
        raise RefusedError("State the residual risk first: it says how long the file holds")
    return ResidualRisk(found.values[0])


def _valid_until(proposal: Proposal, risk: ResidualRisk, today: date) -> date:
    latest = refresh_due_on(risk, today)
    wanted = proposal.valid_until or latest
    if not today < wanted <= latest:
        raise RefusedError(
            f"With {risk.value} residual risk a file holds until {latest} at most, and for a day "
            f"at least; not until {wanted}"
        )
    return wanted


def _must_be_acceptable(conclusion: Conclusion, ground: Ground) -> None:
    if ground.missing:
        raise RefusedError(
            f"{len(ground.missing)} required fields are missing: {_few(ground.missing)}. Answer "
            "them, or say why they are unknown"
        )
    if ground.undecided:
        raise RefusedError(f"Decide first, in the case of the party: {_few(ground.undecided)}")
    if ground.matched and conclusion is Conclusion.ACCEPT:
        raise RefusedError(
            f"The party is listed itself: {_few(ground.matched)}. Reject it, exit, or name the "
            "conditions, such as a licence, under which it is accepted"
        )


def _must(actor: Actor, permission: Permission) -> None:
    if permission.value not in actor.permissions:
        raise RefusedError(f"{actor.name} may not {permission.value}")
    if not actor.person:
        raise RefusedError(f"{actor.name} is a program; a sign-off takes people")


def _must_be_a_second_person(file: DiligenceFile, actor: Actor) -> None:
    first = _pending(file).recommended_by
    if not actor.eyes.isdisjoint(first.eyes):
        raise RefusedError(f"{first.name} recommended it; another person has to look")


def _must_say(text: str, what: str) -> None:
    if letters(text) < LEAST_TEXT:
        raise RefusedError(f"{what}, {LEAST_TEXT} letters or more")


def _pending(file: DiligenceFile) -> SignOff:
    if file.pending is None:
        raise RefusedError(f"Nothing is recommended in the file of {file.party_id!r}")
    return file.pending


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return "; ".join(names[:_SHOWN]) + more
