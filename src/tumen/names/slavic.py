"""Names of Russia, Ukraine and Belarus: given name, patronymic and family name.

One name has many spellings (Iosifavich, Iosifavitj, Yosifovich) and three languages' forms
(Vladimir, Volodymyr, Uladzimir); a family name has a form for men and one for women.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from tumen.names.slavic_given import are_shared, fathers_names, full_names, short_names
from tumen.names.slavic_script import latin
from tumen.names.slavic_sound import consonants, distance, long_sound, single
from tumen.names.word import Role, Word

ANOTHER_LANGUAGE, ANOTHER_FORM, KNOWN_APART = 0.95, 0.85, 0.5
# Of a word's sounds, how much each differing one costs: one slip in eight leaves 0.8.
_SLIP_COST = 1.6
# Up to four sounds, one more or less is another name (Belov, Beglov).
_SHORT, _SHORT_SLIP_COST = 4, 2.4
_OTHER_ENDING_COST = 2.0

_PATRONYMIC = re.compile("^(.{2,}?)(?:[oaei][vu](?:iC|ic|it)|iC)$")
_PATRONYMIC_OF_A_WOMAN = re.compile("^(.{2,}?)(?:[oaei][vu]na|iniCna|iCna)$")
_SON_OR_DAUGHTER = frozenset(("ogly", "ogli", "oglu", "ogluu", "kyzy", "kizi", "gyzy", "uulu"))


class _Ending(StrEnum):
    """Endings of family names; men's and women's forms are one."""

    NONE = ""
    EEV = "eev"
    OV = "ov"
    IN = "in"
    SKY = "sky"
    ENKO = "enko"
    KO = "ko"
    UK = "uk"
    VICH = "vich"
    IKH = "ikh"
    IAN = "ian"


_ENDINGS: tuple[tuple[re.Pattern[str], _Ending], ...] = (
    (re.compile("(?<=..)eev(a?)$"), _Ending.EEV),
    (re.compile("(?<=..)[oaei][vf](a?)$"), _Ending.OV),
    (re.compile("(?<=..)in(a?)$"), _Ending.IN),
    (re.compile("(?<=[a-zSCZJ][sc])k(?:i|o|(aa?|ae))$"), _Ending.SKY),
    (re.compile("(?<=..)enk[oa]()$"), _Ending.ENKO),
    (re.compile("(?<=...)ko()$"), _Ending.KO),
    (re.compile("(?<=..)uk()$"), _Ending.UK),
    (re.compile("(?<=..)[oaei]vi[Cc]()$"), _Ending.VICH),
    (re.compile("(?<=...)i[xh]()$"), _Ending.IKH),
    (re.compile("(?<=..)[ae]n(?:c|k)?()$"), _Ending.IAN),
)
# Endings that by themselves say nothing of where a name comes from.
_COMMON_ELSEWHERE = (_Ending.NONE, _Ending.IAN)


class _Heard(NamedTuple):
    """A word as this culture hears it."""

    sound: str
    names: frozenset[str]
    short_for: frozenset[str]
    father_stem: str
    fathers: frozenset[str]
    stem: str
    ending: _Ending
    is_feminine: bool


@lru_cache(maxsize=200_000)
def _hear(word: str) -> _Heard:
    long = long_sound(word)
    sound = single(long)
    names, short_for = full_names(sound), short_names(sound)
    father, is_daughter = _father_stem(sound)
    stem, ending, is_feminine = _family_stem(long)
    return _Heard(
        sound,
        names,
        short_for,
        father,
        fathers_names(father) if father else frozenset(),
        single(stem),
        ending,
        is_daughter or is_feminine,
    )


def _father_stem(sound: str) -> tuple[str, bool]:
    found = _PATRONYMIC.match(sound)
    if found:
        return found.group(1), False
    found = _PATRONYMIC_OF_A_WOMAN.match(sound)
    return (found.group(1), True) if found else ("", False)


def _family_stem(sound: str) -> tuple[str, _Ending, bool]:
    for pattern, ending in _ENDINGS:
        found = pattern.search(sound)
        if found:
            return sound[: found.start()], ending, bool(found.group(1))
    return sound, _Ending.NONE, False


def read(words: tuple[str, ...]) -> tuple[Word, ...] | None:
    """The words with their roles; None where none is typical of these countries."""
    if len(words) < 2 or not any(_is_typical(word) for word in words):
        return None
    roles = [_role(word) for word in words]
    _mark_sons_and_daughters(words, roles)
    patronymics = [place for place, role in enumerate(roles) if role is Role.PATRONYMIC]
    if patronymics and not _has_family_name(roles):
        _give_back_family_name(words, roles, patronymics)
    return tuple(Word(word, role) for word, role in zip(words, roles, strict=True))


@lru_cache(maxsize=200_000)
def _is_typical(word: str) -> bool:
    heard = _hear(word)
    if heard.fathers or not are_shared(heard.names):
        return True
    return len(word) >= 5 and (heard.ending not in _COMMON_ELSEWHERE or bool(heard.short_for))


@lru_cache(maxsize=200_000)
def _role(word: str) -> Role:
    if word in _SON_OR_DAUGHTER:
        return Role.PARTICLE
    heard = _hear(word)
    if heard.fathers:
        return Role.PATRONYMIC
    if heard.names or heard.short_for:
        return Role.GIVEN
    if heard.father_stem and heard.is_feminine:
        return Role.PATRONYMIC
    if heard.ending is not _Ending.NONE:
        return Role.SURNAME
    return Role.PLAIN


def _mark_sons_and_daughters(words: tuple[str, ...], roles: list[Role]) -> None:
    for place in range(1, len(words)):
        if roles[place] is Role.PARTICLE:
            roles[place - 1] = Role.PATRONYMIC


def _has_family_name(roles: list[Role]) -> bool:
    return Role.SURNAME in roles or Role.PLAIN in roles or roles.count(Role.GIVEN) > 1


def _give_back_family_name(
    words: tuple[str, ...], roles: list[Role], patronymics: list[int]
) -> None:
    # Pavlovich, Ivan Petrovich: a family name that looks like a patronymic. The father's
    # name stands right after the given name, so the other one is the family name.
    if len(patronymics) > 1:
        after_given = [place for place in patronymics if place and roles[place - 1] is Role.GIVEN]
        family = [place for place in patronymics if place not in after_given[:1]]
        roles[family[0]] = Role.SURNAME
    elif len(words) == 2 and patronymics[0] == 0:
        roles[0] = Role.SURNAME


@lru_cache(maxsize=200_000)
def key(word: str) -> str:
    """One key for all spellings and languages' forms of a word; short forms keep their own."""
    heard = _hear(word)
    if heard.names:
        return min(heard.names)
    if heard.fathers:
        return f"{min(heard.fathers)}-ovich"
    if heard.father_stem:
        return f"{consonants(heard.father_stem) or heard.father_stem}-ovich"
    ending = _Ending.OV if heard.ending is _Ending.EEV else heard.ending
    skeleton = f"{consonants(heard.stem)}{ending}"
    return skeleton or heard.sound or word


@lru_cache(maxsize=500_000)
def similarity(left: str, right: str) -> float:
    """How far two words are one name; see `tumen.names.word` for the scale."""
    if left == right:
        return 1.0
    alike = _alike(left, right)
    if alike < ANOTHER_FORM and "ch" in left + right and "kh" in left + right:
        # German and Polish ch is kh: Zacharova.
        german = _alike(left.replace("ch", "kh"), right.replace("ch", "kh"))
        return max(alike, min(german, ANOTHER_LANGUAGE))
    return alike


def _alike(left: str, right: str) -> float:
    a, b = _hear(left), _hear(right)
    if a.father_stem and b.father_stem:
        alike = _alike_fathers(a, b)
    elif a.sound == b.sound:
        return 1.0
    elif (a.names or a.short_for) and (b.names or b.short_for):
        return _alike_given(a, b)
    else:
        alike = _alike_family(a, b)
    if bool(a.father_stem) != bool(b.father_stem):
        # Oleksandr and Oleksandrovych are son and father, whatever letters they share.
        return min(alike, KNOWN_APART)
    return min(alike, ANOTHER_FORM) if a.is_feminine != b.is_feminine else alike


def _alike_fathers(a: _Heard, b: _Heard) -> float:
    if a.fathers and b.fathers:
        return _alike_known(a.father_stem, b.father_stem, bool(a.fathers & b.fathers))
    return _graded(distance(a.father_stem, b.father_stem), a.father_stem, b.father_stem)


def _alike_known(a: str, b: str, are_same: bool) -> float:
    if not are_same:
        return min(KNOWN_APART, _graded(distance(a, b), a, b))
    return 1.0 if distance(a, b) == 0 else ANOTHER_LANGUAGE


def _alike_given(a: _Heard, b: _Heard) -> float:
    if a.names & b.names:
        return _alike_known(a.sound, b.sound, True)
    if (a.names | a.short_for) & (b.names | b.short_for):
        return ANOTHER_FORM
    return _alike_known(a.sound, b.sound, False)


def _alike_family(a: _Heard, b: _Heard) -> float:
    if a.ending is b.ending:
        return _graded(distance(a.stem, b.stem), a.stem, b.stem)
    if {a.ending, b.ending} == {_Ending.EEV, _Ending.OV}:
        return _graded(distance(a.stem, b.stem) + 0.5, a.stem, b.stem)
    if a.ending in _COMMON_ELSEWHERE or b.ending in _COMMON_ELSEWHERE:
        return _graded(distance(a.sound, b.sound), a.sound, b.sound)
    return _graded(distance(a.stem, b.stem) + _OTHER_ENDING_COST, a.stem, b.stem)


def _graded(differing: float, left: str, right: str) -> float:
    length = max(len(left), len(right), 3)
    cost = _SLIP_COST if length > _SHORT else _SHORT_SLIP_COST
    return max(0.0, 1.0 - cost * differing / length)


def transliterate(text: str) -> str:
    """Cyrillic words of `text` in their usual Latin spelling; other text unchanged."""
    return latin(text)
