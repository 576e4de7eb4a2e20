"""Screens subjects against a snapshot of list versions. The only place that applies a threshold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from tumen.errors import RecordError
from tumen.matching.compare import BestName, common_bearer, compare_found
from tumen.matching.facts import Facts, facts_of
from tumen.matching.names import compare_readings
from tumen.matching.score import THRESHOLD, name_base
from tumen.matching.snapshot import Snapshot
from tumen.model.entity import Entity
from tumen.model.screening import Comparison, Hit, Screening
from tumen.names.name import NameOf, Reading, read_name

BATCH = 512
Subject = Mapping[str, Any] | Entity


class Screener:
    """Compares subjects with every listed entity that may be meant.

    A subject is a FollowTheMoney mapping `{"id", "schema", "properties": {name: [values]}}`.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def screen(
        self,
        subject: Subject,
        *,
        threshold: float = THRESHOLD,
        cutoff: float | None = None,
        lists: Iterable[str] | None = None,
    ) -> Screening:
        """Screen one subject; see `screen_many`."""
        return next(self.screen_many([subject], threshold=threshold, cutoff=cutoff, lists=lists))

    def screen_many(
        self,
        subjects: Iterable[Subject],
        *,
        threshold: float = THRESHOLD,
        cutoff: float | None = None,
        lists: Iterable[str] | None = None,
    ) -> Iterator[Screening]:
        """Screen subjects, in the order given.

        Candidates at `cutoff` or above come back (the threshold where it is None), those at
        `threshold` or above with `is_hit`. `lists` narrows to these list ids. A subject that
        cannot be screened comes back with its problem.
        """
        floor = threshold if cutoff is None else min(cutoff, threshold)
        chosen = frozenset(lists) if lists is not None else None
        stream = iter(subjects)
        while batch := list(islice(stream, BATCH)):
            yield from self._screen_batch(batch, threshold, floor, chosen)

    def _screen_batch(
        self,
        batch: Sequence[Subject],
        threshold: float,
        floor: float,
        lists: frozenset[str] | None,
    ) -> Iterator[Screening]:
        entities = [_read(subject) for subject in batch]
        facts = [facts_of(one) if isinstance(one, Entity) else None for one in entities]
        readings = [_readings(one) for one in facts]
        found: list[dict[int, list[int]]] = [{} for _ in batch]
        flat = [[reading for group in groups for reading in group] for groups in readings]
        for candidate in self.snapshot.index.candidates(flat):
            rows = found[candidate.subject].setdefault(candidate.entity, [])
            rows.append(candidate.row)
        for position, one in enumerate(entities):
            known = facts[position]
            if known is None or isinstance(one, str):
                yield _not_screened(batch[position], str(one))
                continue
            for kind, value in known.identifiers:
                for number in self.snapshot.bearers(kind, value):
                    found[position].setdefault(number, [])
            hits = self._hits(known, readings[position], found[position], threshold, floor, lists)
            yield Screening(known.entity_id, one.caption, tuple(hits), warnings=known.unreadable)

    def _hits(
        self,
        subject: Facts,
        readings: Sequence[tuple[Reading, ...]],
        candidates: Mapping[int, list[int]],
        threshold: float,
        floor: float,
        lists: frozenset[str] | None,
    ) -> list[Hit]:
        hits = []
        for number, rows in candidates.items():
            list_id, listed = self.snapshot.facts(number)
            if lists is not None and list_id not in lists:
                continue
            comparison = self._compare(subject, readings, listed, rows, threshold)
            if comparison is not None and comparison.score >= floor:
                hits.append(self._hit(number, comparison))
        hits.sort(key=lambda hit: (-hit.score, hit.entity_id))
        return hits

    def _compare(
        self,
        subject: Facts,
        readings: Sequence[tuple[Reading, ...]],
        listed: Facts,
        rows: Sequence[int],
        threshold: float,
    ) -> Comparison | None:
        bearer = common_bearer(subject.schema, listed.schema)
        shared = subject.identifiers & listed.identifiers
        if bearer is None and not shared:
            return None
        places = {int(self.snapshot.row_names[row]) for row in rows}
        best = BestName("", "", None, False, 0.0)
        for place in places if bearer is not None else ():
            self._improve(best, subject, readings, listed.names[place], bearer)
        if best.base < 0.4 and not shared:
            return None
        return compare_found(subject, listed, best, threshold=threshold)

    def _improve(
        self,
        best: BestName,
        subject: Facts,
        readings: Sequence[tuple[Reading, ...]],
        listed: tuple[str, bool],
        bearer: NameOf | None,
    ) -> None:
        text, is_listed_weak = listed
        assert bearer is not None
        theirs = read_name(text, bearer)
        for (ours, is_weak), group in zip(subject.names, readings, strict=True):
            match = compare_readings(group, theirs, self.snapshot.rarity)
            if match is None:
                continue
            weak = is_weak or is_listed_weak
            base = name_base(match.score, match.alignment.evidence, is_weak=weak)
            if base > best.base:
                best.left, best.right, best.match = ours, text, match
                best.is_weak, best.base = weak, base

    def _hit(self, number: int, comparison: Comparison) -> Hit:
        listed = self.snapshot.listed(number)
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


def _read(subject: Subject) -> Entity | str:
    """The subject as an entity, or in words why it cannot be screened."""
    try:
        entity = subject if isinstance(subject, Entity) else Entity.from_mapping(subject)
        facts = facts_of(entity)
    except RecordError as error:
        return str(error)
    if not any(read_name(text, facts.bearer) for text, _ in facts.names) and not facts.identifiers:
        return "Neither a name nor an identifier. Give at least one"
    return entity


def _readings(facts: Facts | None) -> list[tuple[Reading, ...]]:
    return [read_name(text, facts.bearer) for text, _ in facts.names] if facts else []


def _not_screened(subject: Subject, problem: str) -> Screening:
    subject_id = subject.entity_id if isinstance(subject, Entity) else str(subject.get("id") or "")
    return Screening(subject_id, subject_id, problem=problem)
