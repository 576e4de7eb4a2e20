"""Best pairing of the words of two names, and the one number that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Words left over on one side only are what one source leaves out and another gives: a
# patronymic, a middle name. A single word in common is not yet a longer name.
ABSENCE = 0.2
LONE_ABSENCE = 0.75
# In names of organisations and things every word left out tells apart, and in Korean and Chinese
# names a syllable less is another name.
STRICT_ABSENCE = 0.65
SYLLABIC_ABSENCE = 1.3
# Words without a partner on both sides speak against, one against one, more than what they
# weigh and however long the rest: "Kim Jong Sik" is not "Kim Jong Un".
CONFLICT = 2.0
CONFLICT_FLAT = 0.28
LIKENESS = 0.9
# Below this two words are not the same word at all.
SIMILARITY_FLOOR = 0.7


class Pair(NamedTuple):
    """Word `left` of one name met words `right` of the other (several where one was divided)."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    similarity: float


class Alignment(NamedTuple):
    """The pairs found and the words left over, by position.

    `matched` is what the pairs tell, slips taken off; `full` what they would tell without;
    `evidence` the part that both sides bear out.
    """

    pairs: tuple[Pair, ...]
    left_rest: tuple[int, ...]
    right_rest: tuple[int, ...]
    matched: float
    full: float
    evidence: float


def quality(similarity: float) -> float:
    """What a pair counts: a slip costs more than its share of letters."""
    if similarity >= 0.95:
        return similarity
    if similarity >= 0.8:
        return 0.72 + 1.5 * (similarity - 0.8)
    return max(0.0, 0.72 - 2.2 * (0.8 - similarity))


def rest_likeness(similarity: float) -> float:
    """How far words left over may be the same, in [0, 1], from the likeness of their letters."""
    return max(0.0, 1.4 * similarity - 0.4)


class Side(NamedTuple):
    """The words of one name as weights: what each tells, and what it says when it has no partner
    while the other side has words without one too.
    """

    weights: Sequence[float]
    doubts: Sequence[float]


def align(left: Side, right: Side, links: Sequence[Pair]) -> Alignment:
    """Pair words greedily by what they tell; `links` are the possible pairs."""
    ours, theirs = left.weights, right.weights
    ranked = sorted(links, key=lambda link: _rank(link, ours, theirs))
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
    rests = tuple(sorted(free_left)), tuple(sorted(free_right))
    return Alignment(tuple(pairs), *rests, matched, full, evidence)


def _rank(link: Pair, ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float]:
    """What tells most comes first, whichever side it stands on; then what stands first."""
    weight = sum(ours[i] for i in link.left) + sum(theirs[j] for j in link.right)
    place = sum(link.left) / len(link.left) + sum(link.right) / len(link.right)
    return -link.similarity * weight, place


def score_alignment(
    found: Alignment, left: Side, right: Side, *, likeness: float, per_absence: float
) -> float:
    """The pairs weighed against the words left over, in [0, 1].

    `likeness` says how alike the letters of the words left over are: "Merkel" and "Merkur"
    speak less against than "Merkel" and "Putin". `per_absence` is what words left over on
    one side only cost, the more the commoner the words are that did meet.
    """
    if found.matched <= 0.0:
        return 0.0
    doubts = (
        sum(left.doubts[i] for i in found.left_rest),
        sum(right.doubts[j] for j in found.right_rest),
    )
    conflict = min(doubts) * (1.0 - LIKENESS * likeness)
    ours = sum(left.weights[i] for i in found.left_rest)
    theirs = sum(right.weights[j] for j in found.right_rest)
    telling = sum(
        1
        for pair in found.pairs
        if min(max(left.weights[i] for i in pair.left), max(right.weights[j] for j in pair.right))
        >= 0.4
    )
    cost = max(per_absence, LONE_ABSENCE) if telling <= 1 else per_absence
    missing = abs(ours - theirs)
    commonness = 1.0 - min(1.0, found.evidence / max(telling, 1))
    absence = cost * missing * (1.0 + commonness * max(0.0, missing - 1.0))
    score = found.matched / (found.full + CONFLICT * conflict + absence)
    return score * (1.0 - CONFLICT_FLAT * min(1.0, conflict))
