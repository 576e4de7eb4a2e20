"""Cyrillic to Latin, as passports and lists usually spell it."""

from __future__ import annotations

import re
import unicodedata


def _letters(pairs: str) -> dict[str, str]:
    """`"жzh ьъ"`: a letter followed by its Latin spelling, which may be empty."""
    return {pair[0]: pair[1:] for pair in pairs.split()}


_RUSSIAN = _letters(
    "аa бb вv гg дd еe ёyo жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch "
    "ъ ыy ь эe юyu яya"
)
_UKRAINIAN = _letters("иy іi їyi єye ґg гh")
_OTHERS = _letters(
    "іi їyi єye ґg ўu ђdj јj љlj њnj ћc џdz ѓgj ќkj ѕdz әa ғg қk ңn өo ұu үu һh җj ҷj ӣi ӯu ҳh ӏ "
    "ѣe ѳf ѵi ѝi ӑa ӗe"
)
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
