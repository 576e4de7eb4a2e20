"""What speaks against two names that share words: numbers, legal forms, places, order, units."""

from __future__ import annotations

from collections.abc import Sequence

from tumen.matching.align import Pair
from tumen.matching.bare import bare
from tumen.names import legal_forms, military, vessel
from tumen.names.cultures import CHINESE, KOREAN, OBJECT, ORGANISATION, UNIT
from tumen.names.name import Reading
from tumen.names.numerals import numbers_in
from tumen.names.organisation import OrgKind, OrgWord, is_evidence
from tumen.names.word import Role

# Two different numbers are two different vessels, and most often two different companies of
# one family, which a reviewer may still want to see where the rest of the name is long.
COMPANY_NUMBERS = 0.84
VESSEL_NUMBERS = 0.55
# A number that only one side states: a series, a later ship of a name.
MISSING_NUMBER = 0.75
LEGAL_FORMS = 0.82
PLACES = 0.72
# Nothing in common but generic words, while either name has more than those.
GENERIC_ONLY = 0.5
# Given syllables in another order: Song Chol is not Chol Song.
GIVEN_ORDER = 0.75


def doubt(left: Reading, right: Reading, pairs: Sequence[Pair]) -> float:
    """A factor in [0, 1] for two readings of one culture; 1 where nothing speaks against."""
    if left.culture == ORGANISATION:
        return _organisations(left, right, pairs)
    if left.culture == OBJECT:
        return _numbers(vessel.numbers(left.words), vessel.numbers(right.words), VESSEL_NUMBERS)
    if left.culture == UNIT:
        same = military.same_unit(left.unit, right.unit)
        return 0.0 if same is None else same
    if left.culture in (KOREAN, CHINESE):
        return _given_order(left, right, pairs)
    return 1.0


# Salman bin Muhammad is the son, Muhammad bin Salman may be his.
CROSSED_FILIATION = 0.72
_SON_OF = frozenset({"bin", "ibn", "ben", "ould", "bint"})


def filiation_doubt(left: Reading, right: Reading) -> float:
    """Less than 1 where two names state son and father crosswise; both are Latin readings."""
    ours, theirs = _son_and_father(left), _son_and_father(right)
    if ours is None or theirs is None or ours == theirs:
        return 1.0
    return CROSSED_FILIATION if ours == theirs[::-1] else 1.0


def _son_and_father(reading: Reading) -> tuple[str, str] | None:
    """The words before and after the first `bin`, as a rough sound."""
    words = reading.words
    place = next((i for i, word in enumerate(words) if i and word in _SON_OF), 0)
    after = [
        word
        for word, role in zip(words[place + 1 :], reading.roles[place + 1 :], strict=True)
        if role != Role.PARTICLE
    ]
    if not place or not after:
        return None
    return bare(words[place - 1]), bare(after[0])


def _given_order(left: Reading, right: Reading, pairs: Sequence[Pair]) -> float:
    """Less than 1 where the given syllables pair crosswise."""
    places = sorted(
        (pair.left[0], pair.right[0])
        for pair in pairs
        if left.roles[pair.left[0]] == right.roles[pair.right[0]] == Role.GIVEN
    )
    theirs = [right for _, right in places]
    return 1.0 if theirs == sorted(theirs) else GIVEN_ORDER


def _organisations(left: Reading, right: Reading, pairs: Sequence[Pair]) -> float:
    ours, theirs = (
        tuple(number for word in _words(side) for number in numbers_in(word))
        for side in (left, right)
    )
    factor = _numbers(ours, theirs, COMPANY_NUMBERS)
    if pairs and not _is_evidence(left, right, pairs):
        factor *= GENERIC_ONLY
    forms = (_words(side, OrgKind.LEGAL_FORM) for side in (left, right))
    if legal_forms.conflict(*map(list, forms)):
        factor *= LEGAL_FORMS
    one, other = (set(_words(side, OrgKind.PLACE)) for side in (left, right))
    if one and other and one.isdisjoint(other):
        factor *= PLACES
    return factor


def _is_evidence(left: Reading, right: Reading, pairs: Sequence[Pair]) -> bool:
    """Whether what met tells one organisation from the next, or is the whole of both names."""
    for reading, met in (
        (left, {i for pair in pairs for i in pair.left}),
        (right, {j for pair in pairs for j in pair.right}),
    ):
        words = [OrgWord(reading.words[i], OrgKind(reading.roles[i])) for i in sorted(met)]
        if not is_evidence(tuple(words)) and len(words) < len(reading.words):
            return False
    return True


def _words(reading: Reading, kind: OrgKind | None = None) -> list[str]:
    """Words of one kind; without a kind all that may hold a number."""
    return [
        word
        for word, role in zip(reading.words, reading.roles, strict=True)
        if (role == kind if kind else role != OrgKind.LEGAL_FORM)
    ]


def _numbers(left: tuple[str, ...], right: tuple[str, ...], conflict: float) -> float:
    if set(left) == set(right):
        return 1.0
    return conflict if left and right else MISSING_NUMBER
