"""Listed entities in Watchman's shape: every key is there, and nothing is invented."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tumen.model.screening import Reason
from tumen.service.watchman.entity import entity_of, kind_of, query_of
from tumen.service.watchman.lists import datasets_of, held_of, source_id_of, source_of
from tumen.service.watchman.pieces import debug_of, details_of
from tumen.service.watchman.request import Kind, read_request
from tumen.service.watchman.senzing import senzing_record

# Every key of an entity, in the order of Watchman's own models.
KEYS = [
    "name", "entityType", "sourceList", "sourceID", "person", "business", "organization",
    "aircraft", "vessel", "contact", "addresses", "cryptoAddresses", "affiliations",
    "sanctionsInfo", "historicalInfo", "sourceData",
]  # fmt: skip


def wire(schema: str, identity: str = "us_ofac_sdn:1", **properties: Any) -> dict[str, Any]:
    """An entity as the service answers it; a single value stands for a list of one."""
    listed = {
        name: value if isinstance(value, list) else [value] for name, value in properties.items()
    }
    return {
        "id": identity,
        "caption": listed.get("name", [schema])[0],
        "schema": schema,
        "properties": listed,
        "datasets": [identity.partition(":")[0]],
        "referents": [],
        "target": True,
        "first_seen": None,
        "last_seen": None,
        "last_change": "2026-02-01T00:00:00",
    }


PERSON = wire(
    "Person",
    name=["Jong Un KIM", "김정은"],
    alias="KIM Jong Un",
    weakAlias="Rocket Man",
    previousName="Pak Un",
    gender="male",
    birthDate=["1984/1985", "1984-01-08"],
    birthPlace="Pyongyang",
    position="Supreme Leader",
    nationality="kp",
    idNumber="77",
    topics="sanction",
    address="Pyongyang, North Korea",
    addressEntity=wire(
        "Address",
        full="1 Main St, Pyongyang",
        street="1 Main St",
        city="Pyongyang",
        postalCode="999093",
        country="kp",
    ),
    identification=wire("Passport", type="Passport", country="kp", number="645310121"),
    sanctions=wire(
        "Sanction", programId="DPRK3", program="Executive Order 13722", reason="Head of state."
    ),
    familyPerson=wire(
        "Family",
        identity="us_ofac_sdn:f",
        relationship="sister",
        relative=wire("Person", identity="us_ofac_sdn:2", name="Yo Jong KIM"),
        person="us_ofac_sdn:1",
    ),
)


def test_a_person_in_full() -> None:
    """Names, dates, papers, addresses, relations and designations stand in their places."""
    entity = entity_of(PERSON)
    assert list(entity) == KEYS
    assert (entity["sourceList"], entity["sourceID"]) == ("us_ofac", "1")
    assert entity["person"] == {
        "name": "Jong Un KIM",
        "altNames": ["김정은", "KIM Jong Un", "Rocket Man"],
        "gender": "male",
        "birthDate": "1984-01-08T00:00:00Z",
        "placeOfBirth": "Pyongyang",
        "deathDate": None,
        "titles": ["Supreme Leader"],
        "governmentIDs": [
            {
                "name": "Passport",
                "type": "passport",
                "country": "KP",
                "identifier": "645310121",
            },
            {"name": "Identity number", "type": "national-id", "country": "", "identifier": "77"},
        ],
    }
    assert [entity[name] for name in ("business", "organization", "aircraft", "vessel")] == [
        None
    ] * 4
    assert entity["addresses"][0]["city"] == "Pyongyang"
    assert entity["addresses"][0]["country"] == "KP"
    assert entity["addresses"][1]["line1"] == "Pyongyang, North Korea"
    assert entity["affiliations"] == [
        {"entityName": "Yo Jong KIM", "type": "Family", "details": "sister"}
    ]
    assert entity["sanctionsInfo"] == {
        "programs": ["DPRK3"],
        "secondary": False,
        "description": "Head of state.",
    }
    assert entity["historicalInfo"] == [{"type": "Former Name", "value": "Pak Un", "date": None}]


def test_the_source_data_keeps_all_that_the_list_says() -> None:
    """What has no place in Watchman's shape is not lost: every date, and whom it is bound to."""
    data = entity_of(PERSON)["sourceData"]
    assert data["properties"]["birthDate"] == ["1984/1985", "1984-01-08"]
    assert data["properties"]["familyPerson"] == ["us_ofac_sdn:f"]
    assert data["schema"] == "Person"


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("Person", Kind.PERSON),
        ("Company", Kind.BUSINESS),
        ("LegalEntity", Kind.BUSINESS),
        ("Organization", Kind.ORGANIZATION),
        ("PublicBody", Kind.ORGANIZATION),
        ("Vessel", Kind.VESSEL),
        ("Airplane", Kind.AIRCRAFT),
        ("CryptoWallet", Kind.UNKNOWN),
        ("Security", Kind.UNKNOWN),
        ("Starship", Kind.UNKNOWN),
    ],
)
def test_every_schema_has_a_kind(schema: str, kind: Kind) -> None:
    """What Watchman has no type for has an empty one, not a wrong one."""
    entity = entity_of(wire(schema, name="X"))
    assert kind_of(schema) is kind
    assert entity["entityType"] == kind.value
    assert list(entity) == KEYS
    filled = [name for name in Kind if name.value and entity[name.value] is not None]
    assert filled == ([kind] if kind is not Kind.UNKNOWN else [])


def test_a_bare_entity_has_nulls_and_no_invented_values() -> None:
    """Clients of Watchman read nulls; a missing key would break some of them."""
    entity = entity_of(wire("Person", name="X", identity="un_sc_sanctions:1"))
    assert entity["sourceList"] == "un_csl"
    nulls = [key for key in KEYS if entity[key] is None]
    assert {"addresses", "cryptoAddresses", "affiliations", "sanctionsInfo"} <= set(nulls)
    assert entity["person"]["altNames"] is None
    assert entity["person"]["gender"] == "unknown"
    assert entity["contact"] == {
        "emailAddresses": None, "phoneNumbers": None, "faxNumbers": None, "websites": None,
    }  # fmt: skip


def test_a_vessel_and_an_aircraft() -> None:
    """Tonnages are whole numbers, flags upper-case codes."""
    vessel = entity_of(
        wire("Vessel", name="CHON MA SAN", imoNumber="8660313", flag="kp", tonnage="3,565.5")
    )["vessel"]
    assert (vessel["imoNumber"], vessel["flag"], vessel["tonnage"]) == ("8660313", "KP", 3565)
    assert vessel["grossRegisteredTonnage"] == 0
    aircraft = entity_of(wire("Airplane", name="EP-GOM", serialNumber="1", buildDate="1990"))
    assert aircraft["aircraft"]["built"] == "1990-01-01T00:00:00Z"


def test_a_wallet_by_itself() -> None:
    """Its address is where a client looks for it."""
    wallet = entity_of(wire("CryptoWallet", publicKey="1P9Y", currency="XBT"))
    assert wallet["cryptoAddresses"] == [{"currency": "XBT", "address": "1P9Y"}]


def test_whom_the_list_only_names() -> None:
    """An owner without an entry of its own is an affiliation by name."""
    entity = entity_of(
        wire("Vessel", ownershipAsset=wire("Ownership", role="owner", description="Stream FZCO"))
    )
    assert entity["affiliations"] == [
        {"entityName": "Stream FZCO", "type": "Ownership", "details": "owner"}
    ]


def test_the_query_is_given_back() -> None:
    """In the same shape, with what was asked and nothing of ours."""
    request = read_request(
        [
            ("name", "Jong Un KIM"), ("type", "person"), ("birthDate", "1984-01"),
            ("gov_passport", "KP:64"), ("fax", "1"), ("cryptoAddress", "XBT:1P"),
            ("address", "Pyongyang"),
        ]
    )  # fmt: skip
    query = query_of(request)
    assert list(query) == KEYS
    assert query["person"]["birthDate"] == "1984-01-01T00:00:00Z"
    assert query["person"]["governmentIDs"] == [
        {"name": "passport", "type": "passport", "country": "KP", "identifier": "64"}
    ]
    assert query["contact"]["faxNumbers"] == ["1"]
    assert query["cryptoAddresses"] == [{"currency": "XBT", "address": "1P"}]
    assert query["addresses"][0]["line1"] == "Pyongyang"
    assert query["sourceData"] is None


# --- sources ---


@pytest.mark.parametrize(
    ("dataset", "source"),
    [
        ("us_ofac_sdn", "us_ofac"),
        ("us_ofac_cons", "us_non_sdn"),
        ("us_trade_csl", "us_csl"),
        ("eu_fsf", "eu_csl"),
        ("gb_hmt_sanctions", "uk_csl"),
        ("gb_fcdo_sanctions", "uk_csl"),
        ("un_sc_sanctions", "un_csl"),
        ("ch_seco_sanctions", "ch_seco_sanctions"),
    ],
)
def test_sources_by_watchmans_names(dataset: str, source: str) -> None:
    """Both ways, and our own names are understood, too."""
    assert source_of(dataset) == source
    assert dataset in datasets_of(source.upper() if source in ("us_ofac", "eu_csl") else source)
    assert held_of(dataset, [dataset, "other"]) == {dataset}


def test_a_source_that_is_not_held_is_none() -> None:
    """The caller must refuse it: an empty answer would look like a clearance."""
    assert held_of("us_tel", ["us_ofac_sdn"]) == frozenset()
    assert source_id_of("us_ofac_sdn:36", "us_ofac_sdn") == "36"
    assert source_id_of("Q42", "default") == "Q42"


# --- reasons ---

REASONS = (
    Reason("name", "Kim", "KIM", 0.9, "names agree"),
    Reason("birth_date", "1984", "1990", -0.1, "birth dates differ"),
)


def test_pieces_say_what_raised_and_what_lowered() -> None:
    """One piece for each reason, with its words."""
    details = details_of(REASONS, 0.8)
    assert details["finalScore"] == 0.8
    name, dates = details["pieces"]
    assert (name["pieceType"], name["matched"], name["required"], name["exact"]) == (
        "name", True, True, True,
    )  # fmt: skip
    assert (dates["pieceType"], dates["matched"], dates["score"]) == ("dates", False, 0.0)
    assert dates["weight"] == pytest.approx(0.1)


def test_debug_is_text_in_base64() -> None:
    """As Watchman sends it, and readable when decoded."""
    text = base64.b64decode(debug_of(REASONS, "Names agree.", 0.8)).decode()
    assert text.splitlines()[0] == "Names agree."
    assert text.splitlines()[-1] == "=0.8000"


# --- Senzing ---


def test_a_senzing_record() -> None:
    """Names, date, papers and address as features; JSON throughout."""
    record = senzing_record({**entity_of(PERSON), "match": 0.97})
    assert (record["DATA_SOURCE"], record["RECORD_ID"]) == ("US_OFAC", "1")
    features = record["FEATURES"]
    assert {"RECORD_TYPE": "PERSON"} in features
    assert {"NAME_TYPE": "PRIMARY", "NAME_FULL": "Jong Un KIM"} in features
    assert {"NAME_TYPE": "AKA", "NAME_FULL": "KIM Jong Un"} in features
    assert {"DATE_OF_BIRTH": "1984-01-08"} in features
    assert {"GENDER": "M"} in features
    assert {"PASSPORT_NUMBER": "645310121", "PASSPORT_COUNTRY": "KP"} in features
    assert {"ADDR_FULL": "Pyongyang, North Korea"} in features
    assert record["MATCH_SCORE"] == 0.97
    assert record["PROGRAMS"] == "DPRK3"
    assert json.loads(json.dumps(record)) == record


@pytest.mark.parametrize("schema", ["Company", "Vessel", "Airplane", "CryptoWallet"])
def test_every_kind_makes_a_record(schema: str) -> None:
    """No kind of entity is left out of an export."""
    record = senzing_record(entity_of(wire(schema, name="X", publicKey="1P9Y")))
    assert {"NAME_TYPE": "PRIMARY", "NAME_ORG": "X"} in record["FEATURES"]
