"""Watchman's routes: searches, refusals, lists and refreshes as its clients meet them."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import entry
from peers import AT, TOKEN, put_lists, settings_of, wait_until

from tumen.errors import SourceError
from tumen.model.access import Role
from tumen.model.listing import Designation
from tumen.service.access.keys import make_key
from tumen.service.app import create_app
from tumen.service.watchman.refreshing import Refreshing
from tumen.service.watchman.request import GOVERNMENT_IDS
from tumen.store import Store

WALLET = "1P9YLv5wKjWxVeWvLrVbdfGUFFyVBdMh2"
OFAC = Designation("OFAC", "DPRK3", reason="Trades for a banned firm.")
ENTRIES = {
    "us_ofac_sdn": [
        entry(
            "us_ofac_sdn:36",
            "Person",
            [OFAC],
            name="Quill Feathersby",
            alias="Quillon Feathersby",
            birthDate="1955-03-02",
            nationality="kp",
            passportNumber="K7700123",
            address="1 Main St, Pyongyang",
        ),
        entry(
            "us_ofac_sdn:37", "Vessel", [OFAC], name="Blue Quill", imoNumber="9074729", flag="kp"
        ),
        entry("us_ofac_sdn:38", "CryptoWallet", [OFAC], publicKey=WALLET, currency="XBT"),
        entry("us_ofac_sdn:39", "Airplane", [OFAC], name="EP-GOM", serialNumber="774411"),
    ],
    "gb_hmt_sanctions": [
        entry("gb_hmt_sanctions:36", "Person", name="Quill Feathersby", birthDate="1955"),
        entry("gb_hmt_sanctions:40", "Organization", name="Feathersby Maritime Trading"),
    ],
    "gb_fcdo_sanctions": [entry("gb_fcdo_sanctions:1", "Person", name="Oleg Zavodnikov")],
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service over lists that Watchman's clients know by names of its own."""
    home = tmp_path_factory.mktemp("watchman")
    put_lists(home, ENTRIES)
    with TestClient(create_app(settings_of(home)), raise_server_exceptions=False) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)
        yield found


def search(client: TestClient, **params: Any) -> dict[str, Any]:
    """A search that is answered."""
    given = client.get("/v2/search", params=params)
    assert given.status_code == 200, given.text
    body: dict[str, Any] = given.json()
    return body


def found(client: TestClient, **params: Any) -> list[tuple[str, str]]:
    """The source and id of each entity found, best first."""
    return [(one["sourceList"], one["sourceID"]) for one in search(client, **params)["entities"]]


# --- searches ---


def test_a_search_by_name(client: TestClient) -> None:
    """The query comes back, and flat entities with their scores, best first."""
    body = search(client, name="Quill Feathersby", type="person", birthDate="1955-03-02")
    assert list(body) == ["query", "entities"]
    assert body["query"]["person"]["birthDate"] == "1955-03-02T00:00:00Z"
    first = body["entities"][0]
    assert (first["sourceList"], first["sourceID"]) == ("us_ofac", "36")
    assert first["entityType"] == "person"
    assert first["person"]["name"] == "Quill Feathersby"
    assert first["person"]["altNames"] == ["Quillon Feathersby"]
    assert first["business"] is None
    assert "entity" not in first
    assert "debug" not in first
    assert 0.9 < first["match"] <= 1
    scores = [one["match"] for one in body["entities"]]
    assert scores == sorted(scores, reverse=True)


def test_what_was_imposed_comes_with_it(client: TestClient) -> None:
    """Programmes and reasons stand in `sanctionsInfo`."""
    first = search(client, name="Quill Feathersby", source="us_ofac")["entities"][0]
    assert first["sanctionsInfo"]["programs"] == ["DPRK3"]
    assert first["sanctionsInfo"]["description"] == "Trades for a banned firm."
    assert first["addresses"][0]["line1"] == "1 Main St, Pyongyang"
    assert first["person"]["governmentIDs"][0]["identifier"] == "K7700123"


def test_every_kind_is_found_by_its_own_numbers(client: TestClient) -> None:
    """Without a name, and whatever type the query is of."""
    assert found(client, imoNumber="9074729") == [("us_ofac", "37")]
    assert found(client, gov_passport="KP:K7700123")[0] == ("us_ofac", "36")
    assert found(client, cryptoAddress=f"XBT:{WALLET}") == [("us_ofac", "38")]
    assert ("us_ofac", "38") in found(
        client, name="Nobody Here", type="person", cryptoAddress=WALLET
    )
    assert found(client, type="aircraft", serialNumber="774411", name="EP-GOM")[0][1] == "39"


def test_the_type_narrows(client: TestClient) -> None:
    """A vessel's name asked of persons finds no vessel."""
    assert ("us_ofac", "37") in found(client, name="Blue Quill")
    assert ("us_ofac", "37") not in found(client, name="Blue Quill", type="person")
    assert found(client, name="Feathersby Maritime Trading", type="business")[0][1] == "40"


def test_sources_by_their_names_and_ours(client: TestClient) -> None:
    """Also an id of the publisher, that two lists may share."""
    assert {source for source, _ in found(client, name="Quill Feathersby")} == {"us_ofac", "uk_csl"}
    asked = {"name": "Quill Feathersby", "type": "person", "minMatch": "0.8"}
    assert found(client, **asked, source="uk_csl") == [("uk_csl", "36")]
    assert found(client, **asked, source="us_ofac_sdn") == [("us_ofac", "36")]
    assert found(client, name="Quill", source="us_ofac", sourceID="37") == [("us_ofac", "37")]
    assert found(client, name="Quill", sourceID="36", source="us_ofac")[0][1] == "36"
    assert len(found(client, name="Quill Feathersby", sourceID="36")) == 2


def test_a_source_id_alone_gives_the_entity(client: TestClient) -> None:
    """Whoever knows the id need not know the name."""
    body = search(client, source="us_ofac", sourceID="36")
    assert body["entities"][0]["name"] == "Quill Feathersby"
    assert body["entities"][0]["match"] == 1.0
    assert search(client, source="us_ofac", sourceID="0")["entities"] == []


def test_a_source_that_is_not_held_is_refused(client: TestClient) -> None:
    """An empty answer would read as a clearance."""
    given = client.get("/v2/search", params={"name": "Quill", "source": "us_tel"})
    assert given.status_code == 400
    assert "us_tel" in given.json()["error"]
    assert "uk_csl, us_ofac" in given.json()["error"]


def test_a_collection_is_a_source(client: TestClient) -> None:
    """A name of ours for several lists narrows to all of them."""
    assert len(found(client, name="Quill Feathersby", sourceID="36", source="default")) == 2


def test_the_least_score_and_the_limit(client: TestClient) -> None:
    """`minMatch` itself is enough; without it the unlike come, too, at most ten."""
    exact = search(client, name="Quill Feathersby")["entities"][0]["match"]
    assert found(client, name="Quill Feathersby", minMatch=str(exact))
    assert all(
        one["match"] >= 0.9 for one in search(client, name="Quill", minMatch="0.9")["entities"]
    )
    assert len(found(client, name="Quill Feathersby", limit="1")) == 1
    assert search(client, name="Quill Feathersby", limit="999")["warnings"]


def test_reasons_on_demand(client: TestClient) -> None:
    """For all with `debug`, or for the ids named."""
    first = search(client, name="Quill Feathersby", debug="true")["entities"][0]
    assert b"Quill" in b64decode(first["debug"])
    assert first["details"]["finalScore"] == first["match"]
    piece = first["details"]["pieces"][0]
    keys = {"score", "weight", "matched", "required", "exact", "fieldsCompared", "pieceType"}
    assert keys <= set(piece)
    both = search(client, name="Quill Feathersby", debugSourceIDs="36,99", source="us_ofac")
    assert ["details" in one for one in both["entities"]] == [
        one["sourceID"] == "36" for one in both["entities"]
    ]


def test_what_played_no_part_is_said(client: TestClient) -> None:
    """Watchman drops a bad date in silence; here the answer tells."""
    body = search(client, name="Quill Feathersby", birthDate="some day", titles="Dr")
    assert len(body["warnings"]) == 2


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"name": "x", "colour": "red"},
        {"name": "x", "type": "ship"},
        {"name": "x", "type": "person", "imoNumber": "9074729"},
        {"name": "x", "minMatch": "lots"},
        {"name": "x", "format": "xml"},
        {"name": "..."},
    ],
)
def test_mistakes_are_400_with_an_error(client: TestClient, params: dict[str, str]) -> None:
    """In the one shape that Watchman has for them."""
    given = client.get("/v2/search", params=params)
    assert given.status_code == 400
    assert list(given.json()) == ["error"]


def test_senzing_as_a_list_and_as_lines(client: TestClient) -> None:
    """Both hold the same records."""
    asked = {"name": "Quill Feathersby", "source": "us_ofac"}
    whole = client.get("/v2/search", params={**asked, "format": "senzing"})
    lines = client.get("/v2/search", params={**asked, "format": "senzing/jsonl"})
    assert lines.headers["content-type"].startswith("application/x-ndjson")
    records = [json.loads(line) for line in lines.text.splitlines()]
    assert records == whole.json()
    assert records[0]["DATA_SOURCE"] == "US_OFAC"
    assert records[0]["RECORD_ID"] == "36"


NAMES = st.sampled_from(
    ["name", "type", "source", "sourceID", "limit", "minMatch", "debug", "debugSourceIDs",
     "format", "altNames", "birthDate", "gender", "flag", "imoNumber", "address", "tonnage",
     "cryptoAddress", "email", *(f"gov_{kind}" for kind in GOVERNMENT_IDS)]
)  # fmt: skip
VALUES = st.sampled_from(["person", "vessel", "us_ofac", "1", "0.5", "senzing", "Quill", "KP:1234"])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES | st.text(max_size=5), VALUES | st.text(max_size=20)), max_size=6))
def test_no_query_is_a_fault_of_ours(client: TestClient, pairs: list[tuple[str, str]]) -> None:
    """Whatever is sent is answered or refused."""
    encoded = [
        (name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in pairs
    ]
    assert client.get("/v2/search", params=encoded).status_code in (200, 400)  # type: ignore[arg-type]


# --- lists and refreshes ---


def test_the_lists(client: TestClient) -> None:
    """Counts and hashes by Watchman's names; two forms of one list count together."""
    told = client.get("/v2/listinfo").json()
    assert told["lists"] == {"us_ofac": 4, "uk_csl": 3}
    assert set(told["listHashes"]) == {"us_ofac", "uk_csl"}
    assert all(len(one) == 64 for one in told["listHashes"].values())
    assert told["endedAt"].endswith("Z")
    assert told["version"]


def test_ping(client: TestClient) -> None:
    """As load balancers ask."""
    assert client.get("/ping").text == "PONG"


def test_a_refresh_and_its_state(client: TestClient) -> None:
    """It is accepted, runs once, and tells when it is done."""
    before = client.get("/v2/data/refresh").json()
    assert before["state"] == "idle"
    assert before["startedAt"] is None
    started = client.post("/v2/data/refresh")
    assert started.status_code == 202
    assert started.json()["state"] == "running"
    assert started.json()["trigger"] == "api"
    wait_until(lambda: client.get("/v2/data/refresh").json()["state"] != "running")
    state = client.get("/v2/data/refresh").json()
    assert (state["state"], state["lastError"]) == ("completed", "")
    assert state["finishedAt"] >= state["startedAt"]
    assert client.get("/v2/listinfo").json()["lists"]["us_ofac"] == 4
    assert client.post(f"/updatez?token={TOKEN}&sync=true").status_code == 200


async def _refreshed(source: Any) -> tuple[bool, bool, dict[str, Any]]:
    """Whether a refresh began, whether a second one beside it, and how the first ended."""
    import asyncio

    refreshing = Refreshing(source)
    first, second = refreshing.start("api"), refreshing.start("api")
    while refreshing.last.state == "running":
        await asyncio.sleep(0)
    return first, second, refreshing.last.to_dict()


def test_one_refresh_at_a_time_and_its_failure_is_told() -> None:
    """A second is refused while one runs; what went wrong stands in the state."""
    import asyncio

    class Broken:
        async def refresh(self, *, is_forced: bool = False) -> bool:
            raise SourceError("It is cut off", where="sdn.xml")

    first, second, last = asyncio.run(_refreshed(Broken()))
    assert (first, second) == (True, False)
    assert (last["state"], last["lastError"]) == ("failed", "sdn.xml: It is cut off")


def test_without_lists_nothing_is_cleared(tmp_path: Any) -> None:
    """No list is no "no hit": the service says that it is not ready."""
    with TestClient(create_app(settings_of(tmp_path)), raise_server_exceptions=False) as empty:
        given = empty.get("/v2/search", params={"name": "Quill"})
        assert given.status_code == 503
        assert list(given.json()) == ["error"]
        assert empty.get("/ping").status_code == 200


def test_the_door_speaks_watchmans_way(tmp_path: Any) -> None:
    """Who has no key reads why where a client of Watchman looks for it."""
    put_lists(tmp_path, ENTRIES)
    made = make_key("someone", Role.VIEWER, AT)
    settings = settings_of(tmp_path)
    with TestClient(create_app(settings), raise_server_exceptions=False) as closed:
        store: Store = closed.app.state.api.store  # type: ignore[attr-defined]
        with store.writing() as work:
            work.access.add_key(made.key)
        wait_until(lambda: closed.get("/readyz").status_code == 200)
        stranger = closed.get("/v2/search", params={"name": "Quill"})
        assert stranger.status_code == 401
        assert list(stranger.json()) == ["error"]
        viewer = {"Authorization": f"Bearer {made.text}"}
        assert closed.get("/v2/listinfo", headers=viewer).status_code == 200
        assert closed.post("/v2/data/refresh", headers=viewer).status_code == 403
        assert closed.get("/ping").status_code == 200
