"""Dates, nationalities and numbers as printed in official journals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.lists.printed import (
    _demonyms,
    number_in,
    read_dates,
    read_nationalities,
    read_nationality,
    read_number,
)
from tumen.model.countries import country_codes
from tumen.model.dates import parse_date


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("26.11.1972", ["1972-11-26"]),
        ("9 Oct.1969", ["1969-10-09"]),
        ("10.8. 1960", ["1960-08-10"]),
        ("1963", ["1963"]),
        ("1963 (approximative)", ["1963~"]),
        ("Approximately 1958-1960", ["1958~/1960~"]),
        ("Between 1955 and 1958 (Approximately)", ["1955~/1958~"]),
        ("1958 - 1963", ["1958/1963"]),
        ("circa 1967", ["1967~"]),
        ("around 3.4.1973", ["1973-04-03~"]),
        ("(a) 9.9.1969, (b) 19.9.1970", ["1969-09-09", "1970-09-19"]),
        ("1960 or 1961", ["1960", "1961"]),
        ("12.9.1969 (or 13.9.1969)", ["1969-09-12", "1969-09-13"]),
        ("possibly 23.7.1981", ["1981-07-23"]),
        ("20.8.1963 POB: Tokmak Gender: male", ["1963-08-20"]),
    ],
)
def test_printed_dates(text: str, dates: list[str]) -> None:
    """A date that is not read cannot tell two namesakes apart."""
    assert read_dates(text) == (dates, [])


@pytest.mark.parametrize("text", ["24.6.1402 (Hijri Calendar)", "before 1964", "year unknown"])
def test_dates_that_are_not_read_are_given_back(text: str) -> None:
    """What cannot be read is shown to the caller, never guessed."""
    read, unread = read_dates(text)
    assert not read
    assert unread


def test_the_gregorian_of_two_calendars_is_read() -> None:
    """Of "1340 (Iranian Hijri calendar), 1961 (Gregorian calendar)" only 1961 is a date."""
    read, unread = read_dates("1340 (Iranian Hijri calendar), 1961 (Gregorian calendar)")
    assert read == ["1961"]
    assert unread == ["1340 (Iranian Hijri calendar"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Russian", ["ru"]),
        ("Russian Federation", ["ru"]),
        ("DPRK.", ["kp"]),
        ("Russian, Ukrainian", ["ru", "ua"]),
        ("Syrian/Lebanese", ["sy", "lb"]),
        ("(a) French (b) Tunisian", ["fr", "tn"]),
        ("Trinidad and Tobago", ["tt"]),
        ("(a) Trinidad and Tobago; (b) United States of America", ["tt", "us"]),
        ("Swiss and Cameroonian", ["ch", "cm"]),
        ("Possibly Ethiopian", ["et"]),
        ("Bahrain (citizenship revoked in Jan. 2015)", ["bh"]),
        ("of the Republic of Moldova", ["md"]),
    ],
)
def test_printed_nationalities(text: str, codes: list[str]) -> None:
    """Adjectives and country names both become codes, each once."""
    assert read_nationalities(text) == (codes, [])


def test_unknown_nationality_is_given_back() -> None:
    """A half-known cell keeps its unknown half."""
    assert read_nationalities("Russian, Atlantean") == (["ru"], ["Atlantean"])
    assert read_nationality("Atlantean") is None


def test_demonyms_name_known_countries_once() -> None:
    """Each word of the table stands for one country that exists."""
    words = _demonyms()
    assert set(words.values()) <= country_codes()
    assert words["norwegian"] == "no"
    assert len(words) > 150


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("D9004878", "D9004878"),
        ("96 03 464086", "96 03 464086"),
        ("00385937 (Yemeni passport)", "00385937"),
        ("849594 (Kuwaiti passport issued (in Kuwait), expired)", "849594"),
        ("Russian foreign travel passport number 620169661", "620169661"),
        ("Libyan passport No. 513519", "513519"),
        ("Libya B014995", "B014995"),
        ("unreadable", "unreadable"),
    ],
)
def test_printed_numbers(text: str, number: str) -> None:
    """Words around a number would keep it from ever being equal to the same number."""
    assert read_number(text) == number


def test_a_year_is_no_document_number() -> None:
    """ "issued in 1993" gives no number."""
    assert number_in("issued in 1993, under another name") == ""
    assert number_in("04643632 issued on 18 Jun. 1999") == "04643632"


@given(st.text(max_size=50))
def test_any_text_is_read_or_given_back(text: str) -> None:
    """Every date that is read is a date; no text crashes the reader."""
    read, _ = read_dates(text)
    assert all(parse_date(value) for value in read)
    read_nationalities(text)
    read_number(text)
