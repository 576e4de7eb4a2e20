"""Acting on a case in one transaction: one step, kept and audited; and what an approval does.

A caller names the record it looked at last (`seen`). Where somebody has acted since, the step
is refused with their name: of two who decide at once, one decides.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tumen.cases import workflow
from tumen.cases.auditing import audit_entry
from tumen.cases.effects import Effects, carry_out
from tumen.cases.history import after, fold
from tumen.cases.keep import keep, records_of
from tumen.cases.workflow import Opening, RefusedError
from tumen.errors import ConflictError
from tumen.model.case import Actor, Alert, Case, CaseRecord
from tumen.store.work import Work

Step = Callable[[Case], CaseRecord]


@dataclass(frozen=True, slots=True)
class Approval:
    """A case after its approval, and in words what followed at once."""

    case: Case
    effects: tuple[str, ...]


def act(work: Work, case_id: str, seen: int | None, step: Step) -> Case:
    """Take one step on a case, and give the case as it stands after it.

    Raises ConflictError where the case has gone on since the record `seen` (None: whatever
    happened), RefusedError where the step is not allowed, RequestError where there is no case.
    """
    case = fold(_seen_by(work, case_id, seen))
    return keep_all(work, case, [step(case)])


def open_by_hand(
    work: Work, opening: Opening, actor: Actor, now: datetime, alerts: Sequence[Alert] = ()
) -> Case:
    """A new case, with the alerts that it begins with."""
    first = workflow.open_case(new_case_id(), opening, actor, now)
    case, records = after(None, first), [first]
    for alert in alerts:
        records.append(workflow.add_alert(case, alert, actor, now))
        case = after(case, records[-1])
    return keep_all(work, None, records)


def approve(
    work: Work, case_id: str, seen: int | None, text: str, actor: Actor, now: datetime
) -> Approval:
    """Approve what is recommended, and carry out what follows at once.

    A release mutes or lets go of each decided hit as it was seen, and closes the case where all
    of it is decided; other outcomes wait for `workflow.record_action`. Raises as `act`.
    """
    records = _seen_by(work, case_id, seen)
    case = fold(records)
    approved = workflow.approve(case, text, actor, now)
    assert case.pending is not None
    # What was recommended is what stood in the case by then, not what came in later.
    looked_at = fold(records[: case.pending.sequence])
    case = keep_all(work, case, [approved])
    effects = carry_out(work, looked_at, case, now)
    return Approval(_carried_on(work, case, effects, actor, now), effects.words)


def new_case_id() -> str:
    """The id of a case to be opened."""
    return f"case-{secrets.token_hex(8)}"


def keep_all(work: Work, case: Case | None, records: Sequence[CaseRecord]) -> Case:
    """Keep records of one case, each with its audit record."""
    kept = keep(work, case, records)
    work.audit.append_all(map(audit_entry, records))
    return kept


def _carried_on(work: Work, case: Case, effects: Effects, actor: Actor, now: datetime) -> Case:
    """The case actioned where nothing is left to do by hand, and closed where all is decided."""
    if not effects.is_done:
        return case
    text = "\n".join(effects.words)
    case = keep_all(work, case, [workflow.record_action(case, text, actor, now)])
    if effects.has_changed_hits:
        return case
    try:
        closing = workflow.close(case, actor, now)
    except RefusedError:
        # Other hits of the case are still to be decided.
        return case
    return keep_all(work, case, [closing])


def _seen_by(work: Work, case_id: str, seen: int | None) -> list[CaseRecord]:
    records = records_of(work, case_id)
    if seen is not None and seen != records[-1].sequence:
        raise ConflictError(_meanwhile(records, seen))
    return records


def _meanwhile(records: Sequence[CaseRecord], seen: int) -> str:
    case_id = records[0].case_id
    later = [one for one in records if one.sequence > seen]
    if not later:
        return f"Case {case_id} has {len(records)} records, not {seen}. Look at it again"
    told = "; ".join(
        f"{one.actor.name}: {one.act.value}, {one.at:%Y-%m-%d %H:%M:%S} UTC" for one in later
    )
    return f"Somebody else acted on case {case_id} meanwhile ({told}). Look at it again"
