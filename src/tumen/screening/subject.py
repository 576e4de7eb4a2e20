"""The left side of every screening: a subject from the user's book, or why a row gave none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tumen.errors import RecordError
from tumen.model.entity import Entity
from tumen.model.screening import Screening


@dataclass(frozen=True, slots=True)
class Subject:
    """A party, vessel or asset that the user asks about.

    `where` is file and row, `warnings` name the values that could not be read and so play
    no part in the comparison. `label` is shown where the entity has no telling name of its own.
    `groups` are the user's own divisions of the book.
    """

    entity: Entity
    where: str = ""
    warnings: tuple[str, ...] = ()
    label: str = ""
    groups: tuple[str, ...] = ()

    @property
    def subject_id(self) -> str:
        """The user's own id, or file and row where the book has none."""
        return self.entity.entity_id

    @property
    def caption(self) -> str:
        """What to call the subject."""
        return self.label or self.entity.caption


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A row that gave no subject: it is not screened, and waits for a person."""

    subject_id: str
    caption: str
    problem: str
    mend: str = ""
    where: str = ""
    warnings: tuple[str, ...] = ()
    subject: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_error(
        cls, error: RecordError, *, subject_id: str, caption: str = "", where: str = ""
    ) -> RecordProblem:
        """The problem that `error` reports, at a place the error itself may not know."""
        return cls(subject_id, caption, error.problem, error.mend, error.where or where)

    def to_screening(self) -> Screening:
        """The outcome "not screened", with what to do about it."""
        problem = f"{self.problem}. {self.mend}" if self.mend else self.problem
        return Screening(
            self.subject_id,
            self.caption,
            problem=problem,
            warnings=self.warnings,
            where=self.where,
            subject=self.subject,
        )
