"""The EU's annexes act by act: a folder of CSV files as one list version."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.errors import SourceError
from tumen.lists.eu_journal_sanctions.parse import parse, recognise
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import NameKind, NameQuality

SHARED = (Path(__file__).parents[2] / "../shared/data/eu").resolve()
COLUMNS = [
    name
    for line in (
        "recordId programKey annex measure startDate reason schema name alias weakAlias",
        "previousName country nationality jurisdiction birthDate birthPlace position",
        "passportNumber gender appearance ethnicity fatherName motherName incorporationDate",
        "legalForm sector registrationNumber taxNumber idNumber innCode ogrnCode kppCode okpoCode",
        "leiCode swiftBic ticker imoNumber mmsi flag address phone email website notes",
    )
    for name in line.split()
]
PERSON = {
    "recordId": "51",
    "programKey": "EU-UKR",
    "annex": "I.PERSONS",
    "measure": "Asset freeze",
    "startDate": "17.3.2014",
    "reason": "Runs a\nbank",
    "schema": "Person",
    "name": "Ivan Petrovich VYMYSHLENNY",
    "alias": "Ivan VYMYSHLENNYI (Иван ВЫМЫШЛЕННЫЙ); Vanya (Date of birth: 5.5.1970)",
    "weakAlias": "Old Ivan (previously listed as)",
    "nationality": "Russian, Ukrainian",
    "birthDate": "4.5.1969 or 5.5.1969",
    "birthPlace": "Khasan, USSR (now Russian Federation)",
    "gender": "male.",
    "passportNumber": "(a) 770001 (issued on 1.2.2010), (b) Russian passport number 770002",
    "idNumber": '"88; 99"; 77',
    "notes": "N/D",
}
COMPANY = {
    "programKey": "EU-RUS",
    "annex": "IV",
    "measure": "Export control",
    "startDate": "9 Nov. 2022",
    "schema": "Company",
    "name": "Example Border Works (EBW)",
    "registrationNumber": "7700000001 (Tax ID/INN); 1047700000001",
    "incorporationDate": "24.4.1991 as ‘ПРИМЕР’; 26.12.2016/3.4.2017",
    "swiftBic": "EXAMRU2P",
}
VESSEL = {
    "recordId": "3",
    "programKey": "EU-RUS",
    "annex": "XLII",
    "measure": "Transportation restrictions",
    "schema": "Vessel",
    "name": "EXAMPLE STAR",
    "imoNumber": "9074729",
    "flag": "Atlantis",
}


def act(celex: str, *rows: dict[str, str], amendment: str = "") -> SourceFile:
    """The file of one act, or of one amending act."""
    first = ["amendedCelex", "amendmentCelex"] if amendment else ["celex"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*first, *COLUMNS])
    for row in rows:
        acts = [celex, amendment] if amendment else [celex]
        writer.writerow([*acts, *(row.get(name, "") for name in COLUMNS)])
    return SourceFile(f"{amendment or celex}.csv", out.getvalue().encode())


def ids(parsed: ParsedList) -> list[str]:
    """The ids of all entries without the list."""
    return [
        entry.entity.entity_id.removeprefix("eu_journal_sanctions:") for entry in parsed.entries
    ]


def test_recognises_acts_and_amendments_by_their_header() -> None:
    """Both must become one bundle, so both have one format; other CSV is not claimed."""
    assert recognise(act("32014R0269")) == "csv"
    assert recognise(act("32014R0269", amendment="32026R1843")) == "csv"
    assert recognise(SourceFile("32014R0269.csv", b"id,name\n")) is None


def test_a_folder_is_one_version() -> None:
    """Every act is in it, also one whose annex is empty now."""
    parsed = parse([act("32014R0833", VESSEL), act("32004R0314"), act("32014R0269", PERSON)])
    assert (parsed.list_id, parsed.format) == ("eu_journal_sanctions", "csv")
    assert ids(parsed) == ["32014R0269-I.PERSONS-51", "32014R0833-XLII-3"]
    assert parsed.entries[1].file == "32014R0833.csv"


def test_person_is_normalised() -> None:
    """Cells keep the printed wording; the reader makes dates, codes and numbers of it."""
    (entry,) = parse([act("32014R0269", PERSON)]).entries
    entity = entry.entity
    assert [(n.text, n.kind, n.quality, n.script) for n in entry.names] == [
        ("Ivan Petrovich VYMYSHLENNY", NameKind.PRIMARY, NameQuality.UNSTATED, "Latn"),
        ("Ivan VYMYSHLENNYI", NameKind.ALIAS, NameQuality.UNSTATED, "Latn"),
        ("Иван ВЫМЫШЛЕННЫЙ", NameKind.ALIAS, NameQuality.UNSTATED, "Cyrl"),
        ("Vanya", NameKind.ALIAS, NameQuality.UNSTATED, "Latn"),
        ("Old Ivan", NameKind.FORMER, NameQuality.WEAK, "Latn"),
    ]
    assert entity.get("birthDate") == ("1970-05-05", "1969-05-04", "1969-05-05")
    assert entity.get("nationality") == ("ru", "ua")
    assert entity.get("gender") == ("male",)
    assert entity.get("passportNumber") == ("770001", "770002")
    assert entity.get("idNumber") == ("88", "99", "77")
    assert entity.get("birthPlace") == (PERSON["birthPlace"],)
    assert not entity.get("notes")
    assert entity.get("weakAlias") == ("Old Ivan",)


def test_designation_says_act_annex_and_measure() -> None:
    """The reader of an alert must find the annex."""
    (entry,) = parse([act("32014R0269", PERSON)]).entries
    (designation,) = entry.designations
    assert designation.programme == "EU-UKR"
    assert designation.legal_basis == "32014R0269, Annex I.PERSONS"
    assert designation.listed_on == "2014-03-17"
    assert designation.measures == ("Asset freeze",)
    assert designation.reason == "Runs a\nbank"
    assert designation.reference == "51"
    assert designation.source_url.endswith("CELEX:32014R0269")


def test_company_without_a_record_id() -> None:
    """A third of the annexes number nothing: the id comes from the name, and stays the same."""
    first, again = (parse([act("32014R0833", COMPANY)]) for _ in range(2))
    assert ids(first) == ids(again)
    assert ids(first)[0].startswith("32014R0833-IV-")
    (entry,) = first.entries
    assert entry.entity.names == ("Example Border Works", "EBW")
    assert entry.entity.get("taxNumber") == ("7700000001",)
    assert entry.entity.get("registrationNumber") == ("1047700000001",)
    assert entry.entity.get("incorporationDate") == ("1991-04-24",)
    assert entry.entity.get("swiftBic") == ("EXAMRU2P",)
    assert first.unknown == Counter({"incorporationDate: 26.12.2016/3.4.2017": 1})


def test_measures_of_one_record_are_designations_of_one_entry() -> None:
    """A vessel under two measures is one vessel."""
    other = {**VESSEL, "measure": "Financial restrictions"}
    (entry,) = parse([act("32016R0044", VESSEL, other)]).entries
    assert [d.measures for d in entry.designations] == [
        ("Transportation restrictions",),
        ("Financial restrictions",),
    ]
    assert entry.locator == "32016R0044.csv line 2, 32016R0044.csv line 3"


def test_the_same_number_in_another_annex_is_another_party() -> None:
    """Record ids start anew in each annex; joined, strangers would share names and dates."""
    other = {**PERSON, "annex": "I.ENTITIES", "schema": "Organization", "name": "Bank"}
    parsed = parse([act("32014R0269", PERSON, other)])
    assert ids(parsed) == ["32014R0269-I.PERSONS-51", "32014R0269-I.ENTITIES-51"]


def test_namesakes_without_ids_stay_apart() -> None:
    """Two unnumbered rows of one name under one measure are two parties."""
    one = {**PERSON, "recordId": ""}
    parsed = parse([act("32002R0881", one, {**one, "birthDate": "1.1.1950"})])
    assert len(set(ids(parsed))) == 2


def test_amendments_add_and_are_counted() -> None:
    """An amendment is folded in only beside the acts it amends, and the version says so."""
    new = {**PERSON, "recordId": "52", "name": "Another PERSON"}
    renamed = {**PERSON, "name": "Somebody ELSE"}
    more = {**PERSON, "measure": "Financial restrictions", "startDate": "1.8.2026"}
    parsed = parse(
        [
            act("32014R0269", new, renamed, more, amendment="32026R1843"),
            act("32014R0269", PERSON),
        ]
    )
    assert ids(parsed) == [
        "32014R0269-I.PERSONS-51",
        "32014R0269-I.PERSONS-52",
        "32014R0269-I.PERSONS-51-32026R1843",
    ]
    assert [d.amended_on for d in parsed.entries[0].designations] == ["", "2026-08-01"]
    assert parsed.entries[0].designations[1].source_url.endswith("CELEX:32026R1843")
    assert set(parsed.warnings) == {
        "Amendments: 2 rows added as entries",
        "Amendments: 1 rows merged into entries",
    }


def test_what_cannot_be_read_is_counted() -> None:
    """Unknown values, columns and schemata are shown, and the row is still an entry."""
    odd = {**VESSEL, "schema": "Boat", "startDate": "last spring", "gender": "vessel"}
    file = act("32014R0833", odd)
    file = SourceFile(file.name, file.data.replace(b",notes\n", b",mood\n").replace(
        b"Atlantis,,,,,", b"Atlantis,,,,,calm"))  # fmt: skip
    parsed = parse([file])
    assert parsed.entries[0].entity.schema == "LegalEntity"
    for key in ("schema: Boat", "startDate: last spring", "gender: vessel", "mood: calm"):
        assert parsed.unknown[key] == 1
    assert parsed.unknown["flag: Atlantis"] == 1


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ([act("32014R0269", PERSON, amendment="32026R1843")], "Amendments alone"),
        ([], "Amendments alone"),
        ([act("32014R0269", PERSON), SourceFile("old.csv", act("32014R0269", PERSON).data)],
         "is also in 32014R0269.csv"),
        ([act("", PERSON)], "without its celex"),
        ([SourceFile("x.csv", b"celex,recordId\n1,2\n")], "no column programKey"),
        ([SourceFile("x.csv", act("32014R0269", PERSON).data[:-30])], "Damaged CSV"),
    ],
)  # fmt: skip
def test_refuses_what_is_no_whole_version(files: list[SourceFile], problem: str) -> None:
    """Half a folder, or two versions of one act, must not replace a good list."""
    with pytest.raises(SourceError, match=problem):
        parse(files)


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 3_000), cut=st.integers(0, 60), put=st.binary(max_size=4))
def test_any_damage_ends_in_a_list_or_a_source_error(at: int, cut: int, put: bytes) -> None:
    """Bytes from outside never crash the reader in another way."""
    data = act("32014R0269", PERSON, COMPANY, VESSEL).data
    at %= len(data)
    problem = ""
    try:
        parse([SourceFile("f.csv", data[:at] + put + data[at + cut :])])
    except SourceError as error:
        problem = str(error)
    assert not problem or "f.csv" in problem


def load(pattern: str) -> list[SourceFile]:
    """Real files, where they are at hand."""
    paths = sorted(SHARED.glob(f"journal_sanctions/{pattern}/*.csv"))
    if not paths:
        pytest.skip("the real EU annexes are not at hand")
    return [SourceFile(path.name, path.read_bytes()) for path in paths]


def test_real_folder_has_all_rows_and_unique_ids() -> None:
    """45 acts with 8,017 rows: each is in an entry, ids are unique, little is unknown."""
    files = load("consolidated")
    parsed = parse(files)
    rows = sum(
        len(list(csv.reader(io.StringIO(file.data.decode(), newline="")))) - 1 for file in files
    )
    assert sum(len(entry.locator.split(", ")) for entry in parsed.entries) == rows
    assert len(set(ids(parsed))) == len(parsed.entries)
    assert all(entry.names for entry in parsed.entries)
    assert sum(parsed.unknown.values()) < 0.03 * rows


def test_real_amendments_come_on_top() -> None:
    """Given together, the amending acts of three weeks add entries."""
    both = parse(load("consolidated") + load("amendments"))
    assert any("rows added" in warning for warning in both.warnings)
