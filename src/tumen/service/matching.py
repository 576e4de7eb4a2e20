"""Who in a scope an example may be: candidates, their scores, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tumen.matching.index import LEAST_ROUGH
from tumen.model.entity import Entity
from tumen.model.screening import Comparison
from tumen.screening.batch import Prepared, Terms, compare_candidate, find_candidates, prepare
from tumen.service.algorithms import ALGORITHMS, BEST, Algorithm, kind_of
from tumen.service.columns import Mask
from tumen.service.schemas import comparable
from tumen.service.scopes import Scope, Scopes


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked of a match: bounds of the score, how many, and who is left out.

    `filters` maps a field to the values of which an entity must have one; all must hold.
    """

    threshold: float = 0.7
    cutoff: float = 0.7
    limit: int = 5
    include_datasets: frozenset[str] = frozenset()
    exclude_datasets: frozenset[str] = frozenset()
    exclude_schemas: frozenset[str] = frozenset()
    exclude_entity_ids: frozenset[str] = frozenset()
    changed_since: str = ""
    filters: tuple[tuple[str, frozenset[str]], ...] = ()
    algorithm: Algorithm = ALGORITHMS[BEST]
    weights: Mapping[str, float] = field(default_factory=dict)


class Scored(NamedTuple):
    """One entity by number, with how alike it is and why."""

    number: int
    score: float
    is_match: bool
    comparison: Comparison


class Matches(NamedTuple):
    """The best results, and how many in all reach the threshold."""

    results: list[Scored]
    total: int
    problem: str = ""


def find_matches(
    scopes: Scopes, scope: Scope, subjects: Sequence[tuple[Entity, Limits]]
) -> list[Matches]:
    """The matches of a batch of subjects, in its order."""
    ready = [prepare(subject) for subject, _ in subjects]
    least = min(
        (min(LEAST_ROUGH, max(0.2, limits.cutoff - 0.16)) for _, limits in subjects),
        default=LEAST_ROUGH,
    )
    candidates = find_candidates(scopes.snapshot, ready, least)
    return [
        Matches([], 0, one) if isinstance(one, str) else _matches(scopes, scope, one, limits, found)
        for one, (_, limits), found in zip(ready, subjects, candidates, strict=True)
    ]


def _matches(
    scopes: Scopes,
    scope: Scope,
    subject: Prepared,
    limits: Limits,
    candidates: Mapping[int, Sequence[int]],
) -> Matches:
    admitted = admitted_mask(scopes, scope, subject.entity.schema, limits)
    factors = limits.algorithm.factors(limits.weights) if limits.weights else {}
    # What is asked weighs otherwise may rise above any bound known before it is compared.
    terms = Terms(limits.threshold, -1.0 if factors else limits.cutoff)
    found = []
    for number, rows in candidates.items():
        entity = int(scopes.listed[number])
        if not admitted[entity]:
            continue
        listed = scopes.snapshot.facts(number)[1]
        comparison = compare_candidate(scopes.snapshot, terms, subject, listed, rows)
        if comparison is None:
            continue
        score = _weighted(comparison, factors) if factors else comparison.score
        # As the peer has it: a score equal to the cut-off is dropped.
        if score > limits.cutoff:
            found.append(Scored(entity, score, score >= limits.threshold, comparison))
    found.sort(key=lambda one: (-one.score, one.number))
    return Matches(found[: max(0, limits.limit)], sum(one.is_match for one in found))


def _weighted(comparison: Comparison, factors: Mapping[str, float]) -> float:
    """The score with each reason's effect scaled."""
    total = sum(reason.effect * factors.get(kind_of(reason), 1.0) for reason in comparison.reasons)
    return round(min(1.0, max(0.0, total)), 4)


def admitted_mask(scopes: Scopes, scope: Scope, schema: str, limits: Limits) -> Mask:
    """For each entity, whether it may be a result at all."""
    names = scope.names
    if limits.include_datasets:
        names &= limits.include_datasets
    names -= limits.exclude_datasets
    mask = scopes.mask(names, comparable(schema) - limits.exclude_schemas)
    if limits.changed_since:
        mask = mask & scopes.entities.changed_since(limits.changed_since)
    for name, values in limits.filters:
        mask = mask & scopes.having(name, values)
    if limits.exclude_entity_ids:
        mask = mask.copy()
        mask[scopes.entities.numbers_of(limits.exclude_entity_ids)] = False
    return mask
