"""Korean names in every romanisation: North, South, McCune-Reischauer and the press.

A name is one family name and one or two syllables; nothing tells reliably where one syllable
ends, which comes first, or which marks a publisher dropped. See `korean_sound` for spellings.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from tumen.names.korean_script import from_hanja, transliterate
from tumen.names.korean_sound import coarse, likeness, readings
from tumen.names.word import Role, Word

__all__ = ["from_hanja", "key", "read", "similarity", "transliterate"]

# A syllable in Latin letters has one to six: `u`, `hyeong`, `gweon`, `byoung`.
_LONGEST = 6
# Family names so common, and so rare in given names, that they are one even when written last.
_UNMISTAKABLE = frozenset({"kim", "pak", "choe"})
_UNMISTAKABLE_SPELLINGS = frozenset({"lee", "rhee"})


@lru_cache(maxsize=65_536)
def read(words: tuple[str, ...]) -> tuple[Word, ...] | None:
    """A Korean name as family name and given syllables; None where it has another shape.

    Where both ends may be the family name the first is taken, save for Kim, Pak, Choe and Lee.
    """
    words = _join_compound(words)
    if len(words) not in (2, 3):
        return None
    ahead, behind = _split(words[0], words[1:]), _split(words[-1], words[:-1])
    if ahead and behind and _is_unmistakable(words[-1]) and not _is_unmistakable(words[0]):
        return behind
    return ahead or behind


@lru_cache(maxsize=65_536)
def key(word: str) -> str:
    """The class of sounds that all spellings of a word share; other words stay as they are."""
    syllables = _syllables(_regular(word))
    return "".join(coarse(syllable) for syllable in syllables) or word


@lru_cache(maxsize=262_144)
def similarity(left: str, right: str) -> float:
    """How far two words are the same syllables; 0.8 is a press spelling, 0.75 a lost r."""
    left, right = _regular(left), _regular(right)
    if left == right:
        return 1.0
    ones, others = _syllables(left), _syllables(right)
    if not ones or len(ones) != len(others):
        return 0.0
    return min(likeness(one, other) for one, other in zip(ones, others, strict=True))


def _split(family: str, given: tuple[str, ...]) -> tuple[Word, ...] | None:
    canonical = _families().get(family)
    if canonical is None:
        return None
    syllables = _syllables(given[0]) if len(given) == 1 else given
    if not 1 <= len(syllables) <= 2 or not all(readings(syllable) for syllable in syllables):
        return None
    return (Word(canonical, Role.SURNAME), *(Word(text, Role.GIVEN) for text in syllables))


def _is_unmistakable(family: str) -> bool:
    return family in _UNMISTAKABLE_SPELLINGS or _families()[family] in _UNMISTAKABLE


def _join_compound(words: tuple[str, ...]) -> tuple[str, ...]:
    """`nam gung min su` → `namgung min su`."""
    if len(words) > 2:
        families = _families()
        if words[0] + words[1] in families:
            return (words[0] + words[1], *words[2:])
        if words[-2] + words[-1] in families:
            return (*words[:-2], words[-2] + words[-1])
    return words


def _regular(word: str) -> str:
    """The canonical form of a family name whose spelling follows no romanisation: Park, Choi."""
    return word if readings(word) else _families().get(word, word)


@lru_cache(maxsize=65_536)
def _syllables(word: str) -> tuple[str, ...]:
    """The one or two syllables of a word; empty where it has none.

    One syllable of two must be usual: `kyongil` is a Korean word, `alan` is not.
    """
    if readings(word):
        return (word,)
    if word in _given()["foreign"]:
        return ()
    best: tuple[str, ...] = ()
    for cut in range(max(1, len(word) - _LONGEST), min(len(word), _LONGEST + 1)):
        pair = word[:cut], word[cut:]
        if readings(pair[0]) and readings(pair[1]):
            best = max(best, pair, key=_usualness)
    return best if _usualness(best) else ()


def _usualness(syllables: tuple[str, ...]) -> int:
    usual = _given()["usual"]
    return sum(syllable in usual for syllable in syllables)


@cache
def _families() -> dict[str, str]:
    """Every spelling of a family name → its canonical form."""
    table: dict[str, str] = {}
    for canonical, others in _lines("korean_surnames.txt"):
        table[canonical] = canonical
        table.update(dict.fromkeys(others, canonical))
    return table


@cache
def _given() -> dict[str, frozenset[str]]:
    """`usual` syllables of given names, and `foreign` names that would divide into syllables."""
    return {kind: frozenset(words) for kind, words in _lines("korean_given.txt")}


def _lines(name: str) -> list[tuple[str, list[str]]]:
    text = files("tumen.names").joinpath("data", name).read_text(encoding="utf-8")
    lines = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return [(head, rest.split()) for head, _, rest in lines]
