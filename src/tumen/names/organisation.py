"""Names of organisations: what each word is, how much it tells, and when two words agree.

Words are ASCII, lower-case, letters and digits only; other scripts arrive romanised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from tumen.names import legal_forms, numerals
from tumen.names.organisation_words import CONJUNCTIONS, dropped, join, word_set
from tumen.names.spelling import one_slip, same_spelling, slips
from tumen.names.tables import Phrases, romanised, spellings, table


class OrgKind(StrEnum):
    """What a word does in an organisation's name."""

    NAME = "name"
    LEGAL_FORM = "legal_form"
    GENERIC = "generic"
    PLACE = "place"
    NUMBER = "number"
    STOPWORD = "stopword"


class OrgWord(NamedTuple):
    """One word of an organisation's name in its canonical form, and what it does there."""

    text: str
    kind: OrgKind = OrgKind.NAME


_WEIGHTS = {
    OrgKind.NAME: 1.0,
    OrgKind.LEGAL_FORM: 0.05,
    OrgKind.PLACE: 0.5,
    OrgKind.NUMBER: 0.6,
    OrgKind.STOPWORD: 0.0,
}


@lru_cache(maxsize=65_536)
def read(words: tuple[str, ...]) -> tuple[OrgWord, ...]:
    """Each word's canonical form and kind; `and` and `the` left out, initials joined."""
    plain = join(words)
    if not plain:
        return ()
    found = legal_forms.find(plain, _place_or_number)
    read_words: list[OrgWord] = []
    at = 0
    while at < len(plain):
        if at in found:
            code, at = found[at]
            read_words.append(OrgWord(code, OrgKind.LEGAL_FORM))
            continue
        new, after = _read_at(plain, at)
        read_words.extend(_alone(word, plain[at], len(plain) - _length(found)) for word in new)
        at = after
    return tuple(read_words)


def _length(found: dict[int, tuple[str, int]]) -> int:
    return sum(end - start for start, (_, end) in found.items())


def _alone(word: OrgWord, written: str, words_beside_forms: int) -> OrgWord:
    """`JSC Energiya` is called so: a lone foreign word is the name, and is not translated."""
    is_name = words_beside_forms == 1 and word.kind is OrgKind.GENERIC and written in _foreign()
    return OrgWord(written) if is_name else word


def _read_at(words: tuple[str, ...], at: int) -> tuple[tuple[OrgWord, ...], int]:
    """What starts at one place of a name, and where the next starts."""
    phrase = _phrases().longest(words, at)
    if phrase:
        return phrase
    place = _places().longest(words, at)
    if place:
        return (OrgWord(place[0], OrgKind.PLACE),), place[1]
    number = numerals.read_at(words, at)
    if number:
        return (OrgWord(number[0], OrgKind.NUMBER),), number[1]
    return (_read_word(words[at], is_inner=0 < at < len(words) - 1),), at + 1


def _read_word(word: str, *, is_inner: bool) -> OrgWord:
    generic = _generic(word)
    if generic:
        return OrgWord(generic, OrgKind.GENERIC)
    if word in _stopwords() and (len(word) > 1 or (is_inner and word in CONJUNCTIONS)):
        return OrgWord(word, OrgKind.STOPWORD)
    return OrgWord(numerals.ordinal(word), OrgKind.NAME)


@lru_cache(maxsize=65_536)
def _generic(word: str) -> str:
    """The concept of a generic word in any language or shortened, or nothing."""
    known = _concepts()
    for form in (word, word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")):
        if form in known:
            return known[form]
    return ""


def _place_or_number(words: Sequence[str], at: int) -> int:
    place = _places().longest(words, at)
    if place:
        return place[1]
    return at + 1 if words[at].isdigit() or words[at] in numerals.ROMAN else at


# --- tables ------------------------------------------------------------------------------


@cache
def _concepts() -> dict[str, str]:
    known: dict[str, str] = {}
    for concept, listed in table("generic_words")["words"].items():
        for words in spellings(f"{concept},{listed}"):
            known.setdefault(words[0], concept)
    for concept, listed in table("abbreviations").items():
        target = known.get(concept, concept)
        for words in spellings(f"{concept},{listed}"):
            if len(words) == 1:
                known.setdefault(words[0], target)
    return known


@cache
def _foreign() -> frozenset[str]:
    """Generic words in other languages than English."""
    document = table("generic_words")["words"]
    return frozenset(
        words[0] for listed in document.values() for words in spellings(listed)
    ) - frozenset(document)


@cache
def _phrases() -> Phrases[tuple[OrgWord, ...]]:
    entries: dict[tuple[str, ...], tuple[OrgWord, ...]] = {}
    for result, listed in table("generic_words")["phrases"].items():
        value = tuple(_read_word(word, is_inner=True) for word in result.split())
        value = tuple(OrgWord(word.text, OrgKind.GENERIC) for word in value)
        for spelling in spellings(f"{result},{listed}"):
            for words in romanised(spelling):
                entries.setdefault(tuple(w for w in words if w not in dropped()), value)
    return Phrases(entries.items())


@cache
def _places() -> Phrases[str]:
    entries: dict[tuple[str, ...], str] = {}
    for name, listed in table("places").items():
        for words in spellings(f"{name},{listed}"):
            entries.setdefault(words, name.replace(" ", ""))
    return Phrases(entries.items())


@cache
def _place_names() -> frozenset[str]:
    return frozenset(name.replace(" ", "") for name in table("places"))


@cache
def _known_words() -> frozenset[str]:
    return _place_names() | frozenset(_concepts().values())


def _stopwords() -> frozenset[str]:
    return word_set("stopwords")


# --- what a name tells -------------------------------------------------------------------


def weight(word: OrgWord) -> float:
    """How much a word tells by its kind alone: a name 1.0, a legal form next to nothing."""
    if word.kind is OrgKind.GENERIC:
        return 0.25 if word.text in word_set("hollow") else 0.4
    return _WEIGHTS[word.kind]


def is_evidence(words: tuple[OrgWord, ...]) -> bool:
    """Whether the name could tell one organisation from the next.

    `General Trading Company` could not; `Bank of Russia`, `Factory 1089` and `United Aircraft
    Corporation` could.
    """
    kinds = {word.kind for word in words}
    if OrgKind.NAME in kinds:
        return True
    generic = {word.text for word in words if word.kind is OrgKind.GENERIC}
    if OrgKind.PLACE in kinds and kinds & {OrgKind.NUMBER, OrgKind.GENERIC}:
        return True
    telling = generic - word_set("hollow")
    digits = max((len(w.text) for w in words if w.kind is OrgKind.NUMBER), default=0)
    return bool(telling and len(generic) > 1) or (bool(generic) and digits + len(telling) > 2)


# --- two words ---------------------------------------------------------------------------

_ADJECTIVE = re.compile(
    r"(?<=[a-z]{4})(?:ov|ev|in)?(?:sk|n)(?:yy|iy|ii|yi|ij|y|i|aya|aia|oye|oe|ie)$"
)


@lru_cache(maxsize=262_144)
def similarity(left: str, right: str) -> float:
    """How far two words of organisations' names are the same word; below 0.6 another word.

    Stricter than for people: brands of four letters that differ in one are two brands.
    """
    if left == right:
        return 1.0
    if numerals.numbers_in(left) != numerals.numbers_in(right):
        return 0.0
    left_group, right_group = legal_forms.group_of(left), legal_forms.group_of(right)
    if left_group and right_group:
        return 0.9 if left_group == right_group else 0.0
    # Both in the dictionary, and not the same: gas and oil, Slovakia and Slovenia.
    if left in _known_words() and right in _known_words():
        return 0.0
    same = same_spelling(left, right)
    if same:
        return same
    if _ADJECTIVE.sub("", left) == _ADJECTIVE.sub("", right):
        return 0.92
    return _graded(left, right)


def _graded(left: str, right: str) -> float:
    shorter, longer = sorted((len(left), len(right)))
    if shorter < 4 or longer - shorter > 3:
        return 0.0
    apart = slips(left, right)
    if apart == 1:
        return 0.72 if shorter == 4 else one_slip(left, right) + (0.02 if shorter > 7 else 0.0)
    if apart <= 2:
        return 0.82 if shorter > 9 else 0.74 if shorter > 8 else 0.62 if shorter > 6 else 0.4
    if apart <= 3 and shorter > 12:
        return 0.7
    return max(0.0, 0.55 * (1 - apart / longer))
