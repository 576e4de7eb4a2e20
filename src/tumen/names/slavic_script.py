"""Cyrillic to Latin, as passports and lists usually spell it."""

from __future__ import annotations

import re
import unicodedata

_RUSSIAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)
_UKRAINIAN = {"и": "y", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "г": "h"}
_OTHERS = {
    **{"і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u"},
    **{"ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz", "ѓ": "gj", "ќ": "kj"},
    **{"ѕ": "dz", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u"},
    **{"һ": "h", "җ": "j", "ҷ": "j", "ӣ": "i", "ӯ": "u", "ҳ": "h", "ӏ": ""},
    **{"ѣ": "e", "ѳ": "f", "ѵ": "i", "ѝ": "i", "ӑ": "a", "ӗ": "e"},
}
_LATIN = {**_RUSSIAN, **_OTHERS}
_LATIN_UKRAINIAN = {**_LATIN, **_UKRAINIAN}
_CYRILLIC = re.compile("[\u0400-\u052f]+")
_UKRAINIAN_LETTERS = re.compile("[іїєґІЇЄҐ]")
_BELARUSIAN_LETTERS = re.compile("[ўыэёЎЫЭЁ]")
_ADJECTIVE = re.compile("[иы]й(?![\u0400-\u052f])", re.IGNORECASE)
_APOSTROPHE_INSIDE = re.compile("(?<=[\u0400-\u052f])['’ʼ](?=[\u0400-\u052f])")


def latin(text: str) -> str:
    """Cyrillic words of `text` in Latin letters; all else unchanged.

    і, ї, є or ґ anywhere, without a letter that only Russian or Belarusian has, makes the
    whole text Ukrainian: и is then y and г is h.
    """
    text = _APOSTROPHE_INSIDE.sub("", unicodedata.normalize("NFC", text))
    is_ukrainian = _UKRAINIAN_LETTERS.search(text) and not _BELARUSIAN_LETTERS.search(text)
    letters = _LATIN_UKRAINIAN if is_ukrainian else _LATIN
    text = _ADJECTIVE.sub(lambda found: "Ы" if found.group().isupper() else "ы", text)
    return _CYRILLIC.sub(lambda found: _latin_word(found.group(), letters), text)


def _latin_word(word: str, letters: dict[str, str]) -> str:
    spelled = "".join(
        _cased(letters.get(letter.lower(), letter), letter) for letter in _soft_e(word)
    )
    return spelled.upper() if len(word) > 1 and word.isupper() else spelled


def _soft_e(word: str) -> str:
    # Евгений is Yevgeny and Сергеев is Sergeyev, but Петр is Petr: e after a vowel is ye.
    return _E_AFTER_VOWEL.sub(lambda found: "є" if found.group() == "е" else "Є", word)


_E_AFTER_VOWEL = re.compile("(?<![^аеёиоуыэюяьъАЕЁИОУЫЭЮЯЬЪ])[еЕ]")


def _cased(spelled: str, letter: str) -> str:
    return spelled.capitalize() if letter.isupper() else spelled
