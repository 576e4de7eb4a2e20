"""Best pairing of the words of two names, and the one number that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Words that have no partner on either side speak against, one against one, more than what
# they weigh: "Kim Jong Sik" is not "Kim Jong Un". Words left over on one side only are what
# one source leaves out and another gives: a patronymic, a middle name.
CONFLICT = 1.35
ABSENCE = 0.28
# One word alone in common with a longer name is not yet that name.
LONE_ABSENCE = 0.85
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
        return 0.9 + (similarity - 0.9)
    if similarity >= 0.8:
        return 0.65 + 2.0 * (similarity - 0.8)
    return max(0.0, 0.65 - 2.5 * (0.8 - similarity))


def align(
    left: Sequence[float], right: Sequence[float], links: Sequence[Pair], *, is_strict: bool = False
) -> Alignment:
    """Pair words greedily by what they tell, then weigh the pairs against what is left over.

    `left` and `right` are the weights of the words; `links` the possible pairs. With
    `is_strict` every word left over on one side counts in full, as the numbers and
    qualifiers in company names do.
    """
    ranked = sorted(links, key=lambda link: -link.similarity * sum(left[i] for i in link.left))
    free_left, free_right = set(range(len(left))), set(range(len(right)))
    pairs: list[Pair] = []
    matched = full = 0.0
    for link in ranked:
        if not (free_left.issuperset(link.left) and free_right.issuperset(link.right)):
            continue
        free_left.difference_update(link.left)
        free_right.difference_update(link.right)
        weight = (sum(left[i] for i in link.left) + sum(right[j] for j in link.right)) / 2
        matched += weight * quality(link.similarity)
        full += weight
        pairs.append(link)
    rest_left = sum(left[i] for i in free_left)
    rest_right = sum(right[j] for j in free_right)
    score = _score(
        matched, full, rest_left, rest_right, is_lone=_is_lone(pairs, left), is_strict=is_strict
    )
    return Alignment(
        tuple(pairs), tuple(sorted(free_left)), tuple(sorted(free_right)), score, matched
    )


def _is_lone(pairs: Sequence[Pair], weights: Sequence[float]) -> bool:
    """Whether the pairs rest on one telling word."""
    return sum(1 for pair in pairs if max(weights[i] for i in pair.left) >= 0.4) <= 1


def _score(
    matched: float,
    full: float,
    rest_left: float,
    rest_right: float,
    *,
    is_lone: bool,
    is_strict: bool,
) -> float:
    if matched <= 0.0:
        return 0.0
    conflict = min(rest_left, rest_right)
    absence = max(rest_left, rest_right) - conflict
    per_absence = LONE_ABSENCE if is_lone or is_strict else ABSENCE
    return matched / (full + CONFLICT * conflict + per_absence * absence)
