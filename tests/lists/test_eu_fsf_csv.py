"""The EU financial sanctions list as CSV, in both of its layouts."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.errors import SourceError
from tumen.lists.eu_fsf.parse import parse, recognise
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import NameKind

SHARED = (Path(__file__).parents[2] / "../shared/data/eu").resolve()


def act(prefix: str) -> list[str]:
    """The columns of the act in layout 1.1."""
    names = "Type OrganisationType PublicationDate EntryIntoForceDate NumberTitle Programme"
    return [f"{prefix}_Regulation_{name}" for name in (*names.split(), "PublicationUrl")]


def block(prefix: str, names: str) -> list[str]:
    """The columns of one block in layout 1.1."""
    columns = [f"{prefix}_{name}" for name in names.split()]
    return [*columns, f"{prefix}_LogicalId", f"{prefix}_RegulationLanguage", f"{prefix}_Remark",
            *act(prefix)]  # fmt: skip


HEADER = [
    "fileGenerationDate",
    "Entity_LogicalId",
    "Entity_EU_ReferenceNumber",
    "Entity_UnitedNationId",
    "Entity_DesignationDate",
    "Entity_DesignationDetails",
    "Entity_Remark",
    "Entity_SubjectType",
    "Entity_SubjectType_ClassificationCode",
    *act("Entity"),
    *block("NameAlias", "LastName FirstName MiddleName WholeName NameLanguage Gender Title"
           " Function"),
    *block("Address", "City Street PoBox ZipCode Region Place AsAtListingTime ContactInfo"
           " CountryIso2Code CountryDescription"),
    *block("BirthDate", "BirthDate Day Month Year YearRangeFrom YearRangeTo Circa CalendarType"
           " ZipCode Region Place City CountryIso2Code CountryDescription"),
    *block("Identification", "Number KnownExpired KnownFalse ReportedLost RevokedByIssuer IssuedBy"
           " IssuedDate ValidFrom ValidTo LatinNumber NameOnDocument TypeCode TypeDescription"
           " Region CountryIso2Code CountryDescription"),
    *block("Citizenship", "Region CountryIso2Code CountryDescription"),
]  # fmt: skip
ENTITY = {
    "fileGenerationDate": "05/08/2026",
    "Entity_LogicalId": "9001",
    "Entity_EU_ReferenceNumber": "EU.9001.11",
    "Entity_DesignationDate": "2022-04-08",
    "Entity_Remark": "Listed; see annex",
    "Entity_SubjectType": "P",
    "Entity_Regulation_NumberTitle": "2022/581 (OJ L110)",
    "Entity_Regulation_PublicationDate": "2022-04-08",
    "Entity_Regulation_Programme": "UKR",
    "Entity_Regulation_PublicationUrl": "https://example.org/581",
}
ROWS: list[dict[str, str]] = [
    {
        "NameAlias_LastName": "Vymyshlenny",
        "NameAlias_FirstName": "Ivan",
        "NameAlias_WholeName": "Ivan Vymyshlenny",
        "NameAlias_Gender": "M",
        "NameAlias_Function": "Bank director",
        "NameAlias_LogicalId": "601",
        "NameAlias_Regulation_NumberTitle": "2023/429 (OJ L59I)",
        "NameAlias_Regulation_PublicationDate": "2023-02-25",
    },
    {"NameAlias_WholeName": "Иван Вымышленный", "NameAlias_LogicalId": "602"},
    {
        "Address_City": "Vladivostok",
        "Address_CountryIso2Code": "RU",
        "Address_ContactInfo": "EMAIL[ivan@example.org]\\nPHONE[+7 423 555 0199]",
        "Address_LogicalId": "631",
    },
    {
        "BirthDate_BirthDate": "1969-05-04",
        "BirthDate_City": "Khasan",
        "BirthDate_CalendarType": "GREGORIAN",
        "BirthDate_LogicalId": "621",
    },
    {
        "Identification_Number": "770001 (passport-National passport)",
        "Identification_TypeCode": "passport",
        "Identification_KnownExpired": "true",
        "Identification_LogicalId": "641",
    },
    {"Citizenship_CountryIso2Code": "RU", "Citizenship_LogicalId": "611"},
]


def table(rows: list[dict[str, str]], header: list[str] | None = None) -> bytes:
    """Rows in layout 1.1, with the byte order mark that the publisher writes."""
    header = header or HEADER
    lines = [";".join(header)]
    for row in rows:
        cells = {**ENTITY, **row}
        lines.append(
            ";".join('"' + cells.get(name, "").replace('"', '""') + '"' for name in header)
        )
    return b"\xef\xbb\xbf" + "\n".join(lines).encode() + b"\n"


def read(data: bytes) -> ParsedList:
    """The given list, read."""
    return parse([SourceFile("fsf.csv", data)])


def test_rows_of_one_entity_are_one_entry() -> None:
    """The file has a row for each part; a row is not a party."""
    other = {"Entity_LogicalId": "9002", "NameAlias_WholeName": "Other Person"}
    parsed = read(table([*ROWS[:3], other, *ROWS[3:]]))
    assert recognise(SourceFile("x", table(ROWS))) == parsed.format == "csv_1_1"
    assert parsed.published_on == date(2026, 8, 5)
    assert [entry.entity.entity_id for entry in parsed.entries] == ["eu_fsf:9001", "eu_fsf:9002"]
    assert parsed.entries[0].locator == "Entity_logical_id 9001, line 2"


def test_parts_are_read_as_in_the_xml() -> None:
    """The same party in another format must give the same properties."""
    (entry,) = read(table(ROWS)).entries
    entity = entry.entity
    assert entity.schema == "Person"
    assert [(n.text, n.kind) for n in entry.names] == [
        ("Ivan Vymyshlenny", NameKind.PRIMARY),
        ("Иван Вымышленный", NameKind.ALIAS),
    ]
    assert entity.get("birthDate") == ("1969-05-04",)
    assert entity.get("birthPlace") == ("Khasan",)
    assert entity.get("nationality") == entity.get("country") == ("ru",)
    assert entity.get("passportNumber") == ("770001",)
    assert entity.get("email") == ("ivan@example.org",)
    assert entity.get("phone") == ("+7 423 555 0199",)
    assert entity.get("gender") == ("male",)
    (designation,) = entry.designations
    assert (designation.programme, designation.listed_on) == ("UKR", "2022-04-08")
    assert designation.amended_on == "2023-02-25"
    assert entry.remarks == "Listed; see annex"


def test_the_known_layout_has_no_unknown_column() -> None:
    """All columns of layout 1.1 are placed; a new one is counted."""
    assert not read(table(ROWS)).unknown
    parsed = read(table(ROWS, [*HEADER, "NameAlias_Mood"]))
    assert parsed.unknown["column: NameAlias_Mood"] == 1


LAYOUT_1_0 = (
    "Date_file;Entity_logical_id;Subject_type;Leba_numtitle;Leba_publication_date;Leba_url;"
    "Programme;Entity_remark;Naal_logical_id;Entity_logical_id;Naal_leba_numtitle;"
    "Naal_leba_publication_date;Naal_leba_url;Naal_programme;Naal_lastname;Naal_firstname;"
    "Naal_middlename;Naal_wholename;Naal_gender;Naal_title;Naal_function;Naal_language;"
    "Birt_logical_id;Entity_logical_id;Birt_date;Birt_place;Birt_country;"
    "Iden_logical_id;Iden_number;Iden_country;Citi_country;EU_ref_num"
)
ROW_1_0 = (
    "04/07/2018;77;E;2018/1 (OJ L1);2018-01-02;https://example.org/1;TERR;(two\\nlines);{};77;"
    "2001/9 (OJ L9);2001-12-28;;TERR;;;;{};;;;FR;;77;N/A;;;;;;;EU.77.1"
)


def layout_1_0(*names: str, wrapped: bool = False) -> bytes:
    """An older file; `wrapped` as a spreadsheet damages it: lines quoted whole, tabs behind."""
    lines = [LAYOUT_1_0]
    lines += [ROW_1_0.format(number, name) for number, name in enumerate(names, 1)]
    if wrapped:
        lines = [f'"{line}\t\t"' for line in lines]
    return "\n".join(lines).encode()


@pytest.mark.parametrize("wrapped", [False, True])
def test_older_layout(wrapped: bool) -> None:
    """Columns of all blocks repeat the entity's id; "N/A" is no value."""
    parsed = read(layout_1_0("Groupe Exemple", "Example Group", wrapped=wrapped))
    (entry,) = parsed.entries
    assert (parsed.format, parsed.published_on) == ("csv_1_0", date(2018, 7, 4))
    assert (entry.entity.entity_id, entry.entity.schema) == ("eu_fsf:77", "Organization")
    assert entry.entity.names == ("Groupe Exemple", "Example Group")
    assert not entry.entity.get("birthDate")
    assert entry.remarks == "(two\nlines)"
    assert [d.reference for d in entry.designations] == ["EU.77.1"]
    assert not parsed.unknown


def test_row_with_a_cell_too_many_is_kept_and_counted() -> None:
    """A stray semicolon shifts all cells after it: the row's text is kept, nothing is guessed."""
    data = layout_1_0("Example Group") + ("\n" + ROW_1_0.format(2, "Shifted;Name")).encode()
    parsed = read(data)
    (entry,) = parsed.entries
    assert parsed.unknown == {"row with 33 cells under 32 columns": 1}
    assert entry.entity.names == ("Example Group",)
    assert "Shifted; Name" in entry.remarks


def test_other_encoding_is_a_warning() -> None:
    """Older files came through spreadsheets: readable, but other alphabets are lost."""
    parsed = read(layout_1_0("Société Exemple").decode().encode("cp1252"))
    assert parsed.entries[0].entity.names == ("Société Exemple",)
    assert "Windows-1252" in parsed.warnings[0]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (table([{"Entity_LogicalId": ""}]), "without the logical id"),
        (layout_1_0("A\x81\x9d").decode().encode("latin1"), "neither UTF-8 nor Windows-1252"),
        (table(ROWS)[:-20], "Damaged CSV"),
    ],
)
def test_damage_is_refused_with_its_line(data: bytes, problem: str) -> None:
    """A cut or mixed-up file must not replace a good one."""
    with pytest.raises(SourceError, match=problem) as error:
        read(data)
    assert "fsf.csv, line" in str(error.value)


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 9_000), cut=st.integers(0, 100), put=st.binary(max_size=4))
def test_any_damage_ends_in_a_list_or_a_source_error(at: int, cut: int, put: bytes) -> None:
    """Bytes from outside never crash the reader in another way."""
    data = table(ROWS)
    at %= len(data)
    problem = ""
    try:
        read(data[:at] + put + data[at + cut :])
    except SourceError as error:
        problem = str(error)
    assert not problem or "fsf.csv" in problem


def test_real_excerpt_of_the_older_layout() -> None:
    """The published excerpt, damaged by a spreadsheet, still gives all its entities."""
    path = SHARED / "eu_fsf_csv_short.csv.gz"
    if not path.exists():
        pytest.skip("real EU lists are not at hand")
    parsed = parse([SourceFile("short.csv", gzip.decompress(path.read_bytes()))])
    assert len(parsed.entries) == 93
    assert parsed.published_on == date(2018, 7, 4)
    assert parsed.unknown["row with 60 cells under 59 columns"] == 1
    assert all(entry.names for entry in parsed.entries)
