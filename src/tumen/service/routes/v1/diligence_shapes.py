"""Shapes of a due-diligence file: what is asked to be set in it, and what it shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from tumen.cases.diligence.answering import LONGEST_ITEM, LONGEST_TEXT, MOST_ITEMS
from tumen.cases.diligence.refresh import ReviewState
from tumen.cases.diligence.sections import Certainty, Kind, PartyKind
from tumen.cases.diligence.triggers import TriggerState
from tumen.model.diligence import Conclusion, DiligenceAct, ResidualRisk, Standing
from tumen.service.routes.v1.needs import Strict, example

_Seen = Annotated[
    int | None,
    Field(ge=0, description="The sequence of the file you looked at; 409 where it has gone on."),
]
_Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
_Evidence = Annotated[str, Field(max_length=LONGEST_ITEM)]


class AnswerBody(Strict):
    """What is known of a field, or why nothing is."""

    model_config = example(
        field_id="people.directors",
        standing="answered",
        values=["Quill Feathersby, 1955-03-02, KP"],
        source="Commercial register, extract of 2026-01-09",
        evidence=["https://register.example/extract/778899"],
        seen=0,
    )

    field_id: Annotated[str, Field(min_length=1, max_length=100)]
    standing: Literal["answered", "unknown", "not applicable"] = "answered"
    values: Annotated[list[_Text], Field(max_length=MOST_ITEMS, default_factory=list)]
    note: Annotated[_Text, Field(description="Why, where there is no value.")] = ""
    source: _Text = ""
    evidence: Annotated[list[_Evidence], Field(max_length=MOST_ITEMS, default_factory=list)]
    seen: _Seen = None


class RecommendationBody(Strict):
    """What is recommended about the party, on the file as it stands."""

    model_config = example(
        conclusion="accept with conditions",
        text="The register names other directors, and the goods are not controlled.",
        conditions="An end-use statement with each order",
        seen=57,
    )

    conclusion: Conclusion
    text: _Text
    conditions: _Text = ""
    valid_until: Annotated[
        date | None, Field(description="By default as long as the residual risk allows.")
    ] = None
    seen: _Seen = None


class WordsBody(Strict):
    """Why a recommendation is approved, returned or withdrawn."""

    model_config = example(text="The ownership chart lacks the holder of the 12 %.", seen=58)

    text: _Text = ""
    seen: _Seen = None


class ProgressShape(BaseModel):
    """How the required fields stand. `share` is an exact fraction, answered of required."""

    answered: int
    unknown: int
    not_applicable: int
    missing: int
    required: int
    share: str = Field(examples=["2/3"])
    percent: int


class ControlShape(BaseModel):
    """A topic of a public checklist that a field answers."""

    document: str
    topic: str
    certainty: Certainty


class FieldShape(BaseModel):
    """One field as it stands. `differs` where the store now knows something else."""

    id: str
    label: str
    kind: Kind
    options: list[str]
    is_required: bool
    standing: Standing
    values: list[str]
    source: str
    answer: dict[str, Any] | None
    store_says: list[str]
    differs: bool
    controls: list[ControlShape]


class SectionShape(BaseModel):
    """One section with its fields."""

    number: int
    id: str
    label: str
    help: str
    progress: ProgressShape
    fields: list[FieldShape]


class TriggerShape(BaseModel):
    """One trigger of enhanced due diligence, with its reasons."""

    id: str
    label: str
    basis: str
    state: TriggerState
    reasons: list[str]


class ReviewShape(BaseModel):
    """Whether the file holds, until when, and what makes it due."""

    state: ReviewState
    due_on: date | None
    reasons: list[str]


class SignOffShape(BaseModel):
    """A conclusion, who recommended and who approved it, and what was known by then."""

    sequence: int
    conclusion: Conclusion
    risk: ResidualRisk
    text: str
    conditions: str
    valid_until: date
    recommended_by: dict[str, str]
    recommended_at: datetime
    approved_by: dict[str, str] | None
    approved_at: datetime | None
    approval_text: str
    known: dict[str, Any]


class HistoryShape(BaseModel):
    """One thing that happened in the file."""

    sequence: int
    act: DiligenceAct
    field_id: str
    at: datetime
    by: dict[str, str]
    details: dict[str, Any]


class DiligenceShape(BaseModel):
    """The due-diligence file of a party. `not_screened` says why there are no results, if so."""

    book_id: str
    party_id: str
    caption: str
    sequence: int
    at: datetime
    book_version: int
    has_left: bool
    not_screened: str
    kind: PartyKind
    is_enhanced: bool
    triggers: list[TriggerShape]
    progress: ProgressShape
    sections: list[SectionShape]
    missing: list[str]
    review: ReviewShape
    pending: SignOffShape | None
    signed: list[SignOffShape]
    history: list[HistoryShape]
    history_hash: str
