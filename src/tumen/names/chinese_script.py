"""Chinese characters to pinyin, with the readings that characters take as family names."""

from __future__ import annotations

import re
from functools import cache

from anyascii import anyascii

from tumen.names.chinese_sound import table_lines

_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+")
# A personal name has two to four characters; a longer run is an organisation's.
_LONGEST_NAME = 4
# Frequent words of addresses and companies whose characters have another reading by themselves.
_WORDS = {
    "银行": " yin hang ",
    "銀行": " yin hang ",
    "重庆": " chong qing ",
    "重慶": " chong qing ",
    "厦门": " xia men ",
    "廈門": " xia men ",
    "长": " chang ",
    "長": " chang ",
}
_WORD = re.compile("|".join(_WORDS))


def transliterate(text: str) -> str:
    """Chinese characters as pinyin, one word a syllable, the family name as such; the rest stays.

    A run of characters of a name's length takes the family reading of its first character
    (曾 `zeng`, 单 `shan`) and keeps a family name of two characters together (`ouyang xiu`).
    """
    if not _RUN.search(text):
        return text
    spaced = _RUN.sub(lambda found: f" {_romanise_run(found.group())} ", text)
    return " ".join(spaced.split())


def _romanise_run(characters: str) -> str:
    families = _families()
    if len(characters) <= _LONGEST_NAME:
        for width in (2, 1):
            family = families.get(characters[:width])
            if family and len(characters) - width <= 2:
                return " ".join((family, *_syllables(characters[width:])))
    return " ".join(_syllables(characters))


def _syllables(characters: str) -> list[str]:
    known = _WORD.sub(lambda found: _WORDS[found.group()], characters)
    return [
        syllable
        for part in known.split()
        for syllable in ([part] if part.isascii() else [anyascii(one).lower() for one in part])
    ]


@cache
def _families() -> dict[str, str]:
    """Characters of a family name → its pinyin."""
    table: dict[str, str] = {}
    for head, _ in table_lines("chinese_surnames.txt"):
        pinyin, _, characters = head.partition(" ")
        width = 2 if _is_compound(pinyin, characters) else 1
        for start in range(0, len(characters), width):
            table[characters[start : start + width]] = pinyin
    return table


def _is_compound(pinyin: str, characters: str) -> bool:
    return bool(characters) and anyascii(characters[:2]).lower() == pinyin
