"""The gate over a real store: who gets in, who does not, and that nobody learns more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from oidc_provider import NOW, Provider, providing
from pytest_httpserver import HTTPServer

from tumen.config import OidcSettings
from tumen.errors import RequestError
from tumen.model.access import Permission, Role
from tumen.service.access import accounts
from tumen.service.access.credentials import (
    Credential,
    KeyCredential,
    PasswordCredential,
    TokenCredential,
    Unreadable,
)
from tumen.service.access.gate import (
    REMEMBER_SECONDS,
    Gate,
    NotAdmittedError,
    TooManyAttemptsError,
    make_gate,
)
from tumen.service.access.keys import split_key
from tumen.service.access.oidc import TokenVerifier
from tumen.service.access.passwords import Passwords
from tumen.store import Store

BY = accounts.By("test")
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "correct horse battery"


@dataclass
class Hands:
    """Clocks that a test sets."""

    now: datetime = NOW
    seconds: float = 1000.0

    def pass_by(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass
class Post:
    """A gate, its store, and its clocks."""

    store: Store
    gate: Gate
    hands: Hands = field(default_factory=Hands)

    def key(self, role: Role = Role.ANALYST, days: int | None = None) -> KeyCredential:
        """A new key."""
        ends = self.hands.now + timedelta(days=days) if days else None
        with self.store.writing() as work:
            made = accounts.add_key(work, accounts.WantedKey("x", role, ends), BY, self.hands.now)
        return KeyCredential(*(split_key(made.text) or ("", "")))

    def user(self, name: str = "anna", password: str = PASSWORD) -> None:
        """A new user."""
        wanted = accounts.NewUser(name, Role.APPROVER, CHEAP.hash(password) if password else "")
        with self.store.writing() as work:
            accounts.add_user(work, wanted, BY, self.hands.now)

    def refuses(self, credential: Credential | None, address: str = "10.0.0.9") -> str:
        """The reason why somebody is not let in."""
        with pytest.raises(NotAdmittedError) as caught:
            self.gate.admit(credential, address)
        assert str(caught.value) == "No valid credential was given"
        return caught.value.reason


def made_gate(store: Store, hands: Hands, *, is_loopback: bool = False) -> Gate:
    """A gate whose clocks a test sets."""
    gate = make_gate(store, is_loopback=is_loopback, passwords=CHEAP)
    return replace(gate, clock=lambda: hands.now, seconds=lambda: hands.seconds)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """A gate that others than this machine can reach."""
    hands = Hands()
    with Store.open(f"sqlite:///{tmp_path / 'tumen.db'}") as store:
        yield Post(store, made_gate(store, hands), hands)


def test_nobody_gets_in_without_a_credential(post: Post) -> None:
    """Also while there is no key and no user yet: it is closed by default."""
    assert not post.gate.is_open()
    assert post.refuses(None) == "no credential"
    assert post.refuses(Unreadable()) == "a credential of no known kind"


def test_on_loopback_it_is_open_until_somebody_makes_a_key(post: Post) -> None:
    """Then also this machine has to show one."""
    gate = made_gate(post.store, post.hands, is_loopback=True)
    for shown in (None, Unreadable(), TokenCredential("of another service")):
        found = gate.admit(shown, "127.0.0.1")
        assert (found.actor, found.permissions) == ("loopback", frozenset(Permission))
    key = post.key()
    gate.memory.forget()
    with pytest.raises(NotAdmittedError):
        gate.admit(None, "127.0.0.1")
    assert gate.admit(key, "127.0.0.1").role is Role.ANALYST


def test_a_user_closes_it_as_well(post: Post) -> None:
    """And single sign-on, which needs neither key nor user."""
    gate = made_gate(post.store, post.hands, is_loopback=True)
    assert gate.is_open()
    post.user()
    assert not gate.is_open()


def test_a_key_gets_in_until_it_ends(post: Post) -> None:
    """Within the seconds for which it is remembered."""
    key = post.key(Role.AUDITOR)
    found = post.gate.admit(key, "10.0.0.9")
    assert (found.actor, found.role) == (f"key:{key.key_id}", Role.AUDITOR)
    with post.store.writing() as work:
        accounts.end_key(work, key.key_id, BY, post.hands.now)
    assert post.gate.recall(key) == found
    post.hands.pass_by(REMEMBER_SECONDS)
    assert post.gate.recall(key) is None
    assert key.key_id in post.refuses(key)


def test_a_key_expires(post: Post) -> None:
    """At its instant."""
    key = post.key(days=1)
    post.gate.admit(key, "10.0.0.9")
    post.hands.pass_by(86400)
    post.refuses(key)


def test_what_is_remembered_is_that_very_credential(post: Post) -> None:
    """A wrong secret is not let in by the memory of the right one."""
    key = post.key()
    post.gate.admit(key, "10.0.0.9")
    post.refuses(KeyCredential(key.key_id, key.secret[::-1]))


def test_a_user_gets_in_by_password(post: Post) -> None:
    """The right one alone; nothing says whether the name or the password was wrong."""
    post.user()
    found = post.gate.admit(PasswordCredential("anna", PASSWORD), "10.0.0.9")
    assert (found.actor, found.role) == ("user:anna", Role.APPROVER)
    wrong = post.refuses(PasswordCredential("anna", "wrong horse battery"))
    unknown = post.refuses(PasswordCredential("nobody", PASSWORD))
    assert wrong == unknown


def test_an_ended_user_and_one_without_a_password_stay_out(post: Post) -> None:
    """Whatever they give."""
    post.user("gone")
    post.user("sso", "")
    with post.store.writing() as work:
        accounts.end_user(work, "gone", BY, post.hands.now)
    post.refuses(PasswordCredential("gone", PASSWORD))
    post.refuses(PasswordCredential("sso", ""))
    post.refuses(PasswordCredential("sso", PASSWORD))


def test_a_new_password_ends_the_old_one(post: Post) -> None:
    """The user stays the same by name, and in the audit log."""
    post.user()
    with post.store.writing() as work:
        accounts.set_password(work, "anna", CHEAP.hash("another good one"), BY, post.hands.now)
    post.refuses(PasswordCredential("anna", PASSWORD))
    found = post.gate.admit(PasswordCredential("anna", "another good one"), "10.0.0.9")
    assert found.actor == "user:anna"


def test_guessing_is_slowed_down_for_known_and_unknown_alike(post: Post) -> None:
    """After five failures even the right password waits, and an unknown user waits as long."""
    post.user()
    for name in ("anna", "nobody"):
        for _ in range(5):
            post.refuses(PasswordCredential(name, "wrong horse battery"))
        with pytest.raises(TooManyAttemptsError) as caught:
            post.gate.admit(PasswordCredential(name, PASSWORD), "10.0.0.9")
        assert caught.value.retry_after == 30
    assert post.gate.admit(PasswordCredential("anna", PASSWORD), "10.0.0.1")
    post.hands.pass_by(30)
    assert post.gate.admit(PasswordCredential("anna", PASSWORD), "10.0.0.9")


def test_single_sign_on_gets_in_beside_keys(post: Post, httpserver: HTTPServer) -> None:
    """A bearer token of the provider; a bad one is a refusal like any other."""
    with providing(httpserver) as provider, httpx.Client() as client:
        settings = OidcSettings(provider.issuer, "web", "tumen")
        gate = replace(post.gate, tokens=TokenVerifier(settings, client), is_loopback=True)
        assert not gate.is_open()
        found = gate.admit(TokenCredential(provider.token()), "10.0.0.9")
        assert (found.actor, found.role) == ("oidc:anna", Role.ANALYST)
        _refused_token(gate, provider)
        assert gate.admit(post.key(), "10.0.0.9")


def _refused_token(gate: Gate, provider: Provider) -> None:
    with pytest.raises(NotAdmittedError) as caught:
        gate.admit(TokenCredential(provider.token(aud="other")), "10.0.0.9")
    assert "aud" in caught.value.reason


@pytest.mark.parametrize("name", ["", " ", "a:b", " anna", "an\nna"])
def test_a_name_that_basic_cannot_carry_is_refused(post: Post, name: str) -> None:
    """A colon parts name and password."""
    with post.store.writing() as work, pytest.raises(RequestError, match="no name"):
        accounts.add_user(work, accounts.NewUser(name, Role.VIEWER), BY, NOW)


def test_a_key_that_has_expired_already_is_refused(post: Post) -> None:
    """It would only look as if it were one."""
    wanted = accounts.WantedKey("x", Role.VIEWER, NOW)
    with post.store.writing() as work, pytest.raises(RequestError, match="expired"):
        accounts.add_key(work, wanted, BY, NOW)


def test_each_change_of_accounts_is_on_record(post: Post) -> None:
    """Who, what, when, with hashes of before and after, and no secret."""
    key = post.key()
    post.user()
    with post.store.writing() as work:
        accounts.end_key(work, key.key_id, BY, NOW)
        accounts.end_user(work, "anna", BY, NOW)
    with post.store.reading() as work:
        entries = [record.entry for record in work.audit.records()]
        assert work.audit.verify() == []
    assert [one.action for one in entries] == ["add key", "add user", "end key", "end user"]
    assert {one.actor for one in entries} == {"test"}
    assert entries[0].after == entries[2].before != ""
    assert key.secret not in repr(entries)
    assert entries[0].occurred_at == NOW.astimezone(UTC)
