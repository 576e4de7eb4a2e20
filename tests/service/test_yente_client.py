"""The client library `yente-client`, unchanged, against a real server of ours: every call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from invented import FIRST_ENTRIES, PRIMO
from peers import AT, put_lists, served, settings_of
from yente_client import Client
from yente_client.async_client import AsyncClient
from yente_client.entities import Company, Person, Vessel
from yente_client.exceptions import AuthenticationError, BadRequestError, NotFoundError
from yente_client.filters import MatchFilters, SearchFilters
from yente_client.models import AdjacentResponse, MatchError, MatchResponse

from tumen.model.access import Role
from tumen.service.access.keys import make_key
from tumen.store import Store

QUILL, FIRM, SHIP = "un_sc_sanctions:1", "un_sc_sanctions:2", "un_sc_sanctions:3"


@pytest.fixture(scope="module")
def peer(address: str) -> Iterator[Client]:
    """The library's client of our server."""
    with Client(base_url=address, app_name="test") as client:
        yield client


def person(*names: str, **properties: Any) -> Person:
    """A person as the library takes one."""
    given = {
        name: value if isinstance(value, list) else [value] for name, value in properties.items()
    }
    return Person(name=list(names), **given)


# --- state and catalogue ---


def test_health_and_readiness(peer: Client) -> None:
    """Both probes."""
    assert peer.healthz().status == "ok"
    assert peer.readyz().status == "ok"


def test_the_catalogue_and_its_revalidation(peer: Client) -> None:
    """Datasets with their versions; asked again it is answered by a 304 and the same content."""
    first = peer.datasets()
    named = {dataset.name: dataset for dataset in first.datasets}
    assert {"default", "un_sc_sanctions", "eu_fsf"} <= set(named)
    assert set(named["default"].children) >= {"un_sc_sanctions", "eu_fsf"}
    assert named["un_sc_sanctions"].load
    assert named["un_sc_sanctions"].index_current
    assert named["un_sc_sanctions"].entity_count == 3
    assert "un_sc_sanctions" in first.current
    assert first.outdated == []
    assert peer._etag_cache, "no ETag came with the catalogue"
    assert peer.datasets() == first


def test_algorithms(peer: Client) -> None:
    """The names that the library's users pass are offered."""
    told = peer.algorithms()
    names = [one.name for one in told.algorithms]
    assert "logic-v2" in names
    assert told.best in names
    assert told.default in (*names, "best")
    assert all(one.docs for one in told.algorithms)


def test_statements_are_told_not_to_be_there(peer: Client) -> None:
    """As with any server but the vendor's own, by the library's own words."""
    with pytest.raises(NotFoundError, match="not available on this server"):
        peer.statements(canonical_id=QUILL)


# --- entities ---


def test_fetch_nests_what_surrounds_an_entity(peer: Client) -> None:
    """Designations and holdings come with it."""
    entity = peer.fetch(QUILL)
    assert entity.caption == "Quill Feathersby"
    assert entity.schema_ == "Person"
    assert entity.datasets == ["un_sc_sanctions"]
    assert entity.target
    assert entity.last_change is not None
    sanction = entity.properties["sanctions"][0]
    assert not isinstance(sanction, str)
    assert sanction.properties["authority"] == ["United Nations Security Council"]
    held = entity.properties["ownershipOwner"][0]
    assert not isinstance(held, str)
    firm = held.properties["asset"][0]
    assert not isinstance(firm, str)
    assert firm.id == FIRM


def test_fetch_without_nesting(peer: Client) -> None:
    """Only the entity's own values."""
    entity = peer.fetch(QUILL, nested=False)
    assert "sanctions" not in entity.properties
    assert entity.properties["birthDate"] == ["1955-03-02"]


def test_fetch_of_an_unknown_id(peer: Client) -> None:
    """A 404 is the library's NotFoundError, with our words."""
    with pytest.raises(NotFoundError, match="No such entity!"):
        peer.fetch("no such id?")


def test_adjacent_entities(peer: Client) -> None:
    """All of them by property, and one property paged."""
    everything = peer.adjacent(QUILL)
    assert isinstance(everything, AdjacentResponse)
    assert everything.entity.id == QUILL
    assert everything.adjacent["sanctions"].total.value == 1
    page = peer.adjacent(QUILL, prop="ownershipOwner", limit=1)
    assert page.total.value == 1
    assert page.limit == 1
    assert not isinstance(page.results[0], str)
    assert peer.adjacent(QUILL, prop="sanctions", limit=5, offset=1).results == []
    with pytest.raises(NotFoundError, match="No such property!"):
        peer.adjacent(QUILL, prop="wings")


# --- search ---


def test_search_with_facets(peer: Client) -> None:
    """Words, whole or simple, and the counts beside the results."""
    found = peer.search("quill", facets=["schema", "datasets", "countries"])
    assert {QUILL, SHIP} <= {entity.id for entity in found.results}
    assert found.total.value == len(found.results)
    assert found.facets["datasets"].label == "Data sources"
    counts = {item.name: item.count for item in found.facets["schema"].values}
    assert counts["Vessel"] == 1
    assert peer.search("quil", simple=True, fuzzy=False).limit == 10


def test_search_filters(peer: Client) -> None:
    """Each filter of the library narrows, by object and by keyword."""

    def ids(**given: Any) -> set[str]:
        return {entity.id for entity in peer.search("quill", **given).results}

    assert ids(schema="Vessel") == {SHIP}
    assert QUILL not in ids(exclude_schemata=["Person"])
    assert ids(datasets=["us_bis_denied"]) == {"us_bis_denied:7"}
    assert "us_bis_denied:7" not in ids(exclude_datasets=["us_bis_denied"])
    assert ids(countries=["cn"]) == {"us_bis_denied:7"}
    assert QUILL in ids(topics=["sanction"])
    assert ids(filter=["properties.imoNumber:9074729"]) == {SHIP}
    assert ids(filters=SearchFilters(schema="Vessel")) == {SHIP}
    assert ids(changed_since="2030-01-01") == set()
    assert QUILL in ids(sort=["last_change:desc"], limit=50)


def test_search_pages(peer: Client) -> None:
    """Limit and offset, without repeats."""
    first = peer.search("", limit=2)
    second = peer.search("", limit=2, offset=2)
    assert first.total.value > 2
    assert not {one.id for one in first.results} & {one.id for one in second.results}


def test_search_of_a_broken_query(peer: Client) -> None:
    """Bad syntax is the library's BadRequestError, unless simple."""
    with pytest.raises(BadRequestError):
        peer.search("AND (")
    peer.search("AND (", simple=True)


# --- matching ---


def test_match_finds_and_explains(peer: Client) -> None:
    """The best candidate, its score, and which values met."""
    found = peer.match(person("Quill Feathersby", birthDate="1955-03-02"))
    assert isinstance(found, MatchResponse)
    assert found.top is not None
    assert found.top.id == QUILL
    assert found.top.match
    assert 0.9 < found.top.score <= 1
    assert found.total.value >= 1
    assert found.limit == 5
    assert found.query["schema"] == "Person"
    assert found.query["properties"]["name"] == ["Quill Feathersby"]
    assert found.top.contributing_explanations
    assert found.matches[0] == found.top


def test_match_of_other_schemata(peer: Client) -> None:
    """Companies by number, vessels by theirs."""
    firm = peer.match(Company(name=["Feathersby Maritime"], registrationNumber=["778899-Q"]))
    assert firm.top is not None
    assert firm.top.id == FIRM
    ship = peer.match(Vessel(imoNumber=["9074729"]))
    assert ship.top is not None
    assert ship.top.id == SHIP


def test_match_parameters(peer: Client) -> None:
    """Threshold, cutoff, limit, algorithm, weights and configuration are taken."""
    asked = person("Quill Feathersbi")
    strict = peer.match(asked, threshold=0.99, cutoff=0.0, limit=3, algorithm="logic-v2")
    assert strict.matches == []
    assert strict.results
    assert strict.limit == 3
    loose = peer.match(asked, threshold=0.1, algorithm="best", weights={}, config={})
    assert loose.matches
    with pytest.raises(BadRequestError, match="Invalid algorithm"):
        peer.match(asked, algorithm="guess")
    with pytest.raises(BadRequestError, match="Invalid configuration parameter: wings"):
        peer.match(asked, config={"wings": 1})


def test_match_filters(peer: Client) -> None:
    """Each filter of the library leaves out what it names."""
    asked = person("Quill Feathersby")

    def ids(**given: Any) -> set[str]:
        return {entity.id for entity in peer.match(asked, threshold=0.5, **given).results}

    assert QUILL in ids()
    assert ids(datasets=["eu_fsf"]) == set()
    assert QUILL in ids(datasets=["default", "un_sc_sanctions"])
    assert ids(exclude_datasets=["un_sc_sanctions"]) == set()
    assert ids(exclude_schemata=["Person"]) == set()
    assert ids(exclude_entities=[QUILL]) == set()
    assert ids(topics=["role.pep"]) == set()
    assert QUILL in ids(topics=["sanction"])
    assert ids(changed_since="2030-01-01") == set()
    assert ids(filters=MatchFilters(exclude_entities=[QUILL])) == set()


def test_match_in_an_unknown_dataset(peer: Client) -> None:
    """Not an empty answer."""
    with pytest.raises(NotFoundError, match="No such dataset"):
        peer.match(person("Quill Feathersby"), datasets=["nowhere"])


def test_match_iter_streams_and_collects_errors(peer: Client) -> None:
    """Many at once; a refused one does not end the others."""
    pairs = [(f"row{number}", person("Quill Feathersby")) for number in range(20)]
    results = dict(peer.match_iter(pairs, workers=4, threshold=0.7))
    assert len(results) == 20
    assert all(one.top.id == QUILL for one in results.values())  # type: ignore[union-attr]
    refused = dict(peer.match_iter(pairs[:2], on_error="collect", algorithm="guess"))
    assert all(isinstance(one, MatchError) for one in refused.values())


# --- the asynchronous client ---


def test_the_asynchronous_client_makes_the_same_calls(address: str, peer: Client) -> None:
    """It differs from the other in language only; so must its answers."""

    async def conversation() -> None:
        async with AsyncClient(base_url=address) as client:
            assert (await client.readyz()).status == "ok"
            assert await client.datasets() == peer.datasets()
            assert await client.algorithms() == peer.algorithms()
            assert await client.fetch(QUILL) == peer.fetch(QUILL)
            assert await client.adjacent(QUILL) == peer.adjacent(QUILL)
            assert await client.search("quill") == peer.search("quill")
            asked = person("Quill Feathersby")
            assert await client.match(asked) == peer.match(asked)
            pairs = [(str(number), asked) for number in range(5)]
            streamed = [key async for key, _ in client.match_iter(pairs)]
            assert sorted(streamed) == ["0", "1", "2", "3", "4"]

    asyncio.run(conversation())


# --- behind a door ---


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server with a key, so that nobody gets in without: its address and the key."""
    home = tmp_path_factory.mktemp("closed")
    put_lists(home, {PRIMO: FIRST_ENTRIES})
    made = make_key("onboarding", Role.ANALYST, AT)
    with Store.open(f"sqlite:///{home / 'tumen.db'}") as store, store.writing() as work:
        work.access.add_key(made.key)
    with served(settings_of(home)) as address:
        yield address, made.text


def test_a_key_of_ours_in_the_clients_own_header(closed: tuple[str, str]) -> None:
    """The library sends `Authorization: ApiKey …`, for which it has a setting."""
    address, key = closed
    with Client(base_url=address, api_key=key) as client:
        assert client.match(person("Quill Feathersby")).top is not None
        assert client.fetch(QUILL).id == QUILL


@pytest.mark.parametrize("key", [None, "wrong"])
def test_no_key_and_a_wrong_one(closed: tuple[str, str], key: str | None) -> None:
    """Refused as the library knows refusals; health alone is told to anybody."""
    with Client(base_url=closed[0], api_key=key) as client:
        assert client.readyz().status == "ok"
        with pytest.raises(AuthenticationError):
            client.match(person("Quill Feathersby"))
