"""Users, keys and kept answers: access ends but is never forgotten, a key names one answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stored_things import NOW, later

from tumen.errors import RequestError
from tumen.model.access import ApiKey, Role, User
from tumen.store import Store

ANA = User("U1", "ana", Role.ANALYST, NOW, "$argon2id$hash", "ana@example.com")
KEY = ApiKey("K1", "onboarding", Role.VIEWER, "hash", NOW, later(3600))


def test_users_come_and_go(store: Store) -> None:
    """An ended user has no access, and the name is free for a successor."""
    successor = replace(ANA, user_id="U2", role=Role.AUDITOR, created_at=later(60))
    with store.writing() as work:
        work.access.add_user(ANA)
        assert work.access.user_by_name("ana") == ANA
        assert work.access.user_by_name("Ana") is None
        with pytest.raises(RequestError, match="'ana' already"):
            work.access.add_user(successor)
        work.access.end_user("U1", later(30))
        assert work.access.user_by_name("ana") is None
        with pytest.raises(RequestError, match="'U1'"):
            work.access.end_user("U1", later(31))
        with pytest.raises(RequestError, match="id 'U1'"):
            work.access.add_user(replace(ANA, name="ben"))
        work.access.add_user(successor)
    ended = replace(ANA, ended_at=later(30))
    with store.reading() as work:
        assert work.access.users() == [successor]
        assert work.access.users(include_ended=True) == [ended, successor]
        assert work.access.user("U1") == ended
        assert work.access.user("U9") is None


def test_keys_come_and_go(store: Store) -> None:
    """A key taken out of use is still found, so that its use can be refused and named."""
    with store.writing() as work:
        work.access.add_key(KEY)
        work.access.add_key(replace(KEY, key_id="K2", name="batch", expires_at=None))
        with pytest.raises(RequestError, match="'K1'"):
            work.access.add_key(KEY)
        work.access.end_key("K1", later(30))
        with pytest.raises(RequestError, match="'K1'"):
            work.access.end_key("K1", later(31))
    with store.reading() as work:
        assert work.access.key("K1") == replace(KEY, ended_at=later(30))
        assert work.access.key("K9") is None
        (in_use,) = work.access.keys()
        (first, second) = work.access.keys(include_ended=True)
        assert [in_use.key_id, first.key_id, second.key_id] == ["K2", "K2", "K1"]


def test_an_answer_is_kept_for_a_key_and_an_actor(store: Store) -> None:
    """Two actors may choose the same key; one actor may not use it for two requests."""
    with store.writing() as work:
        work.idempotency.put("key", "ana", "hash", 201, '{"id": "김"}', NOW)
        work.idempotency.put("key", "ben", "other", 422, "", later(60))
        with pytest.raises(RequestError, match="used before"):
            work.idempotency.put("key", "ana", "hash", 201, "", NOW)
    with store.reading() as work:
        assert work.idempotency.find("key", "ana") == ("hash", 201, '{"id": "김"}')
        assert work.idempotency.find("key", "ben") == ("other", 422, "")
        assert work.idempotency.find("key", "eve") is None


def test_old_answers_are_forgotten(store: Store) -> None:
    """They are no evidence, only a convenience of a day."""
    with store.writing() as work:
        work.idempotency.put("old", "ana", "hash", 200, "", NOW)
        work.idempotency.put("new", "ana", "hash", 200, "", later(60))
        assert work.idempotency.forget_before(later(60)) == 1
        assert work.idempotency.find("old", "ana") is None
        assert work.idempotency.find("new", "ana") is not None
