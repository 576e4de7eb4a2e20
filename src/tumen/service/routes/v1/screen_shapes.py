"""What a request to screen says, and what its answer looks like."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field

from tumen.model.screening import Screening
from tumen.screening.output import Outcome, outcome_of
from tumen.screening.versions import UsedVersion
from tumen.service.routes.v1.needs import Strict
from tumen.service.routes.v1.shapes import UsedShape
from tumen.service.routes.v1.subjects import SubjectBody

MOST_SUBJECTS = 1_000


class Terms(Strict):
    """How to screen. What is left out is as the service's policy says."""

    threshold: Annotated[float | None, Field(gt=0, le=1)] = None
    cutoff: Annotated[
        float | None, Field(ge=0, le=1, description="Candidates from this score on are shown.")
    ] = None
    lists: Annotated[tuple[str, ...], Field(max_length=500, description="These alone.")] = ()
    as_of: Annotated[date | None, Field(description="The lists in force on this day.")] = None
    known_at: Annotated[
        AwareDatetime | None, Field(description="The lists as they were known at this instant.")
    ] = None
    explain: Annotated[bool, Field(description="State each reason, not the sentence alone.")] = True
    strict: Annotated[
        bool, Field(description="What cannot be read is an error instead of a warning.")
    ] = False
    store: Annotated[bool, Field(description="Keep the screening as evidence, hits or not.")] = True


class ScreenBody(Terms):
    """One subject, and how to screen it."""

    subject: SubjectBody


class ManyBody(Terms):
    """Subjects, and how to screen them."""

    subjects: Annotated[list[SubjectBody], Field(min_length=1, max_length=MOST_SUBJECTS)]


class ReasonShape(BaseModel):
    """One feature of a comparison, and what it added or took."""

    feature: str
    left: str
    right: str
    effect: float
    text: str


class HitShape(BaseModel):
    """A listed entity at or above the cut-off; `is_hit` where it reaches the threshold."""

    entity_id: str
    list_id: str
    schema_: str = Field(alias="schema")
    caption: str
    score: float
    is_hit: bool
    programmes: list[str]
    sentence: str
    reasons: list[ReasonShape] | None = None


class OutcomeShape(BaseModel):
    """What came of one subject. `not screened` is never `no hit`: it waits for a person."""

    subject_id: str
    caption: str
    outcome: Outcome
    was_screened: bool
    problem: str
    warnings: list[str]
    hits: list[HitShape]


class ScreenedShape(BaseModel):
    """A screening. With `screening_id` it is kept and can be shown and repeated later."""

    screening_id: str | None
    screened_at: datetime
    outcomes: list[OutcomeShape] = Field(
        description="For each subject one, and behind it those of wallets and vessels it holds."
    )
    versions: list[UsedShape]
    policy: dict[str, Any]
    engine: str
    result_hash: str = Field(description="SHA-256 over the canonical JSON of all outcomes.")
    tally: dict[str, int]
    warnings: list[str]


def used_version_shape(version: UsedVersion, today: date) -> dict[str, Any]:
    """A list version that was screened against, with its age on a day."""
    return {
        "version_id": version.version_id,
        "list_id": version.list_id,
        "published_on": version.published_on,
        "retrieved_at": version.retrieved_on,
        "entries": version.entries,
        "is_starter": version.is_starter,
        "age_days": version.age_days(today),
    }


def outcome_shape(one: Screening, *, is_explained: bool = True) -> dict[str, Any]:
    """An outcome as the answer shows it."""
    hits = [hit.to_dict() for hit in one.hits]
    if not is_explained:
        hits = [{**hit, "reasons": None} for hit in hits]
    return {
        "subject_id": one.subject_id,
        "caption": one.caption,
        "outcome": outcome_of(one),
        "was_screened": one.was_screened,
        "problem": one.problem,
        "warnings": list(one.warnings),
        "hits": hits,
    }
