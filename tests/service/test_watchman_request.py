"""A Watchman query string read, and the subject it asks about: nothing is lost in silence."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.errors import RequestError
from tumen.service.watchman.request import (
    GOVERNMENT_IDS,
    Format,
    Kind,
    SearchRequest,
    read_request,
)
from tumen.service.watchman.subject import subject_of, watchman_date


def asked(query: str) -> SearchRequest:
    """The request of a query string."""
    return read_request(parse_qsl(query, keep_blank_values=True))


# --- what is read ---


def test_the_documented_example() -> None:
    """Name, type, dates, titles and terms stand where they belong."""
    request = asked(
        "name=Nicolas+Maduro&type=person&birthDate=1962-11-23&titles=President&titles=Leader"
        "&source=us_ofac&limit=3&minMatch=0.85&debug=yes&requestID=r-1"
    )
    assert request.name == "Nicolas Maduro"
    assert request.kind is Kind.PERSON
    assert request.get("titles") == ("President", "Leader")
    assert (request.limit, request.min_match, request.is_debugged) == (3, 0.85, True)
    assert request.source == "us_ofac"
    assert request.format is Format.WATCHMAN


@pytest.mark.parametrize("name", ["colour", "altnames", "gov_library", "passport", "q", "Name"])
def test_an_unknown_parameter_is_refused_by_name(name: str) -> None:
    """A misspelt parameter must not make a search wider than its user believes."""
    with pytest.raises(RequestError, match=f"unknown query parameters: {name}"):
        asked(f"name=x&{name}=1")


def test_an_unknown_parameter_is_refused_even_empty() -> None:
    """It is a mistake whatever its value."""
    with pytest.raises(RequestError, match="colour"):
        asked("name=x&colour=")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("type=person&imoNumber=9074729", "imoNumber"),
        ("type=vessel&birthDate=1984", "birthDate"),
        ("type=business&titles=Dr", "titles"),
        ("birthDate=1984&mmsi=123456789", "mmsi"),
    ],
)
def test_a_parameter_of_another_type_is_refused(query: str, name: str) -> None:
    """It would play no part: Watchman calls it unused."""
    with pytest.raises(RequestError, match=f"unused query parameters: {name}"):
        asked(f"name=x&{query}")


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("", Kind.UNKNOWN),
        ("birthDate=1984", Kind.PERSON),
        ("gender=f", Kind.PERSON),
        ("created=1999", Kind.BUSINESS),
        ("imoNumber=9074729&flag=KP", Kind.VESSEL),
        ("icaoCode=A1B2C3&model=B747", Kind.AIRCRAFT),
        ("flag=KP", Kind.UNKNOWN),
        ("type=ORGANIZATION", Kind.ORGANIZATION),
        ("type=&email=a@b.c", Kind.UNKNOWN),
    ],
)
def test_the_type_is_told_by_the_other_parameters(query: str, kind: Kind) -> None:
    """Where no type is given only one that all parameters fit is taken."""
    assert asked(f"name=x&{query}").kind is kind


@pytest.mark.parametrize(
    "query",
    ["type=ship", "limit=many", "minMatch=high", "minMatch=2", "minMatch=nan", "format=xml",
     "gov_passport=RU:"],
)  # fmt: skip
def test_terms_that_cannot_be_read_are_refused(query: str) -> None:
    """How a search is made is never guessed."""
    with pytest.raises(RequestError):
        asked(f"name=x&{query}")


@pytest.mark.parametrize(
    ("limit", "given_at_most"), [("0", 10), ("-1", 10), ("7", 7), ("500", 100)]
)
def test_the_limit_stays_within_bounds(limit: str, given_at_most: int) -> None:
    """At most a hundred, and the user is told."""
    request = asked(f"name=x&limit={limit}")
    assert request.limit == given_at_most
    assert bool(request.warnings) == (limit == "500")


@pytest.mark.parametrize("query", ["", "name=", "name=+&limit=5", "type=person", "source=us_ofac"])
def test_nothing_searched_for_is_refused(query: str) -> None:
    """An empty search is no clearance."""
    with pytest.raises(RequestError, match="name is required"):
        asked(query)


def test_identifiers_need_no_name() -> None:
    """A wallet or a passport is enough to ask for."""
    assert asked("cryptoAddress=XBT:1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2").get("cryptoAddresses")
    assert asked("gov_passport=RU:1234567").government_ids[0].number == "1234567"


def test_a_second_name_is_not_dropped_in_silence() -> None:
    """Watchman takes the first; here the answer says so."""
    request = asked("name=Kim&name=Pak&limit=3&limit=3")
    assert request.name == "Kim"
    assert request.warnings == ("name was given more than once: only 'Kim' counts",)


def test_source_ids_to_debug_are_a_list() -> None:
    """Given once with commas, or several times."""
    request = asked("name=x&debugSourceIDs=1,2&debugSourceIDs=3")
    assert request.debugged_ids == {"1", "2", "3"}


# --- the subject ---


def test_a_person_with_everything() -> None:
    """Each field becomes the property that is compared."""
    subject, warnings = subject_of(
        asked(
            "name=Jong+Un+KIM&altNames=KIM+Jong+Un&altNames=Kim&gender=M&birthDate=1984-01-08"
            "&gov_passport=KP:645310121&gov_tax-id=7707083893&emailAddress=a@b.kp&phone=%2B850+1"
            "&website=https://b.kp&address=1+Main+St,+Pyongyang,+North+Korea"
            "&cryptoAddress=XBT:1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2"
        )
    )
    assert subject.schema == "Person"
    assert subject.properties == {
        "name": ("Jong Un KIM",),
        "alias": ("KIM Jong Un", "Kim"),
        "gender": ("male",),
        "birthDate": ("1984-01-08",),
        "email": ("a@b.kp",),
        "phone": ("+850 1",),
        "website": ("https://b.kp",),
        "passportNumber": ("645310121",),
        "taxNumber": ("7707083893",),
        "country": ("kp",),
        "publicKey": ("1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2",),
    }
    assert warnings == (
        "only the country of address '1 Main St, Pyongyang, North Korea' plays a part",
    )


def test_a_vessel() -> None:
    """Numbers and flag are compared, the rest is given back and said to be no part."""
    subject, warnings = subject_of(
        asked("name=CHON+MA+SAN&imoNumber=8660313&flag=North+Korea&mmsi=445&owner=X&tonnage=3565")
    )
    assert subject.schema == "Vessel"
    assert subject.get("flag") == ("kp",)
    assert subject.get("imoNumber") == ("8660313",)
    assert warnings == (
        "owner plays no part in the score",
        "tonnage plays no part in the score",
    )


@pytest.mark.parametrize(
    "query",
    ["birthDate=soon", "birthDate=1984-13-45", "birthDate=8+Jan+1984", "gender=x", "flag=Atlantis",
     "gov_passport=Atlantis:1234567", "address=somewhere", "titles=Dr"],
)  # fmt: skip
def test_what_plays_no_part_is_said(query: str) -> None:
    """Watchman ignores it in silence; here the answer says so."""
    assert subject_of(asked(f"name=x&{query}")).warnings


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1984-01-08", "1984-01-08T00:00:00Z"),
        ("1984-01", "1984-01-01T00:00:00Z"),
        ("1984", "1984-01-01T00:00:00Z"),
        ("1984-02-30", None),
        ("1984/1986", None),
        ("", None),
    ],
)
def test_dates_are_written_as_watchman_writes_them(text: str, written: str | None) -> None:
    """An instant at the start of the day, the month or the year."""
    assert watchman_date(text) == written


names = st.sampled_from(
    ["name", "type", "source", "sourceID", "limit", "minMatch", "debug", "format", "altNames",
     "birthDate", "gender", "flag", "imoNumber", "address", "cryptoAddress", "email",
     *(f"gov_{kind}" for kind in GOVERNMENT_IDS)]
)  # fmt: skip


@given(st.lists(st.tuples(names | st.text(max_size=6), st.text(max_size=12)), max_size=8))
def test_any_query_string_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    """Whatever is sent: a subject to screen, or a refusal that says why."""
    try:
        request = read_request(pairs)
    except RequestError:
        return
    subject = subject_of(request).entity
    assert subject.properties or request.source_id or subject_of(request).warnings
