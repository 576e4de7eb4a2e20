"""The reader of the Security Council's consolidated list."""

from __future__ import annotations

import gzip
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.errors import SourceError
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.un_sc_sanctions.details import narrative
from tumen.lists.un_sc_sanctions.parse import parse, recognise
from tumen.model.listing import ListEntry, NameKind, NameQuality

SHARED = (Path(__file__).parents[2] / "../shared/data/un").resolve()
# Version → individuals and entities, as its own elements count.
VERSIONS = {
    "2016-02-11": (130, 109),
    "2017-07-03": (650, 371),
    "2018-10-29": (703, 390),
    "2020-11-30": (713, 305),
    "2025-04-19": (684, 193),
    "2025-11-18": (727, 273),
    "2026-02-27": (730, 273),
}
INDIVIDUAL = """
<INDIVIDUAL>
  <DATAID>7700001</DATAID><VERSIONNUM>1</VERSIONNUM>
  <FIRST_NAME>PAK </FIRST_NAME><SECOND_NAME>MYONG SU</SECOND_NAME><THIRD_NAME/>
  <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.999 </REFERENCE_NUMBER>
  <LISTED_ON>2016-11-30-05:00</LISTED_ON>
  <NAME_ORIGINAL_SCRIPT>박명수</NAME_ORIGINAL_SCRIPT>
  <COMMENTS1>Pays for machine parts. Gender: male. Father’s name: Pak Chol. Review pursuant to
    Security Council resolution 1822 (2008) was concluded on 8 Jun. 2010.
    [Old Reference # I.47.D.6] INTERPOL-UN Security Council Special Notice web link:
    https://example.org/notice</COMMENTS1>
  <TITLE><VALUE>a) General b) Doctor</VALUE></TITLE>
  <DESIGNATION><VALUE>Trade representative</VALUE><VALUE>b) Deputy director</VALUE></DESIGNATION>
  <NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE></NATIONALITY>
  <LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE>
  <LAST_DAY_UPDATED><VALUE>2017-08-05</VALUE><VALUE>2021-01-02</VALUE><VALUE/></LAST_DAY_UPDATED>
  <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Park Myong-Soo; Pak Myongsu</ALIAS_NAME>
  </INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Jin Tiesan (金铁三)</ALIAS_NAME>
  </INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Pak Chun Il</ALIAS_NAME>
    <NOTE>previously listed as</NOTE><DATE_OF_BIRTH>1954-03-02</DATE_OF_BIRTH>
    <CITY_OF_BIRTH>Hamhung</CITY_OF_BIRTH><COUNTRY_OF_BIRTH>DPRK</COUNTRY_OF_BIRTH>
  </INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ADDRESS><STREET>1 River Road</STREET><CITY>Beijing</CITY><COUNTRY>China</COUNTRY>
    <NOTE>previous address. Tel. +86 10 555 0199</NOTE></INDIVIDUAL_ADDRESS>
  <INDIVIDUAL_ADDRESS><COUNTRY>Angola</COUNTRY></INDIVIDUAL_ADDRESS>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1955-03-02</DATE>
  </INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1956</YEAR>
  </INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1957</FROM_YEAR>
    <TO_YEAR>1959</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1958</YEAR><NOTE>Sep.</NOTE>
  </INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE>
    <NOTE>24/06/1402 (Hijri Calendar)</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Kaesong</CITY><COUNTRY>DPRK</COUNTRY>
  </INDIVIDUAL_PLACE_OF_BIRTH>
  <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT>
    <NUMBER>North Korean passport number PS 7700001</NUMBER>
    <ISSUING_COUNTRY>DPRK</ISSUING_COUNTRY><NOTE>expired</NOTE></INDIVIDUAL_DOCUMENT>
  <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT>
    <TYPE_OF_DOCUMENT2>identity card number 880001</TYPE_OF_DOCUMENT2></INDIVIDUAL_DOCUMENT>
  <INDIVIDUAL_DOCUMENT/>
  <SORT_KEY/><SORT_KEY_LAST_MOD/>
</INDIVIDUAL>"""
COMPANY = """
<ENTITY>
  <DATAID>7700002</DATAID><VERSIONNUM>1</VERSIONNUM>
  <FIRST_NAME>TUMEN RIVER SHIPPING (TRS)</FIRST_NAME>
  <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPe.999</REFERENCE_NUMBER>
  <LISTED_ON>2018-03-30</LISTED_ON><SUBMITTED_ON>2018-03-01</SUBMITTED_ON>
  <COMMENTS1>Registered owner of the tanker EXAMPLE STAR. IMO number: 9074729.</COMMENTS1>
  <LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE><LAST_DAY_UPDATED/>
  <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>TUMEN SHPG CO</ALIAS_NAME></ENTITY_ALIAS>
  <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Border Bridge Trading</ALIAS_NAME>
  </ENTITY_ALIAS>
  <ENTITY_ADDRESS><CITY>Rason</CITY><COUNTRY>Atlantis</COUNTRY></ENTITY_ADDRESS>
</ENTITY>"""
SHIP = """
<ENTITY>
  <DATAID>7700003</DATAID><FIRST_NAME>EXAMPLE STAR</FIRST_NAME>
  <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><LISTED_ON>2018-03-30</LISTED_ON>
  <COMMENTS1>DPRK-flagged vessel. IMO number: 9074729.</COMMENTS1>
</ENTITY>"""


def document(individuals: str = INDIVIDUAL, entities: str = COMPANY + SHIP) -> bytes:
    """A consolidated list with the given records."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<CONSOLIDATED_LIST dateGenerated='2026-02-27T00:00:09.554Z'>"
        f"<INDIVIDUALS>{individuals}</INDIVIDUALS><ENTITIES>{entities}</ENTITIES>"
        "</CONSOLIDATED_LIST>"
    ).encode()


def read(data: bytes | None = None) -> ParsedList:
    """The invented list, read."""
    return parse([SourceFile("consolidated.xml", document() if data is None else data)])


@pytest.fixture(scope="module")
def person() -> ListEntry:
    """The invented individual."""
    return read().entries[0]


def test_recognises_by_content() -> None:
    """The registry asks every reader; only this list's root element may be claimed."""
    assert recognise(SourceFile("x", document())) == "xml"
    assert recognise(SourceFile("consolidated.xml", b"<sdnList/>")) is None


def test_version_has_its_date_and_all_records() -> None:
    """A record lost in reading is a listed party that nobody screens against."""
    parsed = read()
    assert (parsed.list_id, parsed.format) == ("un_sc_sanctions", "xml")
    assert parsed.published_on == date(2026, 2, 27)
    assert [entry.entity.entity_id for entry in parsed.entries] == [
        "un_sc_sanctions:7700001",
        "un_sc_sanctions:7700002",
        "un_sc_sanctions:7700003",
    ]
    assert not parsed.warnings


def test_names_are_told_apart_and_keep_their_marks(person: ListEntry) -> None:
    """Several names in one field become several, each with the field's quality."""
    names = [(n.text, n.kind, n.quality, n.script) for n in person.names]
    primary, alias, former = NameKind.PRIMARY, NameKind.ALIAS, NameKind.FORMER
    assert names == [
        ("PAK MYONG SU", primary, NameQuality.UNSTATED, "Latn"),
        ("박명수", primary, NameQuality.UNSTATED, "Kore"),
        ("Park Myong-Soo", alias, NameQuality.STRONG, "Latn"),
        ("Pak Myongsu", alias, NameQuality.STRONG, "Latn"),
        ("Jin Tiesan", alias, NameQuality.WEAK, "Latn"),
        ("金铁三", alias, NameQuality.WEAK, "Hani"),
        ("Pak Chun Il", former, NameQuality.STRONG, "Latn"),
    ]
    assert person.entity.get("weakAlias") == ("Jin Tiesan", "金铁三")
    assert person.entity.get("previousName") == ("Pak Chun Il",)


def test_split_names_keep_the_published_text(person: ListEntry) -> None:
    """Evidence shows the field as published, also where one field made two names."""
    raws = {field.value: field.raw for field in person.fields}
    assert raws["Pak Myongsu"] == raws["Park Myong-Soo"] == "Park Myong-Soo; Pak Myongsu"
    assert raws["金铁三"] == "Jin Tiesan (金铁三)"
    assert raws["Pak Chun Il"] == "Pak Chun Il [previously listed as]"


def test_births_are_days_years_spans_and_circa(person: ListEntry) -> None:
    """Every TYPE_OF_DATE has its EDTF; an alias may state a birth of its own."""
    dates = person.entity.get("birthDate")
    assert dates == ("1954-03-02", "1955-03-02", "1956~", "1957/1959", "1958-09")
    assert person.entity.get("birthPlace") == ("Hamhung, DPRK", "Kaesong, DPRK")
    assert person.entity.get("birthCountry") == ("kp",)


def test_a_hijri_year_is_not_read_as_ours() -> None:
    """1402 of the Hijri calendar is 1982; read as ours it would rule out a true match."""
    unknown = read().unknown
    assert [key for key in unknown if "Hijri" in key]
    assert not any("1402" in value for value in read().entries[0].entity.get("birthDate"))


def test_facts_of_the_person(person: ListEntry) -> None:
    """Titles, posts, nationality, documents, addresses and what the comments label."""
    entity = person.entity
    assert entity.get("title") == ("General", "Doctor")
    assert entity.get("position") == ("Trade representative", "Deputy director")
    assert entity.get("nationality") == ("kp",)
    assert entity.get("gender") == ("male",)
    assert entity.get("fatherName") == ("Pak Chol",)
    assert entity.get("passportNumber") == ("PS 7700001",)
    assert entity.get("idNumber") == ("880001",)
    assert entity.get("address") == ("1 River Road, Beijing, China",)
    assert entity.get("country") == ("cn", "ao")
    assert entity.get("phone") == ("+86 10 555 0199",)


def test_designation_says_programme_dates_and_reason(person: ListEntry) -> None:
    """The reason is the narrative, without the notices that every entry carries."""
    (designation,) = person.designations
    assert designation.programme == "DPRK"
    assert designation.reference == "KPi.999"
    assert (designation.listed_on, designation.amended_on) == ("2016-11-30", "2021-01-02")
    assert designation.reason.startswith("Pays for machine parts.")
    assert "INTERPOL" not in designation.reason
    assert "Old Reference" not in designation.reason
    assert "INTERPOL" in person.remarks


def test_a_comment_of_notices_alone_gives_no_reason() -> None:
    """A boilerplate notice is not a reason for a listing."""
    assert narrative("Review pursuant to Security Council resolution 1822 (2008) was "
                     "concluded on 8 Jun. 2010.") == ""  # fmt: skip


def test_company_with_an_imo_number_stays_a_company() -> None:
    """Owners of ships have IMO numbers; only what is itself called a vessel is one."""
    _, company, ship = (entry.entity for entry in read().entries)
    assert (company.schema, ship.schema) == ("Organization", "Vessel")
    assert company.get("imoNumber") == ship.get("imoNumber") == ("9074729",)
    assert company.get("name") == ("TUMEN RIVER SHIPPING",)
    assert company.get("alias") == ("TRS", "TUMEN SHPG CO")
    assert company.get("previousName") == ("Border Bridge Trading",)


def test_a_record_without_a_name_is_kept_and_counted() -> None:
    """Not even a nameless ship is dropped: its IMO number can still be met."""
    nameless = SHIP.replace("<FIRST_NAME>EXAMPLE STAR</FIRST_NAME>", "<FIRST_NAME/>")
    parsed = read(document("", nameless))
    assert parsed.entries[0].entity.get("imoNumber") == ("9074729",)
    assert parsed.unknown == {"FIRST_NAME: ": 1}


def test_what_cannot_be_read_is_counted() -> None:
    """An unknown country and an unknown element are shown, not dropped."""
    extra = INDIVIDUAL.replace("<SORT_KEY/>", "<SHOE_SIZE>44</SHOE_SIZE>")
    extra = extra.replace("<QUALITY>Low</QUALITY>", "<QUALITY>Fair</QUALITY>")
    parsed = read(document(extra))
    assert parsed.unknown["ENTITY_ADDRESS/COUNTRY: Atlantis"] == 1
    assert parsed.unknown["INDIVIDUAL/SHOE_SIZE: 44"] == 1
    assert parsed.unknown["INDIVIDUAL_ALIAS/QUALITY: Fair"] == 1
    assert "INDIVIDUAL/SHOE_SIZE: 44" in parsed.entries[0].entity.get("notes")


def test_unknown_section_is_counted() -> None:
    """A new part of the list must not go unnoticed."""
    data = document().replace(b"</CONSOLIDATED_LIST>", b"<VESSELS><VESSEL/></VESSELS>"
                              b"</CONSOLIDATED_LIST>")  # fmt: skip
    assert read(data).unknown["CONSOLIDATED_LIST/VESSELS: 1 records"] == 1


def test_an_unreadable_date_of_the_list_is_a_warning() -> None:
    """The age of a list matters; silence about it would look like freshness."""
    parsed = read(document().replace(b"2026-02-27T00:00:09.554Z", b"soon"))
    assert parsed.published_on is None
    assert "soon" in parsed.warnings[0]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (document().replace(b"<DATAID>7700001</DATAID>", b"<DATAID/>"), "without a DATAID"),
        (document().replace(b"7700002", b"7700001"), "occurs twice"),
        (b"<sdnList/>", "root element is <sdnList>"),
        (document()[:-40], "Damaged XML"),
    ],
)
def test_refuses_a_list_that_is_not_whole(data: bytes, problem: str) -> None:
    """A damaged list must not replace a good one; the error says where."""
    with pytest.raises(SourceError, match=problem) as error:
        read(data)
    assert "consolidated.xml" in str(error.value)


def test_refuses_two_files() -> None:
    """Two versions joined would bring back the delisted."""
    file = SourceFile("consolidated.xml", document())
    with pytest.raises(SourceError, match="2 files"):
        parse([file, file])


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, len(document()) - 1), cut=st.integers(0, 200), put=st.binary(max_size=4))
def test_any_damage_ends_in_a_list_or_a_source_error(at: int, cut: int, put: bytes) -> None:
    """Bytes from outside never crash the reader in another way."""
    data = document()
    try:
        parsed = read(data[:at] + put + data[at + cut :])
    except SourceError:
        return
    assert isinstance(parsed.unknown, Counter)


def load(name: str) -> SourceFile:
    """A real version, where it is at hand."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real UN lists are not at hand ({name})")
    return SourceFile(name.removesuffix(".gz"), gzip.decompress(path.read_bytes()))


@pytest.mark.parametrize("day", VERSIONS)
def test_real_versions_have_all_their_records(day: str) -> None:
    """Seven published versions of ten years parse with the exact counts."""
    parsed = parse([load(f"un_consolidated_{day}.xml.gz")])
    kinds = Counter(entry.entity.schema for entry in parsed.entries)
    assert (kinds["Person"], kinds["Organization"]) == VERSIONS[day]
    assert parsed.published_on == date.fromisoformat(day)
    assert all(entry.names and entry.designations for entry in parsed.entries)
    assert sum(parsed.unknown.values()) < len(parsed.entries) * 0.03


def test_real_damaged_version_is_refused_with_its_place() -> None:
    """A file that somebody edited by hand is refused with file, line and column."""
    with pytest.raises(SourceError, match=r"un_consolidated_2025-08-16\.xml, line 53, column \d+"):
        parse([load("malformed/un_consolidated_2025-08-16.xml.gz")])
