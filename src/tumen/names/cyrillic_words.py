"""A name in Cyrillic letters made ready to be read as Korean or Chinese syllables."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tumen.names.slavic_given import full_names, short_names
from tumen.names.slavic_script import latin
from tumen.names.slavic_sound import long_sound, single

_UKRAINIAN = re.compile("[іїєґ]")
_NOT_UKRAINIAN = re.compile("[ыэё]")
# Belarusian shares only і with Ukrainian, and keeps ы and э.
_FROM_UKRAINIAN = str.maketrans("иіїєґ", "ыииег")
_FROM_BELARUSIAN = str.maketrans("іў", "иу")
# A hard sign or an apostrophe stands where a syllable ends (Чон'ын, Чанъань).
_BREAK = re.compile("[-‐‑–ъ'’ʼ`,]+")
# Family name and two syllables: шангуань чжуаншуан has 18 letters, most Russian full names more.
_LONGEST = 24
_YO = re.compile("йо|ьо|ьё")
_WORDS = re.compile(r"[а-яё\s]+")


# Asked twice in a row, for Korean and for Chinese.
@lru_cache(maxsize=1024)
def plain_words(text: str) -> tuple[str, ...]:
    """Lower-case words in Russian letters, Ukrainian and Belarusian ones respelt.

    Empty for names too long, and where anything else stands in them: initials with a stop.
    """
    if len(text) > _LONGEST:
        return ()
    text = unicodedata.normalize("NFC", text).lower()
    if _UKRAINIAN.search(text):
        is_ukrainian = not _NOT_UKRAINIAN.search(text)
        text = text.translate(_FROM_UKRAINIAN if is_ukrainian else _FROM_BELARUSIAN)
    text = _BREAK.sub(" ", text)
    return tuple(_YO.sub("ё", text).split()) if _WORDS.fullmatch(text) else ()


def is_slavic_given(word: str) -> bool:
    """Whether a Cyrillic word is a given name of Russia, Ukraine or Belarus (Иван is no 이완)."""
    sound = single(long_sound(latin(word)))
    return bool(full_names(sound) or short_names(sound))
