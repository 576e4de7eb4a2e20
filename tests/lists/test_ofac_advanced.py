"""OFAC's advanced XML: what stands apart in the file comes together in one entry."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tumen.errors import SourceError
from tumen.lists.formats import ofac_advanced
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import Designation, Link, ListEntry, NameKind, NameQuality

SHARED = (Path(__file__).parents[2] / "../shared/data/ofac/xml").resolve()
UN = "http://www.un.org/sanctions/1.0"
SLS = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML"


def day(tag: str, text: str) -> str:
    """`<tag>` with the year, month and day of an ISO date."""
    year, month, number = (str(int(part)) for part in text.split("-"))
    return f"<{tag}><Year>{year}</Year><Month>{month}</Month><Day>{number}</Day></{tag}>"


def period(first: str, last: str, approximate: str = "false") -> str:
    """A `<DatePeriod>` from one day to another."""
    start, end = (
        f'<{tag} Approximate="{approximate}">{day("From", text)}{day("To", text)}</{tag}>'
        for tag, text in (("Start", first), ("End", last))
    )
    return f'<DatePeriod CalendarTypeID="1">{start}{end}</DatePeriod>'


def feature(type_id: int, content: str) -> str:
    """A `<Feature>` with one version."""
    return (
        f'<Feature ID="{type_id}" FeatureTypeID="{type_id}"><FeatureVersion ID="1"><Comment/>'
        f"{content}</FeatureVersion></Feature>"
    )


def detail(text: str) -> str:
    """A `<VersionDetail>` with text."""
    return f'<VersionDetail DetailTypeID="1432">{text}</VersionDetail>'


def name(parts: dict[int, str], script: int, status: int = 1) -> str:
    """A `<DocumentedName>` of parts by their group."""
    values = "".join(
        f'<DocumentedNamePart><NamePartValue NamePartGroupID="{group}" ScriptID="{script}">{text}'
        "</NamePartValue></DocumentedNamePart>"
        for group, text in parts.items()
    )
    return f'<DocumentedName ID="1" DocNameStatusID="{status}">{values}</DocumentedName>'


REFERENCES = """<ReferenceValueSets>
  <AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType>
    <AliasType ID="1403">Name</AliasType></AliasTypeValues>
  <AreaCodeValues><AreaCode ID="11147" CountryID="11147" Description="Korea, North">KP</AreaCode>
    <AreaCode ID="11291" Description="undetermined"/></AreaCodeValues>
  <CountryValues><Country ID="11147" ISO2="KP">Korea, North</Country></CountryValues>
  <DetailReferenceValues><DetailReference ID="91526">Male</DetailReference>
  </DetailReferenceValues>
  <FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType>
    <FeatureType ID="9">Place of Birth</FeatureType><FeatureType ID="11">Citizenship Country
    </FeatureType><FeatureType ID="25">Location</FeatureType>
    <FeatureType ID="26">Title</FeatureType><FeatureType ID="224">Gender</FeatureType>
    <FeatureType ID="3">Vessel Flag</FeatureType><FeatureType ID="2">VESSEL TYPE</FeatureType>
    <FeatureType ID="4">Vessel Owner</FeatureType>
    <FeatureType ID="344">Digital Currency Address - XBT</FeatureType>
    <FeatureType ID="77">Aircraft Manufacturer’s Serial Number (MSN)</FeatureType>
    <FeatureType ID="999">Favourite Colour</FeatureType></FeatureTypeValues>
  <IDRegDocDateTypeValues><IDRegDocDateType ID="1480">Issue Date</IDRegDocDateType>
    <IDRegDocDateType ID="1481">Expiration Date</IDRegDocDateType></IDRegDocDateTypeValues>
  <IDRegDocTypeValues><IDRegDocType ID="1571">Passport</IDRegDocType>
    <IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType>
    <IDRegDocType ID="1627">Library Card</IDRegDocType></IDRegDocTypeValues>
  <LegalBasisValues><LegalBasis ID="1">Unknown</LegalBasis>
    <LegalBasis ID="5">Executive Order 13722 (North Korea)</LegalBasis>
    <LegalBasis ID="6">Executive Order 13694 (Cyber)</LegalBasis></LegalBasisValues>
  <ListValues><List ID="1550">SDN List</List><List ID="91512">Consolidated List</List>
    <List ID="91763">CAPTA List</List></ListValues>
  <LocPartTypeValues><LocPartType ID="1451">ADDRESS1</LocPartType>
    <LocPartType ID="1454">CITY</LocPartType></LocPartTypeValues>
  <NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType>
    <NamePartType ID="1521">First Name</NamePartType><NamePartType ID="1525">Entity Name
    </NamePartType><NamePartType ID="1526">Vessel Name</NamePartType></NamePartTypeValues>
  <PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType>
    <PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType>
    <PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
  <PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType>
    <PartyType ID="4">Transport</PartyType></PartyTypeValues>
  <RelationTypeValues><RelationType ID="15001">Owned or Controlled By</RelationType>
    <RelationType ID="15002">Plays chess with</RelationType></RelationTypeValues>
  <SanctionsTypeValues><SanctionsType ID="1705">Block</SanctionsType>
    <SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues>
  <ScriptValues><Script ID="215">Latin</Script><Script ID="220">Cyrillic</Script>
    <Script ID="330">Korean</Script><Script ID="331">Runic</Script></ScriptValues>
  <ValidityValues><Validity ID="1">Valid</Validity><Validity ID="2">Fraudulent</Validity>
  </ValidityValues>
</ReferenceValueSets>"""
LOCATIONS = """<Locations>
  <Location ID="501"><LocationAreaCode AreaCodeID="11147"/>
    <LocationCountry CountryID="11147" CountryRelevanceID="1"/>
    <LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true"><Value>Rason</Value>
    </LocationPartValue></LocationPart>
    <LocationPart LocPartTypeID="1451"><LocationPartValue Primary="true"><Value>Pier 4</Value>
    </LocationPartValue></LocationPart></Location>
  <Location ID="502"><LocationCountry CountryID="11147"/></Location>
  <Location ID="503"><LocationAreaCode AreaCodeID="11291"/></Location>
</Locations>"""
DOCUMENTS = f"""<IDRegDocuments>
  <IDRegDocument ID="601" IDRegDocTypeID="1571" IdentityID="81" IssuedBy-CountryID="11147"
      ValidityID="2"><Comment/><IDRegistrationNo>290220142</IDRegistrationNo><IssuingAuthority/>
    <DocumentDate IDRegDocDateTypeID="1480">{period("2015-02-03", "2015-02-03")}</DocumentDate>
    <DocumentDate IDRegDocDateTypeID="1481">{period("2020-01-01", "2020-12-31")}</DocumentDate>
  </IDRegDocument>
  <IDRegDocument ID="602" IDRegDocTypeID="1627" IdentityID="81" ValidityID="1">
    <IDRegistrationNo>A-12</IDRegistrationNo></IDRegDocument>
  <IDRegDocument ID="603" IDRegDocTypeID="1626" IdentityID="83" ValidityID="1">
    <IDRegistrationNo>IMO 9187629</IDRegistrationNo></IDRegDocument>
</IDRegDocuments>"""
GROUPS = """<NamePartGroups>
  <MasterNamePartGroup><NamePartGroup ID="11" NamePartTypeID="1520"/></MasterNamePartGroup>
  <MasterNamePartGroup><NamePartGroup ID="12" NamePartTypeID="1521"/></MasterNamePartGroup>
  <MasterNamePartGroup><NamePartGroup ID="13" NamePartTypeID="1525"/></MasterNamePartGroup>
</NamePartGroups>"""
PERSON = f"""<DistinctParty FixedRef="8001"><Comment/>
  <Profile ID="8001" PartySubTypeID="4"><Identity ID="81" Primary="true" False="false">
    <Alias FixedRef="8001" AliasTypeID="1403" Primary="true" LowQuality="false">
      {name({11: "PAEK", 12: "Nam Il"}, 215)}{name({12: "남일", 11: "백"}, 330, 2)}</Alias>
    <Alias FixedRef="8001" AliasTypeID="1400" Primary="false" LowQuality="true">
      {name({12: "Grey Heron"}, 215)}</Alias>
    <Alias FixedRef="8001" AliasTypeID="1401" Primary="false" LowQuality="false">
      {name({11: "PAK", 12: "Nam Il"}, 215)}</Alias>
    {GROUPS}</Identity>
  {feature(8, period("1958-01-01", "1960-12-31"))}
  {feature(8, period("1961-01-01", "1961-12-31", "true"))}
  {feature(9, detail("Sinuiju"))}
  {feature(11, '<VersionLocation LocationID="502"/>')}
  {feature(25, '<VersionLocation LocationID="501"/>')}
  {feature(25, '<VersionLocation LocationID="503"/>')}
  {feature(26, detail("Engineer"))}
  {feature(224, '<VersionDetail DetailTypeID="1431" DetailReferenceID="91526"/>')}
  {feature(344, detail("bc1qinvented0000000000000000000000000000"))}
  {feature(999, detail("Blue"))}
</Profile></DistinctParty>"""
COMPANY = f"""<DistinctParty FixedRef="8002"><Comment>Fax: 850 2 381</Comment>
  <Profile ID="8002" PartySubTypeID="3"><Identity ID="82" Primary="true">
    <Alias FixedRef="8002" AliasTypeID="1403" Primary="true" LowQuality="false">
      {name({13: "TUMEN TRADING"}, 215)}{name({13: "ᚠᚢᚦ"}, 331, 2)}</Alias>
    {GROUPS}</Identity></Profile></DistinctParty>"""
SHIP = f"""<DistinctParty FixedRef="8003"><Comment/>
  <Profile ID="8003" PartySubTypeID="1"><Identity ID="83" Primary="true">
    <Alias FixedRef="8003" AliasTypeID="1403" Primary="true" LowQuality="false">
      {name({13: "HWANG SAN 7"}, 215)}</Alias>{GROUPS}</Identity>
  {feature(3, detail("North Korea"))}{feature(2, detail("Bulk Cargo"))}
  {feature(4, detail("Tumen Trading"))}
</Profile></DistinctParty>"""
RELATIONSHIPS = """<ProfileRelationships>
  <ProfileRelationship ID="1" From-ProfileID="8003" To-ProfileID="8002" RelationTypeID="15001"
    Former="false"><Comment/></ProfileRelationship>
  <ProfileRelationship ID="2" From-ProfileID="8001" To-ProfileID="9999" RelationTypeID="15002"
    Former="true"><Comment/></ProfileRelationship>
</ProfileRelationships>"""


def entry(profile: int, list_id: int, basis: int, on: str, measures: str) -> str:
    """A `<SanctionsEntry>` with one event."""
    return (
        f'<SanctionsEntry ID="1" ProfileID="{profile}" ListID="{list_id}"><EntryEvent ID="1" '
        f'EntryEventTypeID="1" LegalBasisID="{basis}"><Comment/>{day("Date", on)}</EntryEvent>'
        f"{measures}</SanctionsEntry>"
    )


def programme(tag: str) -> str:
    """A measure that names a programme."""
    return f'<SanctionsMeasure SanctionsTypeID="1"><Comment>{tag}</Comment></SanctionsMeasure>'


BLOCK = '<SanctionsMeasure ID="1" SanctionsTypeID="1705"><Comment/></SanctionsMeasure>'
ENTRIES = f"""<SanctionsEntries>
  {entry(8001, 1550, 5, "2016-06-02", BLOCK + programme("DPRK3"))}
  {entry(8001, 91763, 6, "2018-09-07", programme("CYBER2"))}
  {entry(8002, 1550, 1, "2017-03-31", programme("DPRK-EO13722"))}
  {entry(8003, 1550, 5, "2018-02-23", BLOCK + programme("DPRK3"))}
</SanctionsEntries>"""


def document(namespace: str = SLS, parties: str = PERSON + COMPANY + SHIP) -> str:
    """The whole invented file."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Sanctions xmlns="{namespace}" Version="1">'
        f"{day('DateOfIssue', '2026-07-01')}{REFERENCES}{LOCATIONS}{DOCUMENTS}"
        f"<DistinctParties>{parties}</DistinctParties>{RELATIONSHIPS}{ENTRIES}</Sanctions>"
    )


def read(text: str, list_id: str = "us_ofac_sdn") -> ParsedList:
    """The parsed text of a file."""
    return ofac_advanced.parse([SourceFile("sdn_advanced.xml", text.encode())], list_id)


@pytest.fixture(scope="module", params=[UN, SLS])
def parsed(request: pytest.FixtureRequest) -> ParsedList:
    """The invented file in each of the two namespaces."""
    return read(document(request.param))


def by_id(parsed: ParsedList, number: int) -> ListEntry:
    """The entry of one party."""
    return next(one for one in parsed.entries if one.entity.entity_id == f"us_ofac_sdn:{number}")


def test_recognises_the_format_by_content_and_the_list_by_name() -> None:
    """The head of the file does not tell OFAC's two lists apart."""
    data = document().encode()
    recognise = ofac_advanced.recognise
    assert recognise(SourceFile("sdn_advanced.xml", data)) == "us_ofac_sdn"
    assert recognise(SourceFile("CONS_ADVANCED.XML", data)) == "us_ofac_cons"
    assert recognise(SourceFile("sdn_advanced.xml", b"<sdnList/>")) is None
    assert recognise(SourceFile("x.xml", b"<Sanctions><other/></Sanctions>")) is None


def test_types_ids_and_date(parsed: ParsedList) -> None:
    """A subtype that is unknown gives way to the type above it."""
    assert str(parsed.published_on) == "2026-07-01"
    assert [(one.entity.entity_id, one.entity.schema) for one in parsed.entries] == [
        ("us_ofac_sdn:8001", "Person"),
        ("us_ofac_sdn:8001-wallet-bc1qinvented0000000000000000000000000000", "CryptoWallet"),
        ("us_ofac_sdn:8002", "Organization"),
        ("us_ofac_sdn:8003", "Vessel"),
    ]


def test_names(parsed: ParsedList) -> None:
    """Kind from the alias type, weakness from OFAC's mark, script from the reference."""
    assert [(n.text, n.kind, n.quality, n.script) for n in by_id(parsed, 8001).names] == [
        ("Nam Il PAEK", NameKind.PRIMARY, NameQuality.UNSTATED, "Latn"),
        ("백남일", NameKind.ALIAS, NameQuality.STRONG, "Kore"),
        ("Grey Heron", NameKind.ALIAS, NameQuality.WEAK, "Latn"),
        ("Nam Il PAK", NameKind.FORMER, NameQuality.STRONG, "Latn"),
    ]


def test_facts_from_all_parts_of_the_file(parsed: ParsedList) -> None:
    """Places, documents, reference values and periods reach the person they belong to."""
    person = by_id(parsed, 8001)
    expected = {
        "birthDate": ("1958/1960", "1961~"),
        "birthPlace": ("Sinuiju",),
        "citizenship": ("kp",),
        "address": ("Pier 4, Rason, Korea, North",),
        "country": ("kp",),
        "gender": ("male",),
        "position": ("Engineer",),
        "passportNumber": ("290220142",),
        "programId": ("DPRK3", "CYBER2"),
    }
    assert {prop: person.entity.get(prop) for prop in expected} == expected
    raw = {field.prop: field.raw for field in person.fields}
    assert raw["passportNumber"] == (
        "Passport 290220142 (Korea, North) issued 2015-02-03 expires 2020 fraudulent"
    )


def test_vessel(parsed: ParsedList) -> None:
    """A ship's IMO number, flag, type and owner."""
    ship = by_id(parsed, 8003)
    assert ship.entity.get("imoNumber") == ("9187629",)
    assert ship.entity.get("flag") == ("kp",)
    assert ship.entity.get("type") == ("Bulk Cargo",)
    owner = Link("Ownership", "", "Tumen Trading", "Vessel Owner", is_inverse=True)
    assert owner in ship.links


def test_relations(parsed: ParsedList) -> None:
    """A relation goes to the other's id and name; a new type stays, under its own words."""
    owned = Link(
        "Ownership", "us_ofac_sdn:8002", "TUMEN TRADING", "Owned or Controlled By", is_inverse=True
    )
    assert owned in by_id(parsed, 8003).links
    absent = "profile 9999, not in this file"
    other = Link("UnknownLink", "", absent, "Plays chess with (former)")
    assert other in by_id(parsed, 8001).links


def test_designations_of_each_list(parsed: ParsedList) -> None:
    """Each programme has the date and the authority of the list entry that names it."""
    office = "Office of Foreign Assets Control"
    assert by_id(parsed, 8001).designations == (
        Designation(
            office,
            "DPRK3",
            "Executive Order 13722 (North Korea)",
            "2016-06-02",
            measures=("Block",),
        ),
        Designation(
            office, "CYBER2", "Executive Order 13694 (Cyber)", "2018-09-07", measures=("Block",)
        ),
    )
    # An unknown authority gives way to the order in the programme's tag.
    assert by_id(parsed, 8002).designations[0].legal_basis == "Executive Order 13722"


def test_what_is_new_is_counted(parsed: ParsedList) -> None:
    """Nothing that OFAC adds is dropped in silence."""
    for key in (
        "Favourite Colour: Blue",
        "relation: Plays chess with",
        "script: Runic",
        "Library Card: Library Card A-12",
    ):
        assert parsed.unknown[key] == 1, key
    assert "Favourite Colour: Blue" in by_id(parsed, 8001).entity.get("notes")


def test_an_id_without_value_is_counted() -> None:
    """A reference to nothing shows a damaged or changed file."""
    found = read(document().replace('FeatureType ID="999"', 'FeatureType ID="998"'))
    assert found.unknown["FeatureTypeID without value: 999"] == 1


def test_a_party_without_sanctions_is_counted() -> None:
    """A party that no sanctions entry names is read, and seen."""
    other = COMPANY.replace("8002", "8009")
    found = read(document(parties=PERSON + COMPANY + SHIP + other))
    assert found.unknown["party without SanctionsEntry"] == 1
    assert by_id(found, 8009).designations == ()


def test_entries_of_missing_parties_are_counted() -> None:
    """Sanctions and relations of a party that is not in the file are seen."""
    found = read(document(parties=PERSON + COMPANY))
    assert found.unknown["SanctionsEntry of a party that is not in the file"] == 1
    assert found.unknown["relationship of a party that is not in the file"] == 1


def test_refuses_the_other_list() -> None:
    """A misnamed file must not replace another list's entries."""
    with pytest.raises(SourceError, match=r"Only 0 of its 3 parties .* sdn_advanced\.xml"):
        read(document(), "us_ofac_cons")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (document()[:-400], "Damaged XML"),
        (document().replace('FixedRef="8002"><Comment', "><Comment"), "without id or name"),
        (document(parties='<DistinctParty FixedRef="1"/>'), "without id or name"),
    ],
)
def test_refuses_what_is_cut_or_nameless(text: str, message: str) -> None:
    """A truncated file, or a party that nobody could find, never becomes a version."""
    with pytest.raises(SourceError, match=message):
        read(text)


def test_refuses_two_files() -> None:
    """Two files of this format are two versions."""
    with pytest.raises(SourceError, match="one file"):
        ofac_advanced.parse([SourceFile("a", b""), SourceFile("b", b"")], "us_ofac_sdn")


def test_real_consolidated_list() -> None:
    """Every party of the real file becomes an entry, and next to nothing is unknown."""
    path = SHARED / "cons_advanced_2020-03-17.xml.gz"
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    file = SourceFile("cons_advanced.xml", gzip.decompress(path.read_bytes()))
    found = ofac_advanced.parse([file], "us_ofac_cons")
    assert (len(found.entries), str(found.published_on)) == (375, "2020-03-17")
    assert sum(found.unknown.values()) <= 1
    assert all(one.designations and one.names for one in found.entries)
    links = [link for one in found.entries for link in one.links]
    assert len(links) == 276
    assert all(link.target_name for link in links)


def test_file_in_the_current_namespace() -> None:
    """A file in the Sanctions List Service's namespace is read as well."""
    path = SHARED / "sdn_advanced_fixture_openwatchlist_SYNTHETIC.xml"
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    found = ofac_advanced.parse([SourceFile("sdn.xml", path.read_bytes())], "us_ofac_sdn")
    assert [one.entity.schema for one in found.entries] == ["Organization", "Person", "Vessel"]
    assert found.entries[2].entity.get("imoNumber") == ("1234567",)
