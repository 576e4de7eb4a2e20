"""Chinese names in pinyin, Wade-Giles and southern spellings, and in Chinese characters.

A name is one family name and one or two syllables, at times with a Western given name. The
family name comes first at home and often last abroad. See `chinese_sound` for spellings.
"""

from __future__ import annotations

from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from tumen.names.chinese_script import transliterate
from tumen.names.chinese_sound import coarse, is_pinyin, likeness, readings, table_lines
from tumen.names.word import Role, Word

__all__ = ["key", "read", "similarity", "transliterate"]

# A syllable in Latin letters has one to six: `e`, `zhuang`, `hsiang`.
_LONGEST = 6
# How many times earlier in the ranking a family name at the end beats one at the start.
_FAR_COMMONER = 3
# The family names whose southern spelling outweighs what it spells in a given name.
_VERY_COMMON = 35
# Family names that are everyday Western ones: with a Western given name alone, not Chinese.
_WESTERN_TOO = frozenset({"ang", "gee", "lang", "law", "long", "low", "man", "pan", "young"})


@lru_cache(maxsize=65_536)
def read(words: tuple[str, ...]) -> tuple[Word, ...] | None:
    """A Chinese name as family name, given syllables and a Western name; None for other shapes.

    Where both ends may be the family name the first is taken, unless the last is far commoner.
    """
    if not 2 <= len(words) <= 5:
        return None
    families = _families()
    if words[0] not in families and words[-1] not in families and not _may_be_divided(words):
        return None
    own = tuple(word for word in words if readings(word) or word not in _western())
    western = tuple(Word(word) for word in words if word not in own)
    if len(western) > 1 or not own:
        return None
    own = _join_compound(own)
    if len(own) == 1:
        is_sure = own[0] in families and own[0] not in _WESTERN_TOO
        return (_family_word(own[0]), *western) if western and is_sure else None
    found = _read_own(own)
    return (*found, *western) if found else None


@lru_cache(maxsize=65_536)
def key(word: str) -> str:
    """The class of sounds that the spellings of a word share; other words stay as they are."""
    syllables = _divide(_usual(word))
    return "".join(coarse(syllable) for syllable in syllables) or word


@lru_cache(maxsize=262_144)
def similarity(left: str, right: str) -> float:
    """How far two words are the same syllables; Western given names go by their letters."""
    left, right = _canonical(left), _canonical(right)
    if left == right:
        return 1.0
    ones, others = _divide(left), _divide(right)
    if not ones and not others:
        return OSA.normalized_similarity(left, right)
    if len(ones) != len(others):
        return 0.0
    return min(likeness(one, other) for one, other in zip(ones, others, strict=True))


def _read_own(words: tuple[str, ...]) -> tuple[Word, ...] | None:
    ahead, behind = _split(words[0], words[1:]), _split(words[-1], words[:-1])
    if ahead and behind and _FAR_COMMONER * _rank(words[-1]) < _rank(words[0]):
        return behind
    return ahead or behind


def _split(family: str, given: tuple[str, ...]) -> tuple[Word, ...] | None:
    if family not in _families():
        return None
    syllables = _divide(given[0]) if len(given) == 1 else given
    if not 1 <= len(syllables) <= 2 or not all(readings(syllable) for syllable in syllables):
        return None
    return (_family_word(family), *(Word(_canonical(word), Role.GIVEN) for word in syllables))


def _family_word(family: str) -> Word:
    return Word(_canonical(family), Role.SURNAME)


def _rank(family: str) -> int:
    """Place among the family names, the commonest first; of several readings the best."""
    return min(_ranks()[name] for name in _families()[family])


def _may_be_divided(words: tuple[str, ...]) -> bool:
    """Whether a family name of two syllables stands divided at either end."""
    families = _families()
    return len(words) > 2 and (words[0] + words[1] in families or words[-2] + words[-1] in families)


def _join_compound(words: tuple[str, ...]) -> tuple[str, ...]:
    """`ou yang xiu` → `ouyang xiu`."""
    if len(words) > 2:
        families = _families()
        if words[0] + words[1] in families:
            return (words[0] + words[1], *words[2:])
        if words[-2] + words[-1] in families:
            return (*words[:-2], words[-2] + words[-1])
    return words


@lru_cache(maxsize=65_536)
def _canonical(word: str) -> str:
    """The pinyin of a spelling that stands for one name only: `hsieh` is Xie, Wong stays."""
    found = readings(word) or dict.fromkeys(_families().get(word, ()), 0.0)
    return next(iter(found)) if len(found) == 1 else word


@lru_cache(maxsize=65_536)
def _divide(word: str) -> tuple[str, ...]:
    """The one or two syllables of a word; empty where it has none.

    Pinyin goes before older spellings, and a second syllable that starts with a consonant
    before one that starts with a vowel, which pinyin would mark: `jiangang` is jian-gang.
    """
    if readings(word):
        return (word,)
    pairs = [
        (word[:cut], word[cut:])
        for cut in range(max(1, len(word) - _LONGEST), min(len(word), _LONGEST + 1))
        if _may_be_joined(word[:cut]) and _may_be_joined(word[cut:]) and word[cut:] != "e"
    ]
    return max(pairs, key=_plausibility, default=())


def _may_be_joined(syllable: str) -> bool:
    """Southern spellings and a bare `a` are written apart: `taylor` and `ali` are not Chinese."""
    return syllable != "a" and 0.0 in readings(syllable).values()


def _plausibility(pair: tuple[str, ...]) -> tuple[bool, bool]:
    return all(is_pinyin(syllable) for syllable in pair), pair[1][0] not in "aeiou"


def _usual(word: str) -> str:
    """One pinyin for a spelling: a very common family name's, if it is spelled so (Chan: Chen)."""
    names = _families().get(word, (word,))
    is_family = word not in names and _ranks()[names[0]] <= _VERY_COMMON
    return names[0] if is_family else _canonical(word)


@cache
def _families() -> dict[str, tuple[str, ...]]:
    """Every spelling of a family name → the pinyin of the names it may be, commonest first."""
    table: dict[str, tuple[str, ...]] = {}
    for head, variants in table_lines("chinese_surnames.txt"):
        pinyin = head.split(" ")[0]
        for spelling in (pinyin, *variants):
            table[spelling] = (*table.get(spelling, ()), pinyin)
    return table


@cache
def _ranks() -> dict[str, int]:
    heads = [head.split(" ")[0] for head, _ in table_lines("chinese_surnames.txt")]
    return {name: place for place, name in enumerate(heads, 1)}


@cache
def _western() -> frozenset[str]:
    return frozenset(dict(table_lines("chinese_given.txt"))["western"])
