"""What counts as material, and that fingerprints follow it alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tumen.model.delta import Materiality
from tumen.model.entity import Entity, schemata
from tumen.model.listing import (
    Designation,
    Link,
    ListedName,
    ListEntry,
    NameKind,
    NameQuality,
    SourceField,
)
from tumen.model.materiality import (
    FIELDS,
    OTHER,
    RULES,
    entry_fingerprint,
    materiality_of,
    party_fingerprint,
    rule_of,
)
from tumen.model.statements import compared_form, statements_of

PROPERTIES = {
    "name": ("KIM Invented", "Kim the Younger"),
    "birthDate": ("1965-03",),
    "passportNumber": ("A 123-456",),
    "country": ("kp",),
}
DESIGNATION = Designation(
    "Toy Authority",
    "DPRK",
    "Order 1",
    "2017-01-02",
    amended_on="2018-01-01",
    reason="He is invented.",
    measures=("asset freeze", "travel ban"),
    reference="T-1",
    source_url="https://toy.example/1",
)
ENTRY = ListEntry(
    Entity("toy:1", "Person", PROPERTIES),
    (ListedName("KIM Invented"), ListedName("Kim the Younger")),
    (DESIGNATION,),
    (Link("Ownership", "toy:2", "Invented Trading", "owner"),),
    "A remark.",
    "toy.csv",
    "row 1",
    (SourceField("birthDate", "1965-03", "Remarks", "Mar 1965"),),
)


def with_property(**changes: tuple[str, ...]) -> ListEntry:
    """The entry with some properties changed."""
    entity = replace(ENTRY.entity, properties={**PROPERTIES, **changes})
    return replace(ENTRY, entity=entity)


def with_designation(**changes: object) -> ListEntry:
    """The entry with its designation changed."""
    return replace(ENTRY, designations=(replace(DESIGNATION, **changes),))


MATERIAL = {
    "another alias": with_property(alias=("Pak Invented",)),
    "a name less": replace(with_property(name=("KIM Invented",)), names=ENTRY.names[:1]),
    "another birth date": with_property(birthDate=("1966",)),
    "another identifier": with_property(passportNumber=("A 123-457",)),
    "another country": with_property(country=("cn",)),
    "another gender": with_property(gender=("male",)),
    "an address": with_property(address=("Pyongyang",)),
    "a wallet": with_property(cryptoAddress=("1BoatSLRHtKNngkdXEeobR76b53LETtpyT",)),
    "a value that was not read": with_property(notes=("Identity number: 7",)),
    "a field that no row names": with_property(religion=("none",)),
    "another type": replace(ENTRY, entity=replace(ENTRY.entity, schema="Company")),
    "another programme": with_designation(programme="RUSSIA"),
    "one programme more": replace(
        ENTRY, designations=(DESIGNATION, replace(DESIGNATION, programme="RUSSIA"))
    ),
    "another measure": with_designation(measures=("asset freeze",)),
    "another act": with_designation(legal_basis="Order 2"),
    "an end": with_designation(ends_on="2030-01-01"),
    "no designation": replace(ENTRY, designations=()),
    "another link": replace(
        ENTRY, links=(Link("Ownership", "toy:3", "Invented Trading", "owner"),)
    ),
    "the link turned round": replace(ENTRY, links=(replace(ENTRY.links[0], is_inverse=True),)),
    "a name that became weak": replace(
        ENTRY,
        names=(*ENTRY.names, ListedName("Kimmy", NameKind.ALIAS, NameQuality.WEAK)),
    ),
}
COSMETIC = {
    "another order of values": with_property(name=("Kim the Younger", "KIM Invented")),
    "another order of names": replace(ENTRY, names=ENTRY.names[::-1]),
    "more blanks": with_property(name=("KIM  Invented ", "Kim the Younger")),
    "other capitals": with_property(name=("Kim INVENTED", "Kim the Younger")),
    "signs in an identifier": with_property(passportNumber=("a123456",)),
    "another remark": replace(ENTRY, remarks="Another remark."),
    "another reason": with_designation(reason="He is still invented."),
    "another day of amendment": with_designation(amended_on="2019-01-01"),
    "another address of the act": with_designation(source_url=""),
    "another order of measures": with_designation(measures=("travel ban", "asset freeze")),
    "another place in the file": replace(ENTRY, file="new.csv", locator="row 9"),
    "another published text": replace(
        ENTRY, fields=(SourceField("birthDate", "1965-03", "DOB", "03/1965"),)
    ),
    "another name of the link's target": replace(
        ENTRY, links=(Link("Ownership", "toy:2", "Renamed Trading", "owner"),)
    ),
    "a script mark": replace(
        ENTRY, names=(ListedName("KIM Invented", script="Latn"), ENTRY.names[1])
    ),
    "another id": replace(ENTRY, entity=replace(ENTRY.entity, entity_id="toy:99")),
}


@pytest.mark.parametrize("change", MATERIAL)
def test_a_material_change_changes_the_fingerprint(change: str) -> None:
    """Each of these can alter whom the entry means or what it forbids."""
    assert entry_fingerprint(MATERIAL[change]) != entry_fingerprint(ENTRY)


@pytest.mark.parametrize("change", COSMETIC)
def test_a_cosmetic_change_leaves_the_fingerprint(change: str) -> None:
    """A decided false positive does not lapse because of one of these."""
    assert entry_fingerprint(COSMETIC[change]) == entry_fingerprint(ENTRY)


def test_a_party_has_a_fingerprint_of_its_facts() -> None:
    """Its own id and the order of its values play no part, its birth date does."""
    party = Entity("C-1", "Person", PROPERTIES)
    turned = {name: values[::-1] for name, values in reversed(PROPERTIES.items())}
    assert party_fingerprint(Entity("C-2", "Person", turned)) == party_fingerprint(party)
    other = Entity("C-1", "Person", {**PROPERTIES, "birthDate": ("1965-04",)})
    assert party_fingerprint(other) != party_fingerprint(party)
    assert party_fingerprint(replace(party, schema="Company")) != party_fingerprint(party)


def test_fingerprints_stay_the_same_from_one_release_to_the_next() -> None:
    """They are stored beside decisions: a change of this value makes every suppression lapse."""
    assert entry_fingerprint(ENTRY) == "3ddf686909a657a70d2b05013d9e2078"
    assert party_fingerprint(ENTRY.entity) == "dd3e5ff8cd64ad729d17c2049d8706f0"


def test_no_field_stands_in_two_rows() -> None:
    """Else its materiality would depend on the order of the table."""
    assert len(FIELDS) == len(set(FIELDS))


def test_every_property_of_the_table_exists() -> None:
    """A misspelt one would fall under the row for any other."""
    own = {"schema", "programme", "measure", "authority", "legal basis", "listed on", "ends on"}
    own |= {"reference", "link", "remarks", "reason", "amended on", "source", "name marks"}
    own |= {"published text", "order"}
    known = {name for schema in schemata().values() for name in schema.properties}
    assert set(FIELDS) - own <= known


def test_every_row_gives_a_reason() -> None:
    """And what no row names is material."""
    assert all(rule.reason for rule in RULES)
    assert rule_of("neverHeardOf") is OTHER
    assert materiality_of("neverHeardOf") is Materiality.MATERIAL


@pytest.mark.parametrize(
    ("field", "one", "other", "is_same"),
    [
        ("name", "Café  Ltd", "CAFE\u0301 LTD", True),
        ("name", "AL-QAIDA", "AL QAIDA", False),
        ("imoNumber", "IMO 9179842", "imo9179842", True),
        ("phone", "+850 2 381", "+850-2-381", True),
        ("publicKey", "1BoatSLRHt", "1boatslrht", False),
        ("publicKey", "0xABCDEF", "0xabcdef", True),
        ("passportNumber", "--", "++", False),
        ("birthDate", "1965", "1965-01", False),
    ],
)
def test_how_values_are_compared(field: str, one: str, other: str, is_same: bool) -> None:
    """Blanks and capitals play no part; signs only in identifiers; a wallet is exact."""
    assert (compared_form(field, one) == compared_form(field, other)) is is_same


def test_values_that_all_designations_share_are_said_once() -> None:
    """A measure of one programme alone names it."""
    two = (DESIGNATION, replace(DESIGNATION, programme="RUSSIA", measures=("asset freeze",)))
    found = statements_of(replace(ENTRY, designations=two))
    assert set(found["measure"]) == {"asset freeze", "DPRK: travel ban"}
    assert set(found["legal basis"]) == {"DPRK: Order 1", "RUSSIA: Order 1"}
    assert set(found["programme"]) == {"DPRK", "RUSSIA"}
