"""Given names of Russia, Ukraine and Belarus: which forms and short forms are one name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from tumen.names.slavic_sound import code, long_sound, single

_SHARED = "[shared]"
_VOWELS = "aeiouY"


class _Table(NamedTuple):
    """Names by the code of their sound; a name is known by the first form of its line."""

    full: dict[str, frozenset[str]]
    short: dict[str, frozenset[str]]
    stems: dict[str, frozenset[str]]
    shared: frozenset[str]


def full_names(sound: str) -> frozenset[str]:
    """The names of which a word is a full form, in any of the three languages."""
    return _table().full.get(code(sound), frozenset())


def are_shared(names: frozenset[str]) -> bool:
    """Whether names are as common elsewhere in the Muslim world or the South Caucasus."""
    return names <= _table().shared


def short_names(sound: str) -> frozenset[str]:
    """The names of which a word is a short form (Sasha: Aleksandr, Aleksandra)."""
    return _table().short.get(code(sound), frozenset())


def fathers_names(stem: str) -> frozenset[str]:
    """The names that a patronymic's stem may come from (`mikola` of Mykolayovych)."""
    return _table().stems.get(code(stem).rstrip(_VOWELS), frozenset())


@cache
def _table() -> _Table:
    text = files("tumen.names").joinpath("data/slavic_given.txt").read_text(encoding="utf-8")
    full: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    shared: set[str] = set()
    is_shared = False
    for line in text.splitlines():
        is_shared = is_shared or line == _SHARED
        if not line or line.startswith(("#", _SHARED)):
            continue
        forms, _, short_forms = line.partition("|")
        name = forms.split()[0]
        if is_shared:
            shared.add(name)
        for form in forms.split():
            found = code(single(long_sound(form)))
            full.setdefault(found, set()).add(name)
            stems.setdefault(found.rstrip(_VOWELS), set()).add(name)
        for form in short_forms.split():
            short.setdefault(code(single(long_sound(form))), set()).add(name)
    return _Table(_frozen(full), _frozen(short), _frozen(stems), frozenset(shared))


def _frozen(names: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {found: frozenset(group) for found, group in names.items()}
