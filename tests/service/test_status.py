"""Health, readiness, the catalogue, the token of updates, and what every answer carries."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from invented import FIRST_ENTRIES, PRIMO, SECUNDA, TERTIA, add_lists, entry, version
from running import TOKEN, settings_for, wait_ready
from structlog.testing import LogCapture

from tumen.model.watching import ListHealth, ListState
from tumen.service.app import create_app
from tumen.service.tracing import trace_of
from tumen.store import Store

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


# --- health ---


def test_it_lives(client: TestClient) -> None:
    """Both checks are well once an index is loaded."""
    for path in ("/healthz", "/readyz"):
        assert (client.get(path).status_code, client.get(path).json()) == (200, {"status": "ok"})


def test_it_is_not_ready_without_a_list(tmp_path: Path) -> None:
    """503 for readiness and for every question; alive all the same."""
    with TestClient(create_app(settings_for(tmp_path))) as client:
        assert client.get("/healthz").status_code == 200
        for path in ("/readyz", "/search/default", "/catalog", "/entities/x"):
            response = client.get(path)
            assert (response.status_code, response.json()) == (503, {"detail": "Index not ready."})
        body = {"queries": {"q": {"schema": "Person", "properties": {"name": "x"}}}}
        assert client.post("/match/default", json=body).status_code == 503


def test_it_becomes_ready_by_itself(tmp_path: Path) -> None:
    """When the first list is loaded while it runs."""
    settings = settings_for(tmp_path, watch_seconds=0.05)
    with TestClient(create_app(settings)) as client:
        assert client.get("/readyz").status_code == 503
        add_lists(settings.base.store_url)
        wait_ready(client)
        assert client.get("/search/default").json()["total"]["value"] == 6


def test_an_index_of_before_is_there_at_once(tmp_path: Path) -> None:
    """A service that starts again answers without building."""
    settings = settings_for(tmp_path)
    add_lists(settings.base.store_url)
    with TestClient(create_app(settings)) as client:
        wait_ready(client)
    with TestClient(create_app(settings)) as client:
        assert client.get("/readyz").status_code == 200


# --- updates ---


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", f"?token={TOKEN}x"])
def test_updates_need_the_token(client: TestClient, query: str) -> None:
    """403 without it."""
    response = client.post(f"/updatez{query}")
    assert (response.status_code, response.json()) == (403, {"detail": "Invalid token."})


def test_no_token_is_right_where_none_is_set(tmp_path: Path) -> None:
    """A service without an update token takes no updates."""
    with TestClient(create_app(settings_for(tmp_path, update_token=""))) as client:
        assert client.post("/updatez?token=").status_code == 403


def test_an_update_builds_anew(tmp_path: Path) -> None:
    """`sync` waits for it, otherwise it comes soon."""
    settings = settings_for(tmp_path)
    add_lists(settings.base.store_url)
    with TestClient(create_app(settings)) as client:
        wait_ready(client)
        first = client.get("/catalog").json()["generation"]
        assert client.post(f"/updatez?token={TOKEN}&sync=true").json() == {"status": "ok"}
        second = client.get("/catalog").json()["generation"]
        assert client.post(f"/updatez?token={TOKEN}").json() == {"status": "ok"}
        end = time.monotonic() + 20
        while client.get("/catalog").json()["generation"] == second:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert first != second


def test_an_index_may_be_built_in_a_process_of_its_own(tmp_path: Path) -> None:
    """As the running service does."""
    settings = settings_for(tmp_path, builds_apart=True)
    add_lists(settings.base.store_url)
    with TestClient(create_app(settings)) as client:
        wait_ready(client, 60)
        assert client.get("/search/default?q=quill").json()["total"]["value"] == 3


# --- the catalogue ---


def test_lists_and_collections_are_datasets(client: TestClient) -> None:
    """Each list by its id, all in `default`, those of sanctions in `sanctions`."""
    catalogue = client.get("/catalog").json()
    by_name = {one["name"]: one for one in catalogue["datasets"]}
    assert set(by_name) == {PRIMO, SECUNDA, TERTIA, "default", "sanctions"}
    assert set(by_name["default"]["children"]) == {PRIMO, SECUNDA, TERTIA}
    assert set(by_name["sanctions"]["children"]) == {PRIMO, SECUNDA}
    assert set(catalogue["current"]) == set(by_name)
    assert (catalogue["outdated"], catalogue["index_stale"]) == ([], False)
    assert client.get("/manifest").json()["datasets"] == catalogue["datasets"]


def test_a_dataset_has_the_keys_of_the_peer(client: TestClient) -> None:
    """And versions as it writes them."""
    found = {one["name"]: one for one in client.get("/catalog").json()["datasets"]}
    keys = [
        "name",
        "title",
        "license",
        "summary",
        "description",
        "url",
        "updated_at",
        "last_export",
        "entity_count",
        "thing_count",
        "version",
        "category",
        "tags",
        "publisher",
        "coverage",
        "resources",
        "children",
        "deprecation",
        "deprecated",
        "load",
        "entities_url",
        "delta_url",
        "namespace",
        "index_version",
        "index_current",
    ]
    for dataset in found.values():
        assert set(keys) <= set(dataset)
        assert re.fullmatch(r"\d{14}-[a-z0-9]{3}", dataset["index_version"])
    assert found[PRIMO]["index_version"] == "20260110063000-aaa"
    assert found[PRIMO]["publisher"]["name"] == "United Nations Security Council"
    assert found[PRIMO]["entity_count"] == 3


def test_ages_and_states_are_told(client: TestClient) -> None:
    """Hours since retrieval; how the list fared at its publisher."""
    dataset = next(d for d in client.get("/catalog").json()["datasets"] if d["name"] == PRIMO)
    hours = (datetime.now(UTC) - datetime(2026, 1, 10, 6, 30, tzinfo=UTC)).total_seconds() / 3600
    assert dataset["age_hours"] == pytest.approx(hours, abs=1)
    assert (dataset["state"], dataset["published_on"]) == ("good", "2026-01-09")


def test_a_list_that_could_not_be_renewed_says_so(tmp_path: Path) -> None:
    """Its state comes from the store, without a new index."""
    settings = settings_for(tmp_path, watch_seconds=0.05)
    add_lists(settings.base.store_url)
    with TestClient(create_app(settings)) as client:
        wait_ready(client)
        at = datetime(2026, 3, 1, tzinfo=UTC)
        with Store.open(settings.base.store_url) as store, store.writing() as work:
            state = ListState(PRIMO, ListHealth.QUARANTINED, at, None, "It shrank by half")
            work.list_states.set(state)
        end = time.monotonic() + 20
        while True:
            found = {one["name"]: one for one in client.get("/catalog").json()["datasets"]}
            if found[PRIMO]["state"] == "quarantined":
                break
            assert time.monotonic() < end
            time.sleep(0.05)
        assert found[PRIMO]["state_message"] == "It shrank by half"
        assert found[SECUNDA]["state"] == "good"


def test_the_catalogue_may_be_kept(client: TestClient) -> None:
    """ETag, Cache-Control, and 304 for whoever has it."""
    response = client.get("/catalog")
    assert response.headers["cache-control"] == "public, max-age=300"
    tag = response.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{40}"', tag)
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client.get("/catalog", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert client.get("/catalog", headers={"If-None-Match": '"other"'}).status_code == 200


def test_seen_and_changed_come_from_the_versions_of_a_list(tmp_path: Path) -> None:
    """First seen with the first version, changed with the version that says otherwise."""
    settings = settings_for(tmp_path)
    add_lists(settings.base.store_url)
    changed = entry(f"{PRIMO}:2", "Company", name="Feathersby Maritime", country="kp")
    fresh = entry(f"{PRIMO}:9", "Person", name="Wren Newly")
    entries = (FIRST_ENTRIES[0], changed, fresh)
    at = datetime(2026, 2, 1, 8, tzinfo=UTC)
    with Store.open(settings.base.store_url) as store:
        store.add_version(version(PRIMO, entries, "d", at), entries)
    with TestClient(create_app(settings)) as client:
        wait_ready(client)
        seen = {
            number: [
                client.get(f"/entities/{PRIMO}:{number}?nested=false").json()[key]
                for key in ("first_seen", "last_seen", "last_change")
            ]
            for number in (1, 2, 9)
        }
    old, new = "2026-01-10T06:30:00", "2026-02-01T08:00:00"
    assert seen == {1: [old, new, old], 2: [old, new, new], 9: [new, new, new]}


# --- what every answer carries ---


def test_an_answer_names_its_trace(client: TestClient) -> None:
    """The caller's where it has one, else a new one; we stand first in the state."""
    response = client.get("/healthz", headers={"traceparent": TRACE, "tracestate": "a=1,yente=2"})
    parent = response.headers["traceparent"].split("-")
    assert parent[:2] == TRACE.split("-")[:2]
    assert parent[3] == "01"
    assert parent[2] != TRACE.split("-")[2]
    assert response.headers["tracestate"] == f"yente={parent[2]},a=1"
    alone = client.get("/healthz").headers["traceparent"]
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", alone)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01",
    ],
)
def test_a_trace_that_is_none_is_begun_anew(header: str) -> None:
    """As the standard asks."""
    trace = trace_of(header, "broken, a = b ,x=y")
    assert trace.trace_id not in ("0" * 32, "4bf92f3577b34da6a3ce929d0e0e4736")
    assert trace.state_header.endswith("a=b,x=y")


def test_large_answers_are_packed_and_small_ones_not(client: TestClient) -> None:
    """From 500 bytes, for those who can unpack."""
    packed = client.get("/catalog", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    small = client.get("/healthz", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in small.headers


def test_browsers_of_other_origins_may_ask(client: TestClient) -> None:
    """CORS with any origin, method and header."""
    headers = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    allowed = client.options("/match/default", headers=headers)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "https://elsewhere.example"
    assert allowed.headers["access-control-allow-credentials"] == "true"


def test_an_address_that_is_too_long_is_refused(client: TestClient) -> None:
    """414 above 60,000 bytes of path and query."""
    response = client.get("/search/default?q=" + "a" * 60_000)
    assert (response.status_code, response.json()) == (414, {"detail": "Request URI too long"})
    assert client.get("/search/default?q=" + "a" * 50_000).status_code == 200


def test_a_fault_is_a_500_without_its_cause(tmp_path: Path) -> None:
    """The cause stands in the log with the trace."""
    app = create_app(settings_for(tmp_path))

    def broken() -> None:
        raise ZeroDivisionError("a secret")

    app.state.engine.current = broken
    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/catalog")
    assert (response.status_code, response.json()) == (500, {"status": "error"})
    assert "traceparent" in response.headers


@pytest.fixture
def logged(app: FastAPI) -> Iterator[list[Any]]:
    """What the service logs meanwhile."""
    capture = LogCapture()
    before = structlog.get_config()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture.entries
    structlog.configure(**before)


def test_a_request_is_one_line_without_what_was_asked(
    client: TestClient, logged: list[Any]
) -> None:
    """Method, route, status, time and trace; no name, no address."""
    response = client.get("/search/default?q=secretname", headers={"traceparent": TRACE})
    (line,) = [one for one in logged if one["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/search/{dataset}", 200)
    assert line["trace_id"] == response.headers["traceparent"].split("-")[1]
    assert line["duration_ms"] > 0
    assert "secretname" not in str(logged)


def test_counts_for_prometheus(client: TestClient) -> None:
    """Requests by route and status, parties screened, ages of lists."""
    body = {"queries": {"q": {"schema": "Person", "properties": {"name": "Quill Feathersby"}}}}
    client.post("/match/default", json=body)
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    text = response.text
    assert 'tumen_requests_total{method="POST",route="/match/{dataset}",status="200"}' in text
    assert 'tumen_screened_total{outcome="match"}' in text
    assert f'tumen_list_age_hours{{list="{PRIMO}"}}' in text
    assert "tumen_request_seconds_bucket" in text
    assert "tumen_ready 1.0" in text


# --- documents ---


def test_the_interface_is_described(client: TestClient) -> None:
    """OpenAPI, and a page that needs nothing from elsewhere."""
    described = client.get("/openapi.json").json()
    terms = described["paths"]["/match/{dataset}"]["post"]
    assert {"limit", "threshold", "cutoff", "algorithm", "exclude_entity_ids"} <= {
        one["name"] for one in terms["parameters"]
    }
    assert "requestBody" in terms
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "/match/{dataset}" in page.text
    assert not re.search(r"(src|href)=\"(https?:)?//", page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert client.get("/favicon.ico").status_code == 200


def test_what_is_not_there_and_what_is_not_done(client: TestClient) -> None:
    """404 and 405 in the peer's shape."""
    assert client.get("/nothing").json() == {"detail": "Not Found"}
    response = client.get("/match/default")
    assert (response.status_code, response.json()) == (405, {"detail": "Method Not Allowed"})
