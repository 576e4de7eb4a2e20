"""What a request shows, in every form that clients have."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.model.access import Role
from tumen.service.access.credentials import (
    Credential,
    KeyCredential,
    PasswordCredential,
    TokenCredential,
    Unreadable,
    mark_of,
    read_credential,
)
from tumen.service.access.keys import make_key, split_key

TEXT = make_key("x", Role.VIEWER, datetime(2026, 4, 1, tzinfo=UTC)).text
KEY = KeyCredential(*(split_key(TEXT) or ("", "")))


def basic(text: str) -> dict[str, str]:
    """The header of HTTP Basic."""
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"authorization": f"Bearer {TEXT}"}, KEY),
        ({"authorization": f"bearer   {TEXT} "}, KEY),
        ({"x-api-key": TEXT}, KEY),
        ({"authorization": "Bearer ey.a.b", "x-api-key": TEXT}, TokenCredential("ey.a.b")),
        ({"authorization": "Bearer tmn_x_y"}, Unreadable()),
        ({"authorization": "Bearer"}, Unreadable()),
        ({"authorization": "Digest x"}, Unreadable()),
        ({"authorization": "Basic %%%"}, Unreadable()),
        ({"authorization": "Bearer " + "x" * 9000}, Unreadable()),
        (basic("anna:a:b"), PasswordCredential("anna", "a:b")),
        (basic("anna:"), PasswordCredential("anna", "")),
        (basic("anna"), Unreadable()),
        (basic(":x"), Unreadable()),
        (basic(f"marble:{TEXT}"), KEY),
    ],
)
def test_each_form_is_read(headers: dict[str, str], expected: Credential | None) -> None:
    """Bearer, Basic, our own header; what is shown and unreadable is not the same as nothing."""
    assert read_credential(headers) == expected


def test_a_key_in_the_address_counts_only_where_it_is_allowed() -> None:
    """Addresses end up in logs: only clients that have no other way may use them."""
    query = f"type=Person&api_key={TEXT}"
    assert read_credential({}, query) is None
    assert read_credential({}, query, takes_query_key=True) == KEY
    assert read_credential({}, "api_key=", takes_query_key=True) is None
    assert read_credential({}, "xapi_key=1", takes_query_key=True) is None


def test_secrets_are_not_shown() -> None:
    """A credential in a log line or a traceback tells nobody the secret, but its mark differs."""
    one, other = PasswordCredential("anna", "one"), PasswordCredential("anna", "other")
    assert "one" not in repr(one)
    assert KEY.secret not in repr(KEY)
    assert mark_of(one) != mark_of(other)
    assert mark_of(TokenCredential("a")) != mark_of(Unreadable())


@given(st.text(max_size=200), st.text(max_size=50))
def test_no_header_breaks_the_reader(header: str, query: str) -> None:
    """Whatever is sent is read or unreadable."""
    read_credential({"authorization": header}, query, takes_query_key=True)
    read_credential({"x-api-key": header}, query, takes_query_key=True)
    read_credential({}, query, takes_query_key=True)
