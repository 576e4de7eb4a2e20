"""The names of an entry by the script they are written in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tumen.model.listing import ListedName

# The first word of a letter's Unicode name → the script as people call it.
_SCRIPTS = {
    "LATIN": "Latin",
    "HANGUL": "Hangul",
    "CJK": "Han",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "CYRILLIC": "Cyrillic",
    "ARABIC": "Arabic",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "THAI": "Thai",
    "GEORGIAN": "Georgian",
    "ARMENIAN": "Armenian",
    "DEVANAGARI": "Devanagari",
    "BENGALI": "Bengali",
    "MYANMAR": "Burmese",
    "KHMER": "Khmer",
    "FULLWIDTH": "Latin",
}
_OTHER = "Other signs"


@dataclass(frozen=True, slots=True)
class ScriptNames:
    """All names in one script, in published order."""

    script: str
    names: tuple[ListedName, ...]


def by_script(names: Iterable[ListedName]) -> list[ScriptNames]:
    """The names in groups; the script of the first name comes first."""
    found: dict[str, list[ListedName]] = {}
    for name in names:
        found.setdefault(script_of(name.text), []).append(name)
    return [ScriptNames(script, tuple(group)) for script, group in found.items()]


def script_of(text: str) -> str:
    """The script that most letters of a text are of."""
    counted = Counter(_script(letter) for letter in text if letter.isalpha())
    # Japanese is written with Han signs among its own.
    if counted["Japanese"]:
        return "Japanese"
    return counted.most_common(1)[0][0] if counted else _OTHER


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]
    return _SCRIPTS.get(first, first.capitalize() or _OTHER)
