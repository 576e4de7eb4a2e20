"""Each feature's outcome: what agrees, what differs, and what is not known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.matching import features
from tumen.matching.facts import Facts, facts_of
from tumen.matching.features import Outcome
from tumen.matching.score import TABLE
from tumen.model.entity import Entity


def _facts(schema: str = "Person", **values: str) -> Facts:
    return facts_of(Entity("x", schema, {k: tuple(v.split("|")) for k, v in values.items()}))


def _born(left: str, right: str) -> Outcome | None:
    found = features.birth_date(_facts(birthDate=left), _facts(birthDate=right))
    return found.outcome if found else None


# --- dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        ("1968-02-24", "1968-02-24", Outcome.SAME_DAY),
        ("1968-02-24", "1968-02", Outcome.SAME_MONTH),
        ("1968-02", "1968-02", Outcome.SAME_MONTH),
        ("1968-02-24", "1968", Outcome.SAME_YEAR),
        ("1968", "1968", Outcome.SAME_YEAR),
        ("1968-02-24", "1967/1969", Outcome.SAME_YEAR),
        ("1968-02-04", "1968-04-02", Outcome.SWAPPED_DAY),
        ("1968-02-24", "1968-02-25", Outcome.ONE_OFF),
        ("1968-02-24", "1968-03-24", Outcome.ONE_OFF),
        ("1968-02-24", "1967-02-24", Outcome.ONE_OFF),
        ("1968-02-24", "1969-11-03", Outcome.NEAR_YEAR),
        ("1968", "1969", Outcome.NEAR_YEAR),
        ("1968", "1973", Outcome.OTHER_YEAR),
        ("1968-02-24", "1948-02-24", Outcome.FAR_YEAR),
        ("1968", "1990", Outcome.FAR_YEAR),
        ("1958/1960", "1959/1965", Outcome.SAME_YEAR),
        ("1958/1960", "1975", Outcome.FAR_YEAR),
    ],
)
def test_birth_dates_agree_as_far_as_both_are_known(
    left: str, right: str, outcome: Outcome
) -> None:
    """A year against a day of that year agrees, though it says less than two same days."""
    assert _born(left, right) is outcome
    assert _born(right, left) is outcome


def test_circa_forgives_some_years() -> None:
    """A date its source calls approximate is neither an exact day nor a contradiction."""
    assert _born("1968~", "1968") is Outcome.SAME_YEAR
    assert _born("1968~", "1971") is Outcome.NEAR_YEAR
    assert _born("1968", "1971") is Outcome.OTHER_YEAR
    assert _born("1968-02-24~", "1968-02-24") is not Outcome.SAME_DAY


def test_the_best_of_several_dates_counts() -> None:
    """Lists give every date ever used; one that agrees is enough."""
    assert _born("1950|1968-02-24|1971", "1990|1968-02-24") is Outcome.SAME_DAY


def test_the_finding_shows_the_dates_that_met() -> None:
    """A reviewer sees the values, not just a verdict."""
    found = features.birth_date(_facts(birthDate="1948"), _facts(birthDate="1948-05-01"))
    assert found is not None
    assert (found.left, found.right) == ("1948", "1948-05-01")
    assert "1948" in found.text


_DAYS = st.dates(date(1900, 1, 1), date(2010, 12, 31))


@given(_DAYS, _DAYS)
def test_dates_meet_the_same_both_ways(one: date, other: date) -> None:
    """Which side is the list's does not matter."""
    assert _born(one.isoformat(), other.isoformat()) is _born(other.isoformat(), one.isoformat())


@given(_DAYS)
def test_less_precise_is_never_better(day: date) -> None:
    """Day, month, year: each step less known adds less."""
    text = day.isoformat()
    shares = [TABLE[_born(text, cut) or Outcome.FAR_YEAR] for cut in (text, text[:7], text[:4])]
    assert shares[0] > shares[1] > shares[2] > 0


@given(_DAYS, st.integers(0, 60))
def test_further_years_are_never_better(day: date, years: int) -> None:
    """The gap between two years only ever lowers."""
    near, far = (_born(str(day.year), str(day.year - gap)) for gap in (years, years + 1))
    assert near is not None
    assert far is not None
    assert TABLE[near] >= TABLE[far]


# --- country, gender, place ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        ({"nationality": "kp"}, {"nationality": "kp|cn"}, Outcome.SAME_NATIONALITY),
        ({"nationality": "kp"}, {"citizenship": "KP"}, Outcome.SAME_NATIONALITY),
        ({"nationality": "kp"}, {"nationality": "kr"}, Outcome.OTHER_NATIONALITY),
        ({"nationality": "kp"}, {"country": "kp"}, Outcome.SAME_COUNTRY),
        ({"country": "kp"}, {"country": "cn"}, Outcome.OTHER_COUNTRY),
        ({"nationality": "kp"}, {}, None),
        ({}, {}, None),
    ],
)
def test_countries(left: dict[str, str], right: dict[str, str], outcome: Outcome | None) -> None:
    """Nationality says more than an address; what one side lacks says nothing."""
    for one, other in ((left, right), (right, left)):
        found = features.country(_facts(**one), _facts(**other))
        assert (found.outcome if found else None) is outcome


def test_countries_are_named_in_words() -> None:
    """Both sides stand in the clause where they differ."""
    found = features.country(_facts(nationality="kp"), _facts(nationality="kr"))
    assert found is not None
    assert "North Korea" in found.text
    assert "South Korea" in found.text


def test_only_a_difference_of_gender_tells() -> None:
    """Half of all people agree in it."""
    men, women, both = (_facts(gender=g) for g in ("male", "female", "male|female"))
    assert features.gender(men, men) is None
    assert features.gender(men, both) is None
    assert features.gender(men, _facts()) is None
    found = features.gender(men, women)
    assert found is not None
    assert found.outcome is Outcome.OTHER_GENDER


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        ("Kaesong", "KAESONG", Outcome.SAME_PLACE),
        ("Kaesong, DPRK", "DPRK, Kaesong", Outcome.SAME_PLACE),
        ("Kabul|Herat", "Herat Province, Afghanistan|Herat", Outcome.SAME_PLACE),
        ("Kaesong", "Tripoli", Outcome.OTHER_PLACE),
    ],
)
def test_places_of_birth_meet_by_their_words(left: str, right: str, outcome: Outcome) -> None:
    """The same town with or without its province, in any order."""
    found = features.place(_facts(birthPlace=left), _facts(birthPlace=right))
    assert found is not None
    assert found.outcome is outcome


def test_a_place_that_one_side_lacks_says_nothing() -> None:
    """Most customer files hold none."""
    assert features.place(_facts(birthPlace="Kaesong"), _facts()) is None


# --- identifiers ---------------------------------------------------------------------------


def _identifier(left: dict[str, str], right: dict[str, str]) -> list[Outcome]:
    ours, theirs = _facts("Company", **left), _facts("Company", **right)
    return [finding.outcome for finding in features.identifiers(ours, theirs)]


@pytest.mark.parametrize(
    ("left", "right", "outcomes"),
    [
        ({"leiCode": "253400M18U5TB02TW421"},) * 2 + ([Outcome.STRONG_IDENTIFIER],),
        ({"ogrnCode": "1027700132195"},) * 2 + ([Outcome.STRONG_IDENTIFIER],),
        ({"innCode": "7707083893"},) * 2 + ([Outcome.GOOD_IDENTIFIER],),
        ({"registrationNumber": "C-100 200"}, {"registrationNumber": "C100200"},
         [Outcome.GOOD_IDENTIFIER]),
        ({"registrationNumber": "1234"},) * 2 + ([Outcome.WEAK_IDENTIFIER],),
        ({"phone": "+850 2 381 0000"}, {"phone": "+85023810000"}, [Outcome.WEAK_IDENTIFIER]),
        ({"registrationNumber": "12345678"}, {"taxNumber": "12345678"},
         [Outcome.WEAK_IDENTIFIER]),
        ({"registrationNumber": "1234567"}, {"taxNumber": "7654321"}, []),
        ({"leiCode": "253400M18U5TB02TW421"}, {"leiCode": "253400M18U5TB02TW999"},
         [Outcome.OTHER_STRONG_IDENTIFIER]),
        ({"innCode": "7707083893"}, {"innCode": "7707083894"}, []),
        ({"leiCode": "253400M18U5TB02TW421"}, {}, []),
        ({}, {}, []),
    ],
)  # fmt: skip
def test_identifiers_weigh_by_kind(
    left: dict[str, str], right: dict[str, str], outcomes: list[Outcome]
) -> None:
    """What names one party by itself, what does so within a register, and what is shared."""
    assert _identifier(left, right) == outcomes
    assert _identifier(right, left) == outcomes


def test_the_strongest_identifier_that_agrees_counts_once() -> None:
    """A second number that agrees adds nothing new, and one that differs does not undo it."""
    both = {"leiCode": "253400M18U5TB02TW421", "phone": "+85023810000"}
    other = {**both, "ogrnCode": "1027700132195"}
    assert _identifier({**both, "ogrnCode": "1027700999999"}, other) == [Outcome.STRONG_IDENTIFIER]


def test_wallets_of_one_owner_may_differ() -> None:
    """Owners have many wallets; two different ones contradict nothing."""
    one, other = "1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2", "1JzqYoRd3DaGvY1Jw6vHn5KZJ2Dfx6mN9t"
    left, right = (_facts("CryptoWallet", publicKey=key) for key in (one, other))
    assert features.identifiers(left, right) == []


def test_two_ships_have_two_imo_numbers() -> None:
    """The number stays with the hull, so another number is another ship."""
    left, right = (_facts("Vessel", imoNumber=number) for number in ("9074729", "9074731"))
    (finding,) = features.identifiers(left, right)
    assert finding.outcome is Outcome.OTHER_STRONG_IDENTIFIER
    assert "9074729" in finding.text
    assert "9074731" in finding.text


def test_every_outcome_is_in_the_table() -> None:
    """A feature without a share would stop a screening half-way."""
    assert set(TABLE) == set(Outcome)
