"""An entity's values made ready: names, dates, countries, identifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.matching.facts import IDENTIFIER_PROPERTIES, bearer_of, facts_of, plain_identifier
from tumen.model.entity import Entity, schemata
from tumen.names.name import NameOf


def _entity(schema: str = "Person", **values: tuple[str, ...]) -> Entity:
    return Entity("x", schema, values)


@pytest.mark.parametrize(
    ("schema", "bearer"),
    [
        ("Person", NameOf.PERSON),
        ("Organization", NameOf.ORGANISATION),
        ("Company", NameOf.ORGANISATION),
        ("PublicBody", NameOf.ORGANISATION),
        ("Vessel", NameOf.OBJECT),
        ("Airplane", NameOf.OBJECT),
        ("CryptoWallet", NameOf.OBJECT),
        ("LegalEntity", NameOf.UNKNOWN),
        ("Thing", NameOf.UNKNOWN),
    ],
)
def test_the_schema_says_who_bears_a_name(schema: str, bearer: NameOf) -> None:
    """A vessel read as a person would never meet its list entry."""
    assert bearer_of(schema) is bearer


@pytest.mark.parametrize("schema", sorted(schemata()))
def test_every_schema_has_a_bearer(schema: str) -> None:
    """No schema of the vocabulary may stop a screening."""
    assert bearer_of(schema) in NameOf


def test_names_of_every_kind_are_kept_once() -> None:
    """Aliases and former names count like the main name, weak ones are marked."""
    facts = facts_of(
        _entity(
            name=("A B",), alias=("C D", "A B"), previousName=("E F",), weakAlias=("Fox", "C D")
        )
    )
    assert facts.names == (("A B", False), ("C D", False), ("E F", False), ("Fox", True))


def test_a_name_is_put_together_from_its_parts() -> None:
    """A customer file with first and last name in columns of their own has a name."""
    parts = {"firstName": ("Ivan",), "fatherName": ("Ivanovich",), "lastName": ("Petrov",)}
    assert facts_of(_entity(**parts)).names == (("Ivan Ivanovich Petrov", False),)


def test_a_whole_name_makes_its_parts_needless() -> None:
    """The parts would only repeat it, perhaps in a wrong order."""
    facts = facts_of(_entity(name=("Petrov Ivan",), firstName=("Ivan",), lastName=("Petrov",)))
    assert facts.names == (("Petrov Ivan", False),)


@pytest.mark.parametrize(
    "text", ["1965", "1965-03", "1965-03-01", "1 Mar 1965", "1965~", "1958/1960"]
)
def test_dates_are_read_however_they_are_written(text: str) -> None:
    """A subject's date comes from a form, a list's from its publisher."""
    facts = facts_of(_entity(birthDate=(text,)))
    assert len(facts.dates) == 1
    assert facts.unreadable == ()


@pytest.mark.parametrize("text", ["soon", "31/31/1965", "65", "0000", "1965-13-01"])
def test_a_date_that_cannot_be_read_is_named(text: str) -> None:
    """It plays no part, and that is said, never passed over."""
    facts = facts_of(_entity(birthDate=(text, "1965")))
    assert len(facts.dates) == 1
    assert facts.unreadable == (f"birthDate {text!r}",)


def test_countries_are_one_however_many_properties_hold_them() -> None:
    """Nationality is also a country, a jurisdiction is no nationality; case does not matter."""
    facts = facts_of(_entity("Person", nationality=("KP",), country=("cn",), birthCountry=("ru",)))
    assert facts.nationalities == {"kp"}
    assert facts.countries == {"kp", "cn", "ru"}


def test_a_gender_that_tells_nothing_is_none() -> None:
    """`other` on one side does not contradict."""
    assert facts_of(_entity(gender=("other",))).genders == frozenset()
    assert facts_of(_entity(gender=("Female",))).genders == {"female"}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("passport", "PS 472-310 104", "PS472310104"),
        ("tax number", "33.000.167/0001-01", "33000167000101"),
        ("e-mail", "Info@Example.org", "INFO@EXAMPLE.ORG"),
        ("passport", "ps 472310104", "PS472310104"),
        ("IMO number", "IMO 9074729", "9074729"),
        ("IMO number", "9074729", "9074729"),
        ("BIC", "SBERRUMM", "SBERRUMM"),
        ("BIC", "SBERRUMMXXX", "SBERRUMM"),
        ("wallet", " 1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2 ", "1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2"),
        ("wallet", "short", ""),
        ("passport", "123", ""),
        ("passport", "- - -", ""),
        ("INN", "7707083893", "7707083893"),
    ],
)
def test_identifiers_are_compared_without_their_dress(kind: str, value: str, expected: str) -> None:
    """Spaces, dashes, prefixes and branch letters differ by source; a stub names nobody."""
    assert plain_identifier(kind, value) == expected


def test_wallets_keep_their_case() -> None:
    """Two addresses that differ by case are two wallets."""
    one = "1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2"
    assert plain_identifier("wallet", one) != plain_identifier("wallet", one.lower())


@given(st.sampled_from(sorted(set(IDENTIFIER_PROPERTIES.values()))), st.text(max_size=30))
def test_plain_identifiers_stay_plain(kind: str, value: str) -> None:
    """Taking the dress off twice changes nothing, so both sides always meet."""
    plain = plain_identifier(kind, value)
    assert plain_identifier(kind, plain) == plain


def test_every_identifier_property_exists() -> None:
    """A property misspelt here would never be compared."""
    known = {name for schema in schemata().values() for name in schema.properties}
    assert set(IDENTIFIER_PROPERTIES) <= known
