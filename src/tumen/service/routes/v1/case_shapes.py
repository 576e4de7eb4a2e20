"""What is said of a case when one acts on it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from tumen.cases.workflow import LEAST_TEXT, OUTCOMES, Proposal
from tumen.model.casework import CaseState, Outcome, Priority, ReasonCode
from tumen.service.routes.v1.needs import Strict, example

Seen = Annotated[
    int | None,
    Field(
        ge=1,
        le=2**31 - 1,
        description="The `sequence` of the case as it was looked at, or say it as If-Match.",
    ),
]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Sentence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=LEAST_TEXT, max_length=20_000)
]
CaseId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
_Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
_EXAMPLE = "Born in 1955; our customer was born in 1980 and has another passport"


class SeenBody(Strict):
    """Which state of the case was looked at. Where somebody acted since, nothing is done (409)."""

    model_config = example(seen=7)

    seen: Seen = None


class TextBody(SeenBody):
    """A few words."""

    model_config = example(text="Checked against the register", seen=7)

    text: _Words = ""


class NoteBody(SeenBody):
    """A note."""

    model_config = example(text="The bank was asked for the passport")

    text: Annotated[_Words, Field(min_length=1)]


class ReturnBody(SeenBody):
    """What is missing in a recommendation."""

    model_config = example(text="Add an extract of the register of companies", seen=8)

    text: Sentence


class ProposalBody(Strict):
    """A reason, what follows from it, a sentence and the evidence that was seen."""

    model_config = example(
        reason="FP-DOB", outcome="release", text=_EXAMPLE, evidence=["Passport, copy of 2024"]
    )

    reason: ReasonCode
    outcome: Outcome
    text: Sentence
    evidence: Annotated[
        list[Annotated[_Words, Field(min_length=1)]], Field(min_length=1, max_length=100)
    ]
    until: Annotated[date | None, Field(description="The last day that a release holds.")] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        allowed = OUTCOMES[self.reason.verdict]
        if self.outcome not in allowed:
            names = ", ".join(sorted(one.value for one in allowed))
            raise ValueError(f"{self.reason.value} leads to {names}, not to {self.outcome.value}")
        return self

    def proposal(self, entity_ids: tuple[str, ...] = ()) -> Proposal:
        """As the workflow takes it."""
        evidence = tuple(self.evidence)
        return Proposal(self.reason, self.outcome, self.text, evidence, entity_ids, self.until)


class RecommendBody(ProposalBody):
    """A recommendation. Without `entity_ids` it is of every hit that is still to be decided."""

    model_config = example(
        reason="FP-DOB",
        outcome="release",
        text=_EXAMPLE,
        evidence=["Passport, copy of 2024"],
        entity_ids=["un_sc_sanctions:1"],
        seen=6,
    )

    entity_ids: Annotated[tuple[str, ...], Field(max_length=10_000)] = ()
    seen: Seen = None


class AssignBody(SeenBody):
    """Who has the case from now on; nobody where it is empty."""

    model_config = example(assignee="anna", seen=3)

    assignee: Annotated[str, Field(max_length=200, description="The name of a user, or `me`.")]


class MoveBody(SeenBody):
    """Where an investigation stands."""

    model_config = example(state="investigating", seen=3)

    state: Literal[CaseState.TRIAGE, CaseState.INVESTIGATING, CaseState.AWAITING_INFO]


class TagsBody(SeenBody):
    """All tags of the case from now on."""

    model_config = example(tags=["vessel", "urgent client"], seen=3)

    tags: Annotated[list[_Tag], Field(max_length=50)]


class RelateBody(SeenBody):
    """Another case that belongs with it."""

    model_config = example(case_id="case-0123456789abcdef", seen=3)

    case_id: CaseId


class PriorityBody(SeenBody):
    """How soon it has to be done; the time it is due by follows from it."""

    model_config = example(priority="P2", seen=3)

    priority: Priority


class OpenBody(Strict):
    """A case opened by hand, about a party of a book or about something else."""

    model_config = example(title="Payment to Quill Feathersby", book_id="customers", party_id="C-1")

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]
    book_id: Annotated[str, Field(max_length=64)] = ""
    party_id: Annotated[str, Field(max_length=500)] = ""
    priority: Priority = Priority.P4

    @model_validator(mode="after")
    def _names_both(self) -> Self:
        if bool(self.book_id) != bool(self.party_id):
            raise ValueError("Name the book and the party in it, or neither")
        return self


class SeenCase(Strict):
    """One case, as it was looked at."""

    case_id: CaseId
    seen: Annotated[int, Field(ge=1, le=2**31 - 1)]


class DecisionsBody(Strict):
    """One reason for many cases. Each is decided for itself, or not."""

    model_config = example(
        act="recommend",
        cases=[{"case_id": "case-0123456789abcdef", "seen": 2}],
        proposal={
            "reason": "FP-DOB",
            "outcome": "release",
            "text": _EXAMPLE,
            "evidence": ["Passports"],
        },
    )

    act: Literal["recommend", "approve", "return"]
    cases: Annotated[list[SeenCase], Field(min_length=1, max_length=200)]
    proposal: Annotated[ProposalBody | None, Field(description="To recommend.")] = None
    text: Annotated[_Words, Field(description="To approve, or to say what is missing.")] = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.act == "recommend") != (self.proposal is not None):
            raise ValueError("A proposal goes with `recommend`, and with it alone")
        if self.act == "return" and len(self.text) < LEAST_TEXT:
            raise ValueError(f"Say in `text` what is missing, in {LEAST_TEXT} letters or more")
        if len({one.case_id for one in self.cases}) < len(self.cases):
            raise ValueError("Name each case once")
        return self
