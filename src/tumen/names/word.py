"""The contract between a name's culture and the matching engine.

A culture (Korean, Slavic, Arabic, Chinese …) is a module with four functions over words:
ASCII, lower-case, letters and digits only, apostrophes already removed (`cho'ng` is `chong`).

    read(words: tuple[str, ...]) -> tuple[Word, ...] | None
        A person's name as this culture takes it apart (joined, split, particles dropped,
        roles told), or None where the words do not have the shape of its names.

    key(word: str) -> str
        The coarse spelling-free form. All spellings of one name share it; unlike names may.
        Never empty.

    similarity(left: str, right: str) -> float
        How far two words are the same name: 1.0 the same under another spelling rule,
        0.9 very probably, 0.8 plausibly (one slip), below 0.6 another name.

    transliterate(text: str) -> str
        The culture's own script in its most usual Latin spelling; other text unchanged.

All are pure and fast (called for every distinct word of a million names).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a word does in a person's name; decides how much its absence or conflict counts."""

    PLAIN = ""
    SURNAME = "surname"
    GIVEN = "given"
    PATRONYMIC = "patronymic"
    KUNYA = "kunya"
    ORIGIN = "origin"
    PARTICLE = "particle"


class Word(NamedTuple):
    """One word of a name and its role; `text` is ASCII and lower-case."""

    text: str
    role: Role = Role.PLAIN
