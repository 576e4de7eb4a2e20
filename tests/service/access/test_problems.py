"""Errors become problem details: each kind its status, and no word that is not the caller's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from tumen.config import ServiceSettings, Settings
from tumen.errors import (
    BusyError,
    ListsMissingError,
    RecordError,
    RequestError,
    SourceError,
    StoreError,
)
from tumen.service.app import create_app
from tumen.service.errors import status_of
from tumen.service.paging import Page, cursor_of, cut, ends
from tumen.service.problems import KINDS, ProblemError, problem_of, to_response


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (RecordError("No name", where="row 3", mend="Give one"), "invalid", "Give one"),
        (SourceError("Torn", where="a.xml"), "source-refused", "Torn"),
        (RequestError("No such option"), "bad-request", "No such option"),
        (ListsMissingError("No list"), "lists-missing", "No list"),
        (StoreError("db.bank.example is gone"), "store-unavailable", "does not answer"),
        (BusyError("Another run"), "conflict", "Another run"),
        (HTTPException(404), "not-found", "Not Found"),
        (HTTPException(405), "method-not-allowed", "Method"),
        (HTTPException(413, "Too much"), "too-large", "Too much"),
        (ProblemError("forbidden", "No"), "forbidden", "No"),
    ],
)
def test_each_error_has_its_kind(error: Exception, kind: str, words: str) -> None:
    """With status and title of the kind, and the detail of the error."""
    problem = problem_of(error)
    assert problem is not None
    answer = to_response(problem, "/api/v1/x")
    body = json.loads(answer.body)
    assert body["type"] == f"urn:tumen:problem:{kind}"
    assert (body["status"], body["title"]) == KINDS[kind] == (answer.status_code, body["title"])
    assert words in body["detail"]
    assert body["instance"] == "/api/v1/x"
    assert answer.media_type == "application/problem+json"


def test_where_the_store_is_stays_inside() -> None:
    """Its name and the driver's words are for the log."""
    problem = problem_of(StoreError("postgresql://tumen@db.bank.example is gone"))
    assert problem is not None
    assert "bank.example" not in problem.detail
    assert problem.headers["Retry-After"]


def test_a_fault_of_ours_is_no_problem_of_the_callers() -> None:
    """It is logged and answered as internal."""
    assert problem_of(ZeroDivisionError()) is None


def test_peers_are_told_to_try_again() -> None:
    """Where the store is gone or busy: clients try again on 503, and on 400 they do not."""
    assert status_of(StoreError("gone")) == 503
    assert status_of(BusyError("held")) == 503


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    """An open app over an empty store."""
    found = create_app(
        ServiceSettings(
            Settings(tmp_path, f"sqlite:///{tmp_path / 'tumen.db'}"), builds_apart=False
        )
    )
    yield found
    found.state.api.audit.close()
    found.state.api.store.close()


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/api/v1/nothing", "not-found"),
        ("DELETE", "/api/v1/lists", "method-not-allowed"),
        ("POST", "/api/v1/screen", "invalid"),
        ("GET", "/api/v1/lists?limit=0", "invalid"),
    ],
)
def test_also_what_no_route_answers_is_a_problem(
    app: FastAPI, method: str, path: str, kind: str
) -> None:
    """An unknown address, a method that an address does not know, no body."""
    answer = TestClient(app).request(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:tumen:problem:{kind}"
    assert answer.status_code == KINDS[kind][0]


def test_without_lists_nothing_is_screened(app: FastAPI) -> None:
    """It is a 503 that says so, and readiness says it too."""
    body = {"subject": {"schema": "Person", "properties": {"name": "Ada Example"}}}
    answer = TestClient(app).post("/api/v1/screen", json=body)
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:tumen:problem:lists-missing"
    ready = TestClient(app).get("/api/v1/health/ready")
    assert (ready.status_code, ready.json()["problems"]) == (503, ["No list is loaded"])


def test_the_document_describes_errors_and_ways_in(app: FastAPI) -> None:
    """Every operation of ours names the problems; every kind stands in the schema."""
    document = TestClient(app).get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert len(schemas["ProblemBody"]["properties"]["type"]["enum"]) == len(KINDS)
    assert set(document["components"]["securitySchemes"]) == {"key", "header", "password"}
    for path, operations in document["paths"].items():
        for method, one in operations.items():
            if not path.startswith("/api/v1/"):
                continue
            assert one["summary"], path
            assert one["description"], path
            content = one["responses"]["422"]["content"]
            assert set(content) == {"application/problem+json"}, path
            if method in ("post", "put", "delete"):
                names = {parameter["name"] for parameter in one["parameters"]}
                assert "Idempotency-Key" in names, path


def test_every_body_has_an_example_that_can_be_used(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the document shows passes the validation of the route that it stands at."""
    # No job runs: one of them would go out for a list.
    monkeypatch.setattr(app.state.api.jobs._pool, "submit", lambda *_: None)
    client = TestClient(app)
    document = client.get("/openapi.json").json()
    count = 0
    for path, operations in document["paths"].items():
        for method, one in operations.items():
            content = one.get("requestBody", {}).get("content", {}).get("application/json")
            if content is None or not path.startswith("/api/v1/"):
                continue
            shape = content["schema"].get("$ref", "").rpartition("/")[2]
            examples = document["components"]["schemas"][shape].get("examples", [])
            shown = content["example"] if "example" in content else examples[0]
            answer = client.request(method, path.replace("{", "").replace("}", ""), json=shown)
            assert answer.json().get("type") != "urn:tumen:problem:invalid", answer.text
            count += 1
            if client.get("/api/v1/me").status_code == 401:
                _open_again(app)
    assert count >= 12


def _open_again(app: FastAPI) -> None:
    """An example of a user or key closed the service: end them."""
    api = app.state.api
    with api.store.writing() as work:
        users, keys = work.access.users(), work.access.keys()
        for user in users:
            work.access.end_user(user.user_id, user.created_at)
        for key in keys:
            work.access.end_key(key.key_id, key.created_at)
    api.gate.memory.forget()


@given(st.sets(st.text(min_size=1, max_size=5), max_size=40), st.integers(1, 7))
def test_pages_hold_each_item_once(names: set[str], limit: int) -> None:
    """In order, whatever the size of a page."""
    found: list[str] = []
    page = Page(limit)
    while True:
        shown, cursor = cut(names, page, lambda name: name)
        found += shown
        if not cursor:
            break
        page = Page(limit, cursor)
    assert found == sorted(names)


@given(st.lists(st.one_of(st.integers(-(2**53), 2**53), st.text(max_size=20)), max_size=4))
def test_a_cursor_comes_back_as_it_was(place: list[int | str]) -> None:
    """Any place, and nothing else is read as one."""
    page = Page(10, cursor_of(*place))
    kinds = [type(one) for one in place]
    assert page.place(*kinds) == tuple(place)
    with pytest.raises(ProblemError):
        page.place(*kinds, str)


@given(st.text(min_size=1, max_size=60))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    """No other error comes of it."""
    with suppress(ProblemError):
        assert isinstance(Page(10, text).place(str), tuple)


def test_the_last_page_has_no_next() -> None:
    """Read with one item more than is shown."""
    assert ends([1, 2], Page(2), lambda one: (one,)) == ""
    assert ends([1, 2, 3], Page(2), lambda one: (one,)) == cursor_of(2)
