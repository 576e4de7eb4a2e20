"""Which Mandarin syllables a Latin spelling may stand for: pinyin, Wade-Giles, Cantonese.

A syllable is its pinyin without tone. Each reading has a cost: 0 for pinyin and for spellings
that only Wade-Giles has, more where a spelling is pinyin for one syllable and an older or
southern spelling of another.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

# Chang is the family name Zhang as often as Chang; a lost apostrophe (ch') makes two of one.
_FAMILY = 0.07
_SOUTHERN = 0.1
_AMBIGUOUS = 0.2
# What the South does not tell apart: n and ng, zh and z.
_ACCENT = 0.75

_WADE_INITIALS = {
    "b": "p",
    "d": "t",
    "g": "k",
    "zh": "ch",
    "j": "ch",
    "q": "ch",
    "x": "hs",
    "z": "ts",
    "c": "ts",
    "r": "j",
}
_WADE_WHOLE = {
    "zi": ("tzu", "tze"),
    "ci": ("tzu", "tze"),
    "si": ("szu", "ssu"),
    "zhi": ("chih", "jhih"),
    "chi": ("chih",),
    "shi": ("shih",),
    "ri": ("jih",),
    "yi": ("i",),
    "yan": ("yen",),
    "ye": ("yeh",),
    "you": ("yu", "yow"),
    "yue": ("yueh",),
    "yong": ("yung",),
    "er": ("erh",),
    "e": ("o",),
    "ge": ("ko",),
    "ke": ("ko",),
    "he": ("ho",),
    "gui": ("kuei",),
    "kui": ("kuei",),
    "lu": ("lyu", "lv"),
    "nu": ("nyu", "nv"),
    "xiao": ("hsiao", "shiao"),
    "xu": ("hsu", "shyu", "syu"),
}
_WADE_FINALS = {
    "ian": "ien",
    "ie": "ieh",
    "ue": "ueh",
    "ong": "ung",
    "iong": "iung",
    "uo": "o",
}
_KEEPS_UO = ("g", "k", "h", "sh")

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
# Coarse classes for the key: initials that one older spelling or one accent writes alike.
_INITIAL_KEYS = {"b": "p", "d": "t", "g": "k", "sh": "s", "x": "s"}
_INITIAL_KEYS |= dict.fromkeys(("zh", "ch", "j", "q", "z", "c"), "c")
_PLAIN_INITIALS = {"zh": "z", "ch": "c", "sh": "s"}


class Syllables(NamedTuple):
    """Spelling → pinyin syllables with their costs; `pinyin` alone holds the standard ones."""

    spellings: dict[str, dict[str, float]]
    pinyin: frozenset[str]


def readings(spelling: str) -> dict[str, float]:
    """The syllables a spelling may stand for, with what each reading costs."""
    return _syllables().spellings.get(spelling, {})


def is_pinyin(spelling: str) -> bool:
    """Whether a spelling is one syllable of pinyin."""
    return spelling in _syllables().pinyin


def likeness(left: str, right: str) -> float:
    """How far two spellings of one syllable are the same syllable.

    From 0.8 on some reading of both is the same; 0.75 is a southern accent (Lin, Ling);
    below that they differ.
    """
    ones, others = readings(left), readings(right)
    costs = [cost + others[syllable] for syllable, cost in ones.items() if syllable in others]
    if costs and min(costs) <= _AMBIGUOUS:
        return round(1.0 - min(costs), 3)
    lefts, rights = _best(ones), _best(others)
    if left.removesuffix("g") == right.removesuffix("g"):
        return _ACCENT
    if any(_southern(one) == _southern(other) for one in lefts for other in rights):
        return _ACCENT
    return max((_unlike(one, other) for one in lefts for other in rights), default=0.0)


@lru_cache(maxsize=16_384)
def coarse(spelling: str) -> str:
    """The class of sounds that the spellings of a syllable share; `spelling` must be one."""
    initial, final = parts_of(_southern(_best(readings(spelling))[0]))
    return _INITIAL_KEYS.get(initial, initial) + final


def parts_of(syllable: str) -> tuple[str, str]:
    """Initial and final of a pinyin syllable."""
    initial = next((one for one in _INITIALS if syllable.startswith(one)), "")
    return initial, syllable[len(initial) :]


def table_lines(name: str) -> list[tuple[str, list[str]]]:
    """The lines `head: words` of a data file, without its comments."""
    text = files("tumen.names").joinpath("data", name).read_text(encoding="utf-8")
    lines = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return [(head, rest.split()) for head, _, rest in lines]


def _best(found: dict[str, float]) -> list[str]:
    least = min(found.values(), default=0.0)
    return [syllable for syllable, cost in found.items() if cost == least]


def _southern(syllable: str) -> str:
    initial, final = parts_of(syllable)
    return _PLAIN_INITIALS.get(initial, initial) + final.removesuffix("g")


def _unlike(one: str, other: str) -> float:
    (first, rest), (second, remainder) = parts_of(one), parts_of(other)
    return 0.25 * (first == second) + 0.25 * (rest == remainder)


@cache
def _syllables() -> Syllables:
    pinyin = [
        initial.removeprefix("-") + final
        for initial, finals in table_lines("chinese_pinyin.txt")
        for final in finals
    ]
    table: dict[str, dict[str, float]] = {syllable: {syllable: 0.0} for syllable in pinyin}
    for syllable in pinyin:
        for spelling in _wade_giles(syllable):
            _add(table, spelling, syllable, _AMBIGUOUS if spelling in pinyin else 0.0)
    for name, variants in table_lines("chinese_surnames.txt"):
        family = name.split(" ")[0]
        for spelling in variants if family in table else ():
            _add(table, spelling, family, _FAMILY)
    for syllable, variants in table_lines("chinese_given.txt"):
        for spelling in variants if syllable in table else ():
            _add(table, spelling, syllable, _AMBIGUOUS if spelling in pinyin else _SOUTHERN)
    return Syllables(table, frozenset(pinyin))


def _add(table: dict[str, dict[str, float]], spelling: str, syllable: str, cost: float) -> None:
    found = table.setdefault(spelling, {})
    found[syllable] = min(cost, found.get(syllable, 1.0))


def _wade_giles(syllable: str) -> set[str]:
    """The Wade-Giles of a syllable, its apostrophes and dots lost, where it is not pinyin's."""
    if syllable in _WADE_WHOLE:
        return set(_WADE_WHOLE[syllable])
    initial, final = parts_of(syllable)
    older = _WADE_INITIALS.get(initial, initial)
    found = {older + final}
    if not (final == "uo" and initial in _KEEPS_UO):
        found |= {older + _WADE_FINALS.get(final, final)}
    if older == "ts":
        found |= {"tz" + final}
    if older == "hs" and final[0] == "i":
        found |= {"sh" + final}
    if initial == "zh":
        found |= {"jh" + final}
    return found - {syllable}
