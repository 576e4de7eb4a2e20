"""Which properties lead to other entities, and which country a telephone number is of."""

from __future__ import annotations

import pytest

from tumen.model.dialling import country_of_phone
from tumen.model.entity import schemata
from tumen.model.links import edge_ends, links_of, reverses_of


def test_a_relation_has_two_ends() -> None:
    """A thing has none."""
    assert edge_ends("Ownership") == ("owner", "asset")
    assert edge_ends("Person") is None
    assert edge_ends("Sanction") is None


def test_links_are_inherited() -> None:
    """A company has those of every thing; each points to a schema that is known."""
    assert links_of("Company")["addressEntity"].reverse == "things"
    assert links_of("Sanction")["entity"].reverse == "sanctions"
    assert "owner" not in links_of("Person")
    assert links_of("Quark") == reverses_of("Quark") == {}


def test_reverses_are_those_of_all_that_may_point_here() -> None:
    """Under the name that the entity at the other end shows."""
    person = reverses_of("Person")
    assert person["ownershipOwner"].name == "owner"
    assert person["sanctions"].schema == "Sanction"
    assert "ownershipAsset" in reverses_of("Company")
    assert "ownershipAsset" not in person


def test_every_property_of_type_entity_is_a_link() -> None:
    """The two vocabularies agree."""
    for name, schema in schemata().items():
        entity_typed = {key for key, prop in schema.properties.items() if prop.type == "entity"}
        assert set(links_of(name)) == entity_typed


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+850 2 381-2345", "kp"),
        ("0049 30 1234567", "de"),
        ("+77012345678", "kz"),
        ("+7 (495) 123-45-67", "ru"),
        ("+1 212 555 0100", None),
        ("030 1234567", None),
        ("+49", None),
        ("nonsense", None),
    ],
)
def test_the_country_of_a_number(number: str, country: str | None) -> None:
    """Only where the code is one country's alone."""
    assert country_of_phone(number) == country
