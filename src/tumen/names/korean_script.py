"""Korean script to Latin: Hangul by its arithmetic, Hanja of personal names by a table."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files


def _each(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST_BLOCK = 0xAC00
# The North's spelling without marks, which the lists use most: 김정은 is Kim Jong Un.
_INITIALS = _each("k kk n t tt r m p pp s ss _ j jj ch kh th ph h")
_VOWELS = _each("a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i")
_FINALS = _each("_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t")

_RUN = re.compile("[\uac00-\ud7a3]+")
_HANJA = re.compile("[\u3400-\u9fff]{2,4}")
# The commonest family names as the South has them in Latin letters.
_FAMILY_SPELLINGS = {"이": "lee", "우": "woo", "오": "oh"}
_COMPOUND_FAMILIES = frozenset({"남궁", "황보", "독고", "선우", "제갈", "사공", "동방", "서문"})
_COMPOUND_HANJA = {
    "南宮": "남궁",
    "南宫": "남궁",
    "皇甫": "황보",
    "獨孤": "독고",
    "独孤": "독고",
    "鮮于": "선우",
    "鲜于": "선우",
    "諸葛": "제갈",
    "诸葛": "제갈",
    "司空": "사공",
}
_FAMILIES = frozenset(
    "김리이박최정강조윤장림임한오서신권황안송전홍고문량양손배백허류"
    "유남심로노하곽성차주우구민라나진지엄채원천방공현함변렴염여려추도"
    "소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉경사부가복"
    "태목형계피두감음빈동온호범좌팽승간상갈단견당"
)


def transliterate(text: str) -> str:
    """Hangul in Latin letters as the North spells it; other text unchanged.

    A personal name, written as one word or as two with the family name first or last, is
    divided into syllables (김정은: `kim jong un`); all else stays divided as written.
    """
    text = unicodedata.normalize("NFC", text)
    names = _romanise_person(_RUN.findall(text))
    return _RUN.sub(lambda found: names.get(found.group()) or _romanise(found.group()), text)


def from_hanja(text: str) -> str | None:
    """The Korean reading of a personal name in Hanja (金正恩: `kim jong un`), or None.

    None too where one character is not in the table of the usual ones of names.
    """
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if not _HANJA.fullmatch(text):
        return None
    given, family = _hanja()
    compound = _COMPOUND_HANJA.get(text[:2])
    first, rest = (compound, text[2:]) if compound else (family.get(text[0]), text[1:])
    if first is None or not 1 <= len(rest) <= 2 or not all(hanja in given for hanja in rest):
        return None
    if first not in _FAMILIES and first not in _COMPOUND_FAMILIES:
        return None
    return f"{_romanise_family(first)} {_spaced(''.join(given[hanja] for hanja in rest))}"


def _romanise_person(runs: list[str]) -> dict[str, str]:
    """Run of Hangul → its Latin form, for the runs of a personal name; empty for other text."""
    if len(runs) == 1:
        family = _family_ahead(runs[0])
        given = runs[0][len(family) :]
        if family and 1 <= len(given) <= 2:
            return {runs[0]: f"{_romanise_family(family)} {_spaced(given)}"}
    if len(runs) == 2:
        for family, given in (runs, runs[::-1]):
            if _family_ahead(family) == family and 1 <= len(given) <= 2:
                return {given: _spaced(given), family: _romanise_family(family)}
    return {}


def _family_ahead(blocks: str) -> str:
    """The family name that a run starts with, or nothing."""
    if blocks[:2] in _COMPOUND_FAMILIES:
        return blocks[:2]
    return blocks[0] if blocks[0] in _FAMILIES else ""


def _romanise_family(blocks: str) -> str:
    return _FAMILY_SPELLINGS.get(blocks) or _romanise(blocks)


def _spaced(blocks: str) -> str:
    return " ".join(_romanise(block) for block in blocks)


def _romanise(blocks: str) -> str:
    return "".join(_romanise_block(block) for block in blocks)


def _romanise_block(block: str) -> str:
    rest, final = divmod(ord(block) - _FIRST_BLOCK, len(_FINALS))
    initial, vowel = divmod(rest, len(_VOWELS))
    return (_INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]).replace("_", "")


@cache
def _hanja() -> tuple[dict[str, str], dict[str, str]]:
    """Hanja → Hangul syllable, in given names and as family names."""
    text = files("tumen.names").joinpath("data/korean_hanja.txt").read_text(encoding="utf-8")
    given: dict[str, str] = {}
    family: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        syllable, _, characters = line.partition(" ")
        if syllable.startswith("="):
            family.update(dict.fromkeys(characters, syllable[1:]))
        else:
            given.update(dict.fromkeys(characters, syllable))
    return given, given | family
