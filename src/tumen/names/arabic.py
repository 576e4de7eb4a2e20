"""Names of the Arabic, Persian, Kurdish, Afghan and Pakistani world, Turkish and Malay too.

A name is a chain: title, given name, the father's and grandfather's, a kunya (Abu Hafs) and
an origin (al-Tikriti). Articles, joinings and vowels differ from one romanisation to the next.
"""

from __future__ import annotations

from functools import lru_cache

from tumen.names import arabic_sound
from tumen.names.arabic_compound import Compound, compound
from tumen.names.arabic_reading import read
from tumen.names.arabic_script import latin
from tumen.names.arabic_table import other_names, same_names

__all__ = ["key", "read", "similarity", "transliterate"]

ANOTHER_LANGUAGE, KNOWN_APART = 0.9, 0.5
# Heshmatollah is often written Heshmat; Abd al-Qadir less often Qadir.
_WITHOUT_GOD, _WITHOUT_FAITH, _WITHOUT_SERVANT, _OTHER_COMPOUND = 0.85, 0.8, 0.65, 0.5


@lru_cache(maxsize=200_000)
def key(word: str) -> str:
    """The classes of a word's consonants; common names go by their usual spelling."""
    parts = compound(word)
    names = same_names(parts.core) or other_names(parts.core)
    core = min(names) if names else parts.core
    sound = arabic_sound.hear(core)
    opening = sound.vowels[0][:1] if len(sound.classes) < 2 else ""
    return f"{parts.before}{opening}{sound.classes}{parts.after}" or word


@lru_cache(maxsize=500_000)
def similarity(left: str, right: str) -> float:
    """How far two words are one name; see `tumen.names.word` for the scale."""
    if left == right:
        return 1.0
    a, b = compound(left), compound(right)
    if a.after and a.after == b.after:
        # Nasr and Nasir are two names, but Nasr al-Din and Nasreddine one.
        return min(_most(a, b), arabic_sound.alike(a.core, b.core))
    return min(_most(a, b), _core_alike(a.core, b.core))


def _most(a: Compound, b: Compound) -> float:
    """The most that two compounds can be alike, whatever their cores."""
    most = 1.0
    if a.before != b.before:
        most = _WITHOUT_SERVANT if not (a.before and b.before) else _OTHER_COMPOUND
    if a.after == b.after:
        return most
    if a.after and b.after:
        return _OTHER_COMPOUND
    return min(most, _WITHOUT_GOD if "allah" in (a.after, b.after) else _WITHOUT_FAITH)


def _core_alike(left: str, right: str) -> float:
    if left == right:
        return 1.0
    alike = arabic_sound.alike(left, right)
    a, b = same_names(left), same_names(right)
    if a & b:
        return 1.0
    all_a, all_b = a | other_names(left), b | other_names(right)
    if all_a & all_b:
        return ANOTHER_LANGUAGE
    return min(alike, KNOWN_APART) if all_a and all_b else alike


def transliterate(text: str) -> str:
    """Words in Arabic script in Latin letters; other text unchanged."""
    return latin(text)
