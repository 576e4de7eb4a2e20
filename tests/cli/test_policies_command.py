"""`tumen policies`: proposed at the terminal by one person, in force by another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from case_desk_cli import SENTENCE, add_people, decided, good, run
from click.testing import Result

from tumen.store import Store

POLICY = "name: strict\nversion: '2'\nthreshold: 0.65\nfour_eyes_from: 0.8\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with people, and a policy in a file."""
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    monkeypatch.delenv("TUMEN_STORE", raising=False)
    with Store.open(f"sqlite:///{tmp_path}/tumen.db") as store:
        add_people(store)
    (tmp_path / "strict.yml").write_text(POLICY, "utf-8")
    return tmp_path


def _propose(home: Path, *more: str, name: str = "anna", password: str = "") -> Result:
    given = ("policies", "propose", str(home / "strict.yml"), "--text", SENTENCE, "--as", name)
    return run(*given, "--password-stdin", *more, typed=f"{password or 'correct horse battery'}\n")


def test_a_policy_takes_two_people(home: Path) -> None:
    """The proposer is told where it waits and cannot approve it; then both names stand there."""
    assert "No policy was proposed yet" in good("policies", "list")
    usual = json.loads(good("policies", "show", "--json"))
    assert (usual["from"], usual["content"]["name"]) == ("settings", "default")
    waiting = json.loads(_propose(home, "--json").stdout)
    assert waiting["state"] == "recommended"
    seen = ("--seen", str(waiting["sequence"]))
    assert json.loads(good("policies", "show", "--json")) == usual
    assert decided("anna", "approve", waiting["case_id"], *seen).exit_code == 2
    assert "is in force" in decided("carl", "approve", waiting["case_id"], *seen).stdout
    held = json.loads(good("policies", "show", "--json"))
    assert (held["proposed_by"], held["approved_by"]) == ("user:anna", "user:carl")
    assert held["content"]["threshold"] == 0.65
    (kept,) = json.loads(good("policies", "list", "--json"))["policies"]
    assert kept == held
    assert "in force" in good("policies", "list")
    text = good("policies", "show", held["policy_id"])
    assert "0.65" in text
    assert "all that are loaded" in text
    assert SENTENCE in text


def test_what_cannot_be_proposed_is_refused(home: Path) -> None:
    """A wrong password, somebody who may not decide, a file that is no policy, an unknown id."""
    assert _propose(home, name="dora").exit_code == 2
    waits = _propose(home)
    assert (waits.exit_code, "tumen cases approve case-" in waits.output) == (0, True)
    (home / "strict.yml").write_text(POLICY + "treshold: 1\n", "utf-8")
    assert "treshold" in _propose(home).output
    assert "tumen policies list" in run("policies", "show", "policy-none").output
    assert len(json.loads(good("policies", "list", "--json"))["policies"]) == 1
    (home / "strict.yml").write_text(POLICY, "utf-8")
    assert "This is not anna" in _propose(home, password="guess").output
