"""A quick reading of how alike two names are, from word numbers alone, to spare the full one.

The same arithmetic as a full alignment, without the finer rules that only lower a score. What it
calls hopeless cannot reach a sensible cut-off; all else is compared in full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from tumen.matching.align import (
    CONFLICT,
    CONFLICT_FLAT,
    LIKENESS,
    LONE_ABSENCE,
    quality,
    rest_likeness,
)

# Words left over on both sides that are so alike are the same ones divided otherwise.
_SAME_REST = 0.85
# A word of less weight than this is a particle, an initial or a legal form.
_TELLING = 0.35


class Query(NamedTuple):
    """A subject's reading as numbers: its words and their weights, and which listed words each
    may mean, with how alike. `per_absence` as in `align`.
    """

    words: Sequence[str]
    weights: Sequence[float]
    meanings: Sequence[Mapping[int, float]]
    per_absence: float


class Row(NamedTuple):
    """A listed reading as numbers: its words and their weights."""

    numbers: Sequence[int]
    weights: Sequence[float]


def rough_score(query: Query, row: Row, word: Callable[[int], str]) -> float:
    """About how alike two readings are; rather too high than too low.

    `word` gives the text of a listed word by its number.
    """
    matched = full = 0.0
    telling = 0
    free = set(range(len(query.weights)))
    rest: list[int] = []
    for place, number in enumerate(row.numbers):
        best, similarity = -1, 0.0
        for i, meaning in enumerate(query.meanings):
            alike = meaning.get(number, 0.0)
            if alike > similarity and i in free:
                best, similarity = i, alike
        if best < 0:
            rest.append(place)
            continue
        free.discard(best)
        weight = (row.weights[place] + query.weights[best]) / 2
        telling += weight > _TELLING
        matched += weight * quality(similarity)
        full += weight
    if matched <= 0.0:
        # Met by a join alone: one word that is several on the other side.
        return _joined_likeness(query.words, [word(number) for number in row.numbers])
    left, right = sorted(free), rest
    ours = sum(query.weights[i] for i in left)
    theirs = sum(row.weights[j] for j in right)
    if ours > _TELLING and theirs > _TELLING:
        joined = "".join(query.words[i] for i in left), "".join(word(row.numbers[j]) for j in right)
        likeness = OSA.normalized_similarity(*joined)
        if likeness >= _SAME_REST:
            return (matched + (ours + theirs) / 2 * likeness) / (full + (ours + theirs) / 2)
        conflict = min(
            sum(query.weights[i] for i in left if query.weights[i] > _TELLING),
            sum(row.weights[j] for j in right if row.weights[j] > _TELLING),
        )
        conflict *= 1.0 - LIKENESS * rest_likeness(likeness)
    else:
        conflict = 0.0
    per_absence = query.per_absence if telling > 1 else max(query.per_absence, LONE_ABSENCE)
    score = matched / (full + CONFLICT * conflict + per_absence * abs(ours - theirs))
    return score * (1.0 - CONFLICT_FLAT * min(1.0, conflict))


def _joined_likeness(left: Sequence[str], right: Sequence[str]) -> float:
    """How alike two names are as one word each, whichever word comes first."""
    whole = "".join(left)
    return max(
        OSA.normalized_similarity(whole, "".join([*right[i:], *right[:i]]))
        for i in range(len(right))
    )
