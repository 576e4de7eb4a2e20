"""OFAC's enhanced XML: every element in its place, and the same entries as the legacy format."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.errors import SourceError
from tumen.lists.formats import ofac_enhanced, ofac_legacy_xml
from tumen.lists.formats.ofac_parts import edtf_span, published_name
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.dates import parse_date
from tumen.model.listing import Designation, Link, ListEntry, NameKind, NameQuality

SHARED = (Path(__file__).parents[2] / "../shared/data/ofac/xml").resolve()
NAMESPACE = (
    "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML"
)

HEAD = f"""<?xml version="1.0" encoding="utf-8"?>
<sanctionsData xmlns="{NAMESPACE}">
  <publicationInfo>
    <dataAsOf>2026-07-01T00:00:00</dataAsOf>
    <filters><sanctionsLists><sanctionsList refId="1550">SDN List</sanctionsList></sanctionsLists>
    </filters>
  </publicationInfo>
  <referenceValues><referenceValue refId="1400"><type>ALIAS TYPE</type><value>A.K.A.</value>
  </referenceValue></referenceValues>
  <entities>
"""
PERSON = """
<entity id="7001">
  <generalInfo><identityId>1</identityId><entityType refId="600">Individual</entityType>
    <title>Deputy Director; Engineer</title><remarks>Linked to nobody</remarks></generalInfo>
  <sanctionsLists>
    <sanctionsList refId="1550" id="1" datePublished="2019-04-15">SDN List</sanctionsList>
    <sanctionsList refId="91512" id="2" datePublished="2014-10-10">Consolidated List</sanctionsList>
  </sanctionsLists>
  <sanctionsPrograms><sanctionsProgram refId="1" id="1">DPRK3</sanctionsProgram>
    <sanctionsProgram refId="2" id="2">CYBER2</sanctionsProgram></sanctionsPrograms>
  <sanctionsTypes><sanctionsType refId="1705" id="1">Block</sanctionsType></sanctionsTypes>
  <legalAuthorities>
    <legalAuthority refId="9" id="1">Executive Order 13722 (North Korea)</legalAuthority>
  </legalAuthorities>
  <names>
    <name id="1"><isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations>
      <translation id="1"><isPrimary>true</isPrimary><script refId="20122">Latin</script>
        <formattedFullName>PAEK, Nam Il</formattedFullName><nameParts>
          <namePart id="1"><type refId="1521">First Name</type><value>Nam Il</value></namePart>
          <namePart id="2"><type refId="1520">Last Name</type><value>Paek</value></namePart>
        </nameParts></translation>
      <translation id="2"><isPrimary>false</isPrimary><script refId="5">Korean</script>
        <formattedFullName>백, 남일</formattedFullName><nameParts>
          <namePart id="3"><type refId="1521">First Name</type><value>남일</value></namePart>
          <namePart id="4"><type refId="1520">Last Name</type><value>백</value></namePart>
        </nameParts></translation>
      <translation id="3"><isPrimary>false</isPrimary><script refId="6">Cyrillic</script>
        <formattedFullName>ПЭК, Нам Ир</formattedFullName><nameParts>
          <namePart id="5"><type refId="1521">First Name</type><value>Нам Ир</value></namePart>
          <namePart id="6"><type refId="1520">Last Name</type><value>Пэк</value></namePart>
        </nameParts></translation></translations></name>
    <name id="2"><isPrimary>false</isPrimary><aliasType refId="1400">A.K.A.</aliasType>
      <isLowQuality>true</isLowQuality><translations>
      <translation id="4"><isPrimary>true</isPrimary><script refId="20122">Latin</script>
        <formattedFullName>GREY HERON</formattedFullName><nameParts>
          <namePart id="7"><type refId="1528">Nickname</type><value>Grey Heron</value></namePart>
        </nameParts></translation></translations></name>
    <name id="3"><isPrimary>false</isPrimary><aliasType refId="1401">F.K.A.</aliasType>
      <isLowQuality>false</isLowQuality><translations>
      <translation id="5"><isPrimary>true</isPrimary><script refId="20122">Latin</script>
        <formattedFullName>PAK, Nam Il</formattedFullName><nameParts>
          <namePart id="8"><type refId="1520">Last Name</type><value>Pak</value></namePart>
          <namePart id="9"><type refId="1521">First Name</type><value>Nam Il</value></namePart>
        </nameParts></translation></translations></name>
  </names>
  <addresses><address id="1"><country refId="11147">Korea, North</country><translations>
    <translation id="1"><isPrimary>true</isPrimary><script refId="20122">Latin</script>
      <addressParts>
        <addressPart id="2"><type refId="1454">CITY</type><value>Pyongyang</value></addressPart>
        <addressPart id="1"><type refId="1451">ADDRESS1</type><value>Street 9</value></addressPart>
      </addressParts></translation></translations></address></addresses>
  <features>
    <feature id="1"><type featureTypeId="8">Birthdate</type><versionId>1</versionId>
      <value>circa 1965</value><valueDate id="1"><fromDateBegin>1965-01-01</fromDateBegin>
      <fromDateEnd>1965-01-01</fromDateEnd><toDateBegin>1965-12-31</toDateBegin>
      <toDateEnd>1965-12-31</toDateEnd><isApproximate>true</isApproximate>
      <isDateRange>false</isDateRange></valueDate><isPrimary>true</isPrimary></feature>
    <feature id="2"><type featureTypeId="9">Place of Birth</type><value>Sinuiju</value></feature>
    <feature id="3"><type featureTypeId="10">Nationality Country</type>
      <value>Korea, North</value></feature>
    <feature id="4"><type featureTypeId="224">Gender</type><value>Male</value></feature>
    <feature id="5"><type featureTypeId="344">Digital Currency Address - XBT</type>
      <value>bc1qinvented0000000000000000000000000000</value></feature>
    <feature id="6"><type featureTypeId="14">Website</type><value>www.example.kp</value>
      <comments>Korean only</comments></feature>
    <feature id="7"><type featureTypeId="999">Favourite Colour</type><value>Blue</value></feature>
  </features>
  <identityDocuments><identityDocument id="1"><type refId="1571">Passport</type>
    <name nameId="1" nameTranslationId="1">PAEK, Nam Il</name>
    <documentNumber>290220142</documentNumber><isValid>false</isValid>
    <issuingCountry refId="11147">Korea, North</issuingCountry>
    <expirationDate id="1"><fromDateBegin>2020-03-03</fromDateBegin>
      <fromDateEnd>2020-03-03</fromDateEnd><toDateBegin>2020-03-03</toDateBegin>
      <toDateEnd>2020-03-03</toDateEnd><isApproximate>false</isApproximate></expirationDate>
  </identityDocument></identityDocuments>
  <relationships>
    <relationship id="1"><type refId="1">Acting for or on behalf of</type>
      <relatedEntity entityId="7002">TUMEN TRADING</relatedEntity></relationship>
    <relationship id="2"><type refId="2">Plays chess with</type>
      <relatedEntity entityId="7003">SOMEBODY</relatedEntity></relationship>
  </relationships>
</entity>
"""
COMPANY = """
<entity id="7002">
  <generalInfo><entityType refId="601">Entity</entityType></generalInfo>
  <sanctionsPrograms><sanctionsProgram refId="1" id="9">DPRK3</sanctionsProgram></sanctionsPrograms>
  <names><name id="9"><isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations>
    <translation id="9"><isPrimary>true</isPrimary><script refId="20122">Latin</script>
      <formattedFullName>TUMEN TRADING</formattedFullName><nameParts>
      <namePart id="9"><type refId="1525">Entity Name</type><value>Tumen Trading</value></namePart>
      </nameParts></translation></translations></name></names>
  <surprise>something new</surprise>
</entity>
"""
TAIL = "</entities></sanctionsData>"


def source(text: str, name: str = "SDN_ENHANCED.XML") -> SourceFile:
    """A published file with this text."""
    return SourceFile(name, text.encode())


@pytest.fixture(scope="module")
def parsed() -> ParsedList:
    """The invented file of one person and one company, and the person's wallet."""
    return ofac_enhanced.parse([source(HEAD + PERSON + COMPANY + TAIL)], "us_ofac_sdn")


@pytest.fixture(scope="module")
def person(parsed: ParsedList) -> ListEntry:
    """The invented person."""
    return parsed.entries[0]


def test_recognises_the_list_by_the_filter_in_its_head() -> None:
    """The two lists have one format; a file's name is only asked where its head is silent."""
    consolidated = HEAD.replace("SDN List", "Consolidated List")
    assert ofac_enhanced.recognise(source(HEAD, "cons.xml")) == "us_ofac_sdn"
    assert ofac_enhanced.recognise(source(consolidated, "sdn.xml")) == "us_ofac_cons"
    assert ofac_enhanced.recognise(source("<sanctionsData >", "cons.xml")) == "us_ofac_cons"
    assert ofac_enhanced.recognise(source("<sdnList/>")) is None


def test_whole_file(parsed: ParsedList) -> None:
    """Date, ids, and one entry more for the wallet."""
    assert str(parsed.published_on) == "2026-07-01"
    assert [entry.entity.entity_id for entry in parsed.entries] == [
        "us_ofac_sdn:7001",
        "us_ofac_sdn:7001-wallet-bc1qinvented0000000000000000000000000000",
        "us_ofac_sdn:7002",
    ]
    assert [entry.entity.schema for entry in parsed.entries] == [
        "Person",
        "CryptoWallet",
        "Organization",
    ]
    assert not parsed.warnings


def test_names_with_kind_quality_and_script(person: ListEntry) -> None:
    """Weak and former names are told apart; Korean stays surname first, without a blank."""
    assert [(n.text, n.kind, n.quality, n.script) for n in person.names] == [
        ("Nam Il PAEK", NameKind.PRIMARY, NameQuality.UNSTATED, "Latn"),
        ("백남일", NameKind.ALIAS, NameQuality.STRONG, "Kore"),
        ("Нам Ир Пэк", NameKind.ALIAS, NameQuality.STRONG, "Cyrl"),
        ("GREY HERON", NameKind.ALIAS, NameQuality.WEAK, "Latn"),
        ("Nam Il PAK", NameKind.FORMER, NameQuality.STRONG, "Latn"),
    ]
    assert person.entity.get("weakAlias") == ("GREY HERON",)
    assert person.entity.get("previousName") == ("Nam Il PAK",)


def test_facts_of_a_person(person: ListEntry) -> None:
    """Dates, places, papers and contacts reach their properties, with the published text."""
    expected = {
        "birthDate": ("1965~",),
        "birthPlace": ("Sinuiju",),
        "nationality": ("kp",),
        "gender": ("male",),
        "position": ("Deputy Director", "Engineer"),
        "passportNumber": ("290220142",),
        "website": ("www.example.kp",),
        "address": ("Street 9, Pyongyang, Korea, North",),
        "country": ("kp",),
        "programId": ("DPRK3", "CYBER2"),
        "keywords": ("SDN List", "Consolidated List"),
    }
    assert {prop: person.entity.get(prop) for prop in expected} == expected
    raw = {field.prop: field.raw for field in person.fields}
    assert raw["passportNumber"] == (
        "Passport 290220142 (Korea, North) expires 2020-03-03 not valid"
    )
    assert "Website www.example.kp Korean only" in person.entity.get("notes")


def test_designations(person: ListEntry) -> None:
    """One for each programme, dated by the list that is no umbrella."""
    assert person.designations == tuple(
        Designation(
            "Office of Foreign Assets Control",
            programme,
            "Executive Order 13722 (North Korea)",
            "2019-04-15",
            measures=("Block",),
        )
        for programme in ("DPRK3", "CYBER2")
    )


def test_links(person: ListEntry) -> None:
    """A known relation by its kind; a new one under its own words; no id of another list."""
    assert person.links[1:3] == (
        Link("Representation", "us_ofac_sdn:7002", "TUMEN TRADING", "Acting for or on behalf of"),
        Link("UnknownLink", "", "SOMEBODY", "Plays chess with"),
    )


def test_what_is_new_is_counted(parsed: ParsedList, person: ListEntry) -> None:
    """A feature, relation or element that OFAC invents tomorrow is seen, and kept as a note."""
    assert parsed.unknown["Favourite Colour: Blue"] == 1
    assert parsed.unknown["relation: Plays chess with"] == 1
    assert parsed.unknown["surprise: something new"] == 1
    assert "Favourite Colour: Blue" in person.entity.get("notes")


def test_a_filtered_export_is_no_whole_list() -> None:
    """An export of one programme is read, with a warning that names it."""
    filters = (
        "<sanctionsPrograms><sanctionsProgram>IRGC</sanctionsProgram></sanctionsPrograms></filters>"
    )
    text = HEAD.replace("</filters>", filters) + COMPANY + TAIL
    found = ofac_enhanced.parse([source(text)], "us_ofac_sdn")
    assert "IRGC" in found.warnings[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + PERSON, "Damaged XML"),
        (HEAD + COMPANY.replace(' id="7002"', "") + TAIL, "without id or name"),
        (HEAD + '<entity id="1"><names/></entity>' + TAIL, "without id or name"),
    ],
)
def test_refuses_what_is_cut_or_nameless(text: str, message: str) -> None:
    """A truncated list or a record that nobody could find never becomes a version."""
    with pytest.raises(SourceError, match=message):
        ofac_enhanced.parse([source(text)], "us_ofac_sdn")


def test_refuses_two_files() -> None:
    """Two files of this format are two versions."""
    with pytest.raises(SourceError, match="one file"):
        ofac_enhanced.parse([source(HEAD), source(HEAD)], "us_ofac_sdn")


@pytest.mark.parametrize(
    ("first", "last", "circa", "expected"),
    [
        ("1962-03-04", "1962-03-04", False, "1962-03-04"),
        ("1962-01-01", "1962-12-31", False, "1962"),
        ("1962-01-01", "1962-12-31", True, "1962~"),
        ("1964-02-01", "1964-02-29", False, "1964-02"),
        ("1958-01-01", "1960-12-31", False, "1958/1960"),
        ("1958-01-01", "1960-12-31", True, "1958~/1960~"),
        ("1958-03-05", "1960-04-02", False, "1958-03-05/1960-04-02"),
        ("1962-13-01", "1962-12-31", False, ""),
        ("1963-01-01", "1962-12-31", False, ""),
    ],
)
def test_spans_of_days_become_edtf(first: str, last: str, circa: bool, expected: str) -> None:
    """A year given as its first and last day is a year, not an interval of days."""
    assert edtf_span(first, last, is_circa=circa) == expected


DAYS = st.dates(max_value=date(9998, 12, 31))


@given(DAYS, DAYS, st.booleans())
def test_a_span_keeps_its_bounds(first: date, last: date, circa: bool) -> None:
    """However a span is written, it means the same days."""
    text = edtf_span(str(first), str(last), is_circa=circa)
    if last < first:
        assert text == ""
        return
    found = parse_date(text)
    assert found is not None
    assert (found.first, found.last, found.is_circa) == (first, last, circa)


def test_published_names_of_people_in_every_order() -> None:
    """The parts come in any order; the published name has one."""
    parts = [
        ("First Name", "Ivan"),
        ("Last Name", "PETROV"),
        ("Patronymic", "Ilyich"),
        ("Middle Name", "Amur"),
    ]
    assert published_name(parts) == "PETROV, Ivan Amur Ilyich"
    assert published_name(parts[:1]) == "Ivan"
    assert published_name([("Entity Name", "HAN"), ("Entity Name", "CO.")]) == "HAN CO."


def read_shared(module: object, name: str, list_id: str) -> ParsedList:
    """A real file, or skip."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    data = gzip.decompress(path.read_bytes())
    found: ParsedList = module.parse([SourceFile(name, data)], list_id)  # type: ignore[attr-defined]
    return found


def test_real_files_have_the_published_counts() -> None:
    """Every entity element of the real files becomes an entry."""
    consolidated = read_shared(ofac_enhanced, "CONS_ENHANCED_2025-01-10.xml.gz", "us_ofac_cons")
    assert len(consolidated.entries) == 443
    assert sum(consolidated.unknown.values()) <= 1
    irgc = read_shared(ofac_enhanced, "SDN_ENHANCED_IRGC_subset.xml.gz", "us_ofac_sdn")
    wallets = [entry for entry in irgc.entries if entry.entity.schema == "CryptoWallet"]
    assert len(irgc.entries) - len(wallets) == 293
    assert len(wallets) == 7
    assert not irgc.unknown
    assert irgc.warnings


def test_enhanced_and_legacy_say_the_same() -> None:
    """Two formats of one list, eleven weeks apart, agree on ids, types, names and programmes."""
    one = read_shared(ofac_enhanced, "CONS_ENHANCED_2025-01-10.xml.gz", "us_ofac_cons")
    two = read_shared(ofac_legacy_xml, "consolidated_2025-03-28.xml.gz", "us_ofac_cons")
    assert {shown(entry) for entry in one.entries} == {shown(entry) for entry in two.entries}


def shown(entry: ListEntry) -> tuple[object, ...]:
    """What both formats state of an entry; only the enhanced one has other scripts."""
    names = {(n.text.casefold(), n.kind, n.quality) for n in entry.names if n.script == "Latn"}
    programmes = {designation.programme for designation in entry.designations}
    dates = entry.entity.get("birthDate")
    return (
        entry.entity.entity_id,
        entry.entity.schema,
        frozenset(names),
        frozenset(programmes),
        frozenset(dates),
        frozenset(link.target_id for link in entry.links),
    )
