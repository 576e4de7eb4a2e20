"""A name read the ways it can be read: one reading for each culture whose shape it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from tumen.names import (
    arabic,
    chinese,
    chinese_cyrillic,
    korean,
    korean_cyrillic,
    military,
    organisation,
    sino,
    slavic,
    vessel,
    western,
)
from tumen.names.clean import join_spaced, unleet, words_of
from tumen.names.cultures import (
    ARABIC,
    CHINESE,
    KOREAN,
    LATIN,
    OBJECT,
    ORGANISATION,
    SINO,
    SLAVIC,
    UNIT,
)
from tumen.names.military import MilitaryUnit
from tumen.names.organisation import OrgWord
from tumen.names.word import Role, Word


class NameOf(StrEnum):
    """What bears the name; decides how it is read."""

    PERSON = "person"
    ORGANISATION = "organisation"
    OBJECT = "object"
    UNKNOWN = "unknown"


class Reading(NamedTuple):
    """The words of one name in one culture.

    `weights` say how much each word tells by its role alone, before its rarity: a legal
    form next to nothing, a family name 1. `unit` is set in the culture of military units.
    """

    culture: str
    words: tuple[str, ...]
    weights: tuple[float, ...]
    roles: tuple[str, ...]
    unit: MilitaryUnit | None = None


INITIAL = "initial"

_PERSON_READERS: tuple[tuple[str, Callable[[tuple[str, ...]], tuple[Word, ...] | None]], ...] = (
    (KOREAN, korean.read),
    (CHINESE, chinese.read),
    (SLAVIC, slavic.read),
    (ARABIC, arabic.read),
)

_HANJA_CULTURES = frozenset({KOREAN, CHINESE})
_SOUND_CULTURES = frozenset({SLAVIC, ARABIC})
_ROLE_WEIGHTS = {
    Role.PLAIN: 1.0,
    Role.SURNAME: 1.0,
    Role.GIVEN: 1.0,
    Role.PATRONYMIC: 0.5,
    Role.KUNYA: 0.6,
    Role.ORIGIN: 0.7,
    Role.PARTICLE: 0.0,
}

# Small words that belong to a name in one source and are left out in the next.
_PARTICLES = frozenset(
    {"al", "el", "ul", "ad", "an", "ar", "as", "ash", "at", "az", "bin", "ibn", "ben", "bint"}
    | {"abd", "y", "e", "de", "del", "della", "da", "di", "do", "dos", "das", "la", "le"}
    | {"las", "los", "van", "von", "der", "den", "ter", "ten", "du", "des", "st", "san", "zu"}
    | {"und"}
)


@lru_cache(maxsize=100_000)
def read_name(text: str, bearer: NameOf) -> tuple[Reading, ...]:
    """All readings of `text` as the name of `bearer`; empty where no words are left."""
    found: dict[Reading, None] = {}
    for part in parts_of(text):
        if words := words_of(part):
            if bearer in (NameOf.PERSON, NameOf.UNKNOWN):
                found.update(dict.fromkeys(_read_person(_person_words(part))))
                found.update(dict.fromkeys(_read_other_spellings(part)))
            if bearer in (NameOf.ORGANISATION, NameOf.UNKNOWN):
                found.update(dict.fromkeys(_read_organisation(words)))
            if bearer in (NameOf.OBJECT, NameOf.UNKNOWN):
                found.update(dict.fromkeys(_read_object(words)))
    return tuple(found)


_DIVIDED = re.compile(r"[;(\[（/]")
# A slash between long words divides two names; `A/S` and `M/V` are one word each.
_BETWEEN = re.compile(r";| / |(?<=\w{4})/(?=\w{4})")
_DOUBLED = re.compile(r"([a-z])\1+")
_HAN = re.compile("[\u3400-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_PARENTHESES = re.compile(r"[(\[（][^()\[\]（）]*[)\]）]")


def parts_of(text: str) -> tuple[str, ...]:
    """The names in one published value: several divided by `;` or ` / `, one in brackets.

    `Jin Tiesan (金铁三)` is two names, `Iran Aircraft (IAMCO)` a name and its short form.
    """
    if not _DIVIDED.search(text):
        return (text,)
    parts: list[str] = []
    for piece in _BETWEEN.split(text):
        inner = [found.group()[1:-1].strip() for found in _PARENTHESES.finditer(piece)]
        outer = " ".join(_PARENTHESES.sub(" ", piece).split())
        # What tells apart ("(France)") stays with the name; what is a name by itself, in
        # another script or as a short form, is also one.
        if any(_is_aside(part, outer) for part in inner):
            parts += [outer, *(part for part in inner if len(part) >= 3)]
        else:
            parts.append(piece.strip())
    return tuple(part for part in parts if part) or (text,)


def _is_aside(part: str, outer: str) -> bool:
    """Whether words in brackets repeat the name before them: in another script, or its initials."""
    if not part.isascii() and outer.isascii():
        return True
    initials = "".join(word[0] for word in words_of(outer))
    short = "".join(words_of(part))
    return 2 < len(short) <= 8 and initials.startswith(short[0]) and is_spread(short, initials)


def is_spread(short: str, long: str) -> bool:
    """Whether the letters of `short` stand in `long` in their order, nearly all of them."""
    missing, at = 0, 0
    for letter in short:
        place = long.find(letter, at)
        if place < 0:
            missing += 1
        else:
            at = place + 1
    return missing <= len(short) // 4


def _without_latvian_s(word: str) -> str:
    """Sergejs Lavrovs as Latvian writes Sergej Lavrov."""
    return word[:-1] if word.endswith(("ovs", "evs", "ejs", "ijs", "ajs")) else word


def _person_words(text: str) -> tuple[str, ...]:
    """The words of a person's name without titles.

    Each side of a comma keeps at least one word: in `PAN, Aleksandr` the title is a family name.
    """
    sides = (words_of(side) for side in text.split(","))
    plain = [tuple(unleet(word) for word in join_spaced(words)) for words in sides]
    names = frozenset(_hyphened(text)) if "-" in text else frozenset()
    first, *rest = [western.strip_titles(words, names) for words in plain if words] or [()]
    # Behind a comma may stand nothing but a suffix: `Zavodnik, John, Jr.`
    tail = (word for words in rest for word in western.strip_titles(("name", *words), names)[1:])
    return (*first, *tail)


_HYPHENED = re.compile(r"(\w+)-(\w+)")


def _hyphened(text: str) -> Iterable[str]:
    """The two words of a hyphened name, of which neither is a title: Wang-gen, but not Maj-Gen."""
    for found in _HYPHENED.finditer(text.lower()):
        if not (western.is_title(found[1]) and western.is_title(found[2])):
            yield from found.groups()


def _read_person(words: tuple[str, ...]) -> tuple[Reading, ...]:
    weights, roles = zip(*(_latin(word) for word in words), strict=True)
    readings = [Reading(LATIN, words, weights, roles)]
    for culture, read in _PERSON_READERS:
        found = read(words if culture != SLAVIC else tuple(map(_without_latvian_s, words)))
        if culture == KOREAN and not found:
            found = read(tuple(_DOUBLED.sub(r"\1", word) for word in words))
        if (
            found
            and culture in _SOUND_CULTURES
            and any(r.culture not in _SOUND_CULTURES for r in readings[1:])
        ):
            continue  # Written in syllables: sound rules of longer words would mislead.
        if found:
            kept = tuple(word for word in found if word.role is not Role.PARTICLE)
            readings.append(_reading(culture, kept or found))
            if culture in _HANJA_CULTURES:
                crossed = sino.read(found, is_korean=culture == KOREAN)
                readings += [_reading(SINO, crossed)] if crossed else []
    return tuple(readings)


def _reading(culture: str, words: tuple[Word, ...]) -> Reading:
    """Words with roles as a reading."""
    return Reading(
        culture,
        tuple(word.text for word in words),
        tuple(_ROLE_WEIGHTS[word.role] for word in words),
        tuple(word.role.value for word in words),
    )


def _read_other_spellings(text: str) -> Iterable[Reading]:
    """What `_other_spellings` finds, read as names of syllables only, as which it was found.

    Hanja crossed twice, to Korean and back to Chinese, would be another name.
    """
    for spelling in _other_spellings(text):
        for reading in _read_person(words_of(spelling)):
            if reading.culture in _HANJA_CULTURES:
                yield reading


def _other_spellings(text: str) -> Iterable[str]:
    """A name as its bearer writes it, where another script has it by sound or by sense.

    金铁三 is Kim Chol Sam as Koreans read it, Ким Чен Ын Kim Jong Un, Си Цзиньпин Xi Jinping.
    """
    if text.isascii():
        return
    if _HAN.search(text) and (korean_name := korean.from_hanja(text)):
        yield korean_name
    if _CYRILLIC.search(text):
        yield from korean_cyrillic.spellings(text)
        if chinese_name := chinese_cyrillic.from_cyrillic(text):
            yield chinese_name


def _latin(word: str) -> tuple[float, str]:
    """Weight and role of a word that no culture is known of."""
    if word in _PARTICLES:
        return 0.1, Role.PARTICLE.value
    return (0.3, INITIAL) if len(word) == 1 else (1.0, Role.PLAIN.value)


def _read_organisation(words: tuple[str, ...]) -> tuple[Reading, ...]:
    found = organisation.read(words)
    readings = []
    if found:
        readings.append(
            Reading(
                ORGANISATION,
                tuple(word.text for word in found),
                tuple(_organisation_weight(word) for word in found),
                tuple(word.kind.value for word in found),
            )
        )
    unit = military.read(words)
    if unit is not None and not unit.is_soft:
        readings.append(Reading(UNIT, (unit.number,), (1.0,), ("number",), unit))
    return tuple(readings)


def _organisation_weight(word: OrgWord) -> float:
    """One or two letters (E. S. Co.) name half an organisation at most."""
    weight = organisation.weight(word)
    return min(weight, 0.5) if len(word.text) <= 2 else weight


def _read_object(words: tuple[str, ...]) -> tuple[Reading, ...]:
    found = vessel.read(words)
    if not found:
        return ()
    roles = tuple("number" if word.isdigit() else "" for word in found)
    return (Reading(OBJECT, found, (1.0,) * len(found), roles),)
