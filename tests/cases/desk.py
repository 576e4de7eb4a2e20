"""People, alerts and proposals for the tests of casework."""

from __future__ import annotations

from datetime import UTC, datetime

from tumen.cases import workflow
from tumen.cases.history import fold
from tumen.model.access import Role
from tumen.model.case import Actor, Alert, Case, CaseRecord
from tumen.model.casework import Origin, Outcome, Priority, ReasonCode

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SENTENCE = "The birth years differ by thirty years and the photographs show two men."


def actor(
    person: str, role: Role = Role.APPROVER, *, account: str = "", deputises: str = ""
) -> Actor:
    """A person of a role, by default under an account of their own name."""
    rights = tuple(sorted(one.value for one in role.permissions))
    return Actor(account or person, person, person.title(), rights, deputises)


def alert(*entity_ids: str, number: int = 1) -> Alert:
    """An alert with a hit on each of the entities."""
    hits = tuple({"entity_id": one, "score": 0.8, "caption": one} for one in entity_ids)
    return Alert(
        f"alert-{number}", "partners", "p-1", "screening-1", NOW, {"schema": "Person"}, hits
    )


def proposal(
    *entity_ids: str,
    reason: ReasonCode = ReasonCode.FP_DOB,
    outcome: Outcome = Outcome.RELEASE,
    text: str = SENTENCE,
    evidence: tuple[str, ...] = ("register extract",),
) -> workflow.Proposal:
    """A proposal that meets every rule unless told otherwise."""
    return workflow.Proposal(reason, outcome, text, evidence, entity_ids)


class Desk:
    """A case with its records, so that a test can act on it step by step."""

    def __init__(self, *entity_ids: str) -> None:
        opening = workflow.Opening(Origin.HIT, "Kim Chol", "partners/p-1", Priority.P3)
        self.records: list[CaseRecord] = [
            workflow.open_case("c-1", opening, actor("robot", Role.ANALYST), NOW)
        ]
        if entity_ids:
            self.add(workflow.add_alert(self.case, alert(*entity_ids), actor("robot"), NOW))

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return fold(self.records)

    def add(self, record: CaseRecord) -> Case:
        """Keep one more record."""
        self.records.append(record)
        return self.case
