"""The features of a comparison: each gives an outcome with both values and a clause of words.

Absent data neither helps nor hurts: such a feature gives no outcome at all.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from rapidfuzz import fuzz

from tumen.matching.facts import Facts
from tumen.model.countries import country_name
from tumen.model.dates import PartialDate
from tumen.names.clean import words_of


class Outcome(StrEnum):
    """Every way a feature can come out; `score.TABLE` says what each adds or takes."""

    SAME_DAY = "birth_date: same day"
    SAME_MONTH = "birth_date: same month"
    SAME_YEAR = "birth_date: same year"
    SWAPPED_DAY = "birth_date: day and month swapped"
    ONE_OFF = "birth_date: one part differs"
    NEAR_YEAR = "birth_date: years near"
    OTHER_YEAR = "birth_date: years differ"
    FAR_YEAR = "birth_date: years far apart"
    SAME_NATIONALITY = "nationality: agrees"
    SAME_COUNTRY = "country: agrees"
    OTHER_NATIONALITY = "nationality: differs"
    OTHER_COUNTRY = "country: differs"
    OTHER_GENDER = "gender: differs"
    SAME_PLACE = "place: agrees"
    OTHER_PLACE = "place: differs"
    STRONG_IDENTIFIER = "identifier: strong one agrees"
    GOOD_IDENTIFIER = "identifier: good one agrees"
    WEAK_IDENTIFIER = "identifier: weak one agrees"
    OTHER_STRONG_IDENTIFIER = "identifier: strong one differs"
    OTHER_SCHEMA = "schema: differs"


class Finding(NamedTuple):
    """One feature's outcome, the two values that met, and a clause for the sentence."""

    outcome: Outcome
    left: str
    right: str
    text: str


# By itself each names one party, vessel or wallet when valid.
STRONG = frozenset({"LEI", "IMO number", "wallet", "OGRN", "ISIN", "UEI", "DUNS"})
# Names one party within its country or register; numbers of two registers may coincide.
GOOD = frozenset(
    {"passport", "identity number", "tax number", "INN", "BIC", "MMSI", "registration number",
     "serial number"}
)  # fmt: skip


def birth_date(left: Facts, right: Facts) -> Finding | None:
    """The best agreement over all pairs of dates that both sides give."""
    best: Finding | None = None
    for one in left.dates:
        for other in right.dates:
            outcome = _compare_dates(one, other)
            if best is None or _DATE_ORDER[outcome] < _DATE_ORDER[best.outcome]:
                best = Finding(
                    outcome, one.text, other.text, _DATE_TEXTS[outcome].format(one, other)
                )
    return best


_DATE_TEXTS = {
    Outcome.SAME_DAY: "birth dates {} and {} agree",
    Outcome.SAME_MONTH: "birth months {} and {} agree",
    Outcome.SAME_YEAR: "birth years {} and {} agree",
    Outcome.SWAPPED_DAY: "birth dates {} and {} agree with day and month swapped",
    Outcome.ONE_OFF: "birth dates {} and {} differ in one part",
    Outcome.NEAR_YEAR: "birth dates {} and {} are close",
    Outcome.OTHER_YEAR: "birth dates {} and {} differ",
    Outcome.FAR_YEAR: "birth dates {} and {} are far apart",
}
_DATE_ORDER = {outcome: position for position, outcome in enumerate(_DATE_TEXTS)}


def _compare_dates(one: PartialDate, other: PartialDate) -> Outcome:
    if one.first <= other.last and other.first <= one.last:
        return _overlap(one, other)
    if one.is_day and other.is_day:
        a, b = one.first, other.first
        if a.year == b.year and (a.month, a.day) == (b.day, b.month):
            return Outcome.SWAPPED_DAY
        if (
            sum((a.year == b.year, a.month == b.month, a.day == b.day)) == 2
            and abs(a.year - b.year) <= 10
        ):
            return Outcome.ONE_OFF
    gap = max((other.first - one.last).days, (one.first - other.last).days) / 365.25
    if one.is_circa or other.is_circa:
        gap = max(0.0, gap - 3)
    if gap <= 2:
        return Outcome.NEAR_YEAR
    return Outcome.OTHER_YEAR if gap <= 8 else Outcome.FAR_YEAR


def _overlap(one: PartialDate, other: PartialDate) -> Outcome:
    span = max((one.last - one.first).days, (other.last - other.first).days)
    if span == 0 and not (one.is_circa or other.is_circa):
        return Outcome.SAME_DAY
    return Outcome.SAME_MONTH if span <= 31 else Outcome.SAME_YEAR


def country(left: Facts, right: Facts) -> Finding | None:
    """Nationality where both give one, else any country connection."""
    if left.nationalities and right.nationalities:
        shared = left.nationalities & right.nationalities
        outcome = Outcome.SAME_NATIONALITY if shared else Outcome.OTHER_NATIONALITY
        return _country(outcome, left.nationalities, right.nationalities, "nationality")
    if left.countries and right.countries:
        shared = left.countries & right.countries
        outcome = Outcome.SAME_COUNTRY if shared else Outcome.OTHER_COUNTRY
        return _country(outcome, left.countries, right.countries, "country")
    return None


def _country(outcome: Outcome, left: frozenset[str], right: frozenset[str], noun: str) -> Finding:
    ours, theirs = (", ".join(sorted(map(country_name, side))) for side in (left, right))
    if shared := left & right:
        named = ", ".join(sorted(map(country_name, shared)))
        return Finding(outcome, ours, theirs, f"{noun} {named} agrees")
    return Finding(outcome, ours, theirs, f"{noun} differs ({ours} and {theirs})")


def gender(left: Facts, right: Facts) -> Finding | None:
    """Only a difference tells anything."""
    if left.genders and right.genders and not left.genders & right.genders:
        ours, theirs = ", ".join(sorted(left.genders)), ", ".join(sorted(right.genders))
        return Finding(Outcome.OTHER_GENDER, ours, theirs, f"gender differs ({ours} and {theirs})")
    return None


def place(left: Facts, right: Facts) -> Finding | None:
    """Places of birth, by their words in any order."""
    best, values = 0.0, ("", "")
    for one in left.places:
        for other in right.places:
            alike = fuzz.token_set_ratio(" ".join(words_of(one)), " ".join(words_of(other)))
            if alike >= best:
                best, values = alike, (one, other)
    if not left.places or not right.places:
        return None
    if best >= 80:
        text = f"places of birth '{values[0]}' and '{values[1]}' agree"
        return Finding(Outcome.SAME_PLACE, *values, text)
    text = f"places of birth '{values[0]}' and '{values[1]}' differ"
    return Finding(Outcome.OTHER_PLACE, *values, text)


def identifiers(left: Facts, right: Facts) -> list[Finding]:
    """The identifiers that both give: the strongest that agrees, or a strong one that differs."""
    shared = left.identifiers & right.identifiers
    found = [_identifier(kind, value) for kind, value in sorted(shared)]
    if not found:
        found = _wallet_or_number(left, right)
    if found:
        return [min(found, key=lambda finding: _IDENTIFIER_ORDER[finding.outcome])]
    for kind in sorted(STRONG - {"wallet", "ISIN"}):
        ours = sorted(value for name, value in left.identifiers if name == kind)
        theirs = sorted(value for name, value in right.identifiers if name == kind)
        if ours and theirs:
            text = f"{kind} differs ({ours[0]} and {theirs[0]})"
            return [Finding(Outcome.OTHER_STRONG_IDENTIFIER, ours[0], theirs[0], text)]
    return []


def _wallet_or_number(left: Facts, right: Facts) -> list[Finding]:
    """The same number under another kind: a passport that one source calls an identity number."""
    ours = {value: kind for kind, value in left.identifiers if kind in GOOD and len(value) >= 7}
    theirs = {value: kind for kind, value in right.identifiers if kind in GOOD and len(value) >= 7}
    return [
        Finding(
            Outcome.WEAK_IDENTIFIER,
            f"{ours[value]} {value}",
            f"{theirs[value]} {value}",
            f"the number {value} stands on both sides, as {ours[value]} and as {theirs[value]}",
        )
        for value in sorted(ours.keys() & theirs.keys())
    ]


_IDENTIFIER_ORDER = {
    Outcome.STRONG_IDENTIFIER: 0,
    Outcome.GOOD_IDENTIFIER: 1,
    Outcome.WEAK_IDENTIFIER: 2,
}


def _identifier(kind: str, value: str) -> Finding:
    outcome = Outcome.WEAK_IDENTIFIER
    if kind in STRONG:
        outcome = Outcome.STRONG_IDENTIFIER
    elif kind in GOOD and len(value) >= 6:
        outcome = Outcome.GOOD_IDENTIFIER
    return Finding(outcome, value, value, f"{kind} {value} agrees")
