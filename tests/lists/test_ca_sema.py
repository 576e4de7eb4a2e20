"""Canada's list: flat records without an id of their own."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest

from tumen.errors import SourceError
from tumen.lists.ca_dfatd_sema_sanctions.names import (
    entity_aliases,
    entity_names,
    person_aliases,
)
from tumen.lists.ca_dfatd_sema_sanctions.parse import parse, recognise
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import Designation, ListEntry, NameKind

SHARED = (Path(__file__).parents[2] / "../shared/data/ca").resolve()

PERSON = """<record><Country>Belarus / Bélarus</Country><LastName>PETROV</LastName>
<GivenName>Ivan Ilyich</GivenName><Aliases>Иван Ильич Петров; Jan Petrow</Aliases>
<TitleOrShip>Major General/major-général</TitleOrShip>
<DateOfBirthOrShipBuildDate>1971-07-04 OR 1972</DateOfBirthOrShipBuildDate>
<Schedule>1, Part 1.1</Schedule><Item>3</Item><DateOfListing>2020-09-28</DateOfListing></record>"""
COMPANY = """<record><Country>Russia / Russie</Country>
<EntityOrShip>Amur Radio
Plant JSC (also known as Amurradio)</EntityOrShip><Schedule>1, Part 2</Schedule><Item>7</Item>
<DateOfListing>2022-02-24</DateOfListing></record>"""
SHIP = """<record><Country>Russia / Russie</Country><EntityOrShip>Amur Prospect</EntityOrShip>
<TitleOrShip>Oil Tanker</TitleOrShip><ShipIMONumber>9187629</ShipIMONumber>
<DateOfBirthOrShipBuildDate>2005</DateOfBirthOrShipBuildDate>
<Schedule>1.1</Schedule><Item>8</Item><DateOfListing>2024-06-13</DateOfListing></record>"""
CORRUPT = """<record><Country>Justice for Victims of Corrupt Foreign Officials Regulations
(JVCFOR) / Règlement relatif à la justice</Country><LastName>GARCIA</LastName>
<GivenName>Ana</GivenName><Item>12</Item><DateOfListing>2017-11-03</DateOfListing></record>"""


def source(*records: str) -> SourceFile:
    """A published file of these records."""
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<data-set>' + "".join(records) + "</data-set>"
    return SourceFile("sema-lmes.xml", text.encode())


@pytest.fixture(scope="module")
def parsed() -> ParsedList:
    """The invented list."""
    return parse([source(PERSON, COMPANY, SHIP, CORRUPT)])


def test_recognises_by_content() -> None:
    """Other lists have records too."""
    assert recognise(source(PERSON)) == "xml"
    assert recognise(SourceFile("sema-lmes.xml", b"<data-set><record><x/></record>")) is None


def test_ids_are_built_from_regime_schedule_and_item(parsed: ParsedList) -> None:
    """What the regulations call a party is the only id there is."""
    assert [(one.entity.entity_id, one.entity.schema) for one in parsed.entries] == [
        ("ca_dfatd_sema_sanctions:belarus-1-part-1.1-3", "Person"),
        ("ca_dfatd_sema_sanctions:russia-1-part-2-7", "Organization"),
        ("ca_dfatd_sema_sanctions:russia-1.1-8", "Vessel"),
        ("ca_dfatd_sema_sanctions:jvcfor-12", "Person"),
    ]
    assert parsed.published_on is None
    assert not parsed.unknown


def test_shared_items_get_ids_from_names() -> None:
    """Two parties under one item stay apart, whatever their order in the file."""
    other = PERSON.replace("PETROV", "SIDOROV")
    ids = {
        order: {e.entity.caption: e.entity.entity_id for e in parse([source(*records)]).entries}
        for order, records in (("one", (PERSON, other, SHIP)), ("two", (SHIP, other, PERSON)))
    }
    assert ids["one"] == ids["two"]
    assert len(set(ids["one"].values())) == 3
    assert ids["one"]["Amur Prospect"] == "ca_dfatd_sema_sanctions:russia-1.1-8"
    assert ids["one"]["Ivan Ilyich PETROV"].startswith(
        "ca_dfatd_sema_sanctions:belarus-1-part-1.1-3-"
    )


def test_the_same_record_twice_keeps_two_ids() -> None:
    """Even a repeated record must not hide another behind its id; it is counted."""
    found = parse([source(PERSON, PERSON)])
    assert len({entry.entity.entity_id for entry in found.entries}) == 2
    assert sum(found.unknown.values()) == 2


def test_person(parsed: ParsedList) -> None:
    """Names, alternative dates, and the English half of a title."""
    person = parsed.entries[0]
    assert [(n.text, n.kind, n.script) for n in person.names] == [
        ("Ivan Ilyich PETROV", NameKind.PRIMARY, "Latn"),
        ("Иван Ильич Петров", NameKind.ALIAS, "Cyrl"),
        ("Jan Petrow", NameKind.ALIAS, "Latn"),
    ]
    assert person.entity.get("birthDate") == ("1971-07-04", "1972")
    assert person.entity.get("title") == ("Major General",)
    assert person.entity.get("lastName") == ("PETROV",)
    assert person.designations == (
        Designation(
            "Global Affairs Canada",
            "Belarus",
            listed_on="2020-09-28",
            reference="Schedule 1, Part 1.1, item 3",
        ),
    )


def test_ship(parsed: ParsedList) -> None:
    """The fields that people and ships share mean another thing for ships."""
    ship = parsed.entries[2].entity
    assert ship.get("imoNumber") == ("9187629",)
    assert ship.get("buildDate") == ("2005",)
    assert ship.get("type") == ("Oil Tanker",)


def test_a_regime_is_no_country_of_its_parties(parsed: ParsedList) -> None:
    """`Country` names the regulations; a Belarus listing says nothing of a nationality."""
    assert all(not entry.entity.get("country") for entry in parsed.entries)


def test_older_field_names() -> None:
    """Editions from before ships were listed had shorter names."""
    record = PERSON.replace("DateOfBirthOrShipBuildDate", "DateOfBirth").replace(
        "TitleOrShip", "Title"
    )
    found = parse([source(record)])
    assert found.entries[0].entity.get("birthDate") == ("1971-07-04", "1972")
    assert not found.unknown


def test_what_cannot_be_read_is_counted() -> None:
    """A new field and an unreadable date are kept as notes."""
    record = PERSON.replace("1971-07-04 OR 1972", "Sep-65").replace(
        "<Item>", "<Shoe>44</Shoe><Item>"
    )
    found = parse([source(record)])
    assert found.unknown == {"DateOfBirthOrShipBuildDate: Sep-65": 1, "Shoe: 44": 1}
    assert "Shoe: 44" in found.entries[0].entity.get("notes")


def test_refuses_a_cut_file() -> None:
    """A truncated list never becomes a version."""
    data = source(PERSON, COMPANY).data
    with pytest.raises(SourceError, match=r"sema-lmes\.xml, line"):
        parse([SourceFile("sema-lmes.xml", data[:-40])])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Иван Петров", ["Иван Петров"]),
        ("Jan Petrow; Ivan Petroff", ["Jan Petrow", "Ivan Petroff"]),
        ("Елена Тимченко or Елена Ермакова", ["Елена Тимченко", "Елена Ермакова"]),
        ("Андрей ВОРОШИЛОВ / Андрiй ВОРОШИЛОВ", ["Андрей ВОРОШИЛОВ", "Андрiй ВОРОШИЛОВ"]),
        ("Jan Petrow, Ivan Petroff, Иван Петров", ["Jan Petrow", "Ivan Petroff", "Иван Петров"]),
        ("Jan Petrow, Russian: Иван Петров", ["Jan Petrow", "Иван Петров"]),
        # A surname before a comma, or half a name beside `or`, is no name.
        ("Баранов, Олег Анатольевич", ["Баранов, Олег Анатольевич"]),
        ("Александр Карниенко or Карниенка", ["Александр Карниенко or Карниенка"]),
    ],
)
def test_aliases_of_people(text: str, expected: list[str]) -> None:
    """Canada parts spellings in five ways."""
    assert person_aliases(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MinFin; МинФин", ["MinFin", "МинФин"]),
        ("PTI, 保利科技有限公司", ["PTI", "保利科技有限公司"]),
        ("Интеррос Инвест, ООО", ["Интеррос Инвест, ООО"]),
        ("Amur Trading, Amur Trading House", ["Amur Trading", "Amur Trading House"]),
        ("Han Shipping Co., Han Shipping Ltd", ["Han Shipping Co.", "Han Shipping Ltd"]),
        ("Ministry of Education, Science and Youth", ["Ministry of Education, Science and Youth"]),
    ],
)
def test_aliases_of_entities(text: str, expected: list[str]) -> None:
    """A comma parts names only where both sides are alike, or in two scripts."""
    assert entity_aliases(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amur Plant JSC (also known as Amurplant)", ["Amur Plant JSC", "Amurplant"]),
        ("Amur Plant (also known as Plant of", ["Amur Plant", "Plant of"]),
        ("Bank of Tumen/Banque de Tumen", ["Bank of Tumen", "Banque de Tumen"]),
        ("Shipping A/S", ["Shipping A/S"]),
        ("Physics Research Center (PRC)", ["Physics Research Center", "PRC"]),
        ("VTB Bank (Belarus) JSC", ["VTB Bank (Belarus) JSC"]),
    ],
)
def test_names_of_entities(text: str, expected: list[str]) -> None:
    """Two languages, an acronym and other names share one field."""
    assert entity_names(text) == expected


def test_real_list() -> None:
    """Every record of the real list is an entry with its own id; two dates stay unknown."""
    path = SHARED / "sema_consolidated_2025-05.xml.gz"
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    file = SourceFile("sema-lmes.xml", gzip.decompress(path.read_bytes()))
    assert recognise(file) == "xml"
    found = parse([file])
    assert len(found.entries) == 4759
    assert len({entry.entity.entity_id for entry in found.entries}) == 4759
    assert kinds(found.entries) == {"Person": 3334, "Organization": 1316, "Vessel": 109}
    assert sum(found.unknown.values()) == 2
    assert all(entry.names and entry.designations[0].listed_on for entry in found.entries)


def kinds(entries: list[ListEntry]) -> Counter[str]:
    """How many entries have each schema."""
    return Counter(entry.entity.schema for entry in entries)
