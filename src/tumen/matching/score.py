"""The readable table: what each outcome adds to or takes from the score of the name.

The name gives the base. An agreement then closes a share of the gap to 1, a disagreement takes
a share of what is there. So agreements grade the hits, and a reviewer's queue has an order:
the same name and nothing else known stays below the same name with a birth date and a passport.
"""

from __future__ import annotations

from collections.abc import Iterable

from tumen.matching.features import Finding, Outcome

# The threshold that a hit needs when a policy names no other.
THRESHOLD = 0.70
# An exact name and nothing else: from the poorest ("Ali Khan") to the richest evidence.
NAME_CEILING_POOR = 0.88
NAME_CEILING_RICH = 0.92
# A name that its authority calls weak raises no hit by itself.
WEAK_NAME_CEILING = 0.66

TABLE: dict[Outcome, float] = {
    Outcome.SAME_DAY: +0.60,
    Outcome.SAME_MONTH: +0.45,
    Outcome.SAME_YEAR: +0.35,
    Outcome.SWAPPED_DAY: +0.40,
    Outcome.ONE_OFF: +0.10,
    Outcome.NEAR_YEAR: -0.06,
    Outcome.OTHER_YEAR: -0.16,
    Outcome.FAR_YEAR: -0.23,
    Outcome.SAME_NATIONALITY: +0.15,
    Outcome.SAME_COUNTRY: +0.10,
    Outcome.OTHER_NATIONALITY: -0.12,
    Outcome.OTHER_COUNTRY: -0.08,
    Outcome.OTHER_GENDER: -0.20,
    Outcome.SAME_PLACE: +0.15,
    Outcome.OTHER_PLACE: -0.02,
    Outcome.STRONG_IDENTIFIER: +0.90,
    Outcome.GOOD_IDENTIFIER: +0.70,
    Outcome.WEAK_IDENTIFIER: +0.40,
    Outcome.OTHER_STRONG_IDENTIFIER: -0.40,
    Outcome.OTHER_SCHEMA: -1.0,
}
# What an identifier proves where no name agrees.
ALONE: dict[Outcome, float] = {
    Outcome.STRONG_IDENTIFIER: 0.95,
    Outcome.GOOD_IDENTIFIER: 0.78,
    Outcome.WEAK_IDENTIFIER: 0.40,
}
# Agreements other than identifiers count in full only where the name is nearly there:
# two people born on one day are not one person.
NAME_FLOOR, NAME_FULL = 0.40, 0.65
LEAST_TRUST = 0.4


def name_base(score: float, evidence: float, *, is_weak: bool) -> float:
    """The base that a name gives: its likeness under the ceiling that its evidence allows.

    `evidence` is the weight of the words that agree: from 2.5 it is as rich as it gets, below
    0.8 (initials, generic words) it carries less and less.
    """
    richness = min(1.0, max(0.0, (evidence - 0.8) / 1.7))
    ceiling = NAME_CEILING_POOR + (NAME_CEILING_RICH - NAME_CEILING_POOR) * richness
    ceiling *= 0.8 + 0.2 * min(1.0, evidence / 0.8)
    return score * (WEAK_NAME_CEILING if is_weak else ceiling)


def combine(base: float, findings: Iterable[Finding]) -> tuple[float, list[tuple[Finding, float]]]:
    """The score, and what each finding added or took in the order given.

    Identifiers come first, as they may stand without a name.
    """
    score = base
    effects = []
    trust = min(1.0, max(LEAST_TRUST, (base - NAME_FLOOR) / (NAME_FULL - NAME_FLOOR)))
    for finding in findings:
        share = TABLE[finding.outcome]
        if finding.outcome in ALONE:
            after = max(score + (1.0 - score) * share * max(trust, 0.3), ALONE[finding.outcome])
        elif share >= 0:
            after = score + (1.0 - score) * share * trust
        else:
            after = score * (1.0 + share)
        effects.append((finding, after - score))
        score = after
    return min(1.0, max(0.0, score)), effects
