"""Switzerland's list: the current state of targets that are still listed, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tumen.errors import SourceError
from tumen.lists.ch_seco_sanctions.parse import parse, recognise
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import Designation, Link, ListEntry, NameKind, NameQuality

SHARED = (Path(__file__).parents[2] / "../shared/data/ch").resolve()

PERSON = """
<target ssid="9001">
  <sanctions-set-id>71</sanctions-set-id><sanctions-set-id>72</sanctions-set-id>
  <foreign-identifier>KPi.901</foreign-identifier>
  <individual sex="male">
    <identity ssid="1" main="true">
      <name ssid="2" name-type="primary-name" quality="good" lang="eng">
        <name-part order="1" name-part-type="family-name"><value>Petrov</value>
          <spelling-variant lang="RUS" script="CYRL">Петров</spelling-variant>
          <spelling-variant lang="ENG" script="LATN">Petroff</spelling-variant></name-part>
        <name-part order="2" name-part-type="given-name"><value>Ivan</value>
          <spelling-variant lang="RUS" script="CYRL">Иван</spelling-variant></name-part>
        <name-part order="3" name-part-type="father-name"><value>Ilyich</value></name-part>
        <name-part order="4" name-part-type="title"><value>Dr</value></name-part>
      </name>
      <name ssid="3" name-type="alias" quality="low" lang="eng">
        <name-part order="1" name-part-type="whole-name"><value>Grey Heron</value></name-part>
      </name>
      <name ssid="4" name-type="formerly-known-as" quality="good" lang="eng">
        <name-part order="1" name-part-type="whole-name"><value>Ivan Sidorov</value></name-part>
      </name>
      <nationality ssid="5"><country iso-code="RU">Russian Federation</country></nationality>
      <day-month-year ssid="6" day="4" month="7" year="1971" calendar="Gregorian"/>
      <day-month-year ssid="7" year="1972" calendar="Gregorian" quality="low"/>
      <day-month-year ssid="8" year="1390" calendar="Hijri"/>
      <place-of-birth ssid="9" place-id="81" quality="good"/>
      <address ssid="10" place-id="81" quality="good"><c-o>Tumen Club</c-o>
        <address-details>Pier 4</address-details><zip-code>690000</zip-code>
        <remarks>until 2020</remarks></address>
      <identification-document ssid="11" document-type="passport">
        <number>731234567</number><issuer code="RU">Russian Federation</issuer>
        <date-of-issue>2015-01-01</date-of-issue></identification-document>
      <identification-document ssid="12" document-type="library-card"><number>A-12</number>
      </identification-document>
      <shoe-size>44</shoe-size>
    </identity>
    <identity ssid="20" main="false">
      <name ssid="21" name-type="primary-name" quality="good" lang="eng">
        <name-part order="1" name-part-type="whole-name"><value>Igor Petrov</value></name-part>
      </name>
    </identity>
    <justification ssid="30">Owns a listed shipyard.</justification>
    <other-information ssid="31">Seen in Rason.</other-information>
    <relation ssid="32" target-id="9002" relation-type="owner-of"><remark>since 2015</remark>
    </relation>
    <relation ssid="33" target-id="9003" relation-type="plays-chess-with"/>
  </individual>
  <modification modification-type="amended" effective-date="2020-05-01">
    <removed><individual><identity ssid="1" main="true"><name name-type="primary-name">
      <name-part name-part-type="whole-name"><value>Old Spelling</value></name-part>
    </name></identity></individual></removed></modification>
  <modification modification-type="listed" enactment-date="2016-05-18" effective-date="2016-05-19"/>
</target>"""
COMPANY = """
<target ssid="9002">
  <sanctions-set-id>71</sanctions-set-id>
  <entity><identity ssid="40" main="true">
    <name ssid="41" name-type="primary-name" quality="good" lang="eng">
      <name-part order="1" name-part-type="whole-name"><value>Tumen Trading</value>
        <spelling-variant lang="KOR" script="KORE">두만무역</spelling-variant>
        <spelling-variant lang="ENG" script="LATN">Doumen Trading</spelling-variant>
        <spelling-variant lang="ENG" script="LATN">Duman Trading</spelling-variant></name-part>
    </name></identity></entity>
  <modification modification-type="listed" publication-date="2016-05-18"/>
</target>"""
SHIP = """
<target ssid="9003">
  <sanctions-set-id>99</sanctions-set-id>
  <object object-type="vessel"><identity ssid="50" main="true">
    <name ssid="51" name-type="primary-name" quality="good" lang="eng">
      <name-part order="1" name-part-type="whole-name"><value>Hwang San 7</value></name-part>
    </name></identity>
    <other-information ssid="52">IMO Number: 9187629</other-information></object>
  <modification modification-type="listed" effective-date="2018-01-01"/>
</target>"""
GONE = COMPANY.replace("9002", "9004").replace(
    "<modification",
    '<modification modification-type="de-listed" effective-date="2019-01-01"/><modification',
)
RETURNED = GONE.replace("9004", "9005").replace(
    "</target>",
    '<modification modification-type="listed" effective-date="2022-01-01"/></target>',
)
PROGRAMMES = """
<sanctions-program ssid="70" version-date="2026-05-21">
  <program-key lang="ger">Nordkorea</program-key><program-key lang="eng">North Korea</program-key>
  <program-name lang="eng">Ordinance of 18 May 2016</program-name>
  <sanctions-set ssid="71" lang="ger">Artikel 9</sanctions-set>
  <sanctions-set ssid="71" lang="eng">article 9 - freezing of assets</sanctions-set>
  <sanctions-set ssid="72" lang="eng">article 18 - travel ban</sanctions-set>
  <origin>UN</origin>
</sanctions-program>"""
PLACES = """
<place ssid="81"><location>Rason</location><area>North Hamgyong</area>
  <country iso-code="KP">North Korea</country></place>"""


def document(content: str, kind: str = "whole-list") -> SourceFile:
    """A published file with these targets."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<swiss-sanctions-list list-type="{kind}" date="2026-08-27">'
        f"{PROGRAMMES}{content}{PLACES}</swiss-sanctions-list>"
    )
    return SourceFile("consolidated-list.xml", text.encode())


@pytest.fixture(scope="module")
def parsed() -> ParsedList:
    """The invented whole list."""
    return parse([document(PERSON + COMPANY + SHIP + GONE + RETURNED)])


@pytest.fixture(scope="module")
def person(parsed: ParsedList) -> ListEntry:
    """The invented person."""
    return parsed.entries[0]


def test_recognises_by_content() -> None:
    """Whole or not, it is this list; refusing an amendment is the reader's part."""
    assert recognise(document("")) == "xml"
    assert recognise(document("", "amendment")) == "xml"
    assert recognise(SourceFile("consolidated-list.xml", b"<export/>")) is None


def test_only_what_is_still_listed(parsed: ParsedList) -> None:
    """The de-listed are counted; one that was listed again is there."""
    assert [(one.entity.entity_id, one.entity.schema) for one in parsed.entries] == [
        ("ch_seco_sanctions:9001", "Person"),
        ("ch_seco_sanctions:9002", "Organization"),
        ("ch_seco_sanctions:9003", "Vessel"),
        ("ch_seco_sanctions:9005", "Organization"),
    ]
    assert parsed.unknown["de-listed"] == 1
    assert str(parsed.published_on) == "2026-08-27"


def test_names(person: ListEntry) -> None:
    """Parts in natural order, titles out, variants of parts as full names, history ignored."""
    assert [(n.text, n.kind, n.quality, n.script) for n in person.names] == [
        ("Ivan Ilyich Petrov", NameKind.PRIMARY, NameQuality.STRONG, "Latn"),
        ("Иван Петров", NameKind.ALIAS, NameQuality.STRONG, "Cyrl"),
        ("Ivan Ilyich Petroff", NameKind.ALIAS, NameQuality.STRONG, "Latn"),
        ("Grey Heron", NameKind.ALIAS, NameQuality.WEAK, "Latn"),
        ("Ivan Sidorov", NameKind.FORMER, NameQuality.STRONG, "Latn"),
        ("Igor Petrov", NameKind.ALIAS, NameQuality.STRONG, "Latn"),
    ]


def test_each_variant_of_a_whole_name_is_a_name(parsed: ParsedList) -> None:
    """Several variants in one language are several names."""
    assert [n.text for n in parsed.entries[1].names] == [
        "Tumen Trading",
        "두만무역",
        "Doumen Trading",
        "Duman Trading",
    ]


def test_facts(person: ListEntry) -> None:
    """Places are looked up by id; dates may lack day and month."""
    expected = {
        "birthDate": ("1971-07-04", "1972"),
        "birthPlace": ("Rason, North Hamgyong, North Korea",),
        "birthCountry": ("kp",),
        "nationality": ("ru",),
        "gender": ("male",),
        "title": ("Dr",),
        "firstName": ("Ivan",),
        "lastName": ("Petrov",),
        "address": ("Tumen Club, Pier 4, 690000, Rason, North Hamgyong, North Korea",),
        "country": ("kp",),
        "passportNumber": ("731234567",),
        "idNumber": ("A-12",),
    }
    assert {prop: person.entity.get(prop) for prop in expected} == expected
    assert "Foreign identifier: KPi.901" in person.entity.get("notes")
    assert "Seen in Rason." in person.remarks


def test_designation(person: ListEntry) -> None:
    """Several sets of measures of one ordinance are one designation, in English."""
    assert person.designations == (
        Designation(
            "State Secretariat for Economic Affairs",
            "North Korea",
            "Ordinance of 18 May 2016",
            "2016-05-19",
            "2020-05-01",
            reason="Owns a listed shipyard.",
            measures=("article 9 - freezing of assets", "article 18 - travel ban"),
            reference="9001",
        ),
    )


def test_relations(person: ListEntry) -> None:
    """A known relation by its kind, a new one kept under its own words."""
    assert person.links == (
        Link("Ownership", "ch_seco_sanctions:9002", "", "owner-of: since 2015"),
        Link("UnknownLink", "ch_seco_sanctions:9003", "", "plays-chess-with"),
    )


def test_ship(parsed: ParsedList) -> None:
    """A ship's IMO number stands in its other information."""
    assert parsed.entries[2].entity.get("imoNumber") == ("9187629",)


def test_what_is_new_is_counted(parsed: ParsedList, person: ListEntry) -> None:
    """Another calendar, a new document or element, a set of no programme: all are seen."""
    for key in (
        "day-month-year: 1390 (Hijri)",
        "document-type: library-card",
        "shoe-size: 44",
        "relation-type: plays-chess-with",
        "sanctions-set-id: 99",
    ):
        assert parsed.unknown[key] == 1, key
    assert "shoe-size: 44" in person.entity.get("notes")


@pytest.mark.parametrize("kind", ["amendment", "", "delta"])
def test_refuses_a_list_of_changes(kind: str) -> None:
    """Read as a whole list, an amendment would remove nearly every entry."""
    with pytest.raises(SourceError, match=r"not the whole list.*Gesamtliste"):
        parse([document(PERSON, kind)])


def test_refuses_what_is_cut_or_has_no_id() -> None:
    """A truncated file or a target without its id never becomes a version."""
    whole = document(PERSON)
    with pytest.raises(SourceError, match="Damaged XML"):
        parse([SourceFile(whole.name, whole.data[:-100])])
    with pytest.raises(SourceError, match="target without ssid"):
        parse([document(PERSON.replace('<target ssid="9001"', "<target"))])


def test_real_targets() -> None:
    """The three real targets: one is de-listed, a bank and a ship are listed."""
    path = SHARED / "seco_whole_list_trimmed_2026-08-27.xml"
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    found = parse([SourceFile(path.name, path.read_bytes())])
    assert [one.entity.caption for one in found.entries] == ["Belagroprombank", "Hui Chon"]
    assert found.unknown == {"de-listed": 1}


def test_real_amendment_is_refused() -> None:
    """A real amendment list of SECO is recognised, and refused as a whole list."""
    path = SHARED / "seco_amendment_2024-01-17.xml"
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    file = SourceFile(path.name, path.read_bytes())
    assert recognise(file) == "xml"
    with pytest.raises(SourceError, match=r"amendment.*2024-01-17"):
        parse([file])
