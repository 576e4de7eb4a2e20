"""API keys: random, in one form, kept as a hash, good only while in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.model.access import Role
from tumen.service.access.keys import hash_secret, is_good, make_key, split_key

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def test_a_new_key_is_good_and_its_text_is_kept_nowhere() -> None:
    """What is stored cannot be turned back into what lets in."""
    made = make_key("onboarding", Role.ANALYST, NOW)
    parts = split_key(made.text)
    assert parts is not None
    key_id, secret = parts
    assert made.text == f"tmn_{key_id}_{secret}"
    assert key_id == made.key.key_id
    assert secret not in repr(made.key)
    assert made.key.secret_hash == hash_secret(secret)
    assert is_good(made.key, secret, NOW)


def test_two_keys_share_nothing() -> None:
    """Neither id nor secret repeats."""
    made = [make_key("x", Role.VIEWER, NOW) for _ in range(50)]
    assert len({one.text for one in made}) == len({one.key.key_id for one in made}) == 50


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_key_ends_at_its_instant(seconds: int) -> None:
    """Good before it expires, not at it and not after it."""
    made = make_key("x", Role.VIEWER, NOW, NOW + timedelta(days=1))
    _, secret = split_key(made.text) or ("", "")
    assert is_good(made.key, secret, NOW + timedelta(days=1, seconds=seconds)) is (seconds < 0)


def test_an_ended_key_and_a_wrong_secret_are_no_good() -> None:
    """Either is enough to be refused."""
    made = make_key("x", Role.VIEWER, NOW)
    _, secret = split_key(made.text) or ("", "")
    assert not is_good(replace(made.key, ended_at=NOW), secret, NOW)
    assert not is_good(made.key, secret[::-1], NOW)
    assert not is_good(made.key, "", NOW)


@given(st.text(max_size=90))
def test_any_text_is_taken_apart_or_is_no_key(text: str) -> None:
    """Nothing but the exact form is a key, whatever is sent."""
    parts = split_key(text)
    assert parts is None or text == "tmn_{}_{}".format(*parts)


def test_a_key_in_other_letters_is_none() -> None:
    """Look-alike digits of other scripts, a line break at the end."""
    text = make_key("x", Role.VIEWER, NOW).text
    assert split_key(text + "\n") is None
    assert split_key(text[:-1] + "٣") is None
    assert split_key(text.upper()) is None
