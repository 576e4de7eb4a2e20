"""How far two words are the same word: cheap looks first, then the rules of their culture."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from tumen.matching.bare import is_bare_of
from tumen.names.cultures import CHINESE, CULTURES, KOREAN, LATIN, ORGANISATION, SINO, Culture
from tumen.names.numerals import numbers_in

# In these cultures short syllables carry the name, and likeness of letters misleads.
SYLLABIC = frozenset({CHINESE, KOREAN, SINO})
INITIAL = 0.78
BARE = 0.9
# `18` and `eighteenth`, `ahl1` and `ahl 1`.
NUMBERED = 0.95
# Words or keys less alike than this in their letters are not worth the finer rules.
UNLIKE = 0.4


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
