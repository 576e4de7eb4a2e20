"""Which Korean syllables a Latin spelling may stand for, under every romanisation in use.

A syllable is its Hangul block. Each reading has a cost: 0 where a scheme prescribes the
spelling (McCune-Reischauer and the North's rules with their marks lost, Revised, customary
spellings), more where only the press or a slip of the pen writes it so.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

_FIRST_BLOCK, _VOWELS_PER_INITIAL, _FINALS_PER_VOWEL = 0xAC00, 21, 28

# A mark stripped from `ch'` leaves a choice between two consonants.
_UNMARKED = 0.07
_PRESS = 0.05
_LOOSE = 0.1
_SLIP = 0.2

_Costs = dict[str, float]


def _free(text: str) -> _Costs:
    return dict.fromkeys(text.split(), 0.0)


# By the order of Unicode: g kk n d tt r m b pp s ss (none) j jj ch k t p h.
_INITIALS: tuple[_Costs, ...] = (
    _free("k g"),
    _free("kk gg"),
    _free("n"),
    _free("t d"),
    _free("tt dd"),
    _free("r l") | {"n": _LOOSE},
    _free("m"),
    _free("p b"),
    _free("pp bb"),
    _free("s sh"),
    _free("ss"),
    {"": 0.0},
    _free("j") | {"ch": _UNMARKED, "z": _LOOSE},
    _free("jj tch"),
    _free("ch chh"),
    _free("k kh"),
    _free("t th"),
    _free("p ph"),
    _free("h"),
)
_R_INITIAL, _NO_INITIAL, _H_INITIAL = 5, 11, 18

# By the order of Unicode: a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i.
_VOWELS: tuple[_Costs, ...] = (
    _free("a ah"),
    _free("ae") | {"ai": _PRESS, "ay": _PRESS, "e": _LOOSE},
    _free("ya"),
    _free("yae"),
    _free("o eo") | {"oh": _PRESS, "uh": _PRESS, "u": _SLIP, "ou": _LOOSE},
    _free("e eh") | {"ae": _LOOSE},
    _free("yo yeo") | {"you": _PRESS, "yu": _UNMARKED, "e": _SLIP, "ye": _SLIP},
    _free("ye") | {"e": _LOOSE, "ae": _SLIP},
    _free("o") | {"oh": _PRESS},
    _free("wa") | {"oa": _LOOSE},
    _free("wae"),
    _free("oe") | {"oi": _PRESS, "oy": _PRESS, "we": _LOOSE, "e": _SLIP},
    _free("yo"),
    _free("u oo") | {"ou": _PRESS, "wu": _SLIP},
    _free("wo weo") | {"uo": _LOOSE},
    _free("we"),
    _free("wi") | {"ui": _PRESS, "wee": _PRESS},
    _free("yu yoo") | {"you": _PRESS, "iu": _PRESS},
    _free("u eu") | {"oo": _SLIP},
    _free("ui eui") | {"i": _LOOSE, "ee": _PRESS, "uy": _LOOSE},
    _free("i ee") | {"ih": _LOOSE},
)
_YEO, _U, _UI, _I = 6, 13, 19, 20
# Spellings that only a syllable without a consonant before its vowel has: Woo, Woong, Yi.
_BARE_VOWELS: dict[int, _Costs] = {
    _U: _free("u wu woo") | {"oo": _PRESS},
    _UI: _free("ui eui") | {"yi": _LOOSE, "i": _SLIP},
    _I: _free("i ee yi"),
    # Without a consonant `yu` is another name (Yun, Yon), not a way to write `yeo`.
    _YEO: _free("yo yeo you"),
}

# By the order of Unicode; only the finals that a Sino-Korean or common native syllable has.
_FINALS: dict[int, _Costs] = {
    0: {"": 0.0},
    1: _free("k g ck"),
    4: _free("n"),
    7: _free("t d"),
    8: _free("l") | {"r": _PRESS},
    16: _free("m"),
    17: _free("p b"),
    19: _free("t s"),
    21: _free("ng"),
    23: _free("t ch"),
}

# Coarse classes for the key: every spelling of one name falls into one of each.
_INITIAL_KEYS = "kknttrmppss_cccktph"
_VOWEL_KEYS: tuple[str, ...] = (
    *("a", "e", "a", "e", "o", "e", "yo", "e", "o", "wa", "e"),
    *("e", "yo", "o", "wo", "e", "i", "yo", "o", "i", "i"),
)
_FINAL_KEYS = {0: "", 1: "k", 4: "n", 7: "t", 8: "l", 16: "m", 17: "p", 19: "t", 21: "ng", 23: "t"}


class Parts(NamedTuple):
    """Initial, vowel and final of a syllable, as their numbers in Unicode's order."""

    initial: int
    vowel: int
    final: int


def parts_of(block: str) -> Parts:
    """Take a Hangul block apart."""
    rest, final = divmod(ord(block) - _FIRST_BLOCK, _FINALS_PER_VOWEL)
    initial, vowel = divmod(rest, _VOWELS_PER_INITIAL)
    return Parts(initial, vowel, final)


def readings(spelling: str) -> dict[str, float]:
    """The syllables that a spelling may stand for, with what each reading costs."""
    return _spellings().get(spelling, {})


def all_spellings() -> Iterable[str]:
    """Every spelling that stands for a syllable of names."""
    return _spellings().keys()


def likeness(left: str, right: str) -> float:
    """How far two spellings of one syllable are the same syllable.

    From 0.8 on some reading of both is the same; 0.75 is r lost at the start of a word, as
    the South writes; below that they differ, and the value only says in how many parts.
    """
    ones, others = readings(left), readings(right)
    costs = [cost + others[block] for block, cost in ones.items() if block in others]
    if costs and min(costs) <= 2 * _SLIP:
        return round(1.0 - min(costs), 3)
    lefts, rights = _best(ones), _best(others)
    if any(_lost_r(one, other) for one in lefts for other in rights):
        return 0.75
    return max((_unlike(one, other) for one in lefts for other in rights), default=0.0)


@lru_cache(maxsize=16_384)
def coarse(spelling: str) -> str:
    """The class of sounds that all spellings of a syllable share; `spelling` must be one."""
    initial, vowel, final = _best(readings(spelling))[0]
    # The South drops r before i and y (Ryong, Yong); the family name Ri is I, Yi or Lee.
    lost = initial == _NO_INITIAL or (initial == _R_INITIAL and _can_lose_r(vowel))
    return ("" if lost else _INITIAL_KEYS[initial]) + _VOWEL_KEYS[vowel] + _FINAL_KEYS[final]


def _best(found: dict[str, float]) -> list[Parts]:
    least = min(found.values(), default=0.0)
    return [parts_of(block) for block, cost in found.items() if cost == least]


def _can_lose_r(vowel: int) -> bool:
    return vowel in (2, 3, _YEO, 7, 12, 17, _I)


def _lost_r(one: Parts, other: Parts) -> bool:
    initials = {one.initial, other.initial}
    return initials == {_R_INITIAL, _NO_INITIAL} and one[1:] == other[1:] and _can_lose_r(one.vowel)


def _unlike(one: Parts, other: Parts) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / 6


@cache
def _spellings() -> dict[str, dict[str, float]]:
    """Spelling → syllables, made by spelling out every syllable that names have."""
    table: dict[str, dict[str, float]] = {}
    for block in name_syllables():
        for spelling, cost in _spell(block):
            found = table.setdefault(spelling, {})
            found[block] = min(cost, found.get(block, 1.0))
    return table


def name_syllables() -> list[str]:
    """The Hangul syllables that personal names have."""
    text = files("tumen.names").joinpath("data/korean_hanja.txt").read_text(encoding="utf-8")
    return [line[0] for line in text.splitlines() if line and line[0] not in "#="]


def _spell(block: str) -> list[tuple[str, float]]:
    initial, vowel, final = parts_of(block)
    vowels = _VOWELS[vowel]
    if initial == _NO_INITIAL:
        vowels = _BARE_VOWELS.get(vowel, vowels)
    found = []
    for (a, x), (b, y), (c, z) in product(
        _INITIALS[initial].items(), vowels.items(), _FINALS[final].items()
    ):
        if a == "sh" and b[0] not in "iy":
            continue
        if c and b[-1] == "h":
            continue
        # `hye` cut to `he` is a press spelling of hyeok and its like, not of every yeo.
        if vowel == _YEO and b == "e" and initial != _H_INITIAL:
            continue
        found.append((a + b + c, round(x + y + z, 3)))
    return found
