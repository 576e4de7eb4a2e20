"""The table of OFAC's labels, and where each puts its value."""

from __future__ import annotations

from collections import defaultdict

import pytest
from ofac_builder import make_builder

from tumen.lists.formats import ofac_labels
from tumen.lists.formats.ofac_labels import Detail, add_detail, find_label, labels
from tumen.model.entity import get_schema

_SCHEMAS = ("Person", "Company", "Vessel", "Airplane")


def test_every_property_exists() -> None:
    """A slip in the table would send values to `notes` for ever."""
    known = {name for schema in _SCHEMAS for name in get_schema(schema).properties}
    named = {prop for group, prop in labels().values() if group not in ("measure", "relation")}
    assert named <= known


def test_no_label_stands_twice() -> None:
    """Two places for one label: the later would win in silence."""
    places: dict[str, set[str]] = defaultdict(set)
    for group, content in ofac_labels._document().items():
        for prop, names in ({"": content} if group == "measure" else content).items():
            for name in names:
                places[ofac_labels._plain(name)].add(f"{group}.{prop}")
    assert {label: where for label, where in places.items() if len(where) > 1} == {}


@pytest.mark.parametrize(
    ("label", "value", "prop", "expected"),
    [
        ("Passport", "X1234", "passportNumber", "X1234"),
        ("National ID No.", "99", "idNumber", "99"),
        ("NIT #", "8000-1", "taxNumber", "8000-1"),
        ("SWIFT/BIC", "ABCD RU MM", "swiftBic", "ABCDRUMM"),
        ("Legal Entity Number", "253400V1H6ART1UQ0N98", "leiCode", "253400V1H6ART1UQ0N98"),
        ("Government Gazette Number", "12345678", "okpoCode", "12345678"),
        ("Government Gazette Number", "A-1", "registrationNumber", "A-1"),
        ("Gender", "Female", "gender", "female"),
        ("DOB", "circa 1951", "birthDate", "1951~"),
        ("Birthdate", "1958 to 1960", "birthDate", "1958/1960"),
        ("POB", "Bethlehem (West Bank)", "birthPlace", "Bethlehem (West Bank)"),
        ("nationality", "Korea, North", "nationality", "kp"),
        ("citizen", "Russia", "citizenship", "ru"),
        ("Phone Number", "850 2 381 0000", "phone", "850 2 381 0000"),
        ("Organization Established Date", "05 May 2014", "incorporationDate", "2014-05-05"),
    ],
)
def test_details_go_where_they_belong(label: str, value: str, prop: str, expected: str) -> None:
    """Labels of documents, features and remarks share one table."""
    builder = make_builder("individual" if prop in get_schema("Person").properties else "entity")
    assert add_detail(builder, Detail(label, value))
    (entry,) = builder.build_all()
    assert entry.entity.get(prop) == (expected,)


@pytest.mark.parametrize(
    ("label", "value", "prop", "expected"),
    [
        ("Vessel Registration Identification", "IMO 9051648", "imoNumber", "9051648"),
        ("Vessel Registration Identification", "ABC-7", "registrationNumber", "ABC-7"),
        ("Vessel Flag", "Democratic People's Republic of Korea", "flag", "kp"),
        ("Former Vessel Flag", "Malta", "pastFlags", "mt"),
        ("Other Vessel Call Sign", "HMZF", "callSign", "HMZF"),
        ("MMSI", "572469210", "mmsi", "572469210"),
        ("VESSEL TYPE", "Crude Oil Tanker", "type", "Crude Oil Tanker"),
        ("Vessel Gross Tonnage", "99,094", "tonnage", "99094"),
        ("Nationality of Registration", "Panama", "country", "pa"),
    ],
)
def test_vessel_details(label: str, value: str, prop: str, expected: str) -> None:
    """A vessel's registration is an IMO number only where it says so."""
    builder = make_builder("vessel")
    assert add_detail(builder, Detail(label, value))
    assert builder.build_all()[0].entity.get(prop) == (expected,)
    assert not builder.unknown


def test_russian_numbers_are_also_what_they_are_by_law() -> None:
    """A Russian tax number of ten digits is the INN; the same digits elsewhere are not."""
    russian, foreign = make_builder("entity"), make_builder("entity")
    add_detail(russian, Detail("Tax ID No.", "7744001497", "Russia"))
    add_detail(russian, Detail("Registration Number", "1027700167110", "RU"))
    add_detail(foreign, Detail("Tax ID No.", "7744001497", "Turkey"))
    assert russian.build_all()[0].entity.get("innCode") == ("7744001497",)
    assert russian.build_all()[0].entity.get("ogrnCode") == ("1027700167110",)
    assert foreign.build_all()[0].entity.get("innCode") == ()


def test_new_executive_orders_are_measures_before_the_table_knows_them() -> None:
    """OFAC coins a label with each order: the words it begins with are enough."""
    assert find_label("Executive Order 14999 Directive Information -") == ("measure", "")
    assert find_label("Listing Date (EO 14024 Directive 2):") == ("measure", "")


def test_owner_is_linked_as_the_owner() -> None:
    """In an ownership the owner is the subject: the vessel's owner is, not the vessel."""
    builder = make_builder("vessel")
    add_detail(builder, Detail("Vessel Owner", "INVENTED SHIPPING"))
    (link,) = builder.links
    assert (link.kind, link.target_name, link.is_inverse) == (
        "Ownership",
        "INVENTED SHIPPING",
        True,
    )


def test_unknown_label_changes_nothing() -> None:
    """The caller counts it, with the words that its format has for it."""
    builder = make_builder()
    assert not add_detail(builder, Detail("Shoe Size", "44"))
    assert not builder.unknown
    assert "44" not in str(builder.build_all()[0].entity.properties)


def test_country_that_cannot_be_read_is_counted_and_kept() -> None:
    """`possibly Palestinian` is no nationality, but nor is it nothing."""
    builder = make_builder()
    assert add_detail(builder, Detail("nationality", "possibly Atlantis"))
    (entry,) = builder.build_all()
    assert entry.entity.get("nationality") == ()
    assert builder.unknown == {"nationality: possibly Atlantis": 1}
    assert entry.entity.get("notes") == ("nationality: possibly Atlantis",)
