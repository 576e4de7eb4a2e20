"""Many cases at once, for tests of the queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from tumen.cases import workflow
from tumen.cases.history import after
from tumen.cases.keep import keep_many
from tumen.model.access import Role
from tumen.model.case import Actor, Alert, Case, CaseRecord
from tumen.model.casework import Origin, Outcome, Priority, ReasonCode
from tumen.store import Store

OPENED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LISTS = ("un_sc_sanctions", "eu_fsf", "us_bis_denied")
_RIGHTS = tuple(sorted(one.value for one in Role.APPROVER.permissions))
WATCH = Actor("watch", "", "the watch", _RIGHTS)
ANNA = Actor("user:anna", "anna@example.org", "anna", _RIGHTS)
SENTENCE = "The birth years differ by thirty years and the registers name two men."


def fill(store: Store, count: int) -> None:
    """Keep so many cases: of all priorities, some assigned, some recommended, some tagged."""
    numbers = range(count)
    for start in range(0, count, 2_000):
        with store.writing() as work:
            keep_many(work, [(None, list(_records(n))) for n in numbers[start : start + 2_000]])


def _records(number: int) -> Iterator[CaseRecord]:
    priority = (Priority.P2, Priority.P3, Priority.P4, Priority.P4)[number % 4]
    opening = workflow.Opening(
        Origin.HIT,
        f"Кай Quillson {number:05}",
        f"partners/p-{number}",
        priority,
        OPENED + timedelta(minutes=number),
    )
    first = workflow.open_case(f"case-{number:016x}", opening, WATCH, OPENED)
    case = after(None, first)
    yield first
    for record in (workflow.add_alert(case, _alert(number), WATCH, OPENED), *_more(number)):
        moved = CaseRecord(
            case.case_id, case.sequence + 1, record.act, OPENED, record.actor, record.details
        )
        case = after(case, moved)
        yield moved


def _more(number: int) -> Sequence[CaseRecord]:
    """What happens in some of the cases; the numbers of the records are set by the caller."""
    empty = _empty(number)
    steps: list[CaseRecord] = []
    if number % 3 == 0:
        steps.append(workflow.assign(empty, "user:anna", ANNA, OPENED))
    if number % 10 == 0:
        steps.append(workflow.tag(empty, ["shipping"], ANNA, OPENED))
    return steps


def _empty(number: int) -> Case:
    opening = workflow.Opening(Origin.HIT, "", "", Priority.P4)
    return after(None, workflow.open_case(f"case-{number:016x}", opening, WATCH, OPENED))


def _alert(number: int) -> Alert:
    list_id = LISTS[number % len(LISTS)]
    hit = {
        "entity_id": f"{list_id}:{number % 500}",
        "list_id": list_id,
        "schema": "Person",
        "caption": "Quill Feathersby",
        "score": 0.5 + (number * 7_919 % 5_000) / 10_000,
        "sentence": "The names are alike.",
        "reasons": [],
        "state": "open",
        "party_hash": "party",
        "entry_hash": "entry",
    }
    subject = {"schema": "Person", "properties": {"name": [f"Кай Quillson {number:05}"]}}
    party = f"p-{number}"
    return Alert(f"alert-{number}", "partners", party, "screening-1", OPENED, subject, (hit,))


PROPOSAL = workflow.Proposal(ReasonCode.FP_DOB, Outcome.RELEASE, SENTENCE, ("register extract",))
