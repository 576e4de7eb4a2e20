"""How complete a file is, in exact fractions; unknown is said, and is not the same as answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tumen.cases.diligence.sections import Circumstances, FieldSpec, Section
from tumen.model.diligence import Standing


@dataclass(frozen=True, slots=True)
class Progress:
    """How the required fields stand: each is in exactly one of the four counts."""

    answered: int = 0
    unknown: int = 0
    not_applicable: int = 0
    missing: int = 0

    @property
    def required(self) -> int:
        """What has to be answered: all that applies."""
        return self.answered + self.unknown + self.missing

    @property
    def share(self) -> Fraction:
        """Answered of required; 1 where nothing is required."""
        return Fraction(self.answered, self.required) if self.required else Fraction(1)

    @property
    def percent(self) -> int:
        """The share for showing, rounded down: 100 means all, and nothing less."""
        return int(self.share * 100)

    @property
    def is_settled(self) -> bool:
        """Whether each required field has an answer, or a reason why it has none."""
        return not self.missing

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.answered + other.answered,
            self.unknown + other.unknown,
            self.not_applicable + other.not_applicable,
            self.missing + other.missing,
        )


def progress_of(
    specs: Iterable[FieldSpec], standings: Mapping[str, Standing], circumstances: Circumstances
) -> Progress:
    """How the required ones among these fields stand; one that has no standing is missing."""
    counts = dict.fromkeys(Standing, 0)
    for spec in specs:
        if circumstances.requires(spec):
            counts[standings.get(spec.id, Standing.MISSING)] += 1
    return Progress(
        counts[Standing.ANSWERED],
        counts[Standing.UNKNOWN],
        counts[Standing.NOT_APPLICABLE],
        counts[Standing.MISSING],
    )


def whole_progress(
    sections: Iterable[Section], standings: Mapping[str, Standing], circumstances: Circumstances
) -> Progress:
    """How the required fields of all sections stand."""
    parts = (progress_of(one.fields, standings, circumstances) for one in sections)
    return sum(parts, Progress())


def missing_of(
    sections: Iterable[Section], standings: Mapping[str, Standing], circumstances: Circumstances
) -> tuple[FieldSpec, ...]:
    """The required fields that nobody has said anything of, in the order of the file."""
    return tuple(
        spec
        for section in sections
        for spec in section.fields
        if circumstances.requires(spec)
        and standings.get(spec.id, Standing.MISSING) is Standing.MISSING
    )
