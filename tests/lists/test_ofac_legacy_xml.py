"""OFAC's legacy XML: one entry a party, told apart, refused where damaged."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from tumen.errors import SourceError
from tumen.lists.formats import ofac_legacy_xml
from tumen.lists.formats.ofac_common import is_wallet
from tumen.lists.reader import SourceFile
from tumen.lists.us_ofac_cons import parse as cons
from tumen.lists.us_ofac_sdn import parse as sdn
from tumen.model.listing import NameKind, NameQuality

SHARED = (Path(__file__).resolve().parents[2] / "../shared/data").resolve()

_HEAD = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
  <publshInformation><Publish_Date>03/28/2025</Publish_Date><Record_Count>{count}</Record_Count>
  </publshInformation>
"""
_PERSON = """<sdnEntry><uid>101</uid><firstName>Man</firstName><lastName>KIM</lastName>
  <title>Deputy Director; General</title><sdnType>Individual</sdnType>
  <remarks>(Linked To: INVENTED SHIPPING)</remarks>
  <programList><program>DPRK3</program><program>CYBER2</program></programList>
  <idList>
    <id><uid>1</uid><idType>Passport</idType><idNumber>X1</idNumber>
      <idCountry>Korea, North</idCountry><issueDate>01 Oct 2001</issueDate>
      <expirationDate>23 Jan 2011</expirationDate></id>
    <id><uid>2</uid><idType>Gender</idType><idNumber>Male</idNumber></id>
    <id><uid>3</uid><idType>Digital Currency Address - XBT</idType>
      <idNumber>1Invented</idNumber></id>
    <id><uid>4</uid><idType>Shoe Size</idType><idNumber>44</idNumber></id>
  </idList>
  <akaList>
    <aka><uid>5</uid><type>a.k.a.</type><category>strong</category>
      <lastName>GIM</lastName><firstName>Man</firstName></aka>
    <aka><uid>6</uid><type>a.k.a.</type><category>weak</category><lastName>THE FOX</lastName></aka>
    <aka><uid>7</uid><type>f.k.a.</type><category>strong</category><lastName>OLD</lastName></aka>
  </akaList>
  <addressList><address><uid>8</uid><address1>1 Street</address1><address2>Unit 2</address2>
    <city>Pyongyang</city><stateOrProvince>P</stateOrProvince><postalCode>99</postalCode>
    <country>Korea, North</country></address></addressList>
  <nationalityList><nationality><uid>9</uid><country>Korea, North</country>
    <mainEntry>true</mainEntry></nationality></nationalityList>
  <citizenshipList><citizenship><uid>9</uid><country>China</country></citizenship></citizenshipList>
  <dateOfBirthList>
    <dateOfBirthItem><uid>10</uid><dateOfBirth>20 May 1954</dateOfBirth></dateOfBirthItem>
    <dateOfBirthItem><uid>11</uid><dateOfBirth>circa 1955</dateOfBirth></dateOfBirthItem>
  </dateOfBirthList>
  <placeOfBirthList><placeOfBirthItem><uid>12</uid><placeOfBirth>Wonsan, Korea, North</placeOfBirth>
  </placeOfBirthItem></placeOfBirthList>
</sdnEntry>
"""
_VESSEL = """<sdnEntry><uid>102</uid><lastName>INVENTED STAR</lastName><sdnType>Vessel</sdnType>
  <programList><program>DPRK4</program></programList>
  <idList><id><uid>13</uid><idType>Vessel Registration Identification</idType>
    <idNumber>IMO 9000001</idNumber></id></idList>
  <vesselInfo><callSign>HMZF</callSign><vesselType>General Cargo</vesselType>
    <vesselFlag>Korea, North</vesselFlag><vesselOwner>INVENTED SHIPPING</vesselOwner>
    <tonnage>8100</tonnage><grossRegisteredTonnage>5800</grossRegisteredTonnage></vesselInfo>
</sdnEntry>
<sdnEntry><uid>103</uid><lastName>INVENTED SHIPPING</lastName><sdnType>Entity</sdnType>
  <programList><program>DPRK4</program></programList></sdnEntry>
"""


def _file(body: str = _PERSON + _VESSEL, count: int = 3, name: str = "sdn.xml") -> SourceFile:
    return SourceFile(name, (_HEAD.format(count=count) + body + "</sdnList>").encode())


def test_person_is_read_whole() -> None:
    """Every element reaches its property; a label that is new is counted and kept."""
    parsed = sdn.parse([_file()])
    person, wallet = parsed.entries[:2]
    entity = person.entity
    assert entity.entity_id == "us_ofac_sdn:101"
    assert entity.get("name") == ("Man KIM",)
    assert entity.get("position") == ("Deputy Director", "General")
    assert entity.get("passportNumber") == ("X1",)
    assert entity.get("gender") == ("male",)
    assert entity.get("birthDate") == ("1954-05-20", "1955~")
    assert entity.get("birthPlace") == ("Wonsan, Korea, North",)
    assert (entity.get("nationality"), entity.get("citizenship")) == (("kp",), ("cn",))
    assert entity.get("address") == ("1 Street, Unit 2, Pyongyang, P, 99, Korea, North",)
    assert [one.programme for one in person.designations] == ["DPRK3", "CYBER2"]
    assert wallet.entity.get("publicKey") == ("1Invented",)
    assert person.locator == "sdnEntry uid=101"
    assert parsed.unknown == {"Shoe Size: 44": 1}
    (passport,) = (one for one in person.fields if one.prop == "passportNumber")
    assert passport.raw == "Passport X1 (Korea, North) issued 01 Oct 2001 expires 23 Jan 2011"


def test_alias_marks_are_kept() -> None:
    """Kind and quality stand in the XML, where the CSV needs quotation marks."""
    person = sdn.parse([_file()]).entries[0]
    assert [(one.text, one.kind, one.quality) for one in person.names] == [
        ("Man KIM", NameKind.PRIMARY, NameQuality.UNSTATED),
        ("Man GIM", NameKind.ALIAS, NameQuality.STRONG),
        ("THE FOX", NameKind.ALIAS, NameQuality.WEAK),
        ("OLD", NameKind.FORMER, NameQuality.STRONG),
    ]


def test_vessel_and_links() -> None:
    """Links that name another entry exactly get its id."""
    parsed = sdn.parse([_file()])
    person, vessel = parsed.entries[0], parsed.entries[2]
    assert vessel.entity.get("imoNumber") == ("9000001",)
    assert (vessel.entity.get("flag"), vessel.entity.get("tonnage")) == (("kp",), ("8100",))
    assert person.links[0].target_id == "us_ofac_sdn:103"
    assert vessel.links[0].target_id == "us_ofac_sdn:103"


def test_date_and_count_of_the_publication() -> None:
    """Month first; a count that the file does not keep is a warning."""
    assert sdn.parse([_file()]).published_on == date(2025, 3, 28)
    assert sdn.parse([_file()]).warnings == ()
    (warning,) = sdn.parse([_file(count=5704)]).warnings
    assert "says it has 5,704 records, but 3 are in it" in warning


def test_lists_are_told_apart_by_content() -> None:
    """Both lists have the root `sdnList`; the programmes tell them apart, the name only ties."""
    legislator = _VESSEL.replace("DPRK4", "NS-PLC")
    assert ofac_legacy_xml.recognise(_file(legislator)) == "us_ofac_cons"
    assert ofac_legacy_xml.recognise(_file()) == "us_ofac_sdn"
    assert ofac_legacy_xml.recognise(_file(name="consolidated.xml")) == "us_ofac_cons"
    assert ofac_legacy_xml.recognise(SourceFile("a.xml", b"<html><body/></html>")) is None
    assert cons.recognise(_file()) is None


def test_older_type_element_is_read() -> None:
    """Until 2015 some entries of the consolidated list had `nspType`."""
    file = _file(_PERSON.replace("sdnType", "nspType"), 1)
    assert ofac_legacy_xml.parse([file], "us_ofac_cons").entries[0].entity.schema == "Person"


def test_new_element_is_counted_and_kept() -> None:
    """What OFAC adds to its format shows, and is not lost."""
    file = _file(_VESSEL.replace("<uid>102</uid>", "<uid>102</uid><mood>Good</mood>"), 2)
    parsed = sdn.parse([file])
    assert parsed.unknown == {"mood: Good": 1}
    assert parsed.entries[0].entity.get("notes") == ("mood: Good",)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (_file().data[: len(_file().data) // 2], "Damaged XML"),
        (_file(_VESSEL.replace("<uid>102</uid>", ""), 2).data, "without uid or name"),
        (_file(_VESSEL.replace("INVENTED STAR", ""), 2).data, "without uid or name"),
    ],
)
def test_damaged_file_is_refused(data: bytes, problem: str) -> None:
    """Half a list, or a party nobody could name, stops the version."""
    with pytest.raises(SourceError, match=problem):
        ofac_legacy_xml.parse([SourceFile("sdn.xml", data)], "us_ofac_sdn")


def test_two_files_are_refused() -> None:
    """A version in this format is one file."""
    with pytest.raises(SourceError, match="This format is one file"):
        sdn.parse([_file(), _file(name="sdn2.xml")])


@pytest.mark.parametrize(
    ("name", "list_id", "entries", "day"),
    [
        ("consolidated_2024-05-06.xml.gz", "us_ofac_cons", 443, date(2024, 5, 6)),
        ("consolidated_2025-03-28.xml.gz", "us_ofac_cons", 443, date(2025, 3, 28)),
        ("consolidated_fixture_govwizely.xml", "us_ofac_cons", 16, date(2014, 12, 17)),
        ("sdn_fixture_govwizely.xml", "us_ofac_sdn", 4, date(2014, 7, 16)),
    ],
)
def test_published_files(name: str, list_id: str, entries: int, day: date) -> None:
    """Each record of the real files becomes an entry with a programme; next to none unknown."""
    path = SHARED / "ofac/xml" / name
    if not path.exists():
        pytest.skip(f"shared data not here: {path}")
    data = path.read_bytes()
    file = SourceFile(name, gzip.decompress(data) if name.endswith(".gz") else data)
    assert ofac_legacy_xml.recognise(file) == list_id
    parsed = ofac_legacy_xml.parse([file], list_id)
    assert len([one for one in parsed.entries if not is_wallet(one)]) == entries
    assert parsed.published_on == day
    assert all(one.designations for one in parsed.entries)
    assert parsed.unknown.total() <= 3
