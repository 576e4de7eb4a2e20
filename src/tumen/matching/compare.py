"""Compares two entities feature by feature, and says why in words."""

from __future__ import annotations

from tumen.matching import features
from tumen.matching.facts import Facts, bearer_of
from tumen.matching.features import Outcome
from tumen.matching.names import NameMatch, compare_names
from tumen.matching.rarity import Rarity
from tumen.matching.score import THRESHOLD, combine, name_base
from tumen.matching.words import name_text
from tumen.model.entity import get_schema
from tumen.model.screening import Comparison, Reason
from tumen.names.name import NameOf


def compare_facts(
    left: Facts, right: Facts, rarity: Rarity, *, threshold: float = THRESHOLD
) -> Comparison:
    """How alike two entities are. The order of the two changes nothing but the wording."""
    bearer = common_bearer(left.schema, right.schema)
    if bearer is None:
        return _unlike_schemata(left, right)
    found = best_name(left, right, bearer, rarity)
    return compare_found(left, right, found, threshold=threshold)


class BestName:
    """The names that met best, whether the listed one is weak, and the base they give."""

    __slots__ = ("base", "is_weak", "left", "match", "right")

    def __init__(
        self, left: str, right: str, match: NameMatch | None, is_weak: bool, base: float
    ) -> None:
        self.left, self.right, self.match = left, right, match
        self.is_weak, self.base = is_weak, base


def best_name(left: Facts, right: Facts, bearer: NameOf, rarity: Rarity) -> BestName:
    """The pair of names, one of each side, that gives the highest base."""
    best = BestName("", "", None, False, 0.0)
    for one, one_weak in left.names:
        for other, other_weak in right.names:
            match = compare_names(one, other, bearer, rarity)
            if match is None:
                continue
            is_weak = one_weak or other_weak
            base = name_base(match.score, match.alignment.evidence, is_weak=is_weak)
            if base > best.base:
                best = BestName(one, other, match, is_weak, base)
    return best


def compare_found(
    left: Facts, right: Facts, found: BestName, *, threshold: float = THRESHOLD
) -> Comparison:
    """The whole comparison, once the best names are known."""
    findings = features.identifiers(left, right)
    findings += [
        finding
        for feature in (features.birth_date, features.country, features.place, features.gender)
        if (finding := feature(left, right)) is not None
    ]
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
    found = BestName("", "", None, False, 0.0)
    return compare_found(left, right, found)


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
