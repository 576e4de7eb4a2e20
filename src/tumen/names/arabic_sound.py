"""How a romanised Arabic or Persian word sounds: its consonants, and the vowels between them.

Arabic script writes consonants and long vowels; every romanisation adds the rest in its own
way. So consonants must agree and vowels may differ a little, but not much: Hassan is not
Hussein, nor Salim Salam.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

# Spelled consonant -> class of sound. Members of a class are confused by romanisations:
# q/k/g/gh; kh/h; s/th; d/dh/z (dhad and za are d, dh or z); sh/ch (French); j/dj.
_CLASSES = {
    **dict.fromkeys(("q", "k", "g", "gh", "c", "ck"), "k"),
    **dict.fromkeys(("kh", "h"), "h"),
    **dict.fromkeys(("s", "th", "ts", "c,"), "s"),
    **dict.fromkeys(("d", "dh", "z", "dz"), "d"),
    **dict.fromkeys(("sh", "ch", "sch", "tch", "tsch"), "x"),
    **dict.fromkeys(("j", "dj"), "j"),
    **dict.fromkeys(("b", "p"), "b"),
    **dict.fromkeys(("f", "ph"), "f"),
    "x": "h",
    "t": "t",
    "l": "l",
    "m": "m",
    "n": "n",
    "r": "r",
}
_ONE_SPELLING = {"q": "k", "c": "k", "ck": "k", "dj": "j", "ph": "f", "x": "kh", "ts": "s"}
_ONE_SPELLING |= {"sch": "sh", "tch": "ch", "tsch": "ch", "dz": "z"}
_PIECES = re.compile("tsch|sch|tch|[kgsdtcp]h|dj|ck|ts|dz|c,|[bcdfghjklmnpqrstxz]|[aeiouwvy]+")
_VOWELS = frozenset("aeiouwvy")
_DOUBLED = re.compile(r"(kh|gh|sh|dh|th|dj|ch|[b-df-hj-np-tv-xz])\1+")
# French and Turkish c before e and i (Lounici, Celik) is never a k.
_SOFT_C = re.compile("c(?=[eiy])")
_FINAL_H = re.compile("(?<=[aeiou])h$")

# Two spellings of what may be one sound, and how much that speaks against one name.
_NEAR = {
    frozenset(pair.split()): cost
    for cost, pairs in (
        (0.05, ("d dh", "dh z", "sh ch", "g gh", "k gh", "c, s")),
        (0.1, ("g k", "kh h", "s th", "t th", "g j", "d t", "c, ch", "c, j")),
        (0.2, ("b p", "kh ch", "kh k", "h gh", "s z", "th dh", "kh gh", "h ch", "k j", "c, k")),
        (0.3, ("d z",)),
    )
    for pair in pairs
}
_RUNS = str.maketrans("vwoy", "uuui")
_SINGLE = re.compile(r"(.)\1+")
_NEAR_VOWELS = {
    frozenset(pair.split()): cost
    for cost, pairs in (
        (0.02, ("a e", "e i", "ai e", "ai ia")),
        (0.1, ("au u", "ai i", "i ia", "i ai", "u uu")),
        (0.3, ("ai a", "au a", "e u")),
        (0.4, ("a u",)),
        (0.5, ("a i", "i u")),
    )
    for pair in pairs
}
_VOWEL_LEFT_OUT, _FIRST_VOWEL_LEFT_OUT, _LAST_VOWEL_LEFT_OUT = 0.12, 0.3, 0.6
_VOWEL_LETTER = 0.35
_THROAT, _THROAT_COST = re.compile("(?<=.)(?<![ksdtcp])g?h"), 0.18
# What one unit of difference costs in a name of so many consonants.
_COST_BY_LENGTH = (1.2, 1.2, 0.9, 0.65, 0.5)
_LONG_COST, _CONSONANT_COST = 0.42, 1.8


class Sound(NamedTuple):
    """Consonants as spelled, their classes, and the vowels before, between and after them."""

    consonants: tuple[str, ...]
    classes: str
    vowels: tuple[str, ...]

    @property
    def code(self) -> str:
        """Equal for spellings that differ in doubled letters, q/k, o/u/ou/oo, i/y/ee."""
        pairs = zip(self.vowels, (*self.consonants, ""), strict=True)
        return "".join(vowel + consonant for vowel, consonant in pairs)


@lru_cache(maxsize=200_000)
def hear(word: str) -> Sound:
    """Take a plain word apart into consonants and vowels."""
    word = _SOFT_C.sub("c,", _FINAL_H.sub("", _DOUBLED.sub(r"\1", word)))
    consonants: list[str] = []
    vowels = [""]
    for piece in _PIECES.findall(word):
        if piece[0] in _VOWELS:
            vowels[-1] = _plain_vowels(piece)
            continue
        consonants.append(_ONE_SPELLING.get(piece, piece))
        vowels.append("")
    return Sound(tuple(consonants), "".join(_CLASSES[c] for c in consonants), tuple(vowels))


@lru_cache(maxsize=10_000)
def _plain_vowels(run: str) -> str:
    run = run.replace("ee", "i").translate(_RUNS)
    run = _SINGLE.sub(r"\1", run).replace("ei", "ai").replace("eu", "au")
    return "i" if run == "ie" else run


@lru_cache(maxsize=200_000)
def alike(left: str, right: str) -> float:
    """How far two words are one by sound alone, 0 to 1."""
    a, b = hear(left), hear(right)
    if not a.consonants or not b.consonants:
        return 1.0 if a.code == b.code and a.code else 0.0
    if len(a.consonants) == len(b.consonants):
        differing = _consonants_apart(a, b)
        if differing is not None:
            differing += _vowels_apart(a.vowels, b.vowels)
            return max(0.0, 1.0 - differing * _cost(len(a.consonants)))
    return max(_roughly_alike(a, b), _alike_without_throat(left, right))


def _cost(length: int) -> float:
    return _COST_BY_LENGTH[length] if length < len(_COST_BY_LENGTH) else _LONG_COST


def _consonants_apart(a: Sound, b: Sound) -> float | None:
    apart = 0.0
    for left, right in zip(a.consonants, b.consonants, strict=True):
        if left != right:
            cost = _NEAR.get(frozenset((left, right)))
            if cost is None:
                return None
            apart += cost
    return apart


def _vowels_apart(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    last = len(left) - 1
    return sum(
        _vowel_apart(a, b, place == 0, place == last)
        for place, (a, b) in enumerate(zip(left, right, strict=True))
        if a != b
    )


@lru_cache(maxsize=50_000)
def _vowel_apart(left: str, right: str, is_first: bool, is_last: bool) -> float:
    near = _NEAR_VOWELS.get(frozenset((left, right)))
    if near is not None:
        return near
    if not left or not right:
        if is_last:
            return _LAST_VOWEL_LEFT_OUT
        if is_first:
            return _FIRST_VOWEL_LEFT_OUT
        if len(left + right) == 1:
            return _VOWEL_LEFT_OUT
    return min(1.0, _VOWEL_LETTER * Levenshtein.distance(left, right))


def _alike_without_throat(left: str, right: str) -> float:
    # Inside a word h and gh are easily missed: Mehdi and Medi, Daghmoush and Damoush.
    bare_left, bare_right = _THROAT.sub("", left), _THROAT.sub("", right)
    if (bare_left, bare_right) == (left, right) or min(len(bare_left), len(bare_right)) < 4:
        return 0.0
    a, b = hear(bare_left), hear(bare_right)
    if len(a.consonants) != len(b.consonants) or _consonants_apart(a, b) is None:
        return 0.0
    return max(0.0, alike(bare_left, bare_right) - _THROAT_COST)


def _roughly_alike(a: Sound, b: Sound) -> float:
    length = max(len(a.consonants), len(b.consonants))
    apart = Levenshtein.distance(a.classes, b.classes)
    vowels = Levenshtein.distance(a.vowels, b.vowels)
    return max(0.0, 1.0 - (_CONSONANT_COST * apart + 0.2 * max(0, vowels - apart)) / length)
