"""Names without their spaces: divided otherwise, cut at the width of a field, or one slip apart."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.distance import OSA

from tumen.names.cultures import LATIN
from tumen.names.name import Reading

# Shorter names are too easily alike, and too easily the beginning of another.
SQUASHED_MIN, CUT_MIN = 8, 13
# From which likeness names of as many words are one, and names divided otherwise.
SQUASHED_FLOOR, DIVIDED_FLOOR = 0.88, 0.85
# Words of four letters less alike than this are two words.
OTHER_WORD = 0.6
# Names that do not meet at all rank up to this score.
FAINT = 0.58
# Widths at which systems cut names; 35 is that of a name line in a SWIFT MT message.
FIELD_WIDTHS = (20, 35)
# A word of less weight is a legal form or a stop word.
LEAST_WEIGHT = 0.06


class Squash(NamedTuple):
    """A score and how it came about: `squashed`, `cut`, or nothing."""

    score: float
    how: str


NOTHING = Squash(0.0, "")


def squash(left: Reading, right: Reading) -> Squash:
    """How alike two readings of one culture are as one word each."""
    if cut := _cut_score(left, right) or _cut_score(right, left):
        return Squash(cut, "cut")
    is_divided = len(left.words) != len(right.words)
    if not is_divided and _is_other_word(left, right):
        return NOTHING
    if not is_divided:
        return squash_words(_telling(left), _telling(right), SQUASHED_FLOOR)
    turned = ((ours, theirs) for ours in _turned(left) for theirs in _turned(right))
    return max(squash_words(ours, theirs, DIVIDED_FLOOR) for ours, theirs in turned)


def _cut_score(short: Reading, long: Reading) -> float:
    """The score of a name that stops inside a word of the longer one, 0.0 where it does not."""
    stump = _telling(short)
    if len(stump) < CUT_MIN:
        return 0.0
    words = _telling_words(long)
    for i in range(len(words)):
        turned = words[i:] + words[:i]
        whole = "".join(turned)
        # Where it stops at the end of a word nothing was cut: that name has fewer words.
        ends = accumulate(len(word) for word in turned)
        if whole.startswith(stump) and len(stump) not in ends:
            return 0.72 + 0.2 * len(stump) / len(whole)
    return 0.0


def squash_words(left: str, right: str, floor: float) -> Squash:
    """Two names without spaces, alike from `floor` on."""
    if min(len(left), len(right)) < SQUASHED_MIN:
        return NOTHING
    similarity = OSA.normalized_similarity(left, right, score_cutoff=floor)
    if similarity < floor:
        return NOTHING
    return Squash(0.97 - 1.6 * (1.0 - similarity), "squashed")


def cut_reading(text: str, reading: Reading) -> Reading | None:
    """The reading without its last word, where the name fills a field of a usual width.

    A legacy field of 20 or 35 characters cuts what is longer: the last word is then a stump
    that finds nothing.
    """
    if not any(width - 2 <= len(text) <= width for width in FIELD_WIDTHS):
        return None
    if reading.culture != LATIN or len(reading.words) < 3:
        return None
    return reading._replace(
        words=reading.words[:-1], weights=reading.weights[:-1], roles=reading.roles[:-1]
    )


def faint_score(left: Reading, right: Reading) -> float:
    """A score for names that do not meet at all, so that they still rank by their letters."""
    return FAINT * OSA.normalized_similarity(_telling(left), _telling(right))


def _telling_words(reading: Reading) -> list[str]:
    """The words that tell something: no legal forms, no stop words."""
    pairs = zip(reading.words, reading.weights, strict=True)
    return [word for word, weight in pairs if weight > LEAST_WEIGHT]


def _telling(reading: Reading) -> str:
    return "".join(_telling_words(reading))


def _turned(reading: Reading) -> tuple[str, ...]:
    """The name as one word, also with its first word last and its last word first."""
    words = _telling_words(reading)
    return tuple({"".join(words), "".join(words[1:] + words[:1]), "".join(words[-1:] + words[:-1])})


def _is_other_word(left: Reading, right: Reading) -> bool:
    """Whether any word stands, in the same place, against one of quite other letters.

    "… Mustafa al-Mosuli" is not "… Mustafa al-Qaduli", however long the rest that agrees.
    """
    return any(
        min(len(one), len(other)) >= 4 and OSA.normalized_similarity(one, other) <= OTHER_WORD
        for one, other in zip(left.words, right.words, strict=True)
    )
