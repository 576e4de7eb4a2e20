"""Compares two entities feature by feature, and says why in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tumen.matching import features
from tumen.matching.facts import Facts, bearer_of
from tumen.matching.features import Finding, Outcome
from tumen.matching.names import NameMatch, compare_readings
from tumen.matching.rarity import Rarity
from tumen.matching.score import THRESHOLD, combine, name_base
from tumen.matching.words import name_text
from tumen.model.entity import get_schema
from tumen.model.screening import Comparison, Reason
from tumen.names.name import NameOf, Reading, read_name


class Named(NamedTuple):
    """One name of an entity, read; `is_weak` is its authority's mark."""

    text: str
    is_weak: bool
    readings: tuple[Reading, ...]


class BestName(NamedTuple):
    """The names that met best, whether either is weak, and the base they give."""

    left: str = ""
    right: str = ""
    match: NameMatch | None = None
    is_weak: bool = False
    base: float = 0.0


def compare_facts(
    left: Facts, right: Facts, rarity: Rarity, *, threshold: float = THRESHOLD
) -> Comparison:
    """How alike two entities are. The order of the two changes nothing but the wording."""
    bearer = common_bearer(left.schema, right.schema)
    if bearer is None:
        return _unlike_schemata(left, right)
    found = best_name(read_names(left, bearer), read_names(right, bearer), rarity)
    return compare_found(findings_of(left, right), found, threshold=threshold)


def findings_of(left: Facts, right: Facts) -> list[Finding]:
    """What all features but the name find, identifiers first."""
    found = features.identifiers(left, right)
    return found + [
        finding
        for feature in (features.birth_date, features.country, features.place, features.gender)
        if (finding := feature(left, right)) is not None
    ]


def read_names(facts: Facts, bearer: NameOf) -> list[Named]:
    """All names of an entity, read as those of `bearer`."""
    return [Named(text, is_weak, read_name(text, bearer)) for text, is_weak in facts.names]


def best_name(lefts: Sequence[Named], rights: Sequence[Named], rarity: Rarity) -> BestName:
    """The pair of names, one of each side, that gives the highest base."""
    best = BestName()
    for left in lefts:
        for right in rights:
            match = compare_readings(left.readings, right.readings, rarity)
            if match is None:
                continue
            is_weak = left.is_weak or right.is_weak
            base = name_base(match.score, match.alignment.evidence, is_weak=is_weak)
            if base > best.base:
                best = BestName(left.text, right.text, match, is_weak, base)
    return best


def compare_found(
    findings: Sequence[Finding], found: BestName, *, threshold: float = THRESHOLD
) -> Comparison:
    """The whole comparison, once the findings and the best names are known."""
    score, effects = combine(found.base, findings)
    reasons = [_name_reason(found)] if found.match is not None and found.base > 0 else []
    reasons += [
        Reason(
            str(finding.outcome).split(":")[0],
            finding.left,
            finding.right,
            round(effect, 4),
            finding.text,
        )
        for finding, effect in effects
    ]
    score = round(score, 4)
    return Comparison(score, score >= threshold, tuple(reasons), _sentence(reasons))


def common_bearer(left: str, right: str) -> NameOf | None:
    """How the names of two schemata can be compared; None where the schemata exclude each other."""
    one, other = bearer_of(left), bearer_of(right)
    if one is other:
        return one
    if NameOf.UNKNOWN in (one, other):
        known = other if one is NameOf.UNKNOWN else one
        unknown = get_schema(left if one is NameOf.UNKNOWN else right)
        # A LegalEntity is a person or an organisation, but no vessel.
        if known is NameOf.OBJECT and unknown.is_a("LegalEntity"):
            return None
        return known
    return None


def _unlike_schemata(left: Facts, right: Facts) -> Comparison:
    text = f"a {left.schema} is no {right.schema}"
    reason = Reason("schema", left.schema, right.schema, 0.0, text)
    identifiers = [
        finding
        for finding in features.identifiers(left, right)
        if finding.outcome is Outcome.STRONG_IDENTIFIER
    ]
    if not identifiers:
        return Comparison(0.0, False, (reason,), _sentence([reason]))
    return compare_found(findings_of(left, right), BestName())


def _name_reason(found: BestName) -> Reason:
    assert found.match is not None
    text = name_text(found.left, found.right, found.match)
    if found.is_weak:
        text += " (a weak alias)"
    return Reason("name", found.left, found.right, round(found.base, 4), text)


def _sentence(reasons: list[Reason]) -> str:
    if not reasons:
        return "Nothing agrees."
    text = "; ".join(reason.text for reason in reasons)
    return text[0].upper() + text[1:] + "."
