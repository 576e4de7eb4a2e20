"""`tumen users` and `tumen keys`: added, shown, ended, and each change on record."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tumen.cli.main import main
from tumen.config import account_name
from tumen.model.access import Role
from tumen.service.access.keys import is_good, split_key
from tumen.service.access.passwords import Passwords
from tumen.store import Store

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of its own."""
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    monkeypatch.delenv("TUMEN_STORE", raising=False)
    return tmp_path


def run(*given: str, typed: str = "") -> Result:
    """What a command prints."""
    return CliRunner().invoke(main, list(given), input=typed)


def shown(*given: str, typed: str = "") -> Any:
    """The JSON that a good command prints."""
    done = run(*given, "--json", typed=typed)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def entries(home: Path) -> list[tuple[str, str, str]]:
    """Who did what to which object, by the audit log."""
    with Store.open(f"sqlite:///{home / 'tumen.db'}") as store, store.reading() as work:
        found = [record.entry for record in work.audit.records()]
    return [(one.actor, one.action, one.object) for one in found]


def test_a_user_is_added_shown_changed_and_ended(home: Path) -> None:
    """With the password from standard input; no output holds it or its hash."""
    made = shown("users", "add", "anna", "--role", "analyst", "--password-stdin", typed=PASSWORD)
    assert (made["name"], made["role"], made["has_password"]) == ("anna", "analyst", True)
    listed = run("users", "list")
    assert "anna" in listed.stdout
    assert "argon2" not in listed.stdout
    with Store.open(f"sqlite:///{home / 'tumen.db'}") as store, store.reading() as work:
        user = work.access.user_by_name("anna")
    assert user is not None
    assert Passwords().verify(PASSWORD, user.password_hash)
    changed = run("users", "password", "anna", "--password-stdin", typed="another good one\n")
    assert changed.exit_code == 0, changed.output
    assert shown("users", "end", "anna")["ended_at"]
    assert shown("users", "list") == {"users": []}
    assert len(shown("users", "list", "--all")["users"]) == 2
    actions = [action for _, action, _ in entries(home)]
    assert actions == ["add user", "set password", "end user"]
    assert {actor for actor, _, _ in entries(home)} == {account_name()}


def test_the_password_is_asked_for_twice() -> None:
    """And not shown."""
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    done = run("users", "add", "ben", "--role", "viewer", typed=typed)
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output


@pytest.mark.parametrize(
    ("given", "typed", "words"),
    [
        (("users", "add", "a:b", "--role", "viewer", "--no-password"), "", "no name"),
        (("users", "add", "anna", "--role", "boss"), "", "boss"),
        (("users", "add", "anna"), "", "--role"),
        (("users", "add", "a", "--role", "viewer", "--password-stdin"), "short", "12 to 256"),
        (("users", "end", "nobody"), "", "no user 'nobody'"),
        (("users", "password", "nobody", "--password-stdin"), PASSWORD, "no user 'nobody'"),
        (("keys", "end", "nothing"), "", "no key 'nothing'"),
        (("keys", "add", "x", "--role", "viewer", "--days", "0"), "", "--days"),
    ],
)
def test_what_makes_no_sense_is_refused(given: tuple[str, ...], typed: str, words: str) -> None:
    """With exit code 2 and the reason."""
    done = run(*given, typed=typed)
    assert done.exit_code == 2, done.output
    assert words in done.output


def test_a_name_is_taken_once_at_a_time() -> None:
    """After its end it may be taken again."""
    given = ("users", "add", "anna", "--role", "viewer", "--no-password")
    assert run(*given).exit_code == 0
    assert run(*given).exit_code == 2
    run("users", "end", "anna")
    assert run(*given).exit_code == 0


def test_the_text_of_a_key_comes_once(home: Path) -> None:
    """Alone on standard output, so that a script can take it; nowhere after that."""
    done = run("keys", "add", "onboarding", "--role", "analyst", "--days", "30")
    assert done.exit_code == 0, done.output
    parts = split_key(done.stdout.strip())
    assert parts is not None
    key_id, secret = parts
    assert "cannot be shown again" in done.stderr
    with Store.open(f"sqlite:///{home / 'tumen.db'}") as store, store.reading() as work:
        key = work.access.key(key_id)
    assert key is not None
    assert key.role is Role.ANALYST
    now = datetime.now(UTC)
    assert is_good(key, secret, now)
    assert not is_good(key, secret, now + timedelta(days=31))
    listed = run("keys", "list")
    assert key_id in listed.stdout
    assert secret not in listed.output
    assert not any(secret.encode() in path.read_bytes() for path in home.glob("tumen.db*"))


def test_a_key_is_ended(home: Path) -> None:
    """And that is on record."""
    made = shown("keys", "add", "onboarding", "--role", "viewer")
    assert made["key"].startswith(f"tmn_{made['key_id']}_")
    assert shown("keys", "end", made["key_id"])["ended_at"]
    assert shown("keys", "list") == {"keys": []}
    assert run("keys", "end", made["key_id"]).exit_code == 2
    shown_ids = [one["key_id"] for one in shown("keys", "list", "--all")["keys"]]
    assert shown_ids == [made["key_id"]]
    assert [action for _, action, _ in entries(home)] == ["add key", "end key"]


def test_an_empty_store_says_how_to_begin() -> None:
    """The command to type."""
    assert "tumen users add" in run("users", "list").stdout
    assert "tumen keys add" in run("keys", "list").stdout
