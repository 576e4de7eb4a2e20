"""The door over HTTP: credentials, limits, the size of bodies, strange pages, users and keys."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_desk import Desk, opened, settings_of
from fastapi.testclient import TestClient
from invented import add_lists

from tumen.config import AccessSettings
from tumen.model.access import Role
from tumen.service.app import create_app

PASSWORD = "correct horse battery"
QUILL = {"schema": "Person", "properties": {"name": "Quill Feathersby"}}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of this file."""
    found = tmp_path_factory.mktemp("access")
    add_lists(f"sqlite:///{found / 'tumen.db'}")
    return found


@pytest.fixture(scope="module")
def narrow(home: Path) -> Iterator[Desk]:
    """A service that takes little, and seldom."""
    access = AccessSettings(
        rate_per_second=0.5, rate_burst=4, max_body_bytes=2_000, max_upload_bytes=4_000
    )
    with opened(home, access) as found:
        yield found


@pytest.fixture(scope="module")
def open_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service on loopback for which nobody made a key."""
    home = tmp_path_factory.mktemp("open")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    app = create_app(settings_of(home, host="127.0.0.1"))
    with TestClient(app) as client:
        end = time.monotonic() + 60
        while client.get("/readyz").status_code != 200:
            assert time.monotonic() < end, "the service did not become ready"
            time.sleep(0.05)
        yield client


def basic(name: str, password: str) -> dict[str, str]:
    """The header of HTTP Basic."""
    text = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {text}"}


def test_a_stranger_is_told_the_ways_in(desk: Desk) -> None:
    """And nothing else; in the form of the API that was asked."""
    answer = desk.client.get("/api/v1/lists")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    peer = desk.client.get("/catalog")
    assert peer.status_code == 401
    assert set(peer.json()) == {"detail"}


def test_each_form_of_a_key_gets_in(desk: Desk) -> None:
    """Bearer, our own header, in place of a password, and the scheme of the peer's client."""
    key = desk.keys[Role.VIEWER]
    for headers in (
        {"Authorization": f"Bearer {key}"},
        {"Authorization": f"ApiKey {key}"},
        {"X-API-Key": key},
        basic("anything", key),
    ):
        answer = desk.client.get("/api/v1/me", headers=headers)
        assert answer.status_code == 200, headers
        assert answer.json()["role"] == "viewer"


def test_a_key_in_the_address_is_for_reconciliation_alone(desk: Desk) -> None:
    """Its clients can send no header; elsewhere the key would only end up in logs."""
    key = desk.keys[Role.ANALYST]
    assert desk.client.get(f"/api/v1/me?api_key={key}").status_code == 401
    answer = desk.client.get(f"/reconcile/default?api_key={key}")
    assert answer.status_code == 200, answer.text


def test_a_user_is_added_signs_in_and_leaves(desk: Desk) -> None:
    """By name and password, until the administrator ends it; a new password ends the old."""
    body = {"name": "anna", "role": "analyst", "password": PASSWORD, "email": "a@b.example"}
    answer = desk.ask("POST", "users", json=body)
    assert answer.status_code == 201, answer.text
    assert PASSWORD not in answer.text
    assert answer.json()["has_password"]
    assert "hash" not in answer.text
    assert desk.ask("POST", "users", json=body).status_code == 409
    me = desk.client.get("/api/v1/me", headers=basic("anna", PASSWORD))
    assert me.json()["actor"] == "user:anna"
    assert [one["name"] for one in desk.get("users")["items"]] == ["anna"]
    fresh = {"password": "another good one"}
    assert desk.ask("PUT", "users/anna/password", json=fresh).status_code == 204
    assert desk.client.get("/api/v1/me", headers=basic("anna", PASSWORD)).status_code == 401
    renewed = basic("anna", "another good one")
    assert desk.client.get("/api/v1/me", headers=renewed).status_code == 200
    assert desk.ask("DELETE", "users/anna").status_code == 204
    assert desk.client.get("/api/v1/me", headers=renewed).status_code == 401
    assert desk.ask("DELETE", "users/anna").status_code == 404
    assert desk.ask("PUT", "users/anna/password", json=fresh).status_code == 404
    assert desk.get("users")["items"] == []
    assert len(desk.get("users?include_ended=true")["items"]) == 2


def test_a_key_is_made_used_and_ended(desk: Desk) -> None:
    """Its text comes once; at its end it is out at once."""
    made = desk.ask("POST", "keys", json={"name": "onboarding", "role": "analyst"})
    assert made.status_code == 201
    key = made.json()
    headers = {"Authorization": f"Bearer {key['key']}"}
    assert desk.client.get("/api/v1/me", headers=headers).json()["actor"] == f"key:{key['key_id']}"
    shown = desk.get(f"keys/{key['key_id']}")
    assert "key" not in shown
    assert made.headers["Location"] == f"/api/v1/keys/{key['key_id']}"
    assert desk.ask("DELETE", f"keys/{key['key_id']}").status_code == 204
    assert desk.client.get("/api/v1/me", headers=headers).status_code == 401
    assert desk.ask("DELETE", f"keys/{key['key_id']}").status_code == 204
    assert desk.get(f"keys/{key['key_id']}")["ended_at"]
    assert desk.ask("GET", "keys/none").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "a:b", "role": "viewer"},
        {"name": "x", "role": "boss"},
        {"name": "x", "role": "viewer", "password": "short"},
        {"name": "x", "role": "viewer", "pasword": PASSWORD},
    ],
)
def test_a_user_that_makes_no_sense_is_refused(desk: Desk, body: Any) -> None:
    """Named by field; a password never comes back in the message."""
    answer = desk.ask("POST", "users", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert "'short'" not in answer.text


def test_roles_are_told(desk: Desk) -> None:
    """As the model has them."""
    found = {one["role"]: set(one["permissions"]) for one in desk.get("roles", Role.VIEWER)}
    assert found == {role.value: {p.value for p in role.permissions} for role in Role}


def test_more_than_the_rate_is_told_when_to_come_back(narrow: Desk) -> None:
    """429 with Retry-After and RateLimit; another key is not touched; health is not limited."""
    answers = [narrow.ask("GET", "me", Role.VIEWER) for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 4 + [429] * 2
    assert answers[0].headers["RateLimit"].startswith('"default";r=3')
    assert answers[0].headers["RateLimit-Policy"] == '"default";q=4;w=8'
    refused = answers[-1]
    assert 1 <= int(refused.headers["Retry-After"]) <= 2
    assert refused.json()["type"] == "urn:tumen:problem:too-many-requests"
    assert narrow.ask("GET", "me", Role.AUDITOR).status_code == 200
    assert all(narrow.client.get("/healthz").status_code == 200 for _ in range(20))


def test_wrong_credentials_are_slowed_down(desk: Desk) -> None:
    """Also over HTTP, with the seconds to wait."""
    for _ in range(5):
        answer = desk.client.get("/api/v1/me", headers=basic("guessed", "wrong horse battery"))
        assert answer.status_code == 401
    answer = desk.client.get("/api/v1/me", headers=basic("guessed", "wrong horse battery"))
    assert answer.status_code == 429
    assert 25 <= int(answer.headers["Retry-After"]) <= 30


def test_a_body_that_is_too_large_is_not_read(narrow: Desk) -> None:
    """By its stated length, and by what really comes; an upload may be larger, to its own end."""
    large = {"subject": {**QUILL, "id": "x" * 400}, "lists": ["x" * 100] * 30}
    answer = narrow.ask("POST", "screen", Role.ANALYST, json=large)
    assert answer.status_code == 413, answer.text
    assert answer.json()["type"] == "urn:tumen:problem:too-large"

    def drip() -> Iterator[bytes]:
        for _ in range(5_000):
            yield b" "

    headers = {"Content-Type": "application/json"}
    answer = narrow.ask("POST", "screen", Role.ANALYST, content=drip(), headers=headers)
    assert answer.status_code == 413
    path = "books/size/versions"
    small, big = ("id,name\n" + "1,Anna Invented\n" * count for count in (1, 400))
    rows = small + "2,Ben Invented\n" + " \n" * 1_000
    answer = narrow.ask("POST", path, Role.APPROVER, files={"file": ("a.csv", rows.encode())})
    assert answer.status_code == 201, answer.text
    answer = narrow.ask("POST", path, Role.APPROVER, files={"file": ("a.csv", big.encode())})
    assert answer.status_code == 413


def test_an_open_service_serves_its_machine(open_client: TestClient) -> None:
    """Everything, with nothing shown, and no limit."""
    assert open_client.get("/api/v1/me").json()["actor"] == "loopback"
    answer = open_client.post("/api/v1/screen", json={"subject": QUILL})
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "rebound.example:8000"}]
)
def test_an_open_service_heeds_no_strange_page(
    open_client: TestClient, headers: dict[str, str]
) -> None:
    """A page in a browser on this machine could else read the books of its reader."""
    answer = open_client.get("/api/v1/books", headers=headers)
    assert answer.status_code == 403
    assert "tumen keys add" in answer.json()["detail"]
    near = {"Origin": "http://127.0.0.1:3333", "Host": "localhost:8000"}
    assert open_client.get("/api/v1/books", headers=near).status_code == 200


def test_the_first_key_closes_an_open_service(
    tmp_path: Path,
) -> None:
    """At once where it was made."""
    add_lists(f"sqlite:///{tmp_path / 'tumen.db'}")
    with TestClient(create_app(settings_of(tmp_path, host="localhost"))) as client:
        made = client.post("/api/v1/keys", json={"name": "first", "role": "administrator"})
        assert made.status_code == 201, made.text
        assert client.get("/api/v1/me").status_code == 401
        headers = {"X-API-Key": made.json()["key"]}
        assert client.get("/api/v1/me", headers=headers).status_code == 200


def test_metrics_are_open_on_loopback_and_by_setting(home: Path) -> None:
    """Elsewhere they need a key: how much is screened is nobody's business."""
    for host, is_public, status in (
        ("0.0.0.0", False, 401),
        ("0.0.0.0", True, 200),
        ("127.0.0.1", False, 200),
    ):
        access = replace(AccessSettings(), is_metrics_public=is_public)
        app = create_app(settings_of(home, host=host, access=access))
        answer = TestClient(app).get("/metrics")
        assert (answer.status_code == 401) is (status == 401), (host, is_public)
