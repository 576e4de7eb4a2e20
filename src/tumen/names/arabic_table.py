"""The common names of the Muslim world: which spellings, in which scripts, are one name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from tumen.names.arabic_sound import hear

_NONE: frozenset[str] = frozenset()


class _Table(NamedTuple):
    """Names by the code of their sound, and Latin spellings by Arabic spelling."""

    same: dict[str, frozenset[str]]
    other: dict[str, frozenset[str]]
    scripts: dict[str, str]


def same_names(word: str) -> frozenset[str]:
    """The names of which a word is a spelling; empty where it is not a common name."""
    return _table().same.get(hear(word).code, _NONE)


def other_names(word: str) -> frozenset[str]:
    """The names of which a word is another language's form (Mehmet, Gamal, Joseph)."""
    return _table().other.get(hear(word).code, _NONE)


def latin_of(arabic: str) -> str | None:
    """The usual Latin spelling of a common name in Arabic script, letters already folded."""
    return _table().scripts.get(arabic)


_FOLDED = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیېۍ", "ي"),
        **dict.fromkeys("کګڪ", "ك"),
        **dict.fromkeys("ہھەۀ", "ه"),
        **dict.fromkeys("ـ\u200c\u200d\u200e\u200f", None),
        **{chr(mark): None for mark in (*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670)},
    }
)


def folded(arabic: str) -> str:
    """Arabic-script letters without vowel marks, and with each letter's variants as one."""
    return arabic.translate(_FOLDED)


@cache
def _table() -> _Table:
    text = files("tumen.names").joinpath("data/arabic_names.txt").read_text(encoding="utf-8")
    same: dict[str, set[str]] = {}
    other: dict[str, set[str]] = {}
    scripts: dict[str, str] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, arabic, spellings, forms = (field.split() for field in line.split(";"))
        for spelling in (*name, *spellings):
            same.setdefault(hear(spelling).code, set()).add(name[0])
        for form in forms:
            other.setdefault(hear(form).code, set()).add(name[0])
        for spelling in arabic:
            scripts.setdefault(folded(spelling), name[0])
    return _Table(_frozen(same), _frozen(other), scripts)


def _frozen(names: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {code: frozenset(group) for code, group in names.items()}
