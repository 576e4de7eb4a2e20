"""Words with their vowels left out: `mhmmd` for `muhammad`, a cheap way past a plain comparison."""

from __future__ import annotations

import re

_VOWELS = re.compile("[aeiou]")


def bare(word: str) -> str:
    """The first letter and the consonants after it."""
    return word[:1] + _VOWELS.sub("", word[1:])


def is_bare(word: str) -> bool:
    """Whether a word has no vowel inside, and is long enough to tell.

    Its last letter may be one: who leaves vowels out mostly keeps both ends.
    """
    return len(word) >= 3 and word.isalpha() and not _VOWELS.search(word[1:-1])


def is_bare_of(left: str, right: str) -> bool:
    """Whether one word is the other with its inner vowels left out."""
    short, long = sorted((left, right), key=len)
    if len(short) == len(long) or not is_bare(short) or short[0] != long[0]:
        return False
    consonants = bare(long)
    return short == consonants or (short[-1] == long[-1] and short[:-1] == bare(long[:-1]))
