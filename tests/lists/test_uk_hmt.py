"""OFSI's retired ConList in its two layouts."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest

from tumen.lists.gb_hmt_sanctions.parse import parse, recognise
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import ListEntry, NameKind, NameQuality

SHARED = (Path(__file__).parents[2] / "../shared/data/uk").resolve()
NAMES = "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title"
ADDRESS = "Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,Country"
OLD = (
    f"{NAMES},DOB,Town of Birth,Country of Birth,Nationality,Passport Details,NI Number,Position,"
    f"{ADDRESS},Other Information,Group Type,Alias Type,Regime,Listed On,Last Updated,Group ID"
).split(",")
NEW = (
    f"{NAMES},Name Non-Latin Script,Non-Latin Script Type,Non-Latin Script Language,DOB,"
    "Town of Birth,Country of Birth,Nationality,Passport Number,Passport Details,"
    "National Identification Number,National Identification Details,Position,"
    f"{ADDRESS},Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,"
    "UK Sanctions List Date Designated,Last Updated,Group ID"
).split(",")

OLD_PERSON = {
    "Name 6": "AL-AMUR",
    "Name 1": "Farid",
    "Title": "Dr",
    "DOB": "00/00/1980",
    "Town of Birth": "(1) Tripoli (2) Tunis",
    "Country of Birth": "(1) Libya (2) Tunisia",
    "Nationality": "Tunisian (since 1999)",
    "Passport Details": "(1) AA780554 (Libyan). Issued 3 May 2007 (2) Uganda Passport.",
    "NI Number": "Ration card no. 1729765",
    "Address 6": "Tripoli",
    "Country": "Libya (previous address)",
    "Other Information": "UN Ref QDe.904. Believed to be in Malta.",
    "Group Type": "Individual",
    "Alias Type": "Prime Alias",
    "Regime": "Libya",
    "Listed On": "01/04/2016",
    "Last Updated": "02/04/2017",
    "Group ID": "19349",
}
OLD_FORMER = OLD_PERSON | {"Name 6": "AMURI", "Alias Type": "FKA", "DOB": "00/00/1981"}
OLD_SHIP = {
    "Name 6": "HWANG SAN 7",
    "Other Information": "IMO: 9187629. MMSI: 445539000. The following vessel has been added.",
    "Group Type": "Entity",
    "Alias Type": "Prime Alias",
    "Regime": "North Korea",
    "Listed On": "19/10/2017",
    "Group ID": "19556",
}
NEW_PERSON = {
    "Name 6": "PETROV",
    "Name 1": "Ivan",
    "Name Non-Latin Script": "Иван Петров",
    "Non-Latin Script Type": "Cyrillic",
    "Non-Latin Script Language": "Russian",
    "DOB": "12/05/1971",
    "Nationality": "Russia",
    "Passport Number": "731234567",
    "Passport Details": "Issued in Omsk",
    "National Identification Number": "55017777",
    "Other Information": (
        "(UK Sanctions List Ref):RUS9001. (UK Statement of Reasons):Supports the war. "
        "(Gender):Male (Phone number):+7 495 0000 (Shoe size):44"
    ),
    "Group Type": "Individual",
    "Alias Type": "Primary name variation",
    "Alias Quality": "Good",
    "Regime": "Russia",
    "Listed On": "15/03/2022",
    "UK Sanctions List Date Designated": "14/03/2022",
    "Last Updated": "16/03/2022",
    "Group ID": "19800",
}
NEW_SHIP = {
    "Name 6": "AMUR PROSPECT",
    "Other Information": (
        "(UK Sanctions List Ref):RUS9176 (IMO number):9187629 (Current owners/operators):"
        "Tumen Ship Management (Type of ship):Tanker (Tonnage of ship):56076"
    ),
    "Group Type": "Ship",
    "Alias Type": "Primary name",
    "Regime": "Russia",
    "Listed On": "19/10/2023",
    "Group ID": "19900",
}


def table(header: list[str], *rows: dict[str, str]) -> SourceFile:
    """A ConList.csv in Windows-1252, as OFSI wrote it."""
    text = io.StringIO()
    text.write("Last Updated,13/04/2018" + "," * (len(header) - 2) + "\r\n")
    writer = csv.DictWriter(text, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    encoding = "cp1252" if header is OLD else "utf-8-sig"
    return SourceFile("ConList.csv", text.getvalue().encode(encoding))


@pytest.fixture(scope="module")
def old() -> ParsedList:
    """The layout before 2022."""
    return parse([table(OLD, OLD_PERSON, OLD_FORMER, OLD_SHIP)])


@pytest.fixture(scope="module")
def new() -> ParsedList:
    """The layout since 2022."""
    return parse([table(NEW, NEW_PERSON, NEW_SHIP)])


def test_recognises_both_layouts() -> None:
    """Both begin with their date; the FCDO's list does not."""
    assert recognise(table(OLD, OLD_PERSON)) == "csv"
    assert recognise(table(NEW, NEW_PERSON)) == "csv"
    assert recognise(SourceFile("ConList.csv", b"Report Date: 1\nName 6,Group ID")) is None


def test_old_layout(old: ParsedList) -> None:
    """Rows of one group are one party; numbers come out of sentences."""
    person = old.entries[0]
    assert person.entity.entity_id == "gb_hmt_sanctions:19349"
    assert [(n.text, n.kind) for n in person.names] == [
        ("Farid AL-AMUR", NameKind.PRIMARY),
        ("Farid AMURI", NameKind.FORMER),
    ]
    expected = {
        "birthDate": ("1980", "1981"),
        "birthPlace": ("Tripoli", "Tunis"),
        "birthCountry": ("ly", "tn"),
        "nationality": ("tn",),
        "passportNumber": ("AA780554",),
        "idNumber": ("1729765",),
        "country": ("ly",),
        "title": ("Dr",),
    }
    assert {prop: person.entity.get(prop) for prop in expected} == expected
    assert "UN reference: QDe.904" in person.entity.get("notes")
    assert "Believed to be in Malta." in person.remarks
    assert "Issued 3 May 2007" in person.remarks
    assert person.designations[0].listed_on == "2016-04-01"
    assert str(old.published_on) == "2018-04-13"
    assert old.unknown == {"passportdetails: Uganda Passport.": 1}


def test_a_ship_hides_among_the_entities(old: ParsedList) -> None:
    """Before 2022 OFSI had no ships; the numbers are in the text."""
    ship = old.entries[1].entity
    assert (ship.schema, ship.get("imoNumber"), ship.get("mmsi")) == (
        "Vessel",
        ("9187629",),
        ("445539000",),
    )


def test_new_layout(new: ParsedList) -> None:
    """Fields packed into `Other Information` are read, and the whole text is kept."""
    person = new.entries[0]
    assert [(n.text, n.kind, n.quality, n.script) for n in person.names] == [
        ("Ivan PETROV", NameKind.ALIAS, NameQuality.STRONG, "Latn"),
        ("Иван Петров", NameKind.ALIAS, NameQuality.UNSTATED, "Cyrl"),
    ]
    expected = {
        "passportNumber": ("731234567",),
        "idNumber": ("55017777",),
        "gender": ("male",),
        "phone": ("+7 495 0000",),
    }
    assert {prop: person.entity.get(prop) for prop in expected} == expected
    (designation,) = person.designations
    assert designation.reference == "RUS9001"
    assert designation.reason == "Supports the war"
    assert designation.listed_on == "2022-03-14"
    assert "(Shoe size):44" in person.remarks
    assert new.unknown == {"shoesize: 44": 1}


def test_new_ship(new: ParsedList) -> None:
    """The packed fields of a ship reach their properties."""
    ship = new.entries[1]
    assert ship.entity.schema == "Vessel"
    assert ship.entity.get("imoNumber") == ("9187629",)
    assert ship.entity.get("type") == ("Tanker",)
    assert ship.entity.get("tonnage") == ("56076",)
    assert ship.links[0].target_name == "Tumen Ship Management"


@pytest.mark.parametrize(
    ("name", "rows", "parties", "published"),
    [
        ("ofsi_ConList_2018-04-13.csv.gz", 9487, 2106, "2018-04-13"),
        ("ofsi_ConList_2016-02-12.csv.gz", 800, 463, "2016-02-12"),
    ],
)
def test_real_lists(name: str, rows: int, parties: int, published: str) -> None:
    """Every party of the real lists is read; what stays unknown is little."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    data = gzip.decompress(path.read_bytes())
    found = parse([SourceFile("ConList.csv", data)])
    assert (len(found.entries), str(found.published_on)) == (parties, published)
    assert sum(found.unknown.values()) < rows / 50
    assert all(entry.names for entry in found.entries)
    assert share(found.entries, "Person", "birthDate") > 0.7


def share(entries: list[ListEntry], schema: str, prop: str) -> float:
    """The share of entries of one schema that have a property."""
    wanted = [entry.entity for entry in entries if entry.entity.schema == schema]
    return sum(bool(entity.get(prop)) for entity in wanted) / len(wanted)
