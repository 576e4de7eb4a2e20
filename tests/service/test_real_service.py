"""The service over a real list: what its users ask, with what the publisher says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from running import settings_for, wait_ready

from tumen.lists.ingest import LoadOptions, ingest_all
from tumen.lists.recognise import recognise
from tumen.lists.registry import published_lists
from tumen.service.app import create_app
from tumen.store import Store

UN = (Path(__file__).resolve().parents[2] / "../shared/data/un").resolve()
FILE = UN / "un_consolidated_2026-02-27.xml.gz"
pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason=f"The shared list of the United Nations is not at {FILE}"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the service over the UN's list of February 2026."""
    settings = settings_for(tmp_path_factory.mktemp("real"))
    registry = published_lists()
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with Store.open(settings.base.store_url) as store:
        bundles = recognise([FILE], registry).bundles
        list(ingest_all(bundles, registry, store, LoadOptions(), now))
    with TestClient(create_app(settings)) as client:
        wait_ready(client, 120)
        yield client


def test_all_entries_are_found(client: TestClient) -> None:
    """As many things as the publisher lists."""
    assert client.get("/search/default?limit=0").json()["total"]["value"] == 1003
    facets = client.get("/search/default?facets=schema").json()["facets"]["schema"]["values"]
    assert "Person" in {one["name"] for one in facets}


def test_a_listed_person_is_found_under_another_spelling(client: TestClient) -> None:
    """With the whole entry and its designation."""
    query = {"schema": "Person", "properties": {"name": ["Innozent Kaina"], "birthDate": "1973-11"}}
    response = client.post("/match/un_sc_sanctions", json={"queries": {"q": query}})
    (result,) = response.json()["responses"]["q"]["results"]
    assert result["id"] == "un_sc_sanctions:6907996"
    assert result["properties"]["position"] == ["Former M23 Deputy Commander"]
    nested = client.get(f"/entities/{result['id']}").json()
    (sanction,) = nested["properties"]["sanctions"]
    assert sanction["properties"]["listingDate"] == ["2012-11-30"]
    assert sanction["properties"]["authorityId"] == ["CDi.004"]


def test_each_entity_can_be_read_nested(client: TestClient) -> None:
    """None breaks; dates are plain calendar dates."""
    page = client.get("/search/default?limit=500").json()["results"]
    for entity in page[::10]:
        nested = client.get(f"/entities/{entity['id']}")
        assert nested.status_code == 200
        for day in entity["properties"].get("birthDate", []):
            assert day.replace("-", "").isdigit()
