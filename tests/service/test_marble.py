"""The service as Marble's backend drives it: its requests, in its order, with its odd bodies."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

QUILL, FIRM = "un_sc_sanctions:1", "un_sc_sanctions:2"
INDEX_VERSION = re.compile(r"\d{14}-\w{3}")


@pytest.fixture(scope="module")
def marble(address: str) -> Iterator[httpx.Client]:
    """A client that sends what Marble's does; it follows no redirect by itself."""
    headers = {
        "User-Agent": "Go-http-client/1.1",
        "Content-Type": "application/json",
        "Authorization": "Bearer what-loopback-does-not-need",
    }
    with httpx.Client(base_url=address, headers=headers) as client:
        yield client


def query(schema: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One query, with the keys that Marble sends even where they are null."""
    return {"schema": schema, "properties": properties, "filters": None, "params": None, **more}


def match(
    marble: httpx.Client,
    queries: dict[str, Any],
    *,
    scope: str = "default",
    limit: int = 20,
    threshold: float = 0.7,
    include_dataset: tuple[str, ...] = (),
    exclude_entity_ids: tuple[str, ...] = (),
    **body: Any,
) -> dict[str, Any]:
    """A screening as Marble asks for it, by the algorithm that it names by default."""
    params: list[tuple[str, str]] = [
        ("algorithm", "logic-v1"),
        ("threshold", f"{threshold:.2f}"),
        ("cutoff", f"{threshold:.2f}"),
        ("limit", str(limit)),
        ("partition", "true"),
        ("index_type", "scoped"),
        *(("include_dataset", name) for name in include_dataset),
        *(("exclude_entity_ids", one) for one in exclude_entity_ids),
    ]
    given = marble.post(
        f"/match/{scope}", params=params, content=json.dumps({"queries": queries, **body})
    )
    assert given.status_code == 200, given.text
    responses: dict[str, Any] = given.json()["responses"]
    assert set(responses) == set(queries)
    # Marble fails the whole screening where a single one of these is no success.
    assert all(one["status"] == 200 for one in responses.values())
    return responses


def person(name: str = "Quill Feathersby", **more: Any) -> dict[str, Any]:
    """A query for a person of this name."""
    return query("Person", {"name": [name], "birthDate": ["1955-03-02"]}, **more)


def ids(response: dict[str, Any]) -> list[str]:
    """What Marble keeps: results that are a match."""
    return [one["id"] for one in response["results"] if one["match"]]


def test_it_asks_for_the_version_once(marble: httpx.Client) -> None:
    """The key `motiva` switches on the body's `params` and `weights`."""
    told = marble.get("/-/version", timeout=10)
    assert told.status_code == 200
    numbers = [int(part) for part in told.json()["motiva"].removeprefix("v").split(".")]
    assert numbers >= [0, 10, 0]


def test_it_checks_its_configuration(marble: httpx.Client) -> None:
    """Readiness must be a plain 200."""
    assert marble.get("/readyz").status_code == 200


def test_a_screening(marble: httpx.Client) -> None:
    """Everything that Marble reads of an answer is there, in the type that it expects."""
    key = str(uuid.uuid4())
    response = match(marble, {key: person()})[key]
    assert ids(response) == [QUILL]
    first = response["results"][0]
    assert isinstance(first["referents"], list)
    assert first["schema"] == "Person"
    assert first["datasets"] == ["un_sc_sanctions"]
    assert isinstance(first["score"], float)
    assert "Quill Feathersby" in first["properties"]["name"]
    assert response["total"] == {"value": 1, "relation": "eq"}


def test_several_queries_of_one_decision(marble: httpx.Client) -> None:
    """A payment's parties go in one request; a party with no hit is answered, too."""
    queries = {
        "debtor": person(),
        "creditor": query("Company", {"name": ["Feathersby Maritime Trading Company"]}),
        "agent": query("Thing", {"name": ["Xqrth Zebulon Bank"]}),
    }
    responses = match(marble, queries)
    assert ids(responses["debtor"]) == [QUILL]
    assert ids(responses["creditor"]) == [FIRM]
    assert responses["agent"]["results"] == []


def test_a_partial_answer_can_be_told(marble: httpx.Client) -> None:
    """More in total than were returned makes Marble say: refine the search."""
    response = match(marble, {"q": query("Thing", {"name": ["Quill"]})}, limit=1, threshold=0.1)[
        "q"
    ]
    assert len(response["results"]) == 1
    assert response["total"]["value"] > 1


def test_datasets_and_whitelist_as_parameters(marble: httpx.Client) -> None:
    """What a person cleared before does not come again."""
    assert ids(match(marble, {"q": person()}, include_dataset=("eu_fsf",))["q"]) == []
    assert ids(match(marble, {"q": person()}, include_dataset=("un_sc_sanctions",))["q"])
    assert ids(match(marble, {"q": person()}, exclude_entity_ids=(QUILL,))["q"]) == []


def test_datasets_and_whitelist_in_the_body(marble: httpx.Client) -> None:
    """From motiva 0.7 they stand in `params`, for the request or for a query, without a limit."""
    excluded = {"exclude_entity_ids": [f"x{number}" for number in range(200)] + [QUILL]}
    assert ids(match(marble, {"q": person()}, params=excluded)["q"]) == []
    both = match(marble, {"a": person(params=excluded), "b": person()})
    assert ids(both["a"]) == []
    assert ids(both["b"]) == [QUILL]
    only = {"include_datasets": ["eu_fsf"], "exclude_datasets": [], "exclude_entity_ids": []}
    assert ids(match(marble, {"q": person()}, params=only)["q"]) == []
    without = {"exclude_datasets": ["un_sc_sanctions"]}
    assert ids(match(marble, {"q": person()}, params=without)["q"]) == []


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        ({"topics": [["sanction"]]}, True),
        ({"topics": [["role.pep", "sanction"]]}, True),
        ({"topics": [["role.pep"]]}, False),
        ({"topics": [["sanction"], ["role.pep"]]}, False),
        ({"topics": [["sanction"]], "properties.nationality": [["kp"]]}, True),
        ({"topics": [["sanction"]], "properties.nationality": [["ru"]]}, False),
        ({"datasets": [["un_sc_sanctions"]]}, True),
        ({}, True),
    ],
)
def test_filters_of_continuous_screening(
    marble: httpx.Client, filters: dict[str, Any], is_found: bool
) -> None:
    """The outer list holds together, of each inner one any may hold."""
    assert ids(match(marble, {"q": person(filters=filters)})["q"]) == ([QUILL] if is_found else [])


def test_keys_of_later_versions_are_tolerated(marble: httpx.Client) -> None:
    """Marble adds keys before its backends know them."""
    asked = {**person(), "explain": False, "tomorrow": {"a": 1}}
    assert ids(match(marble, {"q": asked}, weights={"name_match": 1.0}, tomorrow=[1])["q"])


def test_enrichment(marble: httpx.Client) -> None:
    """A case shows the whole entity; one that has gone is a 404."""
    entity = marble.get(f"/entities/{QUILL}").json()
    assert entity["id"] == QUILL
    sanction = entity["properties"]["sanctions"][0]
    assert sanction["properties"]["authority"] == ["United Nations Security Council"]
    assert marble.get("/entities/gone").status_code == 404


def test_freshness(marble: httpx.Client) -> None:
    """Marble reads it off a dataset of the name `default`."""
    catalogue = marble.get("/catalog").json()
    named = {one["name"]: one for one in catalogue["datasets"]}
    default = named["default"]
    assert INDEX_VERSION.fullmatch(default["index_version"])
    assert default["index_current"] is True
    assert set(default["children"]) <= set(named)
    for dataset in catalogue["datasets"]:
        keys = {"name", "title", "load", "index_version", "index_current", "children", "tags"}
        assert keys <= set(dataset)
        assert isinstance(dataset["tags"], list)
    assert "un_sc_sanctions" in catalogue["current"]
    assert catalogue["outdated"] == []


def test_the_choice_of_algorithms(marble: httpx.Client) -> None:
    """Marble's settings page lists them; its own default is among them."""
    told = marble.get("/algorithms").json()
    names = [one["name"] for one in told["algorithms"]]
    assert "logic-v1" in names
    assert all(isinstance(one["description"], str) for one in told["algorithms"])
    assert {told["best"], told["default"]} <= {*names, "best"}


def test_errors_are_no_retries(marble: httpx.Client) -> None:
    """Marble repeats a request on 408, 429, 502, 503 and 504: a mistake of its own is none."""
    refused = marble.post("/match/default", content=json.dumps({"queries": {}}))
    assert refused.status_code == 400
    nowhere = marble.post("/match/nowhere", content=json.dumps({"queries": {"q": person()}}))
    assert nowhere.status_code == 404
