"""What a screening says: hits with their reasons, or why a subject was not screened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature of a comparison: the two values that met, and what it added or took.

    `effect` is in score points: the name gives the base, the others raise or lower it.
    `text` is one clause in plain words.
    """

    feature: str
    left: str
    right: str
    effect: float
    text: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "feature": self.feature,
            "left": self.left,
            "right": self.right,
            "effect": self.effect,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two entities are: `score` in [0, 1], whether it is a hit, and why."""

    score: float
    is_hit: bool
    reasons: tuple[Reason, ...]
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "score": self.score,
            "is_hit": self.is_hit,
            "sentence": self.sentence,
            "reasons": [reason.to_dict() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """One subject–entity pair at or above the cut-off; `is_hit` where it reaches the threshold.

    `caption` is the listed name that met, `sentence` the reasons in one sentence.
    """

    entity_id: str
    list_id: str
    schema: str
    caption: str
    score: float
    is_hit: bool
    reasons: tuple[Reason, ...]
    sentence: str
    programmes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "entity_id": self.entity_id,
            "list_id": self.list_id,
            "schema": self.schema,
            "caption": self.caption,
            "score": self.score,
            "is_hit": self.is_hit,
            "programmes": list(self.programmes),
            "sentence": self.sentence,
            "reasons": [reason.to_dict() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Screening:
    """The outcome for one subject: hits, best first, or the reason it was not screened.

    `problem` is empty where the subject was screened. `warnings` name values that could
    not be read and so played no part. `where` is the file and row the subject came from.
    """

    subject_id: str
    caption: str
    hits: tuple[Hit, ...] = ()
    problem: str = ""
    warnings: tuple[str, ...] = ()
    where: str = ""
    subject: Mapping[str, Any] = field(default_factory=dict)

    @property
    def was_screened(self) -> bool:
        """False means "not screened", which is never "no hit"."""
        return not self.problem

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "subject_id": self.subject_id,
            "caption": self.caption,
            "was_screened": self.was_screened,
            "problem": self.problem,
            "warnings": list(self.warnings),
            "where": self.where,
            "subject": dict(self.subject),
            "hits": [hit.to_dict() for hit in self.hits],
        }
