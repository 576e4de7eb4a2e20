"""Reconciliation routes under random input: answered or refused, never a fault of ours."""

from __future__ import annotations

import json
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.text(max_size=12) | st.sampled_from(
    ["Quill", "Person", "Thing", "Person:birthDate", "birthDate", "1955", "un_sc_sanctions:1",
     "Ownership", '"', "* AND", "NEAR(", "\ud800", "\x00", "Ж", "김"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
QUERY = st.fixed_dictionaries(
    {},
    optional={
        "query": TEXT | JSON,
        "type": TEXT | st.lists(TEXT, max_size=2) | JSON,
        "limit": st.integers(-2, 600) | JSON,
        "properties": st.lists(st.fixed_dictionaries({"pid": TEXT, "v": TEXT | JSON}), max_size=3)
        | JSON,
    },
)
EXTEND = st.fixed_dictionaries(
    {"ids": st.lists(TEXT, max_size=4) | JSON},
    optional={
        "properties": st.lists(
            st.fixed_dictionaries(
                {"id": TEXT},
                optional={
                    "settings": st.fixed_dictionaries(
                        {},
                        optional={
                            "limit": st.integers(-2, 3) | JSON,
                            "render": st.sampled_from(["raw", "caption", "x"]) | JSON,
                        },
                    )
                },
            ),
            max_size=3,
        )
        | JSON
    },
)


def is_ours_to_answer(status: int) -> bool:
    """Whether a status is an answer or a refusal."""
    return status < 500


def dumped(body: Any) -> str:
    """JSON with whatever it holds, half characters as escapes included."""
    return json.dumps(body)


@QUIET
@given(st.dictionaries(st.text("q0123", min_size=1, max_size=3), QUERY, max_size=3) | JSON)
def test_queries(client: TestClient, batch: Any) -> None:
    """Any batch, as a form."""
    given_back = client.post("/reconcile/default", data={"queries": dumped(batch)})
    assert is_ours_to_answer(given_back.status_code), given_back.text
    given_back.json()


@QUIET
@given(EXTEND | JSON)
def test_extensions(client: TestClient, body: Any) -> None:
    """Any extension, as a form."""
    given_back = client.post("/reconcile/default", data={"extend": dumped(body)})
    assert is_ours_to_answer(given_back.status_code), given_back.text


@QUIET
@given(
    st.sampled_from(["", "/suggest/entity", "/suggest/property", "/suggest/type",
                     "/extend/property", "/preview/x", "/preview/un_sc_sanctions:1"]),
    st.sampled_from(["default", "nowhere", "un_sc_sanctions", "%00", "a b"]),
    st.dictionaries(
        st.sampled_from(["prefix", "limit", "type", "queries", "extend", "algorithm",
                         "changed_since", "api_key"]),
        TEXT,
        max_size=4,
    ),
)  # fmt: skip
def test_addresses(client: TestClient, path: str, dataset: str, params: dict[str, str]) -> None:
    """Any parameters of any of the routes."""
    sent = {name: value.encode("utf-8", "replace") for name, value in params.items()}
    given_back = client.get(f"/reconcile/{dataset}{path}", params=sent)  # type: ignore[arg-type]
    assert is_ours_to_answer(given_back.status_code), given_back.text


@QUIET
@given(st.binary(max_size=60), st.sampled_from([
    "application/x-www-form-urlencoded", "multipart/form-data", "application/json",
    "multipart/form-data; boundary=x", "text/plain", "",
]))  # fmt: skip
def test_bodies_that_are_no_form(client: TestClient, body: bytes, content_type: str) -> None:
    """Whatever is sent under whatever name."""
    headers = {"content-type": content_type} if content_type else {}
    given_back = client.post("/reconcile/default", content=body, headers=headers)
    assert is_ours_to_answer(given_back.status_code), given_back.text
