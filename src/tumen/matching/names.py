"""How alike two names are: every reading that both allow is aligned, and the best one counts."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.distance import OSA

from tumen.matching.align import (
    ABSENCE,
    SIMILARITY_FLOOR,
    STRICT_ABSENCE,
    SYLLABIC_ABSENCE,
    Alignment,
    Pair,
    Side,
    align,
    score_alignment,
)
from tumen.matching.bare import is_bare_of
from tumen.matching.doubts import doubt, filiation_doubt
from tumen.matching.rarity import Rarity
from tumen.names.name import (
    CULTURES,
    LATIN,
    OBJECT,
    ORGANISATION,
    Culture,
    NameOf,
    Reading,
    read_name,
)
from tumen.names.numerals import numbers_in
from tumen.names.word import Role

# In these cultures short syllables carry the name, and likeness of letters misleads.
SYLLABIC = frozenset({"korean", "chinese"})
# What an unlike word without a partner counts at least, against another such word.
LEAST_DOUBT = 1.0
SLAVIC = "slavic"
_PER_ABSENCE = {
    "korean": SYLLABIC_ABSENCE,
    "chinese": SYLLABIC_ABSENCE,
    ORGANISATION: STRICT_ABSENCE,
    OBJECT: STRICT_ABSENCE,
}
# A name divided into words in another way, or cut at the width of a field.
SQUASHED_MIN = 8
SQUASHED_FLOOR = 0.88
OTHER_WORD = 0.6
# What the words of such a name tell on average: their rarity is not looked up.
SQUASHED_EVIDENCE = 0.7
DIVIDED_FLOOR = 0.85
CUT_MIN = 13
# Names that do not meet at all still rank by their letters, up to this score.
FAINT = 0.58
INITIAL = 0.78
ACRONYM = 0.95
JOINED = 0.98
BARE = 0.9
# `18` and `eighteenth`, `ahl1` and `ahl 1`.
NUMBERED = 0.95
# Words or keys less alike than this in their letters are not worth the finer rules.
UNLIKE = 0.4


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
    pairs = [(left, right) for left in lefts for right in rights if left.culture == right.culture]
    is_syllabic = any(left.culture in SYLLABIC for left, _ in pairs)
    best: NameMatch | None = None
    for left, right in pairs:
        found = compare_reading(left, right, rarity)
        if is_syllabic and left.culture not in SYLLABIC and not _rests_on_long_words(found):
            continue
        if best is None or found.score > best.score:
            best = found
    if best is not None and best.score < 0.9 and not is_syllabic:
        best = _best_squashed(best, pairs)
    if best is not None:
        for left, right in pairs:
            if left.culture == LATIN:
                best = best._replace(score=best.score * filiation_doubt(left, right))
    if best is not None and best.score < FAINT:
        ours, theirs = _telling(best.left), _telling(best.right)
        faint = FAINT * OSA.normalized_similarity(ours, theirs)
        return best._replace(score=max(best.score, faint))
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
        per_absence=_PER_ABSENCE.get(left.culture, ABSENCE),
    )
    return NameMatch(
        score * doubt(left, right, found.pairs), left.culture, left, right, found, "words"
    )


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
    return max(0.0, 1.4 * OSA.normalized_similarity(ours, theirs) - 0.4)


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


def find_links(left: Reading, right: Reading) -> list[Pair]:
    """All pairs of words that may be the same, and words that are two joined of the other side."""
    links = []
    for i, one in enumerate(left.words):
        for j, other in enumerate(right.words):
            similarity = word_similarity(left.culture, one, other)
            if left.culture == SLAVIC and not (left.roles[i] or right.roles[j]):
                # No Slavic ending and no Slavic given name: Slavic sound rules do not apply.
                similarity = min(similarity, word_similarity(LATIN, one, other))
            if similarity >= SIMILARITY_FLOOR:
                links.append(Pair((i,), (j,), similarity))
    if left.culture in SYLLABIC or len(links) == len(left.words) == len(right.words):
        return links
    for find in (_joins, _acronyms) if left.culture == ORGANISATION else (_joins,):
        links.extend(find(left, right))
        links.extend(Pair(b, a, s) for a, b, s in find(right, left))
    return links


def _acronyms(left: Reading, right: Reading) -> list[Pair]:
    """Words of the left name that are the initials of neighbours in the right: IRGC, ISIL."""
    telling = [j for j, weight in enumerate(right.weights) if weight > 0.0]
    initials = "".join(right.words[j][0] for j in telling)
    found = []
    for i, word in enumerate(left.words):
        start = initials.find(word) if 3 <= len(word) <= 8 else -1
        if start >= 0:
            places = telling[start : start + len(word)]
            found.append(Pair((i,), tuple(places), ACRONYM))
    return found


def _joins(left: Reading, right: Reading) -> list[Pair]:
    """Words of the left name that are two or three neighbours of the right written as one."""
    found = []
    for width in (2, 3):
        for start in range(len(right.words) - width + 1):
            joined = "".join(right.words[start : start + width])
            for i, word in enumerate(left.words):
                if word == joined and len(joined) >= 4:
                    found.append(Pair((i,), tuple(range(start, start + width)), JOINED))
    return found


@lru_cache(maxsize=400_000)
def word_similarity(culture: str, left: str, right: str) -> float:
    """How far two words are the same word in a culture, in [0, 1]."""
    if left == right:
        return 1.0
    if culture == LATIN and (len(left) == 1 or len(right) == 1):
        return INITIAL if left[0] == right[0] else 0.0
    if culture == ORGANISATION and (numbers := numbers_in(left)) and numbers == numbers_in(right):
        return NUMBERED
    if left.isdigit() or right.isdigit():
        return 0.0
    found = CULTURES[culture]
    if found.is_fuzzy:
        if is_bare_of(left, right):
            return BARE
        if OSA.normalized_similarity(left, right) < UNLIKE and right not in found.related(left):
            return 0.0
    elif culture not in SYLLABIC and _keys_differ(found, left, right):
        return 0.0
    return found.similarity(left, right)


def _keys_differ(culture: Culture, left: str, right: str) -> bool:
    """A cheap look before the finer sound rules; syllables may be one name under two keys."""
    return OSA.normalized_similarity(culture.key(left), culture.key(right)) < UNLIKE


def _best_squashed(best: NameMatch, pairs: list[tuple[Reading, Reading]]) -> NameMatch:
    """Try the names without their spaces, and one as the other cut short."""
    for left, right in pairs:
        if left.culture not in (LATIN, ORGANISATION):
            continue
        is_divided = len(left.words) != len(right.words)
        if not is_divided and _is_other_word(left, right):
            continue
        floor = DIVIDED_FLOOR if is_divided else SQUASHED_FLOOR
        score, how = squashed_score(_telling(left), _telling(right), floor)
        if is_divided and not how:
            score, how = max(
                squashed_score(ours, theirs, floor)
                for ours in _turned(left)
                for theirs in _turned(right)
            )
        if how == "cut" and _is_at_word_end(left, right):
            continue
        score *= doubt(left, right, ())
        if score > best.score:
            evidence = score * max(sum(left.weights), sum(right.weights)) * SQUASHED_EVIDENCE
            found = best.alignment._replace(evidence=max(evidence, best.alignment.evidence))
            best = NameMatch(score, left.culture, left, right, found, how)
    return best


def _telling(reading: Reading) -> str:
    """All words that tell something, in one."""
    return "".join(
        w for w, weight in zip(reading.words, reading.weights, strict=True) if weight > 0.06
    )


def _turned(reading: Reading) -> tuple[str, ...]:
    """The name as one word, also with its first word last and its last word first."""
    words = [w for w, weight in zip(reading.words, reading.weights, strict=True) if weight > 0.06]
    return tuple({"".join(words), "".join(words[1:] + words[:1]), "".join(words[-1:] + words[:-1])})


def _is_at_word_end(left: Reading, right: Reading) -> bool:
    """Whether the shorter name ends where a word of the longer one does: nothing was cut."""
    short, long = sorted((_telling(left), _telling(right)), key=len)
    whole = right if long == _telling(right) else left
    words = [w for w, weight in zip(whole.words, whole.weights, strict=True) if weight > 0.06]
    return len(short) in accumulate(len(word) for word in words)


def _is_other_word(left: Reading, right: Reading) -> bool:
    """Whether any word stands, in the same place, against one of quite other letters.

    "… Mustafa al-Mosuli" is not "… Mustafa al-Qaduli", however long the rest that agrees.
    """
    return any(
        min(len(one), len(other)) >= 4 and OSA.normalized_similarity(one, other) <= OTHER_WORD
        for one, other in zip(left.words, right.words, strict=True)
    )


def squashed_score(left: str, right: str, floor: float) -> tuple[float, str]:
    """Score of two names without spaces, and how they met (`squashed`, `cut` or nothing)."""
    short, long = sorted((left, right), key=len)
    if len(short) < SQUASHED_MIN:
        return 0.0, ""
    if len(short) >= CUT_MIN and len(long) > len(short) and long.startswith(short):
        return 0.72 + 0.2 * len(short) / len(long), "cut"
    similarity = OSA.normalized_similarity(left, right, score_cutoff=floor)
    if similarity < floor:
        return 0.0, ""
    return 0.97 - 1.6 * (1.0 - similarity), "squashed"
