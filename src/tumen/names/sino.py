"""Koreans under the Chinese reading of their Hanja: Kim Chol Sam (金鐵三) is Jin Tiesan.

North Koreans in China go by these names, and no letter of them is alike. A name with a Korean
reading becomes words `kf`, `k1` and `k2` with the family name and two syllables, one with a
Chinese reading `pf`, `p1` and `p2` with the pinyin; words of the two sides meet where one Hanja
has both readings. Only full names take part: shorter ones would meet by chance.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from anyascii import anyascii

from tumen.names.chinese_sound import is_pinyin
from tumen.names.korean_sound import all_spellings, readings
from tumen.names.word import Role, Word

_KOREAN, _CHINESE = "k", "p"
_FAMILY = "f"
_PLACES = (_FAMILY, "1", "2")

FAMILY, USUAL, UNUSUAL = 0.88, 0.85, 0.78
# Of the pinyin readings of a syllable, in the order of its Hanja, how many are usual.
_USUAL_READINGS = 2
# A spelling of the press (`sung` for 성) tells less than one that a scheme prescribes.
_SURE_COST, _MOST_COST = 0.1, 0.2

# Hanja whose reading in names is not the one that comes first in anyascii's table.
_OWN_PINYIN = {"曾": "zeng", "地": "di", "豊": "feng", "镐": "hao", "都": "du", "重": "zhong"}

# Korean family names as `korean.read` spells them, and the pinyin of their Hanja.
# Origin: written for tumen from common knowledge of Korean family names and their Hanja.
_FAMILIES = """
kim jin | ri li | pak piao pu | choe cui | chong zheng ding cheng | jong zheng ding cheng
kang jiang kang | cho zhao cao | jo zhao cao | yun yin | chang zhang jiang | jang zhang jiang
rim lin ren | im ren lin | han han | o wu | so xu | sin shen xin | kwon quan | hwang huang
an an | song song | chon quan tian qian | jon quan tian qian | hong hong | ko gao | mun wen
ryang liang | yang yang liang | son sun | pae pei | paek bai | ho xu | ryu liu | yu liu yu
nam nan | sim shen | ro lu | ha he xia | kwak guo | sung cheng sheng | cha che | ju zhu zhou
chu qiu zhu zhou | u yu | ku ju qiu | min min | na luo | chin chen qin | ji chi zhi | chi chi zhi
om yan | chae cai | won yuan | kong kong gong | hyon xuan | pang fang bang | pyon bian
ham xian | ryom lian | yo lu yu | ryo lu | seok shi | sol xue | kil ji | yon yan | ki qi
kuk ju | kye gui | kum qin jin | tae tai | to du | tong dong | tak zhuo | pyo biao | pan pan
ma ma | maeng meng | myong ming | mo mu mao | wi wei | wang wang | ok yu | un yin | in yin
yuk lu | pom fan | ye rui | je zhu | hyong xing
"""


def read(words: tuple[Word, ...], *, is_korean: bool) -> tuple[Word, ...] | None:
    """A name that `korean.read` or `chinese.read` took apart, as the words of its side.

    None where it is not a family name with two syllables, or one has no Hanja of names.
    """
    if [word.role for word in words] != [Role.SURNAME, Role.GIVEN, Role.GIVEN]:
        return None
    side = _KOREAN if is_korean else _CHINESE
    if not is_korean and not all(is_pinyin(word.text) for word in words):
        return None
    found = tuple(
        Word(side + place + word.text, word.role)
        for place, word in zip(_PLACES, words, strict=True)
    )
    return found if all(related(word.text) for word in found) else None


def key(word: str) -> str:
    """The word itself: what goes with it is found by `related`."""
    return word


def similarity(left: str, right: str) -> float:
    """How usual it is that a Korean word and a Chinese one are one Hanja; 0.0 on one side."""
    return _related(left).get(right, 0.0)


def related(word: str) -> frozenset[str]:
    """All words of the other side that may be the same Hanja."""
    return frozenset(_related(word))


@lru_cache(maxsize=65_536)
def _related(word: str) -> dict[str, float]:
    side, place, syllable = word[:1], word[1:2], word[2:]
    if place not in _PLACES:
        return {}
    if side == _KOREAN:
        found = _family_pinyin(syllable) if place == _FAMILY else _pinyin(syllable)
        return {_CHINESE + place + pinyin: value for pinyin, value in found.items()}
    if side == _CHINESE:
        table = _korean_families() if place == _FAMILY else _korean_spellings()
        found = table.get(syllable, {})
        return {_KOREAN + place + spelling: value for spelling, value in found.items()}
    return {}


def _pinyin(spelling: str) -> dict[str, float]:
    """The pinyin of the Hanja that a Korean spelling of a given syllable may stand for."""
    found: dict[str, float] = {}
    for block, cost in readings(spelling).items():
        if cost <= _MOST_COST:
            for place, pinyin in enumerate(_hanja_pinyin().get(block, ())):
                is_usual = cost <= _SURE_COST and place < _USUAL_READINGS
                found[pinyin] = max(USUAL if is_usual else UNUSUAL, found.get(pinyin, 0.0))
    return found


def _family_pinyin(family: str) -> dict[str, float]:
    return dict.fromkeys(_families().get(family, ()), FAMILY)


@cache
def _families() -> dict[str, tuple[str, ...]]:
    lines = (line.split() for line in _FAMILIES.replace("\n", "|").split("|"))
    return {line[0]: tuple(line[1:]) for line in lines if line}


@cache
def _korean_families() -> dict[str, dict[str, float]]:
    """Pinyin of a family name → the Korean ones."""
    table: dict[str, dict[str, float]] = {}
    for family, chinese in _families().items():
        for pinyin in chinese:
            table.setdefault(pinyin, {})[family] = FAMILY
    return table


@cache
def _korean_spellings() -> dict[str, dict[str, float]]:
    """Pinyin of a given syllable → every Korean spelling that may be its Hanja."""
    table: dict[str, dict[str, float]] = {}
    for spelling in all_spellings():
        for pinyin, value in _pinyin(spelling).items():
            table.setdefault(pinyin, {})[spelling] = value
    return table


@cache
def _hanja_pinyin() -> dict[str, tuple[str, ...]]:
    """Hangul syllable of a given name → the pinyin of its Hanja, the most usual first."""
    text = files("tumen.names").joinpath("data/korean_hanja.txt").read_text(encoding="utf-8")
    lines = (line.partition(" ") for line in text.splitlines() if line[0] not in "#=")
    return {
        syllable: tuple(dict.fromkeys(_mandarin(character) for character in characters))
        for syllable, _, characters in lines
    }


def _mandarin(character: str) -> str:
    return _OWN_PINYIN.get(character) or anyascii(character).lower()
