"""Two parties compared, without any list: the same arithmetic as a screening uses."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from tumen.matching.api import compare
from tumen.model.screening import Reason
from tumen.screening.subject import RecordProblem, Subject
from tumen.service.problems import Fault, ProblemError
from tumen.service.routes.v1.needs import Repeatable, Screener, Strict, TheApi, router_of
from tumen.service.routes.v1.subjects import SubjectBody, read_subject

router = router_of("Screening")


class CompareBody(Strict):
    """The two parties."""

    left: SubjectBody
    right: SubjectBody
    threshold: float | None = Field(None, gt=0, le=1)
    strict: bool = False


class ComparisonShape(BaseModel):
    """How alike they are, and why."""

    score: float
    is_hit: bool
    sentence: str
    reasons: list[Reason]
    left: dict[str, Any]
    right: dict[str, Any]
    warnings: list[str]


_EXAMPLE = {
    "left": {"schema": "Person", "properties": {"name": "Ri Won Ho", "birthDate": "1964-07-17"}},
    "right": {"schema": "Person", "properties": {"name": "LEE, Won-ho"}},
}


@router.post(
    "/compare",
    response_model=ComparisonShape,
    summary="Compare two parties",
    dependencies=[Repeatable],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": _EXAMPLE}}}},
)
def compare_parties(body: CompareBody, _: Screener, api: TheApi) -> Any:
    """Their likeness from 0 to 1, and what each feature added or took."""
    left, right = (
        _subject(side, f"body.{name}", body.strict)
        for name, side in (("left", body.left), ("right", body.right))
    )
    threshold = api.policy.threshold if body.threshold is None else body.threshold
    found = compare(left.entity, right.entity, threshold=threshold)
    return {
        "score": found.score,
        "is_hit": found.is_hit,
        "sentence": found.sentence,
        "reasons": found.reasons,
        "left": left.entity.to_dict(),
        "right": right.entity.to_dict(),
        "warnings": [*left.warnings, *right.warnings],
    }


def _subject(body: SubjectBody, place: str, is_strict: bool) -> Subject:
    first = read_subject(body, place, is_strict=is_strict)[0]
    if isinstance(first, RecordProblem):
        raise ProblemError("invalid", first.problem, [Fault(place, first.problem, first.mend)])
    return first
