"""Words with their vowels left out: `mhmmd` for `muhammad`, a cheap way past a plain comparison."""

from __future__ import annotations

import re

_VOWELS = re.compile("[aeiou]")


def bare(word: str) -> str:
    """The first letter and the consonants after it."""
    return word[:1] + _VOWELS.sub("", word[1:])


def is_bare(word: str) -> bool:
    """Whether a word has no vowel between its first and last letter, and is long enough to tell."""
    return len(word) >= 2 and word.isalpha() and not _VOWELS.search(word[1:-1])


def is_bare_of(left: str, right: str) -> bool:
    """Whether one word is the other with its inner vowels left out."""
    short, long = sorted((left, right), key=len)
    return is_bare(short) and short[0] == long[0] and bare(short) == bare(long)
