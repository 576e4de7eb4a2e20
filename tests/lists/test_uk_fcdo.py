"""The UK Sanctions List: rows and elements of one party become one entry."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tumen.errors import SourceError
from tumen.lists.gb_fcdo_sanctions.parse import parse, recognise
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import Designation, Link, ListEntry, NameKind, NameQuality

SHARED = (Path(__file__).parents[2] / "../shared/data/uk").resolve()
COLUMNS = (
    "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,"
    "Name 5,Name type,Alias strength,Title,Name non-latin script,Non-latin script type,"
    "Non-latin script language,Regime Name,Designation Type,Designation source,Sanctions Imposed,"
    "Other Information,UK Statement of Reasons,Address Line 1,Address Line 2,Address Line 3,"
    "Address Line 4,Address Line 5,Address Line 6,Address Postal Code,Address Country,"
    "Phone number,Website,Email address,Date Designated,D.O.B,Nationality(/ies),"
    "National Identifier number,National Identifier additional information,Passport number,"
    "Passport additional information,Position,Gender,Town of birth,Country of birth,"
    "Type of entity,Subsidiaries,Parent company,Business registration number (s),IMO number,"
    "Current owner/operator (s),Previous owner/operator (s),Current believed flag of ship,"
    "Previous flags,Type of ship,Tonnage of ship,Length of ship,Year Built,"
    "Hull identification number (HIN)"
)
HEADER = next(csv.reader([COLUMNS]))
DPRK = "The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019"

PERSON = {
    "Last Updated": "02/03/2026",
    "Unique ID": "DPR9001",
    "OFSI Group ID": "19001",
    "UN Reference Number": "KPi.901",
    "Name 6": "PAEK",
    "Name 1": "Nam",
    "Name 2": "Il",
    "Name type": "Primary Name",
    "Regime Name": DPRK,
    "Designation Type": "Individual",
    "Designation source": "UN",
    "Sanctions Imposed": "Asset freeze|Travel Ban|Asset freeze",
    "Other Information": "Travels under other names.",
    "UK Statement of Reasons": "Represents a listed bank.",
    "Date Designated": "05/08/2017",
    "D.O.B": "dd/mm/1971",
    "Nationality(/ies)": "(1) Democratic People's Republic of Korea (2) Russian",
    "National Identifier number": "(1) 5501-77A (2) AB 123456",
    "Passport number": "290220142",
    "Passport additional information": "Expires 3 March 2020",
    "Position": "(1) Bank representative (2) Trade counsellor",
    "Gender": "Male",
    "Town of birth": "Sinuiju",
    "Country of birth": "North Korea",
    "Address Line 1": "Tower 4",
    "Address Line 6": "Vladivostok",
    "Address Postal Code": "690000",
    "Address Country": "Russia",
    "Phone number": "+7 423 0000000|+850 2 0000",
    "Email address": "paek@example.kp",
    "Name non-latin script": "백남일",
    "Non-latin script type": "Korean",
    "Non-latin script language": "Korean",
}
ALIAS = PERSON | {
    "Name 6": "PAK",
    "Name 1": "Nam",
    "Name 2": "",
    "Name type": "Alias",
    "Alias strength": "Low quality a.k.a",
    "D.O.B": "12/05/1971",
    "Name non-latin script": "",
}
SHIP = {
    "Last Updated": "31/07/2025",
    "Unique ID": "RUS9176",
    "Name 6": "AMUR PROSPECT",
    "Name type": "Primary Name",
    "Regime Name": "The Russia (Sanctions) (EU Exit) Regulations 2019",
    "Designation Type": "Ship",
    "Designation source": "UK",
    "Sanctions Imposed": "Shipping sanctions",
    "Date Designated": "31/07/2024",
    "IMO number": "IMO9187629",
    "Current owner/operator (s)": "(1) Tumen Ship Management FZCO (2) Amur Fleet Ltd",
    "Previous owner/operator (s)": "Old Owner Ltd",
    "Current believed flag of ship": "Gabon",
    "Previous flags": "(1) Liberia (2) Panama",
    "Type of ship": "Oil Tanker",
    "Tonnage of ship": "56,076",
    "Length of ship": "244m",
    "Year Built": "2005",
    "Hull identification number (HIN)": "H-55",
}
COMPANY = {
    "Unique ID": "DPR9002",
    "Name 6": "TUMEN TRADING COMPANY",
    "Name type": "Primary Name",
    "Regime Name": DPRK,
    "Designation Type": "Entity",
    "Type of entity": "Company",
    "Parent company": "Rason Holding",
    "Subsidiaries": "Tumen Fisheries|Tumen Coal",
    "Business registration number (s)": "1200 55",
    "Website": "www.tumen.example",
    "Date Designated": "05/08/2017",
}


def table(*rows: dict[str, str], header: list[str] = HEADER) -> SourceFile:
    """A CSV file as the FCDO writes it."""
    text = io.StringIO()
    text.write("Report Date: 08-Oct-2026\r\n")
    writer = csv.DictWriter(text, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return SourceFile("UK-Sanctions-List.csv", text.getvalue().encode())


DOCUMENT = """<?xml version="1.0" encoding="utf-8"?>
<Designations>
  <DateGenerated>2026-10-08T10:00:00</DateGenerated>
  <Designation>
    <LastUpdated>02/03/2026</LastUpdated><DateDesignated>05/08/2017</DateDesignated>
    <UniqueID>DPR9001</UniqueID><OFSIGroupID>19001</OFSIGroupID>
    <UNReferenceNumber>KPi.901</UNReferenceNumber>
    <Names>
      <Name><Name6>PAEK</Name6><Name1>Nam</Name1><Name2>Il</Name2><NameType>Primary Name</NameType>
      </Name>
      <Name><Name6>PAK</Name6><Name1>Nam</Name1><NameType>Alias</NameType>
        <AliasStrength>Low quality a.k.a</AliasStrength></Name>
    </Names>
    <NonLatinNames><NonLatinName><NameNonLatinScript>백남일</NameNonLatinScript>
      <NonLatinScriptType>Korean</NonLatinScriptType>
      <NonLatinScriptLanguage>Korean</NonLatinScriptLanguage></NonLatinName></NonLatinNames>
    <RegimeName>The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019
    </RegimeName>
    <IndividualEntityShip>Individual</IndividualEntityShip>
    <DesignationSource>UN</DesignationSource>
    <SanctionsImposed>Asset freeze|Travel Ban|Asset freeze</SanctionsImposed>
    <SanctionsImposedIndicators><AssetFreeze>true</AssetFreeze></SanctionsImposedIndicators>
    <OtherInformation>Travels under other names.</OtherInformation>
    <UKStatementofReasons>Represents a listed bank.</UKStatementofReasons>
    <Addresses><Address><AddressLine1>Tower 4</AddressLine1>
      <AddressLine6>Vladivostok</AddressLine6><AddressPostalCode>690000</AddressPostalCode>
      <AddressCountry>Russia</AddressCountry></Address></Addresses>
    <PhoneNumbers><PhoneNumber>+7 423 0000000</PhoneNumber><PhoneNumber>+850 2 0000</PhoneNumber>
    </PhoneNumbers>
    <EmailAddresses><EmailAddress>paek@example.kp</EmailAddress></EmailAddresses>
    <IndividualDetails><Individual>
      <DOBs><DOB>dd/mm/1971</DOB><DOB>12/05/1971</DOB></DOBs>
      <Nationalities><Nationality>Democratic People's Republic of Korea</Nationality>
        <Nationality>Russian</Nationality></Nationalities>
      <NationalIdentifierDetails>
        <NationalIdentifier><NationalIdentifierNumber>5501-77A</NationalIdentifierNumber>
        </NationalIdentifier>
        <NationalIdentifier><NationalIdentifierNumber>AB 123456</NationalIdentifierNumber>
        </NationalIdentifier></NationalIdentifierDetails>
      <PassportDetails><Passport><PassportNumber>290220142</PassportNumber>
        <PassportAdditionalInformation>Expires 3 March 2020</PassportAdditionalInformation>
      </Passport></PassportDetails>
      <Positions><Position>Bank representative</Position><Position>Trade counsellor</Position>
      </Positions>
      <Genders><Gender>Male</Gender></Genders>
      <BirthDetails><Location><TownOfBirth>Sinuiju</TownOfBirth>
        <CountryOfBirth>North Korea</CountryOfBirth></Location></BirthDetails>
    </Individual></IndividualDetails>
  </Designation>
  <Designation>
    <UniqueID>RUS9176</UniqueID>
    <Names><Name><Name6>AMUR PROSPECT</Name6><NameType>Primary Name</NameType></Name></Names>
    <RegimeName>The Russia (Sanctions) (EU Exit) Regulations 2019</RegimeName>
    <IndividualEntityShip>Ship</IndividualEntityShip>
    <ShipDetails><Ship><IMONumbers><IMONumber>IMO9187629</IMONumber></IMONumbers>
      <PreviousFlags><PreviousFlag>Liberia</PreviousFlag><PreviousFlag>Panama</PreviousFlag>
      </PreviousFlags><CargoHolds><CargoHold>nine</CargoHold></CargoHolds></Ship></ShipDetails>
  </Designation>
</Designations>"""
XML = SourceFile("UK-Sanctions-List.xml", DOCUMENT.encode())


@pytest.fixture(scope="module", params=["csv", "xml"])
def person(request: pytest.FixtureRequest) -> ListEntry:
    """The invented person, from each format."""
    file = table(PERSON, ALIAS, SHIP) if request.param == "csv" else XML
    return parse([file]).entries[0]


@pytest.fixture(scope="module")
def parsed() -> ParsedList:
    """The invented CSV."""
    return parse([table(PERSON, SHIP, ALIAS, COMPANY)])


def test_recognises_both_formats_by_content() -> None:
    """A file's name plays no part, and OFSI's list is another."""
    assert recognise(table(PERSON)) == "csv"
    assert recognise(XML) == "xml"
    assert (
        recognise(SourceFile("UK-Sanctions-List.csv", b"Last Updated,13/04/2018\nName 6")) is None
    )
    assert recognise(SourceFile("x.xml", b"<sdnList/>")) is None


def test_rows_of_one_party_are_one_entry(parsed: ParsedList) -> None:
    """The UK repeats a party for each name, also with others in between."""
    assert [(one.entity.entity_id, one.entity.schema) for one in parsed.entries] == [
        ("gb_fcdo_sanctions:DPR9001", "Person"),
        ("gb_fcdo_sanctions:RUS9176", "Vessel"),
        ("gb_fcdo_sanctions:DPR9002", "Organization"),
    ]
    assert str(parsed.published_on) == "2026-10-08"
    assert parsed.entries[1].locator == "row 4"
    assert not parsed.unknown


def test_names(person: ListEntry) -> None:
    """Given names before the surname of column 6; the UK's own mark of a weak alias."""
    assert {(n.text, n.kind, n.quality, n.script) for n in person.names} == {
        ("Nam Il PAEK", NameKind.PRIMARY, NameQuality.UNSTATED, "Latn"),
        ("백남일", NameKind.ALIAS, NameQuality.UNSTATED, "Kore"),
        ("Nam PAK", NameKind.ALIAS, NameQuality.WEAK, "Latn"),
    }
    assert person.names[0].text == "Nam Il PAEK"
    assert person.entity.get("lastName") == ("PAEK",)


def test_facts_are_the_same_from_both_formats(person: ListEntry) -> None:
    """Numbered cells of the CSV and repeated elements of the XML mean the same."""
    expected = {
        "birthDate": ("1971", "1971-05-12"),
        "nationality": ("kp", "ru"),
        "idNumber": ("5501-77A", "AB 123456"),
        "passportNumber": ("290220142",),
        "position": ("Bank representative", "Trade counsellor"),
        "gender": ("male",),
        "birthPlace": ("Sinuiju",),
        "birthCountry": ("kp",),
        "address": ("Tower 4, Vladivostok, 690000, Russia",),
        "country": ("ru",),
        "phone": ("+7 423 0000000", "+850 2 0000"),
        "email": ("paek@example.kp",),
        "notes": ("UN reference: KPi.901",),
        "topics": ("sanction",),
    }
    assert {prop: person.entity.get(prop) for prop in expected} == expected
    assert "Passport: Expires 3 March 2020" in person.remarks
    assert "Travels under other names." in person.remarks


def test_designation_is_the_same_from_both_formats(person: ListEntry) -> None:
    """Regime, dates, reasons and measures in the UK's words."""
    assert person.designations == (
        Designation(
            "Foreign, Commonwealth & Development Office (source: UN)",
            DPRK,
            DPRK,
            "2017-08-05",
            "2026-03-02",
            reason="Represents a listed bank.",
            measures=("Asset freeze", "Travel Ban"),
            reference="DPR9001",
        ),
    )


def test_ship(parsed: ParsedList) -> None:
    """A ship's numbers, flags, owners and build."""
    ship = parsed.entries[1]
    expected = {
        "imoNumber": ("9187629",),
        "flag": ("ga",),
        "pastFlags": ("lr", "pa"),
        "type": ("Oil Tanker",),
        "tonnage": ("56076",),
        "buildDate": ("2005",),
        "registrationNumber": ("H-55",),
        "notes": ("Length: 244m",),
    }
    assert {prop: ship.entity.get(prop) for prop in expected} == expected
    current = "current owner or operator"
    assert ship.links == (
        Link("Ownership", "", "Tumen Ship Management FZCO", current, is_inverse=True),
        Link("Ownership", "", "Amur Fleet Ltd", current, is_inverse=True),
        Link("Ownership", "", "Old Owner Ltd", "previous owner or operator", is_inverse=True),
    )


def test_company(parsed: ParsedList) -> None:
    """A parent owns the entry; the entry owns its subsidiaries."""
    company = parsed.entries[2]
    assert company.links == (
        Link("Ownership", "", "Rason Holding", "parent company", is_inverse=True),
        Link("Ownership", "", "Tumen Fisheries", "subsidiary"),
        Link("Ownership", "", "Tumen Coal", "subsidiary"),
    )
    assert company.entity.get("registrationNumber") == ("1200 55",)
    assert company.entity.get("classification") == ("Company",)


def test_two_regimes_are_two_designations() -> None:
    """A party under two regimes keeps the date of each."""
    other = PERSON | {"Regime Name": "The Cyber Regulations 2020", "Date Designated": "01/02/2021"}
    (entry,) = parse([table(PERSON, other)]).entries
    assert [one.listed_on for one in entry.designations] == ["2017-08-05", "2021-02-01"]


def test_what_cannot_be_read_is_counted_and_kept() -> None:
    """A new column, type or an unreadable value is seen, never dropped."""
    row = SHIP | {
        "Designation Type": "Aircraft",
        "IMO number": "none",
        "Current believed flag of ship": "Atlantis",
        "Name type": "Nom de guerre",
        "Call sign": "EXMP",
    }
    found = parse([table(row, header=[*HEADER, "Call sign"])])
    assert found.entries[0].entity.schema == "LegalEntity"
    for key in ("type: Aircraft", "imonumber: none", "flag: Atlantis", "callsign: EXMP"):
        assert found.unknown[key] == 1, key
    assert found.unknown["namekind: Nom de guerre"] == 1
    assert "callsign: EXMP" in found.entries[0].entity.get("notes")


def test_a_new_xml_element_is_counted() -> None:
    """An element that is no column is counted with its value."""
    found = parse([XML])
    assert str(found.published_on) == "2026-10-08"
    assert found.unknown == {"cargohold: nine": 1}
    assert found.entries[1].entity.get("pastFlags") == ("lr", "pa")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[: text.index("Vladivostok")], "line 3.*columns instead of 58"),
        (lambda text: text[: text.index("9001") + 4], "columns instead of 58"),
        (lambda text: text.replace("DPR9001", " "), "line 3.*without the number of its party"),
        (lambda text: text.replace("Unique ID", "Number"), "not the header"),
        (lambda text: text + '"open', "Damaged CSV"),
    ],
)
def test_refuses_a_damaged_csv(change: object, message: str) -> None:
    """A cut row names its line; a cut list never becomes a version."""
    text = change(table(PERSON).data.decode())  # type: ignore[operator]
    with pytest.raises(SourceError, match=message):
        parse([SourceFile("UK-Sanctions-List.csv", text.encode())])


def test_refuses_a_damaged_xml() -> None:
    """A cut file and a designation without its id are refused."""
    for text, message in (
        (DOCUMENT[:-30], "Damaged XML"),
        (DOCUMENT.replace("<UniqueID>RUS9176</UniqueID>", ""), "without UniqueID"),
    ):
        with pytest.raises(SourceError, match=message):
            parse([SourceFile("UK-Sanctions-List.xml", text.encode())])


def test_real_row() -> None:
    """The one real row of October 2026 is read without a remainder."""
    path = SHARED / "uksl_csv_format_2026-10-08_sample.csv"
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    file = SourceFile("UK-Sanctions-List.csv", path.read_bytes())
    assert recognise(file) == "csv"
    found = parse([file])
    assert (len(found.entries), str(found.published_on)) == (1, "2026-10-08")
    assert not found.unknown
    ship = found.entries[0].entity
    assert (ship.schema, ship.get("imoNumber"), ship.get("flag")) == (
        "Vessel",
        ("9826902",),
        ("ga",),
    )
