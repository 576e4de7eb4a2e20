"""Names without their spaces: divided otherwise, cut at the width of a field, or one slip apart."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.distance import OSA

from tumen.names.name import Reading

# Shorter names are too easily alike, and too easily the beginning of another.
SQUASHED_MIN, CUT_MIN = 8, 13
# From which likeness names of as many words are one, and names divided otherwise.
SQUASHED_FLOOR, DIVIDED_FLOOR = 0.88, 0.85
# Words of four letters less alike than this are two words.
OTHER_WORD = 0.6
# Names that do not meet at all rank up to this score.
FAINT = 0.58
# A word of less weight is a legal form or a stop word.
LEAST_WEIGHT = 0.06


class Squash(NamedTuple):
    """A score and how it came about: `squashed`, `cut`, or nothing."""

    score: float
    how: str


NOTHING = Squash(0.0, "")


def squash(left: Reading, right: Reading) -> Squash:
    """How alike two readings of one culture are as one word each."""
    is_divided = len(left.words) != len(right.words)
    if not is_divided and _is_other_word(left, right):
        return NOTHING
    floor = DIVIDED_FLOOR if is_divided else SQUASHED_FLOOR
    found = squash_words(_telling(left), _telling(right), floor)
    if is_divided and not found.how:
        turned = ((ours, theirs) for ours in _turned(left) for theirs in _turned(right))
        found = max(squash_words(ours, theirs, floor) for ours, theirs in turned)
    if found.how == "cut" and _is_at_word_end(left, right):
        return NOTHING
    return found


def squash_words(left: str, right: str, floor: float) -> Squash:
    """Two names without spaces: one the beginning of the other, or alike from `floor` on."""
    short, long = sorted((left, right), key=len)
    if len(short) < SQUASHED_MIN:
        return NOTHING
    if len(short) >= CUT_MIN and len(long) > len(short) and long.startswith(short):
        return Squash(0.72 + 0.2 * len(short) / len(long), "cut")
    similarity = OSA.normalized_similarity(left, right, score_cutoff=floor)
    if similarity < floor:
        return NOTHING
    return Squash(0.97 - 1.6 * (1.0 - similarity), "squashed")


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


def _is_at_word_end(left: Reading, right: Reading) -> bool:
    """Whether the shorter name ends where a word of the longer one does: nothing was cut."""
    short, long = sorted((_telling(left), _telling(right)), key=len)
    whole = right if long == _telling(right) else left
    return len(short) in accumulate(len(word) for word in _telling_words(whole))


def _is_other_word(left: Reading, right: Reading) -> bool:
    """Whether any word stands, in the same place, against one of quite other letters.

    "… Mustafa al-Mosuli" is not "… Mustafa al-Qaduli", however long the rest that agrees.
    """
    return any(
        min(len(one), len(other)) >= 4 and OSA.normalized_similarity(one, other) <= OTHER_WORD
        for one, other in zip(left.words, right.words, strict=True)
    )
