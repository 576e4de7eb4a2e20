"""A quick reading of how alike two names are, from word numbers alone, to spare the full one.

The same arithmetic as a full alignment, without the finer rules that only lower a score. What it
calls hopeless cannot reach a sensible cut-off; all else is compared in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from tumen.matching.align import ABSENCE, CONFLICT, CONFLICT_FLAT, LIKENESS, quality

# What two readings may be that met by a join alone: one word that is several on the other side.
_JOINED = 1.0
# A word of less weight than this is a particle, an initial or a legal form.
_TELLING = 0.35


class Query(NamedTuple):
    """A subject's reading as numbers: its words and their weights, and for each listed word
    that one of them may mean, which ones and how alike.
    """

    words: Sequence[str]
    weights: Sequence[float]
    meanings: Mapping[int, Sequence[tuple[int, float]]]


class Row(NamedTuple):
    """A listed reading as numbers: its words and their weights."""

    numbers: Sequence[int]
    words: Sequence[str]
    weights: Sequence[float]


def rough_score(query: Query, row: Row) -> float:
    """About how alike two readings are; rather too high than too low."""
    matched = full = 0.0
    free = set(range(len(query.weights)))
    rest: list[int] = []
    for place, number in enumerate(row.numbers):
        best, similarity = -1, 0.0
        for i, alike in query.meanings.get(number, ()):
            if alike > similarity and i in free:
                best, similarity = i, alike
        if best < 0:
            rest.append(place)
            continue
        free.discard(best)
        weight = (row.weights[place] + query.weights[best]) / 2
        matched += weight * quality(similarity)
        full += weight
    if matched <= 0.0:
        return _JOINED
    ours = [query.weights[i] for i in sorted(free)]
    theirs = [row.weights[j] for j in rest]
    conflict = min(
        sum(weight for weight in ours if weight > _TELLING),
        sum(weight for weight in theirs if weight > _TELLING),
    )
    if conflict > 0.0:
        left = "".join(query.words[i] for i in sorted(free))
        right = "".join(row.words[j] for j in rest)
        likeness = max(0.0, 1.4 * OSA.normalized_similarity(left, right) - 0.4)
        conflict *= 1.0 - LIKENESS * likeness
    absence = ABSENCE * abs(sum(ours) - sum(theirs))
    return (
        matched / (full + CONFLICT * conflict + absence) * (1 - CONFLICT_FLAT * min(1.0, conflict))
    )
