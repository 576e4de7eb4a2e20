"""The EU financial sanctions list in XML: the 1.1 of today and the WHOLE of before 2018."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tumen.errors import SourceError
from tumen.lists.eu_fsf.parse import parse, recognise
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import ListEntry, NameKind, NameQuality, entry_to_dict

SHARED = (Path(__file__).parents[2] / "../shared/data").resolve()
ACT = (
    'regulationType="amendment" publicationDate="2023-02-25" numberTitle="2023/429 (OJ L59I)" '
    'publicationUrl="https://example.org/act/429"'
)
SUMMARY = f"<regulationSummary {ACT}/>"
PERSON = f"""
<sanctionEntity logicalId="9001" designationDate="2022-04-08" delistingDate="2031-01-01"
    designationDetails="Moves money" unitedNationId="KPi.998" euReferenceNumber="EU.9001.11">
  <remark>Listed twice before</remark>
  <additionalInformation key="COLOUR" value="blue-grey"/>
  <regulation logicalId="501" regulationType="regulation" organisationType="council"
      publicationDate="2022-04-08" entryIntoForceDate="2022-04-09"
      numberTitle="2022/581 (OJ L110)" programme="UKR">
    <remark>Annex I</remark>
    <publicationUrl>https://example.org/act/581</publicationUrl>
    <corrigendum regulationType="corrigendum" publicationDate="2023-03-15"
      numberTitle="corr. 1" publicationUrl="https://example.org/corr"/>
  </regulation>
  <subjectType code="person" classificationCode="P"/>
  <nameAlias logicalId="601" regulationLanguage="en" firstName="Ivan" middleName="Petrovich"
      lastName="Vymyshlenny" wholeName="Ivan Petrovich Vymyshlenny" function="Bank director"
      gender="M" title="Dr." nameLanguage="" strong="true">{SUMMARY}</nameAlias>
  <nameAlias logicalId="602" regulationLanguage="en" wholeName="Иван Вымышленный"
      nameLanguage="RU" strong="1">{SUMMARY}</nameAlias>
  <nameAlias logicalId="603" regulationLanguage="fr" wholeName="Ivan Vymychlenny"
      strong="false" gender="?">{SUMMARY}</nameAlias>
  <nameAlias logicalId="604" regulationLanguage="en" wholeName="Old Ivan" strong="true">
      <remark>Formerly known as; low quality a.k.a.</remark>{SUMMARY}</nameAlias>
  <nameAlias logicalId="605" regulationLanguage="en" wholeName="Ivan Petrovich Vymyshlenny"
      function="Deputy" strong="true">{SUMMARY}</nameAlias>
  <citizenship logicalId="611" regulationLanguage="en" acquisitionDate="1992-02-06"
      disenfranchisementDate="2024-07-07" region="Primorye" countryIso2Code="RU"
      countryDescription="RUSSIAN FEDERATION">{SUMMARY}</citizenship>
  <citizenship logicalId="612" regulationLanguage="en" countryIso2Code="00"
      countryDescription="UNKNOWN">{SUMMARY}</citizenship>
  <birthdate logicalId="621" regulationLanguage="en" circa="false" calendarType="GREGORIAN"
      city="Khasan" zipCode="692730" birthdate="1969-05-04" dayOfMonth="4" monthOfYear="5"
      year="1969" region="Primorsky Krai" place="Border village" countryIso2Code="RU"
      countryDescription="RUSSIAN FEDERATION">{SUMMARY}</birthdate>
  <birthdate logicalId="622" regulationLanguage="en" circa="true" calendarType="GREGORIAN"
      monthOfYear="7" year="1970" countryIso2Code="00"
      countryDescription="UNKNOWN">{SUMMARY}</birthdate>
  <birthdate logicalId="623" regulationLanguage="en" circa="false" calendarType="GREGORIAN"
      yearRangeFrom="1965" yearRangeTo="1967" countryIso2Code="00"
      countryDescription="UNKNOWN">{SUMMARY}</birthdate>
  <birthdate logicalId="624" regulationLanguage="en" circa="false" calendarType="ISLAMIC"
      year="1389" countryIso2Code="00" countryDescription="UNKNOWN">{SUMMARY}</birthdate>
  <address logicalId="631" regulationLanguage="en" city="Vladivostok" street="3 Harbour St"
      poBox="77" zipCode="690001" region="Far East" place="Pier 9" asAtListingTime="true"
      countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION">{SUMMARY}
    <contactInfo key="EMAIL" value="ivan@example.org"/>
    <contactInfo key="PHONE" value="+7 423 555 0199"/>
    <contactInfo key="FAX" value="+7 423 555 0198"/>
    <contactInfo key="PIGEON" value="coop 4"/></address>
  <identification logicalId="641" regulationLanguage="en" diplomatic="true" knownExpired="true"
      knownFalse="true" reportedLost="true" revokedByIssuer="true" issueDate="2010-01-02"
      issuedBy="Consulate in Rason" latinNumber="MZ770001" nameOnDocument="I. Vymyshlennyi"
      number="МЗ770001" validFrom="2010-01-03" validTo="2020-01-03"
      identificationTypeCode="passport" identificationTypeDescription="National passport"
      region="Rason" countryIso2Code="RU"
      countryDescription="RUSSIAN FEDERATION">{SUMMARY}</identification>
  <identification logicalId="642" regulationLanguage="en" number="7700000001"
      identificationTypeCode="fiscalcode" identificationTypeDescription="Fiscal code"
      countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION">{SUMMARY}</identification>
  <identification logicalId="643" regulationLanguage="en" number="LIB-5"
      identificationTypeCode="librarycard" identificationTypeDescription="Library card"
      countryIso2Code="00" countryDescription="UNKNOWN">{SUMMARY}</identification>
</sanctionEntity>"""


def organisation(logical_id: int, name: str, remark: str) -> str:
    """An enterprise with an IMO number."""
    return f"""
<sanctionEntity logicalId="{logical_id}" euReferenceNumber="EU.{logical_id}.22">
  <remark>{remark}</remark>
  <regulation logicalId="502" regulationType="regulation" organisationType="commission"
      publicationDate="2017-09-01" entryIntoForceDate="2017-09-01"
      numberTitle="2017/1509 (OJ L224)" programme="PRK"/>
  <subjectType code="enterprise" classificationCode="E"/>
  <nameAlias logicalId="{logical_id}1" regulationLanguage="en" wholeName="{name}"
      function="Port agent" strong="true">{SUMMARY}</nameAlias>
  <identification logicalId="{logical_id}2" regulationLanguage="en" number="9074729"
      identificationTypeCode="imo" identificationTypeDescription="IMO number"
      countryIso2Code="00" countryDescription="UNKNOWN">{SUMMARY}</identification>
</sanctionEntity>"""


COMPANY = organisation(9002, "Tumen River Shipping (TRS)", "Manages the vessel EXAMPLE STAR")
SHIP = organisation(9003, "EXAMPLE STAR", "Vessel under the DPRK flag")


def document(*entities: str) -> bytes:
    """An export with the given entities."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<export xmlns="http://eu.europa.ec/fpi/fsd/export" '
        'generationDate="2026-08-05T16:47:04.449+02:00" globalFileId="184961">'
        f"{''.join(entities or (PERSON, COMPANY, SHIP))}</export>"
    ).encode()


def read(data: bytes | None = None) -> ParsedList:
    """The invented list, read."""
    return parse([SourceFile("fsf.xml", document() if data is None else data)])


@pytest.fixture(scope="module")
def person() -> ListEntry:
    """The invented person."""
    return read().entries[0]


def test_recognises_both_formats_by_content() -> None:
    """Their names are all alike; their root elements are not."""
    assert recognise(SourceFile("x", document())) == "xml_1_1"
    assert recognise(SourceFile("x", WHOLE)) == "whole_xml"
    assert recognise(SourceFile("x", b"<export><other/></export>")) is None


def test_all_entities_with_ids_and_the_date_of_the_file() -> None:
    """Ids are the logical ids, which the Commission keeps across versions."""
    parsed = read()
    ids = [entry.entity.entity_id for entry in parsed.entries]
    assert ids == ["eu_fsf:9001", "eu_fsf:9002", "eu_fsf:9003"]
    assert (parsed.list_id, parsed.format) == ("eu_fsf", "xml_1_1")
    assert parsed.published_on == date(2026, 8, 5)


def test_names_with_marks_languages_and_scripts(person: ListEntry) -> None:
    """The first name that is not weak is the main one; a repeated name is one name."""
    names = [(n.text, n.kind, n.quality, n.script, n.language) for n in person.names]
    alias = NameKind.ALIAS
    assert names == [
        ("Ivan Petrovich Vymyshlenny", NameKind.PRIMARY, NameQuality.STRONG, "Latn", "en"),
        ("Иван Вымышленный", alias, NameQuality.STRONG, "Cyrl", "ru"),
        ("Ivan Vymychlenny", alias, NameQuality.WEAK, "Latn", "fr"),
        ("Old Ivan", NameKind.FORMER, NameQuality.WEAK, "Latn", "en"),
        ("I. Vymyshlennyi", alias, NameQuality.UNSTATED, "Latn", ""),
    ]
    entity = person.entity
    assert (entity.get("firstName"), entity.get("lastName")) == (("Ivan",), ("Vymyshlenny",))
    assert entity.get("position") == ("Bank director", "Deputy")
    assert (entity.get("title"), entity.get("gender")) == (("Dr.",), ("male",))


def test_births_of_all_shapes(person: ListEntry) -> None:
    """Day, month, span; circa where stated; a year of another calendar is counted, not read."""
    assert person.entity.get("birthDate") == ("1969-05-04", "1970-07~", "1965/1967")
    assert person.entity.get("birthPlace") == (
        "Border village, Khasan, 692730, Primorsky Krai, RUSSIAN FEDERATION",
    )
    assert person.entity.get("birthCountry") == ("ru",)
    assert read().unknown["birthdate/islamic: 1389"] == 1


def test_identifications_by_type_with_their_state(person: ListEntry) -> None:
    """A lost or false document is evidence: its state is kept beside the number."""
    entity = person.entity
    assert entity.get("passportNumber") == ("МЗ770001", "MZ770001")
    assert entity.get("taxNumber") == ("7700000001",)
    assert entity.get("idNumber") == ("LIB-5",)
    (raw,) = {field.raw for field in person.fields if field.value == "MZ770001"}
    for said in ("known to be false", "reported lost", "diplomatic", "valid to 2020-01-03"):
        assert said in raw
    assert read().unknown["identification/@identificationTypeCode: librarycard"] == 1


def test_addresses_and_contacts(person: ListEntry) -> None:
    """An address is one line; contacts of known kinds are properties, others counted."""
    entity = person.entity
    assert entity.get("address") == (
        "3 Harbour St, P.O. Box 77, 690001, Vladivostok, Pier 9, Far East, RUSSIAN FEDERATION",
    )
    assert entity.get("country") == entity.get("nationality") == ("ru",)
    assert entity.get("email") == ("ivan@example.org",)
    assert entity.get("phone") == ("+7 423 555 0199",)
    assert "Fax: +7 423 555 0198" in entity.get("notes")
    assert read().unknown["address/contactInfo/PIGEON: coop 4"] == 1


def test_designation(person: ListEntry) -> None:
    """Programme, act, dates and references; the last act that states any part dates the change."""
    (designation,) = person.designations
    assert designation.authority == "Council of the European Union"
    assert designation.programme == "UKR"
    assert designation.legal_basis == "regulation 2022/581 (OJ L110), corr. 1"
    assert (designation.listed_on, designation.ends_on) == ("2022-04-08", "2031-01-01")
    assert designation.amended_on == "2023-03-15"
    assert (designation.reference, designation.reason) == ("EU.9001.11", "Moves money")
    assert designation.source_url == "https://example.org/act/581"
    assert read().entries[1].designations[0].authority == "European Commission"


def test_fields_name_the_act_that_states_them(person: ListEntry) -> None:
    """Provenance goes down to the regulation that put the value on the list."""
    (field,) = {f.field for f in person.fields if f.value == "Иван Вымышленный"}
    assert field == "nameAlias[602] 2023/429 (OJ L59I)"


def test_only_what_is_called_a_vessel_becomes_one() -> None:
    """Shipping companies have IMO numbers too."""
    _, company, ship = (entry.entity for entry in read().entries)
    assert (company.schema, ship.schema) == ("Organization", "Vessel")
    assert company.get("name") == ("Tumen River Shipping",)
    assert company.get("alias") == ("TRS",)
    assert ship.get("imoNumber") == ("9074729",)


# Attributes that say nothing of the party: numbers of the file and of rows that hold no value,
# and of the acts that a detail cites their kind and address (titles and dates are read).
BOOKKEEPING = {"globalFileId", "logicalId", "regulationType", "publicationUrl"}


def test_document_is_valid_and_uses_the_whole_schema() -> None:
    """The invented document stands for the real format: it has every element and attribute."""
    path = SHARED / "schemas/EU_20171012-FULL-schema-1_1_xsd_.xsd"
    if not path.exists():
        pytest.skip("the official XSD is not at hand")
    schema = etree.parse(path)
    root = etree.fromstring(document())
    etree.XMLSchema(schema).assertValid(root)
    xs = "{http://www.w3.org/2001/XMLSchema}"
    attributes = {str(node.get("name")) for node in schema.iter(f"{xs}attribute")}
    elements = {str(node.get("name")) for node in schema.iter(f"{xs}element")}
    assert attributes <= {str(name) for node in root.iter() for name in node.attrib}
    assert elements <= {etree.QName(node).localname for node in root.iter()}


def test_every_value_is_read_or_counted() -> None:
    """Nothing that the format can say is dropped: each text is in an entry or in the counts."""
    parsed = read(document(PERSON))
    kept = json.dumps([entry_to_dict(entry) for entry in parsed.entries], ensure_ascii=False)
    kept += json.dumps(dict(parsed.unknown), ensure_ascii=False) + str(parsed.published_on)
    # Read into another form: codes, flags and languages.
    read_as = {"M", "?", "P", "person", "true", "false", "1", "00", "GREGORIAN", "council"}
    read_as |= {"RU", "fr", "", "UNKNOWN", "passport", "fiscalcode", "FAX", "EMAIL", "PHONE"}
    read_as |= {"4", "5", "7", "en", "ISLAMIC", "2022-04-09", "2023-02-25"}
    root = etree.fromstring(document(PERSON))
    for element in root.iter():
        for name, value in element.attrib.items():
            if name not in BOOKKEEPING and value not in read_as and name != "generationDate":
                assert value in kept, f"{element.tag}/@{name}={value}"
        assert (element.text or "").strip() in kept


def test_a_valid_document_has_no_unknown_beyond_its_oddities() -> None:
    """What the XSD allows is known to us; else every entry of the live list would be counted."""
    assert read().unknown == Counter(
        {
            "sanctionEntity/additionalInformation/COLOUR: blue-grey": 1,
            "birthdate/islamic: 1389": 1,
            "address/contactInfo/PIGEON: coop 4": 1,
            "identification/@identificationTypeCode: librarycard": 1,
        }
    )


def test_unknown_attributes_and_elements_are_counted() -> None:
    """A new version of the format must be seen at once."""
    data = document().replace(b'strong="1"', b'strong="1" mood="calm"')
    data = data.replace(b'<subjectType code="person"', b'<horse/><subjectType code="robot"')
    unknown = read(data).unknown
    assert unknown["nameAlias/@mood: calm"] == 1
    assert unknown["subjectType/@code: robot"] == 1
    assert unknown["sanctionEntity/horse: "] == 1


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (document().replace(b'logicalId="9001"', b'logicalId=""'), "without a logicalId"),
        (document(PERSON, PERSON), "occurs twice"),
        (document()[:-60], "Damaged XML"),
        (b"<xml/>", "Not a format"),
    ],
)
def test_refuses_what_is_not_whole(data: bytes, problem: str) -> None:
    """A damaged list must not replace a good one."""
    with pytest.raises(SourceError, match=problem):
        read(data)


WHOLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<WHOLE Date="11/02/2016">
<ENTITY Id="77" Type="P" legal_basis="881/2002 (OJ L139)" reg_date="2002-05-28"
  pdf_link="https://example.org/881" programme="TAQA" remark="(Died in 2003)">
<NAME Id="1" Entity_id="77" legal_basis="881/2002 (OJ L139)" reg_date="2002-05-29"
  pdf_link="https://example.org/881" programme="TAQA">
<LASTNAME>Beispiel</LASTNAME><FIRSTNAME>Omar</FIRSTNAME><MIDDLENAME/>
<WHOLENAME>Omar Beispiel</WHOLENAME><GENDER>M</GENDER><TITLE>Haji</TITLE>
<FUNCTION>Treasurer</FUNCTION><LANGUAGE/></NAME>
<NAME Id="2" Entity_id="77" legal_basis="969/2007 (OJ L215)" reg_date="2007-08-18"
  pdf_link="" programme="TAQA">
<LASTNAME/><FIRSTNAME/><MIDDLENAME/><WHOLENAME>Omar Exemple</WHOLENAME><GENDER/><TITLE/>
<FUNCTION/><LANGUAGE>FR</LANGUAGE></NAME>
<BIRTH Id="3" Entity_id="77" legal_basis="" reg_date="" pdf_link="" programme="">
<DATE>1958 - 1963 (approximative)</DATE><PLACE>Ghazni</PLACE><COUNTRY>AFG</COUNTRY></BIRTH>
<PASSPORT Id="4" Entity_id="77" legal_basis="" reg_date="" pdf_link="" programme="">
<NUMBER>OR 770001 (passport-National passport) [known to be expired](issued in Quetta)</NUMBER>
<COUNTRY>AFG</COUNTRY></PASSPORT>
<CITIZEN Id="5" Entity_id="77" legal_basis="" reg_date="" pdf_link="" programme="">
<COUNTRY>AFG</COUNTRY></CITIZEN>
<ADDRESS Id="6" Entity_id="77" legal_basis="" reg_date="" pdf_link="" programme="">
<NUMBER/><STREET>Haifa Street</STREET><ZIPCODE>10</ZIPCODE><CITY>Baghdad</CITY>
<COUNTRY>IRQ</COUNTRY><OTHER>PHONE[042-681 20 81]
FAX[662 38 14](former location)</OTHER></ADDRESS>
<SHIP Id="7"/>
</ENTITY>
</WHOLE>"""


def test_whole_xml_gives_the_same_kind_of_entry() -> None:
    """The older format goes through the same mapping, so versions can be compared."""
    parsed = read(WHOLE)
    (entry,) = parsed.entries
    entity = entry.entity
    assert (parsed.format, parsed.published_on) == ("whole_xml", date(2016, 2, 11))
    assert (entity.entity_id, entity.schema) == ("eu_fsf:77", "Person")
    assert entity.names == ("Omar Beispiel", "Omar Exemple")
    assert entity.get("birthDate") == ("1958~/1963~",)
    assert entity.get("passportNumber") == ("OR 770001",)
    assert entity.get("nationality") == entity.get("birthCountry") == ("af",)
    assert entity.get("address") == ("Haifa Street, 10, Baghdad",)
    assert entity.get("phone") == ("042-681 20 81",)
    assert "Fax: 662 38 14" in entity.get("notes")
    assert entry.remarks == "\n".join(
        [
            "(Died in 2003)",
            "identification: [known to be expired](issued in Quetta)",
            "address: (former location)",
        ]
    )
    assert parsed.unknown == Counter({"ENTITY/SHIP": 1})
    (designation,) = entry.designations
    assert (designation.programme, designation.amended_on) == ("TAQA", "2007-08-18")


@settings(max_examples=100, deadline=None)
@given(
    whole=st.booleans(),
    at=st.integers(0, 12_000),
    cut=st.integers(0, 150),
    put=st.binary(max_size=4),
)
def test_any_damage_ends_in_a_list_or_a_source_error(
    whole: bool, at: int, cut: int, put: bytes
) -> None:
    """Bytes from outside never crash the readers in another way."""
    data = WHOLE if whole else document()
    at %= len(data)
    problem = ""
    try:
        read(data[:at] + put + data[at + cut :])
    except SourceError as error:
        problem = str(error)
    assert not problem or "fsf.xml" in problem


def load(name: str) -> SourceFile:
    """A real file, where it is at hand."""
    path = SHARED / "eu" / name
    if not path.exists():
        pytest.skip(f"real EU lists are not at hand ({name})")
    data = path.read_bytes()
    return SourceFile(name, gzip.decompress(data) if name.endswith(".gz") else data)


def test_real_whole_list() -> None:
    """The published list of 2016 parses with all entities, and hardly a value is unknown."""
    parsed = parse([load("eu_global_whole_2016-02-11.xml.gz")])
    assert Counter(entry.entity.schema for entry in parsed.entries) == {
        "Person": 319,
        "Organization": 276,
    }
    assert all(entry.names for entry in parsed.entries)
    assert sum(parsed.unknown.values()) <= 5


def test_real_sample_of_the_xml() -> None:
    """The sample lacks attributes that the XSD requires; the reader takes it all the same."""
    (entry,) = parse([load("eu_fsf_xml_1_1_sample.xml")]).entries
    assert entry.entity.entity_id == "eu_fsf:13"
    assert [name.quality for name in entry.names] == ["strong", "strong", "weak"]
