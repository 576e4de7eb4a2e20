"""How alike two names are: every reading that both allow is aligned, and the best one counts."""

from __future__ import annotations

from typing import NamedTuple

from rapidfuzz.distance import OSA

from tumen.matching.align import (
    ABSENCE,
    STRICT_ABSENCE,
    SYLLABIC_ABSENCE,
    Alignment,
    Side,
    align,
    rest_likeness,
    score_alignment,
)
from tumen.matching.doubts import doubt, filiation_doubt
from tumen.matching.links import find_links
from tumen.matching.rarity import Rarity
from tumen.matching.similarity import SYLLABIC
from tumen.matching.squash import faint_score, squash
from tumen.names.cultures import LATIN, OBJECT, ORGANISATION, SINO, UNIT
from tumen.names.name import NameOf, Reading, read_name
from tumen.names.word import Role

# What an unlike word without a partner counts at least, against another such word.
LEAST_DOUBT = 1.0
# What the words of a name without spaces tell on average: their rarity is not looked up.
SQUASHED_EVIDENCE = 0.7
# The 99th and the 77th Light Infantry Division, however many words they share.
OTHER_UNITS = 0.6
_PER_ABSENCE = {
    **dict.fromkeys(SYLLABIC, SYLLABIC_ABSENCE),
    ORGANISATION: STRICT_ABSENCE,
    OBJECT: STRICT_ABSENCE,
}


class NameMatch(NamedTuple):
    """The best reading of two names: its culture, both sides' words, their alignment, the score.

    `how` says in a word why it scored: `words`, `squashed` or `cut`.
    """

    score: float
    culture: str
    left: Reading
    right: Reading
    alignment: Alignment
    how: str


def compare_names(left: str, right: str, bearer: NameOf, rarity: Rarity) -> NameMatch | None:
    """The best match of two names borne by the same kind of bearer; None where nothing meets."""
    lefts, rights = read_name(left, bearer), read_name(right, bearer)
    return compare_readings(lefts, rights, rarity)


def compare_readings(
    lefts: tuple[Reading, ...], rights: tuple[Reading, ...], rarity: Rarity
) -> NameMatch | None:
    """The best match over the readings that both names allow."""
    pairs = [
        (left, right)
        for left in lefts
        for right in rights
        if left.culture == right.culture
        and (left.culture != SINO or left.words[0][0] != right.words[0][0])
    ]
    is_syllabic = any(left.culture in SYLLABIC and left.culture != SINO for left, _ in pairs)
    best: NameMatch | None = None
    are_other_units = False
    for left, right in pairs:
        found = compare_reading(left, right, rarity)
        are_other_units |= left.culture == UNIT and found.score == 0.0
        if is_syllabic and left.culture not in SYLLABIC and not _rests_on_long_words(found):
            continue
        if best is None or found.score > best.score:
            best = found
    if best is None:
        return None
    if best.score < 0.9 and not is_syllabic:
        best = _best_squashed(best, pairs)
    for left, right in pairs:
        if left.culture == LATIN:
            best = best._replace(score=best.score * filiation_doubt(left, right))
    if are_other_units:
        return best._replace(score=best.score * OTHER_UNITS)
    return best._replace(score=max(best.score, faint_score(best.left, best.right)))


def _best_squashed(best: NameMatch, pairs: list[tuple[Reading, Reading]]) -> NameMatch:
    """The better of a match and the same names without their spaces."""
    for left, right in pairs:
        if left.culture not in (LATIN, ORGANISATION):
            continue
        found = squash(left, right)
        score = found.score * doubt(left, right, ())
        if score > best.score:
            evidence = score * max(sum(left.weights), sum(right.weights)) * SQUASHED_EVIDENCE
            alignment = best.alignment._replace(evidence=max(evidence, best.alignment.evidence))
            best = NameMatch(score, left.culture, left, right, alignment, found.how)
    return best


def compare_reading(left: Reading, right: Reading, rarity: Rarity) -> NameMatch:
    """Align two readings of the same culture."""
    links = find_links(left, right)
    ours, theirs = side_of(left, rarity), side_of(right, rarity)
    found = align(ours, theirs, links)
    score = score_alignment(
        found,
        ours,
        theirs,
        likeness=_rest_likeness(left, right, found),
        per_absence=absence_cost(left.culture),
    )
    return NameMatch(
        score * doubt(left, right, found.pairs), left.culture, left, right, found, "words"
    )


def absence_cost(culture: str) -> float:
    """What a word costs in a culture that only one of two names has."""
    return _PER_ABSENCE.get(culture, ABSENCE)


def _rests_on_long_words(found: NameMatch) -> bool:
    """Whether words that are merely alike are long enough for their letters to tell."""
    if found.alignment.left_rest or found.alignment.right_rest:
        return False
    return all(
        min(len(found.left.words[pair.left[0]]), len(found.right.words[pair.right[0]])) >= 5
        for pair in found.alignment.pairs
        if pair.similarity < 1.0
    )


def _rest_likeness(left: Reading, right: Reading, found: Alignment) -> float:
    """How alike the letters are that found no partner, from 0 (unlike) to 1."""
    if not found.left_rest or not found.right_rest:
        return 0.0
    ours = "".join(left.words[i] for i in found.left_rest)
    theirs = "".join(right.words[j] for j in found.right_rest)
    return rest_likeness(OSA.normalized_similarity(ours, theirs))


def side_of(reading: Reading, rarity: Rarity) -> Side:
    """What the words of a reading tell (role times rarity), and how they count in a conflict."""
    weights = [
        weight * rarity.weight(reading.culture, word) if weight else 0.0
        for word, weight in zip(reading.words, reading.weights, strict=True)
    ]
    if reading.culture in (ORGANISATION, OBJECT):
        # Unlike numbers are weighed by `doubt`, once; a common word tells apart like a rare one.
        doubts = [
            0.0 if word[0].isdigit() else weight
            for word, weight in zip(reading.words, reading.weights, strict=True)
        ]
        return Side(weights, doubts)
    # Two unlike fathers' names, or two unlike initials, tell two people apart as well as two
    # family names do, though their absence tells next to nothing.
    doubts = [
        weight if role == Role.PARTICLE else max(weight, LEAST_DOUBT)
        for weight, role in zip(weights, reading.roles, strict=True)
    ]
    return Side(weights, doubts)
