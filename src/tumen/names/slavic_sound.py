"""How a Slavic word sounds, whatever rule spelled it: the steps that make spellings equal.

Letters of a sound: lower-case Latin, and S (ш щ), C (ч), Z (ж), J (дж), Y (the ya that opens
a word); x is х, c is ц.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

# English, German, French, Scandinavian and Polish letters of one Cyrillic letter.
_LETTERS = {
    **dict.fromkeys(("schtsch", "shtsh", "chtch", "shch", "stch", "sjtj", "szcz"), "S"),
    **dict.fromkeys(("sch", "sh", "sz"), "S"),
    **dict.fromkeys(("tsch", "tch", "ch", "cz"), "C"),
    **dict.fromkeys(("dzh", "dsch"), "J"),
    **dict.fromkeys(("zh", "zj"), "Z"),
    **dict.fromkeys(("ts", "tz"), "c"),
    "dz": "d",
    "kh": "x",
    "gh": "g",
    "ph": "f",
    "th": "t",
    "ck": "k",
    "ct": "kt",
    "ou": "u",
    "x": "ks",
    "q": "k",
    "w": "v",
}
_LETTER = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)))

# What holds at one place in a word only.
_PLACES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Swedish and Norwegian: Viktorovitj, Tjernenko, Sjojgu.
    (re.compile("tj$|tj(?=enko$|uk$)"), "ch"),
    (re.compile("^sj(?=[aeou])"), "sh"),
    (re.compile("^tj(?=e)"), "ch"),
    # Belarusian writes v as u after a vowel: Tkachou, Slizheuski, Piatrouna.
    (re.compile("(?<=[aeo])u(?=$|ski?|na$)"), "v"),
    # Belarusian t before a soft vowel: Katsiaryna, Stsiapan.
    (re.compile("ts(?=i[aeou])"), "t"),
    # German z for ts: Jelzin, Kolzow.
    (re.compile("lz(?![hj])"), "lts"),
    (re.compile("ff$"), "v"),
    (re.compile("ine$"), "in"),
)
_MAY_HAVE_PLACE = re.compile("tj|^sj|[aeo]u|tsi|lz|ff$|ine$")
_GLIDES = re.compile("[ijy]+")
_YO = re.compile("(?<=[bcdfghjklmnpqrstvwxzSCZJ])io")
_SILENT_I = re.compile("(?<=[aeou])i|i(?=[aeou])")
_DOUBLE = re.compile(r"(.)\1+")

_MERGED = str.maketrans("oehxuY", "aaggvi")
_NO_VOWELS = str.maketrans("", "", "aeiouY")


@lru_cache(maxsize=200_000)
def long_sound(word: str) -> str:
    """The sound of a plain word before doubled letters become one (`andreeva`)."""
    if _MAY_HAVE_PLACE.search(word):
        for place, letters in _PLACES:
            word = place.sub(letters, word)
    word = _LETTER.sub(lambda found: _LETTERS[found.group()], word)
    word = _GLIDES.sub("i", word)
    word = _YO.sub("e", word)
    if word.startswith("ia"):
        word = "Y" + word[1:]
    return _SILENT_I.sub("", word)


def single(sound: str) -> str:
    """A sound with doubled letters as one."""
    return _DOUBLE.sub(r"\1", sound)


def code(sound: str) -> str:
    """A sound without what languages spell apart: a and o, and g, h and kh."""
    return sound.translate(_CODE)


_CODE = str.maketrans("oxh", "agg")


def consonants(sound: str) -> str:
    """The consonants of a sound, with g, h and kh as one and a v that may be a u left out."""
    return single(_WEAK_V.sub("", sound).translate(_MERGED_CONSONANTS).translate(_NO_VOWELS))


_WEAK_V = re.compile("(?<=[aeiou])v(?![aeiou])")
_MERGED_CONSONANTS = str.maketrans("hx", "gg")


@lru_cache(maxsize=200_000)
def distance(left: str, right: str) -> float:
    """How many sounds differ: 1 for a consonant, half for a vowel, a tenth for a near one.

    A quarter where a caron may be lost: `Cernov` is Černov or Chernov, `Sasin` Šašin.
    """
    if left == right:
        return 0.0
    if len(left) == len(right) and left.translate(_NO_CARONS) == right.translate(_NO_CARONS):
        return 0.25 * sum(one != other for one, other in zip(left, right, strict=True))
    merged_left, merged_right = left.translate(_MERGED), right.translate(_MERGED)
    merged = Levenshtein.distance(merged_left, merged_right)
    # Dropping and merging letters never adds to a distance, so the three are nested.
    bare = Levenshtein.distance(merged_left.translate(_DROP), merged_right.translate(_DROP))
    full = Levenshtein.distance(left, right)
    return 0.5 * (bare + merged) + 0.1 * (full - merged)


_DROP = str.maketrans("", "", "ai")
_NO_CARONS = str.maketrans("SCZ", "scz")
