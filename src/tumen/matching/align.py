"""Best pairing of the words of two names, and the one number that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Words left over on one side only are what one source leaves out and another gives: a
# patronymic, a middle name. A single word in common is not yet a longer name.
ABSENCE = 0.26
LONE_ABSENCE = 0.85
# In names of organisations and things every word left out tells apart.
STRICT_ABSENCE = 0.75
# Words without a partner on both sides speak against, one against one, more than what they
# weigh and however long the rest: "Kim Jong Sik" is not "Kim Jong Un".
CONFLICT = 0.9
CONFLICT_FLAT = 0.22
# Below this two words are not the same word at all.
SIMILARITY_FLOOR = 0.7


class Pair(NamedTuple):
    """Word `left` of one name met words `right` of the other (several where one was divided)."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    similarity: float


class Alignment(NamedTuple):
    """The pairs found, the words left over by position, and the score in [0, 1]."""

    pairs: tuple[Pair, ...]
    left_rest: tuple[int, ...]
    right_rest: tuple[int, ...]
    score: float
    evidence: float


def quality(similarity: float) -> float:
    """What a pair counts: a slip costs more than its share of letters."""
    if similarity >= 0.95:
        return similarity
    if similarity >= 0.8:
        return 0.72 + 1.5 * (similarity - 0.8)
    return max(0.0, 0.72 - 2.2 * (0.8 - similarity))


class Side(NamedTuple):
    """The words of one name as weights: what each tells, and what it says when it has no partner
    while the other side has words without one too.
    """

    weights: Sequence[float]
    doubts: Sequence[float]


def align(left: Side, right: Side, links: Sequence[Pair], *, is_strict: bool = False) -> Alignment:
    """Pair words greedily by what they tell, then weigh the pairs against what is left over.

    `links` are the possible pairs. With `is_strict` words left over on one side count as the
    numbers and qualifiers in company names do.
    """
    ours, theirs = left.weights, right.weights
    ranked = sorted(links, key=lambda link: -link.similarity * sum(ours[i] for i in link.left))
    free_left, free_right = set(range(len(ours))), set(range(len(theirs)))
    pairs: list[Pair] = []
    matched = full = evidence = 0.0
    for link in ranked:
        if not (free_left.issuperset(link.left) and free_right.issuperset(link.right)):
            continue
        free_left.difference_update(link.left)
        free_right.difference_update(link.right)
        one, other = sum(ours[i] for i in link.left), sum(theirs[j] for j in link.right)
        matched += (one + other) / 2 * quality(link.similarity)
        full += (one + other) / 2
        evidence += min(one, other) * link.similarity
        pairs.append(link)
    if matched <= 0.0:
        return Alignment((), tuple(range(len(ours))), tuple(range(len(theirs))), 0.0, 0.0)
    conflict = min(sum(left.doubts[i] for i in free_left), sum(right.doubts[j] for j in free_right))
    absence = abs(sum(ours[i] for i in free_left) - sum(theirs[j] for j in free_right))
    per_absence = _per_absence(pairs, ours, is_strict)
    score = matched / (full + CONFLICT * conflict + per_absence * absence)
    score *= 1.0 - CONFLICT_FLAT * min(1.0, conflict)
    return Alignment(
        tuple(pairs), tuple(sorted(free_left)), tuple(sorted(free_right)), score, evidence
    )


def _per_absence(pairs: Sequence[Pair], weights: Sequence[float], is_strict: bool) -> float:
    telling = sum(1 for pair in pairs if max(weights[i] for i in pair.left) >= 0.4)
    if telling <= 1:
        return LONE_ABSENCE
    return STRICT_ABSENCE if is_strict else ABSENCE
