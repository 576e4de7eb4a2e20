"""The Consolidated Screening List in its CSV layouts and its JSON."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from tumen.errors import SourceError
from tumen.lists.formats.ofac_common import is_wallet
from tumen.lists.reader import SourceFile
from tumen.lists.us_trade_csl.parse import abbreviation, parse, recognise
from tumen.model.listing import ListEntry

SHARED = (Path(__file__).resolve().parents[2] / "../shared/data").resolve()

_HEADER = (
    "_id", "source", "entity_number", "type", "programs", "name", "title", "addresses",
    "federal_register_notice", "start_date", "end_date", "standard_order", "license_requirement",
    "license_policy", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage",
    "vessel_flag", "vessel_owner", "remarks", "source_list_url", "alt_names", "citizenships",
    "dates_of_birth", "nationalities", "places_of_birth", "source_information_url", "ids",
)  # fmt: skip
_SDN = {
    "source": "Specially Designated Nationals (SDN) - Treasury Department",
    "entity_number": "101",
    "type": "Individual",
    "programs": "DPRK3; CYBER2",
    "name": "KIM, Man",
    "title": "General",
    "addresses": "1 Street, Pyongyang, KP; CN",
    "alt_names": "GIM, Man; THE FOX",
    "nationalities": "KP",
    "dates_of_birth": "1968-02-24; circa 1970",
    "places_of_birth": "Wonsan, North Korea",
    "remarks": "(Linked To: INVENTED SHIPPING)",
    "ids": "Passport, X1, KP; Gender, Male; Digital Currency Address - XBT, 1Invented",
}
_EL = {
    "source": "Entity List (EL) - Bureau of Industry and Security",
    "name": "Invented Institute",
    "addresses": "2 Road, Dandong, China, CN",
    "federal_register_notice": "87 FR 1",
    "start_date": "2022-04-07",
    "license_requirement": "For all items subject to the EAR.",
    "license_policy": "Presumption of denial.",
    "alt_names": "Institute of Invention; and JSC Invention",
}
_DPL = {
    "source": "Denied Persons List (DPL) - Bureau of Industry and Security",
    "name": "INVENTED, JOHN",
    "addresses": "3 AVENUE, NEW YORK, NY, 10001",
    "start_date": "2020-01-02",
    "end_date": "2030-01-02",
    "standard_order": "Y",
    "remarks": "FR NOTICE ADDED",
}


def _csv(*records: dict[str, str], header: tuple[str, ...] = _HEADER) -> SourceFile:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, restval="")
    writer.writeheader()
    writer.writerows(records)
    return SourceFile("consolidated.csv", text.getvalue().encode())


def _one(entries: list[ListEntry], start: str) -> ListEntry:
    return next(one for one in entries if one.entity.entity_id.startswith(f"us_trade_csl:{start}"))


def test_person_of_the_treasury() -> None:
    """An OFAC row is read as OFAC's own files are, under its uid."""
    parsed = parse([_csv(_SDN)])
    person, wallet = parsed.entries
    assert person.entity.entity_id == "us_trade_csl:sdn-101"
    assert person.entity.get("name") == ("Man KIM",)
    assert person.entity.get("alias") == ("Man GIM", "THE FOX")
    assert person.entity.get("birthDate") == ("1968-02-24", "1970~")
    assert person.entity.get("address") == ("1 Street, Pyongyang, KP",)
    assert person.entity.get("country") == ("kp", "cn")
    assert person.entity.get("passportNumber") == ("X1",)
    assert person.entity.get("gender") == ("male",)
    assert [one.programme for one in person.designations] == ["DPRK3", "CYBER2"]
    assert person.designations[0].authority == "Office of Foreign Assets Control"
    assert person.links[0].target_name == "INVENTED SHIPPING"
    assert wallet.entity.get("publicKey") == ("1Invented",)
    assert not parsed.unknown


def test_party_of_the_entity_list() -> None:
    """BIS says neither type nor uid: a legal entity, with the licence rules as measures."""
    (entry,) = parse([_csv(_EL)]).entries
    assert entry.entity.schema == "LegalEntity"
    assert entry.entity.get("alias") == ("Institute of Invention", "JSC Invention")
    assert entry.entity.get("topics") == ("export.control",)
    (designation,) = entry.designations
    assert (designation.programme, designation.reference) == ("EL", "87 FR 1")
    assert designation.authority == "Bureau of Industry and Security"
    assert designation.listed_on == "2022-04-07"
    assert designation.measures == ("For all items subject to the EAR.", "Presumption of denial.")


def test_denied_person_with_an_end() -> None:
    """A denial order ends; a postal code at the end of an address is no country."""
    parsed = parse([_csv(_DPL)])
    (entry,) = parsed.entries
    assert entry.designations[0].ends_on == "2030-01-02"
    assert entry.designations[0].measures == ("Standard order",)
    assert entry.entity.get("country") == ()
    assert entry.entity.get("address") == ("3 AVENUE, NEW YORK, NY, 10001",)
    assert not parsed.unknown


def test_id_outlives_a_new_address() -> None:
    """A moved office is a change, not a removal and an addition; a namesake is another entry."""
    (before,) = parse([_csv(_EL)]).entries
    moved = {**_EL, "addresses": "9 Elsewhere, CN", "_id": "another"}
    first, second = parse([_csv(moved, moved)]).entries
    assert first.entity.entity_id == before.entity.entity_id
    assert second.entity.entity_id == f"{before.entity.entity_id}-2"


@pytest.mark.parametrize(
    "ids",
    [
        "KP, X1, Passport; Male, Gender; 1Invented, Digital Currency Address - XBT",
        "Passport, X1, KP; Gender, Male; Digital Currency Address - XBT, 1Invented",
    ],
)
def test_both_orders_of_identity_documents(ids: str) -> None:
    """Until 2022 the type came last, since then it comes first."""
    person, wallet = parse([_csv({**_SDN, "ids": ids})]).entries
    assert person.entity.get("passportNumber") == ("X1",)
    assert wallet.entity.get("publicKey") == ("1Invented",)


def test_layout_of_2016() -> None:
    """Without `_id` and `ids`, and with the sources abbreviated."""
    header = tuple(name for name in _HEADER if name not in ("_id", "ids"))
    record = {key: value for key, value in _SDN.items() if key != "ids"} | {"source": "SDN"}
    (entry,) = parse([_csv(record, header=header)]).entries
    assert entry.entity.entity_id == "us_trade_csl:sdn-101"
    assert entry.designations[0].authority == "Office of Foreign Assets Control"


def test_json_says_the_same_as_csv() -> None:
    """The same party from the API's document and from the table."""
    record = {
        **_SDN,
        "programs": ["DPRK3", "CYBER2"],
        "addresses": [
            {"address": "1 Street", "city": "Pyongyang", "state": None, "postal_code": None,
             "country": "KP"},
            {"address": None, "city": None, "state": None, "postal_code": None, "country": "CN"},
        ],
        "alt_names": ["GIM, Man", "THE FOX"],
        "nationalities": ["KP"],
        "dates_of_birth": ["1968-02-24", "circa 1970"],
        "places_of_birth": ["Wonsan, North Korea"],
        "ids": [
            {"type": "Passport", "number": "X1", "country": "KP", "issue_date": None},
            {"type": "Gender", "number": "Male", "country": None},
            {"type": "Digital Currency Address - XBT", "number": "1Invented", "country": None},
        ],
    }  # fmt: skip
    file = SourceFile("consolidated.json", json.dumps({"total": 1, "results": [record]}).encode())
    assert recognise(file) == "json"
    parsed = parse([file])
    assert [one.entity for one in parsed.entries] == [
        one.entity for one in parse([_csv(_SDN)]).entries
    ]
    assert parsed.entries[0].locator == "results[1]"


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("Specially Designated Nationals (SDN) - Treasury Department", "SDN"),
        ("Military End User (MEU) List - Bureau of Industry and Security", "MEU"),
        ("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department", "NS-MBS"),
        ("Capta List (CAP) - Treasury Department", "CAP"),
        ("UVL", "UVL"),
    ],
)
def test_abbreviation(source: str, short: str) -> None:
    """Both layouts name the same list."""
    assert abbreviation(source) == short


def test_new_source_and_new_field_are_counted() -> None:
    """A fourteenth list, or a new column, shows; its parties are screened all the same."""
    header = (*_HEADER, "mood")
    record = {**_EL, "source": "Invented List (INV) - Treasury Department", "mood": "grim"}
    parsed = parse([_csv(record, header=header)])
    assert len(parsed.entries) == 1
    assert parsed.unknown["mood: grim"] == 1
    assert any(key.startswith("source: ") for key in parsed.unknown)


def test_repeated_header_is_no_party() -> None:
    """One published file has its header twice."""
    file = _csv(_EL)
    header = file.data.partition(b"\r\n")[0] + b"\r\n"
    assert len(parse([SourceFile("c.csv", header + file.data)]).entries) == 1


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (SourceFile("c.csv", _csv(_SDN, _EL).data[:-40]), "columns instead of"),
        (SourceFile("c.csv", _csv(_SDN).data + b'"unclosed'), "Cut short or damaged"),
        (_csv({**_EL, "name": " "}), "without a name"),
        (SourceFile("c.json", b'{"results": [{"source": "SDN", "alt_names": [],'), "Damaged JSON"),
        (
            SourceFile("c.json", b'{"results": {"source": 1, "alt_names": 2}}'),
            "no list of records",
        ),
        (SourceFile("c.csv", b"a,b\n"), "one CSV or JSON file"),
    ],
)
def test_damaged_files_are_refused(file: SourceFile, problem: str) -> None:
    """Half a list must never take the place of a whole one."""
    with pytest.raises(SourceError, match=problem):
        parse([file])


@pytest.mark.parametrize("data", [b"", b"{}", b"source,name\n", b"name\taddress\n", b"\xff\xfe"])
def test_other_files_are_not_claimed(data: bytes) -> None:
    """The table needs its columns, the document its fields."""
    assert recognise(SourceFile("x", data)) is None


def _shared(name: str) -> SourceFile:
    path = SHARED / "us_trade" / name
    if not path.exists():
        pytest.skip(f"shared data not here: {path}")
    return SourceFile(name.removesuffix(".gz"), gzip.decompress(path.read_bytes()))


@pytest.mark.parametrize(
    ("name", "count"), [("csl_2022-04.csv.gz", 14_160), ("csl_2016-02_partial.csv.gz", 399)]
)
def test_published_files_are_read_whole(name: str, count: int) -> None:
    """Both layouts: a party for each row, ids that do not repeat, next to none unknown."""
    parsed = parse([_shared(name)])
    assert len([one for one in parsed.entries if not is_wallet(one)]) == count
    assert len({one.entity.entity_id for one in parsed.entries}) == len(parsed.entries)
    assert all(one.names and one.designations for one in parsed.entries if not is_wallet(one))
    assert parsed.unknown.total() <= max(2, count * 0.004)


def test_file_that_was_cut_is_refused() -> None:
    """The list of November 2023 ends in the middle of a row; what is whole in it is read."""
    file = _shared("csl_2023-11_partial.csv.gz")
    with pytest.raises(SourceError, match="Cut short or damaged"):
        parse([file])
    whole = SourceFile(file.name, file.data[: file.data.rindex(b'\n"11476"') + 1])
    parsed = parse([whole])
    assert len([one for one in parsed.entries if not is_wallet(one)]) == 4_226
    assert parsed.unknown.total() < 40
