"""`/entities/{id}`: whole, nested, and page by page."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from invented import PRIMO

QUILL, MARITIME = f"{PRIMO}:1", f"{PRIMO}:2"


def entity(client: TestClient, path: str) -> Any:
    """The answer at a path below /entities."""
    response = client.get(f"/entities/{path}")
    assert response.status_code == 200, response.text
    return response.json()


def test_what_is_around_stands_under_the_name_of_the_reverse(client: TestClient) -> None:
    """Designations, relations, and through a relation what is at its other end."""
    properties = entity(client, QUILL)["properties"]
    (sanction,) = properties["sanctions"]
    assert sanction["schema"] == "Sanction"
    assert sanction["properties"]["programId"] == ["DPRK"]
    assert sanction["properties"]["listingDate"] == ["2016-11-30"]
    assert sanction["properties"]["authority"] == ["United Nations Security Council"]
    assert sanction["properties"]["entity"] == [QUILL]
    (ownership,) = properties["ownershipOwner"]
    assert ownership["properties"]["role"] == ["shareholder"]
    assert ownership["properties"]["owner"] == [QUILL]
    (company,) = ownership["properties"]["asset"]
    assert (company["id"], company["caption"]) == (MARITIME, "Feathersby Maritime Trading Company")
    assert "sanctions" not in company["properties"]


def test_the_other_end_sees_the_same_relation(client: TestClient) -> None:
    """Under the other reverse name."""
    properties = entity(client, MARITIME)["properties"]
    (ownership,) = properties["ownershipAsset"]
    assert ownership["properties"]["owner"][0]["id"] == QUILL


def test_whom_a_list_only_names_is_kept_in_the_relation(client: TestClient) -> None:
    """A relation to somebody without an entry."""
    (family,) = entity(client, QUILL)["properties"]["familyPerson"]
    assert family["properties"]["description"] == ["Ri Invented"]


def test_nesting_can_be_left_out(client: TestClient) -> None:
    """Then only the entity itself."""
    found = entity(client, f"{QUILL}?nested=false")
    assert "sanctions" not in found["properties"]
    assert found["caption"] == "Quill Feathersby"


def test_a_relation_is_an_entity_too(client: TestClient) -> None:
    """Its ends are nested."""
    ownership = entity(client, QUILL)["properties"]["ownershipOwner"][0]["id"]
    properties = entity(client, ownership)["properties"]
    assert properties["owner"][0]["id"] == QUILL
    assert properties["asset"][0]["id"] == MARITIME


def test_adjacent_entities_by_property(client: TestClient) -> None:
    """A page for each property that leads to any."""
    answer = entity(client, f"{QUILL}/adjacent")
    assert answer["entity"]["id"] == QUILL
    assert "sanctions" not in answer["entity"]["properties"]
    assert set(answer["adjacent"]) == {"sanctions", "ownershipOwner", "familyPerson"}
    page = answer["adjacent"]["ownershipOwner"]
    assert page["total"] == {"value": 1, "relation": "eq"}
    assert (page["limit"], page["offset"]) == (10, 0)
    assert page["results"][0]["properties"]["asset"][0]["id"] == MARITIME


def test_one_property_alone(client: TestClient) -> None:
    """With paging and sorting."""
    answer = entity(client, f"{QUILL}/adjacent/sanctions?limit=1&sort=first_seen:desc")
    assert [one["schema"] for one in answer["results"]] == ["Sanction"]
    assert answer["total"]["value"] == 1
    later = entity(client, f"{QUILL}/adjacent/sanctions?offset=5")
    assert (later["results"], later["total"]["value"]) == ([], 1)
    assert entity(client, f"{QUILL}/adjacent/directorshipDirector")["results"] == []
    assert client.get(f"/entities/{QUILL}/adjacent?limit=501").status_code == 422


def test_what_is_not_there(client: TestClient) -> None:
    """404 with the peer's words."""
    for path, detail in (
        ("nobody", "No such entity!"),
        ("nobody/adjacent", "No such entity!"),
        (f"{QUILL}/adjacent/nothing", "No such property!"),
        (f"{QUILL}/adjacent/name", "No such property!"),
    ):
        response = client.get(f"/entities/{path}")
        assert (response.status_code, response.json()) == (404, {"detail": detail})
