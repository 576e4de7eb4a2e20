"""`tumen show`: an entry whole, with the published field behind each value."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tumen.cli.main import main
from tumen.model.entity import Entity
from tumen.model.listing import (
    Designation,
    Link,
    ListedName,
    ListEntry,
    ListVersion,
    NameKind,
    NameQuality,
    SourceField,
)
from tumen.store import Store

ENTRY = ListEntry(
    Entity(
        "test_un:1",
        "Person",
        {"name": ("TESTOV, Ivan",), "alias": ("Vanya",), "passportNumber": ("X123",)},
    ),
    (
        ListedName("TESTOV, Ivan", script="Latn"),
        ListedName("Vanya", NameKind.ALIAS, NameQuality.WEAK, "Latn", "ru"),
    ),
    (Designation("Test Council", "TEST", "Act 7", "2020-01-02", reason="Invented"),),
    (Link("Representation", "test_un:2", "Test Ltd", "agent", is_inverse=True),),
    "All of this is invented.",
    "test.xml",
    "INDIVIDUAL[1]",
    (SourceField("passportNumber", "X123", "DOCUMENT", "Passport X-123"),),
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a store that holds one version of an invented list."""
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TUMEN_STORE", raising=False)
    path = tmp_path / "lists.db"
    now = datetime(2026, 3, 31, tzinfo=UTC)
    version = ListVersion(
        "test_un", "a" * 64, "xml", date(2026, 3, 30), now, 1, 2, ("test.xml",), is_starter=True
    )
    with Store.open(f"sqlite:///{path}") as opened:
        opened.add_version(version, [ENTRY])
    return path


def run(*given: str) -> Result:
    """What the command prints, and its exit code."""
    return CliRunner().invoke(main, ["show", *given])


def test_an_entry_is_shown_whole(store: Path) -> None:
    """Names with quality and script, designations, links, identifiers, and their sources."""
    done = run("test_un:1", "--store", str(store))
    assert done.exit_code == 0, done.output
    for part in (
        "TESTOV, Ivan (Person, test_un:1)",
        "test_un@aaaaaaaaaaaa, published 2026-03-30",
        "starter lists",
        "weak",
        "Latn",
        "Designated by Test Council: TEST, listed 2020-01-02",
        "  Legal basis: Act 7",
        "  Reason: Invented",
        "Representation",
        "the object",
        "DOCUMENT",
        "Passport X-123",
        "All of this is invented.",
        "Source: test.xml, INDIVIDUAL[1]",
    ):
        assert part in done.stdout


def test_what_a_designation_does_not_state_takes_no_line(store: Path) -> None:
    """No empty labels."""
    shown = run("test_un:1", "--store", str(store)).stdout
    assert "Measures" not in shown
    assert "Reason: Invented" in shown


def test_json_holds_entry_and_version(store: Path) -> None:
    """Everything that the store keeps."""
    found = json.loads(run("test_un:1", "--store", f"sqlite:///{store}", "--json").stdout)
    assert found["version"]["version_id"] == "test_un@aaaaaaaaaaaa"
    assert found["entry"]["entity"]["id"] == "test_un:1"
    assert found["entry"]["fields"] == [["passportNumber", "X123", "DOCUMENT", "Passport X-123"]]


def test_an_entry_that_is_not_there_is_exit_2(store: Path) -> None:
    """With the versions that were looked through."""
    done = run("test_un:9", "--store", str(store))
    assert done.exit_code == 2
    assert "no entry 'test_un:9' in test_un@aaaaaaaaaaaa" in done.stderr


def test_an_empty_store_is_exit_3(store: Path) -> None:
    """The default store, which nobody has loaded yet."""
    done = run("test_un:1")
    assert done.exit_code == 3
    assert "No list is loaded" in done.stderr


def test_a_store_that_is_not_there_is_exit_3(store: Path, tmp_path: Path) -> None:
    """A slip in the path must not make an empty store."""
    done = run("test_un:1", "--store", str(tmp_path / "list.db"))
    assert done.exit_code == 3
    assert not (tmp_path / "list.db").exists()
