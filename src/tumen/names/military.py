"""Military units: the number is the identity, the kind and the branch are words around it.

Russian units go by a field post of four or five digits (`voyskovaya chast 71718`), formations
by a number and a kind (`810 otdelnaya brigada morskoy pekhoty`); Korean bureaus likewise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from tumen.names import numerals
from tumen.names.tables import Phrases, spellings, table

# Between a number and its kind: `810 otdelnaya gvardeyskaya ordena Zhukova brigada`.
_MAX_GAP = 8


@dataclass(frozen=True, slots=True)
class MilitaryUnit:
    """A numbered unit: its number in digits, kind, branches, service and other words.

    `is_field_post` where the number alone names the unit; `is_soft` where many bodies have a
    unit of that kind (`office 39`).
    """

    number: str
    kind: str
    branches: frozenset[str]
    services: frozenset[str]
    others: frozenset[str]

    @property
    def is_field_post(self) -> bool:
        """Whether the number is a field post, which no two units of one army share."""
        return len(self.number) > 3 and self.kind == "unit"

    @property
    def is_soft(self) -> bool:
        """Whether the number counts only among the bodies of one organisation."""
        return self.kind in table("military")["soft"]


@lru_cache(maxsize=65_536)
def read(words: tuple[str, ...]) -> MilitaryUnit | None:
    """The military unit that a name speaks of, or None where it has no numbered kind."""
    tags = _tag(tuple(part for word in words for part in _unglued(word)))
    numbers = [at for at, (what, _) in enumerate(tags) if what == "number"]
    kinds = [at for at, (what, _) in enumerate(tags) if what == "kind"]
    found = _nearest(tags, numbers, kinds)
    if found is None:
        return None
    number, kind = found

    def values(wanted: str) -> frozenset[str]:
        return frozenset(value for what, value in tags if what == wanted)

    unit = MilitaryUnit(number, kind, values("branch"), values("service"), values("other"))
    return unit if _is_plausible(unit) else None


# Korean writes a corps in one word: `je11gundan`, `11gundan`.
_GLUED = re.compile(r"(je|che)?(\d{1,5})([a-z]{3,})")


def _unglued(word: str) -> tuple[str, ...]:
    found = _GLUED.fullmatch(word) if not word.isalpha() and not word.isdigit() else None
    is_ordinal = numerals.ordinal_value(word) is not None
    return (found[2], found[3]) if found and not is_ordinal else (word,)


def _is_plausible(unit: MilitaryUnit) -> bool:
    """`Unit 46B, Brickell Avenue` is a flat: a short number needs a force or a true formation."""
    if unit.kind == "unit":
        return len(unit.number) > 3 or bool(unit.services)
    return not unit.is_soft or bool(unit.services) or not unit.others


def _nearest(
    tags: Sequence[tuple[str, str]], numbers: list[int], kinds: list[int]
) -> tuple[str, str] | None:
    """The number and kind that belong together; a field post before any other pair."""
    best: tuple[int, str, str] | None = None
    for at in numbers:
        for kind_at in kinds:
            number, kind = tags[at][1], tags[kind_at][1]
            low, high = sorted((at, kind_at))
            between = tags[low + 1 : high]
            if len(between) > _MAX_GAP or any(what in ("other", "kind") for what, _ in between):
                continue
            distance = high - low - (100 if kind == "unit" and len(number) > 3 else 0)
            if best is None or distance < best[0]:
                best = (distance, number, kind)
    return best[1:] if best else None


def _tag(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each word or phrase with what it is: number, kind, branch, service, filler or other."""
    tags: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        ordinal = numerals.ordinal_value(words[at])
        number = None if ordinal is not None else numerals.read_at(words, at)
        phrase = _phrases().longest(words, at)
        if ordinal is not None:
            tags.append(("number", str(ordinal)))
            at += 1
        elif phrase:
            tags.append(phrase[0])
            at = phrase[1]
        elif number:
            # A field post keeps its leading nought: 08806.
            is_post = len(words[at]) > 4 and words[at].isdigit()
            tags.append(("number", words[at] if is_post else number[0]))
            at = number[1]
        else:
            tags.append(("other", words[at]))
            at += 1
    return [tag for tag in tags if not (tag[0] == "other" and len(tag[1]) == 1)]


@cache
def _phrases() -> Phrases[tuple[str, str]]:
    document = table("military")
    entries: dict[tuple[str, ...], tuple[str, str]] = {}
    for section, what in (
        ("kinds", "kind"),
        ("soft", "kind"),
        ("services", "service"),
        ("branches", "branch"),
    ):
        for value, listed in document[section].items():
            for words in spellings(listed):
                entries.setdefault(words, (what, value))
    for words in spellings(document["fillers"]):
        entries.setdefault(words, ("filler", words[0]))
    return Phrases(entries.items())


# Of one formation, or mistaken for one another in translation.
_KIN = (
    {"unit", "brigade", "regiment", "battalion", "squadron"},
    {"corps", "army"},
    {"division", "bureau", "department"},
)


def same_unit(left: MilitaryUnit | None, right: MilitaryUnit | None) -> float | None:
    """How far two units are one: 1.0 the same number and kind, 0.0 another number.

    None where one of the names speaks of no unit, or where they are units of kinds that say
    nothing about each other.
    """
    if left is None or right is None:
        return None
    if left.is_field_post or right.is_field_post:
        return _same_field_post(left, right)
    if left.kind != right.kind:
        same_number = left.number == right.number
        is_kin = any(left.kind in kin and right.kind in kin for kin in _KIN)
        return 0.6 if same_number and is_kin else None
    if left.number != right.number or _differ(left.services, right.services):
        return 0.0
    return _agreement(left, right)


def _same_field_post(left: MilitaryUnit, right: MilitaryUnit) -> float | None:
    if left.is_field_post and right.is_field_post:
        return 1.0 if left.number == right.number else 0.0
    return None


def _agreement(left: MilitaryUnit, right: MilitaryUnit) -> float:
    """One number, one kind: what the words around them leave of it."""
    score = 1.0
    if _differ(left.branches - {"guards"}, right.branches - {"guards"}):
        score -= 0.3
    if _differ(left.others, right.others):
        score -= 0.5 if left.is_soft else 0.15
    return round(score, 2)


def _differ(left: frozenset[str], right: frozenset[str]) -> bool:
    return bool(left and right) and left.isdisjoint(right)
