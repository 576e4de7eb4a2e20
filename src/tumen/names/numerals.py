"""Numbers inside names: digits, words, ordinals, and Roman numerals that mark a series."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

ROMAN = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
    "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18,
    "xix": 19, "xx": 20, "xxi": 21, "xxii": 22, "xxiii": 23,
}  # fmt: skip
_UNITS = "one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
CARDINALS = (
    {word: at for at, word in enumerate(_UNITS.split(), 1)}
    | {word: at for at, word in enumerate(_TEENS.split(), 10)}
    | {word: 10 * at for at, word in enumerate(_TENS.split(), 2)}
)
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS = {word: at for at, word in enumerate(_ORDINAL_WORDS.split(), 1)}
_ORDINAL_DIGITS = re.compile(r"0*(\d{1,4})(?:st|nd|rd|th|e|er|eme|ya|aya|iy|yy|y|oe|ye|a|o)")
_DIGITS = re.compile(r"\d+")
_NUMBER_WORDS = frozenset({"no", "nr", "num", "number", "nomer", "numero"})


def ordinal(word: str) -> str:
    """`1st` → `first`, up to twentieth; any other word unchanged."""
    found = _ORDINAL_DIGITS.fullmatch(word) if word[:1].isdigit() else None
    if found and word.endswith(("st", "nd", "rd", "th")) and 1 <= int(found[1]) <= 20:
        return _ORDINAL_WORDS.split()[int(found[1]) - 1]
    return word


def ordinal_value(word: str) -> int | None:
    """The value of `third`, `3rd`, `11th`, `1ya`, `9e`; None for what is no ordinal."""
    if word in ORDINALS:
        return ORDINALS[word]
    found = _ORDINAL_DIGITS.fullmatch(word)
    return int(found[1]) if found else None


def read_at(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The number that starts at one place of a name, in digits, and where it ends.

    A Roman numeral is a number only after another word; `i`, `v` and `x` only as the last.
    """
    word = words[at]
    if word.isdigit():
        return word.lstrip("0") or "0", at + 1
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in _NUMBER_WORDS and following.isdigit():
        return following.lstrip("0") or "0", at + 2
    if word in CARDINALS:
        return _cardinal(CARDINALS[word], following, at)
    if at > 0 and word in ROMAN and (len(word) > 1 or _is_series_mark(words, at)):
        return str(ROMAN[word]), at + 1
    return None


def _cardinal(value: int, following: str, at: int) -> tuple[str, int]:
    unit = CARDINALS.get(following, 0)
    if value >= 20 and value % 10 == 0 and 0 < unit < 10:
        return str(value + unit), at + 2
    return str(value), at + 1


def _is_series_mark(words: Sequence[str], at: int) -> bool:
    """A lone `i`, `v` or `x` counts when what follows is no initial or name, only short forms."""
    return len(words[at - 1]) > 1 and all(1 < len(word) < 5 for word in words[at + 1 :])


@lru_cache(maxsize=65_536)
def numbers_in(word: str) -> tuple[str, ...]:
    """The numbers in one word: `ahl1` has 1, `first` has 1."""
    if word in ORDINALS:
        return (str(ORDINALS[word]),)
    if word.isalpha():
        return ()
    return tuple(digits.lstrip("0") or "0" for digits in _DIGITS.findall(word))
