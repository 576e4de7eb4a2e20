"""Screens one batch of subjects: a pure function of the snapshot, the terms and the batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tumen.errors import RecordError
from tumen.matching.compare import (
    BestName,
    Named,
    best_name,
    common_bearer,
    compare_found,
    findings_of,
    read_names,
)
from tumen.matching.facts import Facts, facts_of
from tumen.matching.index import LEAST_ROUGH
from tumen.matching.score import NAME_CEILING_RICH, combine
from tumen.matching.snapshot import Snapshot
from tumen.matching.squash import cut_reading
from tumen.model.entity import Entity
from tumen.model.screening import Comparison, Hit, Screening
from tumen.names.name import Reading, read_name

Subject = Mapping[str, Any] | Entity


class Terms(NamedTuple):
    """How to screen: a hit from `threshold`, shown from `cutoff`, against `lists` (None: all)."""

    threshold: float
    cutoff: float
    lists: frozenset[str] | None = None


class Prepared(NamedTuple):
    """A subject made ready: its facts, and its names read."""

    entity: Entity
    facts: Facts
    names: list[Named]


def screen_batch(snapshot: Snapshot, terms: Terms, batch: Sequence[Subject]) -> list[Screening]:
    """The screenings of a batch, in its order."""
    ready = [prepare(subject) for subject in batch]
    candidates = find_candidates(snapshot, ready, least_rough(terms.cutoff))
    results = []
    for subject, one, found in zip(batch, ready, candidates, strict=True):
        if isinstance(one, str):
            results.append(_not_screened(subject, one))
        else:
            hits = _hits(snapshot, terms, one, found)
            results.append(
                Screening(
                    one.facts.entity_id,
                    one.entity.caption,
                    tuple(hits),
                    warnings=tuple(f"{text} could not be read" for text in one.facts.unreadable),
                )
            )
    return results


def least_rough(cutoff: float) -> float:
    """The rough score from which names are compared in full.

    Against a low cut-off they are compared that could not reach the usual one.
    """
    return min(LEAST_ROUGH, max(0.2, cutoff - 0.16))


def prepare(subject: Subject) -> Prepared | str:
    """The subject made ready, or in words why it cannot be screened."""
    if not isinstance(subject, Entity | Mapping):
        return f"A subject is a mapping or an Entity, not {type(subject).__name__}"
    try:
        entity = subject if isinstance(subject, Entity) else Entity.from_mapping(subject)
        facts = facts_of(entity)
    except RecordError as error:
        return str(error)
    names = read_names(facts, facts.bearer)
    if not any(name.readings for name in names) and not facts.identifiers:
        return "Neither a name nor an identifier that can be read. Give at least one"
    return Prepared(entity, facts, names)


def find_candidates(
    snapshot: Snapshot, ready: Sequence[Prepared | str], least: float
) -> list[dict[int, list[int]]]:
    """For each subject the entities that may be meant, with the rows of their nearest names."""
    found: list[dict[int, list[int]]] = [{} for _ in ready]
    flat = [[] if isinstance(one, str) else asked_readings(one) for one in ready]
    for candidate in snapshot.index.candidates(flat, least):
        found[candidate.subject].setdefault(candidate.entity, []).append(candidate.row)
    for one, entities in zip(ready, found, strict=True):
        if not isinstance(one, str):
            for kind, value in one.facts.identifiers:
                for number in snapshot.bearers(kind, value):
                    entities.setdefault(number, [])
    return found


def asked_readings(subject: Prepared) -> list[Reading]:
    """All readings of a subject's names, and of names that a field may have cut."""
    asked: list[Reading] = []
    for name in subject.names:
        asked += name.readings
        asked += [cut for one in name.readings if (cut := cut_reading(name.text, one))]
    return asked


def _hits(
    snapshot: Snapshot, terms: Terms, subject: Prepared, candidates: Mapping[int, list[int]]
) -> list[Hit]:
    hits = []
    for number, rows in candidates.items():
        list_id, listed = snapshot.facts(number)
        if terms.lists is not None and list_id not in terms.lists:
            continue
        comparison = compare_candidate(snapshot, terms, subject, listed, rows)
        if comparison is not None and comparison.score >= terms.cutoff:
            hits.append(_hit(snapshot, number, comparison))
    hits.sort(key=lambda hit: (-hit.score, hit.entity_id))
    return hits


def compare_candidate(
    snapshot: Snapshot, terms: Terms, subject: Prepared, listed: Facts, rows: Sequence[int]
) -> Comparison | None:
    """The comparison with one candidate, None where it cannot reach any cut-off."""
    findings = findings_of(subject.facts, listed)
    # Exact, as a better name never lowers a score: most of those who are told apart by birth date
    # and nationality are spared the comparison of their names, which costs ten times as much.
    if round(combine(NAME_CEILING_RICH, findings)[0], 4) < terms.cutoff:
        return None
    bearer = common_bearer(subject.facts.schema, listed.schema)
    best = BestName()
    if bearer is not None:
        near = dict.fromkeys(int(snapshot.row_names[row]) for row in rows)
        # An entity found by an identifier alone may still have a name that agrees.
        places = near or range(len(listed.names))
        theirs = [
            Named(text, is_weak, read_name(text, bearer))
            for text, is_weak in (listed.names[place] for place in places)
        ]
        best = best_name(subject.names, theirs, snapshot.rarity)
    if round(combine(best.base, findings)[0], 4) < terms.cutoff:
        return None
    return compare_found(findings, best, threshold=terms.threshold)


def _hit(snapshot: Snapshot, number: int, comparison: Comparison) -> Hit:
    listed = snapshot.listed(number)
    return Hit(
        listed.entity.entity_id,
        listed.list_id,
        listed.entity.schema,
        listed.entity.caption,
        comparison.score,
        comparison.is_hit,
        comparison.reasons,
        comparison.sentence,
        listed.programmes,
    )


def _not_screened(subject: Subject, problem: str) -> Screening:
    known = ""
    if isinstance(subject, Entity):
        known = subject.entity_id
    elif isinstance(subject, Mapping):
        known = str(subject.get("id") or "")
    return Screening(known, known, problem=problem)
