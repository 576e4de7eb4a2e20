"""Arabic, Persian, Urdu, Pashto and Kurdish script to Latin.

The script leaves short vowels out. Common names get their usual spelling from the table, the
rest consonants and long vowels only (`lghwb` becomes `lghub`), which `similarity` expects.
"""

from __future__ import annotations

import re

from tumen.names.arabic_table import folded, latin_of


def _letters(pairs: str) -> dict[str, str]:
    """`"شsh ع"`: a letter followed by its Latin spelling, which may be empty."""
    return {pair[0]: pair[1:] for pair in pairs.split()}


_LETTERS = _letters(
    "اa آa بb تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz غgh فf قq كk لl مm نn هh ةa ع ء "
    "ئi ؤu پp چch ژzh گg ټt ډd ړr ښsh ږg ٹt ڈd ڑr ںn ڤv ےe ێe ۆo "
    "٠0 ١1 ٢2 ٣3 ٤4 ٥5 ٦6 ٧7 ٨8 ٩9 ۰0 ۱1 ۲2 ۳3 ۴4 ۵5 ۶6 ۷7 ۸8 ۹9"
)
_WORD = re.compile(
    "[\u0600-\u060b\u060d-\u061a\u061c-\u061e\u0620-\u06d3\u06d5-\u06ff\u0750-\u077f\u200c\u200d]+"
)
_MARKS = str.maketrans("،؛؟", ",;?")
_LONG = frozenset("اويى")
_ARTICLE, _SERVANT = "ال", "عبد"


def latin(text: str) -> str:
    """Words in Arabic script in Latin letters, lower-case; all else unchanged."""
    return _WORD.sub(lambda found: _latin_word(folded(found.group())), text.translate(_MARKS))


def _latin_word(word: str) -> str:
    known = latin_of(word)
    if known:
        return known
    if word.startswith(_SERVANT) and len(word) > 5:
        return f"abd {_latin_word(word[3:])}"
    for ending, latin_ending in (("الله", " allah"), ("الدين", " al din")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return _latin_word(word[: -len(ending)]) + latin_ending
    if word.startswith(_ARTICLE) and len(word) > 4:
        return f"al {_latin_word(word[2:])}"
    if word.endswith("ي"):
        # The man from, or of the line of, a name that is known: Ubaydi.
        known = latin_of(word[:-1])
        if known:
            return f"{known}i"
    return _spelled(word)


def _spelled(word: str) -> str:
    return "".join(_letter(word, place) for place in range(len(word)))


def _letter(word: str, place: int) -> str:
    letter = word[place]
    before = word[place - 1] if place else ""
    after = word[place + 1 : place + 2]
    if letter in "وي":
        is_vowel = before and before not in _LONG and after not in _LONG
        return ("u" if letter == "و" else "i") if is_vowel else ("w" if letter == "و" else "y")
    if letter == "ه" and before and not after and before not in _LONG:
        # Persian writes the vowel that ends Khamenei's home village as a silent h.
        return "eh"
    if letter == "ع" and not before:
        return "a"
    return _LETTERS.get(letter, letter)
