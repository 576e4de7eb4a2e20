"""FollowTheMoney files of any dataset: JSON lines, nested JSON and the simple CSV."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.errors import SourceError
from tumen.lists.ftm.parse import parse, recognise
from tumen.lists.interpol_red_notices import parse as interpol
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.ua_war_sanctions import parse as ua_war
from tumen.model.listing import Link, NameKind, NameQuality

SHARED = (Path(__file__).parents[2] / "../shared/data/ftm").resolve()


def record(
    node_id: str, schema: str, *, datasets: tuple[str, ...] = ("xx_demo",), **properties: Any
) -> dict[str, Any]:
    """One entity as the exports write it."""
    return {
        "id": node_id,
        "caption": properties.get("name", [schema])[0],
        "schema": schema,
        "properties": properties,
        "datasets": list(datasets),
        "referents": [],
        "target": True,
        "first_seen": "2024-01-01T00:00:00",
        "last_seen": "2026-03-13T05:41:01",
        "last_change": "2026-02-05T14:54:48",
    }


PERSON = record(
    "p1",
    "Person",
    name=["VYMYSHLENNY Ivan", "Ivan Vymyshlenny"],
    alias=["Иван Вымышленный"],
    weakAlias=["Vanya"],
    previousName=["Ivan Old"],
    birthDate=["1969-05"],
    nationality=["ru"],
    addressEntity=["a1", "a9"],
    topics=["sanction"],
) | {"caption": "Ivan Vymyshlenny"}
COMPANY = record("c1", "Company", name=["Example Border Works"], jurisdiction=["ru"])
VESSEL = record("v1", "Vessel", name=["EXAMPLE STAR"], imoNumber=["9074729"], owner=["c1"])
EDGES = [
    record("a1", "Address", street=["3 Harbour St"], city=["Vladivostok"], country=["ru"]),
    record("a2", "Address", full=["Nobody lives here"]),
    record(
        "s1",
        "Sanction",
        entity=["p1"],
        authority=["Council of Examples"],
        program=["Example programme"],
        programId=["XX-EX"],
        startDate=["2022-04-08"],
        endDate=["2031-01-01"],
        reason=["Moves money", "for years"],
        provisions=["Asset freeze"],
        recordId=["R-7"],
        sourceUrl=["https://example.org/7"],
        status=["active"],
    ),
    record("s2", "Sanction", entity=["gone"]),
    record("d1", "Passport", holder=["p1"], number=["770001"], country=["ru"]),
    record("d2", "Identification", holder=["p1"], number=["88"], type=["Driving licence"]),
    record("o1", "Ownership", owner=["p1"], asset=["c1"], role=["founder"]),
    record("f1", "Family", person=["p1"], relative=["elsewhere"], relationship=["brother"]),
    record("m1", "Membership", member=["gone"], organization=["gone too"]),
]


def lines(*records: dict[str, Any]) -> bytes:
    """Records as JSON lines."""
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in records)


def read(data: bytes, name: str = "entities.ftm.json") -> ParsedList:
    """A file, read."""
    return parse([SourceFile(name, data)])


@pytest.fixture(scope="module")
def parsed() -> ParsedList:
    """The invented dataset."""
    return read(lines(PERSON, COMPANY, VESSEL, *EDGES))


def test_the_list_is_the_dataset(parsed: ParsedList) -> None:
    """Ids must say which list an entity is from; the publisher's day is when it last saw any."""
    assert (parsed.list_id, parsed.format) == ("xx_demo", "entities_json")
    assert parsed.published_on == date(2026, 3, 13)
    assert [entry.entity.entity_id for entry in parsed.entries] == [
        "xx_demo:p1",
        "xx_demo:c1",
        "xx_demo:v1",
    ]


def test_names_by_their_property(parsed: ParsedList) -> None:
    """The caption is the name to show; weak and former names keep their kind."""
    entry = parsed.entries[0]
    assert [(n.text, n.kind, n.quality) for n in entry.names] == [
        ("Ivan Vymyshlenny", NameKind.PRIMARY, NameQuality.UNSTATED),
        ("VYMYSHLENNY Ivan", NameKind.PRIMARY, NameQuality.UNSTATED),
        ("Иван Вымышленный", NameKind.ALIAS, NameQuality.UNSTATED),
        ("Vanya", NameKind.ALIAS, NameQuality.WEAK),
        ("Ivan Old", NameKind.FORMER, NameQuality.UNSTATED),
    ]
    assert entry.entity.get("birthDate") == ("1969-05",)
    assert entry.entity.get("topics") == ("sanction",)


def test_sanctions_become_designations(parsed: ParsedList) -> None:
    """The act, its dates and its reason belong to the party, not to a record beside it."""
    (designation,) = parsed.entries[0].designations
    assert designation.authority == "Council of Examples"
    assert (designation.programme, designation.legal_basis) == ("XX-EX", "Example programme")
    assert (designation.listed_on, designation.ends_on) == ("2022-04-08", "2031-01-01")
    assert designation.reason == "Moves money\nfor years"
    assert designation.measures == ("Asset freeze",)
    assert (designation.reference, designation.source_url) == ("R-7", "https://example.org/7")
    assert parsed.entries[0].remarks == "Sanction status: active"


def test_addresses_and_documents_are_folded(parsed: ParsedList) -> None:
    """An address or passport is screened as a property of its party."""
    entity = parsed.entries[0].entity
    assert entity.get("address") == ("3 Harbour St, Vladivostok, ru",)
    assert entity.get("passportNumber") == ("770001",)
    assert entity.get("idNumber") == ("88",)


def test_edges_become_links_at_both_ends(parsed: ParsedList) -> None:
    """Ownership must be followed from either side; the subject is told by `is_inverse`."""
    person, company, vessel = parsed.entries
    assert person.links == (
        Link("Ownership", "xx_demo:c1", "Example Border Works", "founder"),
        Link("Family", "", "elsewhere", "brother"),
    )
    assert company.links == (Link("Ownership", "xx_demo:p1", "Ivan Vymyshlenny", "founder", True),)
    assert vessel.links == (Link("Ownership", "xx_demo:c1", "Example Border Works", "owner", True),)


def test_what_finds_no_place_is_counted(parsed: ParsedList) -> None:
    """Records about parties outside the file are shown, not dropped."""
    assert parsed.unknown == Counter(
        {
            "Person.addressEntity: not in the file": 1,
            "Address: no entity points to it": 1,
            "Sanction: its entity is not in the file": 1,
            "Membership: no end of it is in the file": 1,
        }
    )


def test_programmes_without_sanction_records() -> None:
    """Where only the programme is said, it is the designation."""
    only = record("p1", "Person", name=["A B"], programId=["XX-EX"])
    assert [d.programme for d in read(lines(only)).entries[0].designations] == ["XX-EX"]


def test_unknown_schema_property_and_value_are_counted() -> None:
    """Another version of the model is noticed, and the party is still screened."""
    odd = record("x1", "Starship", name=["Odd One"])
    wrong = record("x2", "Person", name=["A B"], warpSpeed=["9"], country=["zz9"], birthDate=["?"])
    extra = {**record("x3", "Person", name=["C D", True, None, 7]), "mood": "calm"}
    parsed = read(lines(odd, wrong, extra))
    assert [entry.entity.schema for entry in parsed.entries] == ["LegalEntity", "Person", "Person"]
    assert parsed.entries[2].entity.get("name") == ("C D", "7")
    assert parsed.unknown == Counter(
        {
            "schema: Starship": 1,
            "Person.warpSpeed: 9": 1,
            "country: zz9": 1,
            "birthDate: ?": 1,
            "Person.name: bool": 1,
            "key: mood": 1,
        }
    )


def test_several_datasets_are_the_list_ftm() -> None:
    """A mixed collection is no one list."""
    other = record("c9", "Company", datasets=("yy_demo",), name=["Other"])
    parsed = read(lines(PERSON, other))
    assert parsed.list_id == "ftm"
    assert parsed.entries[1].entity.entity_id == "ftm:c9"


def test_without_datasets_the_file_name_says_the_list() -> None:
    """Older exports name no dataset; then, at last, the file name counts."""
    bare = {key: PERSON[key] for key in ("id", "schema", "properties")}
    assert read(lines(bare), "xx_demo_entities.ftm.json").list_id == "xx_demo"
    assert read(lines(bare), "donations.ijson").list_id == "ftm"
    assert read(lines(bare)).published_on is None


def test_fragments_of_one_id_are_joined() -> None:
    """Merged exports give one entity in several records; the narrower schema stays."""
    more = record("p1", "LegalEntity", name=["Third Name"], country=["kp"])
    clash = record("p1", "Vessel", name=["Fourth Name"])
    parsed = read(lines(PERSON, more))
    (entry,) = parsed.entries
    assert entry.entity.schema == "Person"
    assert "Third Name" in entry.entity.names
    assert entry.locator == "line 1, id p1 and line 2, id p1"
    mixed = read(lines(PERSON, clash))
    assert mixed.entries[0].entity.schema == "LegalEntity"
    assert mixed.unknown["schema: Person and Vessel for one id"] == 1


def test_nested_neighbours_are_folded_but_not_listed() -> None:
    """In targets.nested.json a neighbour is context: screening it would invent a listing."""
    owner = record("o9", "Person", name=["Olga Neighbour"])
    nested = record(
        "c1",
        "Company",
        name=["Example Border Works"],
        addressEntity=[EDGES[0]],
        sanctions=[record("s1", "Sanction", entity=["c1"], programId=["XX-EX"])],
        ownershipAsset=[record("w1", "Ownership", owner=[owner], asset=["c1"])],
    )
    data = lines(nested)
    assert recognise(SourceFile("targets.nested.json", data)) == "nested_json"
    (entry,) = read(data).entries
    assert entry.entity.get("address") == ("3 Harbour St, Vladivostok, ru",)
    assert [d.programme for d in entry.designations] == ["XX-EX"]
    assert entry.links == (Link("Ownership", "", "Olga Neighbour", "", True),)


COLUMNS = [
    name
    for line in (
        "id schema name aliases birth_date countries addresses identifiers sanctions phones",
        "emails program_ids dataset first_seen last_seen last_change",
    )
    for name in line.split()
]


def simple(*rows: dict[str, str], columns: list[str] | None = None) -> bytes:
    """Rows as targets.simple.csv writes them."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(columns or COLUMNS)
    for row in rows:
        writer.writerow([row.get(name, "") for name in columns or COLUMNS])
    return out.getvalue().encode()


SHIP_ROW = {
    "id": "NK-1",
    "schema": "Vessel",
    "name": "EXAMPLE; STAR",
    "aliases": 'Old Star;"Star; the Third"',
    "countries": "kp;pa",
    "identifiers": "IMO9074729;620123456;AB-7",
    "sanctions": '""',
    "program_ids": "UA-WS-MARE;UA-WS-X",
    "dataset": "Ukraine War and Sanctions",
    "last_seen": "2026-03-13T05:41:01",
}
PERSON_ROW = {
    "id": "NK-2",
    "schema": "Person",
    "name": "Ivan Vymyshlenny",
    "birth_date": "1969;1970-05-04",
    "identifiers": "770001;Q770001",
    "sanctions": '"Notice - acts; others"',
    "dataset": "Ukraine War and Sanctions",
}


def test_simple_csv() -> None:
    """Cells are lists, a value with ";" is quoted; identifiers go where their form says."""
    parsed = ua_war.parse([SourceFile("targets.simple.csv", simple(SHIP_ROW, PERSON_ROW))])
    ship, person = parsed.entries
    assert (parsed.list_id, parsed.published_on) == ("ua_war_sanctions", date(2026, 3, 13))
    assert ship.entity.names == ("EXAMPLE; STAR", "Old Star", "Star; the Third")
    assert ship.entity.get("imoNumber") == ("9074729",)
    assert ship.entity.get("mmsi") == ("620123456",)
    assert ship.entity.get("registrationNumber") == ("AB-7",)
    assert [d.programme for d in ship.designations] == ["UA-WS-MARE", "UA-WS-X"]
    assert person.entity.get("birthDate") == ("1969", "1970-05-04")
    assert person.entity.get("idNumber") == ("770001",)
    assert person.entity.get("wikidataId") == ("Q770001",)
    assert [d.reason for d in person.designations] == ["Notice - acts; others"]
    assert not parsed.unknown


def test_new_column_is_counted() -> None:
    """OpenSanctions adds columns now and then."""
    parsed = read(simple(SHIP_ROW, columns=[*COLUMNS, "mood"]))
    assert parsed.unknown == {"column: mood": 1}


def test_each_file_is_claimed_by_one_list() -> None:
    """Two claims would leave a file unrecognised; a foreign file must not be claimed at all."""
    notices = {**PERSON_ROW, "dataset": "INTERPOL Red Notices"}
    war_json = lines(record("x", "Person", datasets=("ua_war_sanctions",), name=["A B"]))
    cases = {
        simple(SHIP_ROW): ("ua_war_sanctions", "simple_csv"),
        simple(notices): ("interpol_red_notices", "simple_csv"),
        simple({**PERSON_ROW, "dataset": "Else"}): ("ftm", "simple_csv"),
        war_json: ("ua_war_sanctions", "entities_json"),
        lines(PERSON): ("ftm", "entities_json"),
        b'{"DATA_SOURCE":"X","RECORD_ID":"1"}\n': None,
        b"id,name\n1,2\n": None,
    }
    readers = {"ftm": recognise, "ua_war_sanctions": ua_war.recognise}
    readers["interpol_red_notices"] = interpol.recognise
    for data, expected in cases.items():
        file = SourceFile("some.file", data)
        claims = [(name, found) for name, one in readers.items() if (found := one(file))]
        assert claims == ([expected] if expected else []), data[:60]


def test_reader_of_one_dataset_refuses_another() -> None:
    """A file that only begins like the list is not the list."""
    file = SourceFile("x.csv", simple(SHIP_ROW, {**PERSON_ROW, "dataset": "Else"}))
    with pytest.raises(SourceError, match="not ua_war_sanctions alone"):
        ua_war.parse([file])


DELTA = b'{"op":"ADD","entity":' + lines(PERSON).strip() + b"}\n"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (lines(PERSON) + b'{"id": "p2", "sch', "line 2, column .*Damaged JSON"),
        (lines(PERSON) + b"[1]\n", "line 2: Not an entity"),
        (lines(PERSON) + b'{"properties": {}}\n', "line 2: An entity without id"),
        (DELTA, "A delta holds changes"),
        (b"<xml/>", "Not FollowTheMoney"),
        (simple(SHIP_ROW, SHIP_ROW), "line 3: The id NK-1 occurs twice"),
        (simple({**SHIP_ROW, "id": ""}), "line 2: A row without an id"),
        (b'id,schema,name,aliases,x\n1,Person,A,,\n', "no column dataset"),
    ],
)  # fmt: skip
def test_refuses_what_is_not_whole(data: bytes, problem: str) -> None:
    """A cut file must not replace a whole one; the error says where it is cut."""
    with pytest.raises(SourceError, match=problem):
        read(data)


def test_refuses_two_files() -> None:
    """Two datasets are two lists."""
    file = SourceFile("a.json", lines(PERSON))
    with pytest.raises(SourceError, match="2 files"):
        parse([file, file])


@settings(max_examples=100, deadline=None)
@given(
    is_csv=st.booleans(),
    at=st.integers(0, 9_000),
    cut=st.integers(0, 60),
    put=st.binary(max_size=4),
)
def test_any_damage_ends_in_a_list_or_a_source_error(
    is_csv: bool, at: int, cut: int, put: bytes
) -> None:
    """Bytes from outside never crash the readers in another way."""
    data = simple(SHIP_ROW, PERSON_ROW) if is_csv else lines(PERSON, COMPANY, VESSEL, *EDGES)
    at %= len(data)
    problem = ""
    try:
        read(data[:at] + put + data[at + cut :], "f.json")
    except SourceError as error:
        problem = str(error)
    assert not problem or "f.json" in problem


def load(name: str) -> SourceFile:
    """A real file, where it is at hand."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real FollowTheMoney files are not at hand ({name})")
    data = path.read_bytes()
    return SourceFile(
        name.removesuffix(".gz"), gzip.decompress(data) if name[-2:] == "gz" else data
    )


@pytest.mark.parametrize(
    ("name", "list_id", "entries"),
    [
        ("wd_persons_0309_entities.ftm.json", "wd_persons", 121),
        ("wd_persons_0309_targets.nested.json", "wd_persons", 20),
        ("nomenklatura_donations.ijson", "ftm", 95),
        ("yente_fixtures/zala_entities.ftm.json", "ftm", 17),
        ("yente_fixtures/t1_entities.ftm.json", "eu_fsf", 6),
    ],
)
def test_real_files(name: str, list_id: str, entries: int) -> None:
    """Exports of several tools and years give every thing as an entry."""
    file = load(name)
    assert recognise(file)
    parsed = parse([file])
    assert (parsed.list_id, len(parsed.entries)) == (list_id, entries)


def test_real_lists_with_folders_of_their_own() -> None:
    """All rows of both lists, every one with a name, nothing unknown."""
    war = ua_war.parse([load("ua_war_sanctions_targets.simple.csv.gz")])
    assert Counter(entry.entity.schema for entry in war.entries) == {
        "Person": 1543,
        "Company": 1524,
        "Vessel": 1340,
        "LegalEntity": 1193,
    }
    notices = interpol.parse([load("interpol_red_notices_targets.simple.csv.gz")])
    assert len(notices.entries) == 6561
    assert not war.unknown + notices.unknown
    assert all(entry.names for entry in war.entries + notices.entries)
