"""`tumen diligence`: fill a file in at the terminal, see what is missing, write it out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tumen.cli.main import main
from tumen.config import account_name
from tumen.store import Store
from watched_book import at, keep_book, party

PLACE = ("b", "p1")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with a book of one party."""
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    monkeypatch.delenv("TUMEN_STORE", raising=False)
    with Store.open(f"sqlite:///{tmp_path / 'tumen.db'}") as store:
        keep_book(store, [party(1, "Quill Feathersby", nationality="kp")], at(0))
    return tmp_path


def run(command: str, *given: str) -> Result:
    """What a command prints."""
    return CliRunner().invoke(main, ["diligence", command, *PLACE, *given])


def test_a_file_is_filled_in_and_shown() -> None:
    """Answers and unknowns under the account that ran the command; gaps by name, exit code 1."""
    done = run("set", "people.post", "Cook", "Captain", "--source", "his own letter")
    assert (done.exit_code, done.output) == (0, "people.post: answered (record 1)\n")
    done = run("unknown", "identity.born_on", "The register of the place is closed")
    assert "identity.born_on: unknown (record 2)" in done.output
    done = run("unknown", "banking.wallets", "He has no bank account at all", "--not-applicable")
    assert "not applicable (record 3)" in done.output
    shown = json.loads(run("show", "--json").output)
    assert {one["by"]["name"] for one in shown["history"]} == {account_name()}
    assert shown["is_enhanced"]
    text = run("show", "--section", "people").output
    assert "Cook; Captain" in text
    assert "his own letter" in text
    assert "Country" not in text.partition("Enhanced due diligence is required")[0]
    found = run("complete")
    assert found.exit_code == 1
    assert "Missing: people.pep" in found.output
    assert "Missing: identity.born_on" not in found.output
    counts = json.loads(run("complete", "--json").output)
    assert counts["progress"]["unknown"] == 1
    assert counts["progress"]["not_applicable"] == 1
    assert "people.pep" in counts["missing"]


def test_files_that_do_not_hold_are_listed() -> None:
    """A file that nobody has begun is none; one that nobody signed is not forgotten."""

    def due() -> list[tuple[str, str]]:
        done = CliRunner().invoke(main, ["diligence", "due", "b", "--json"])
        assert done.exit_code == 0, done.output
        return [(one["party_id"], one["state"]) for one in json.loads(done.output)["files"]]

    assert due() == []
    run("unknown", "people.post", "The register of the place is closed")
    assert due() == [("p1", "not signed off")]
    text = CliRunner().invoke(main, ["diligence", "due", "b", "--all"]).output
    assert "Quill Feathersby" in text


@pytest.mark.parametrize(
    ("command", "given", "says"),
    [
        ("set", ("people.pope", "x", "--source", "y"), "no field 'people.pope'"),
        ("set", ("identity.born_on", "soon", "--source", "y"), "is a date"),
        ("unknown", ("people.post", "no idea"), "in 10 letters"),
        ("show", ("--section", "nothing"), "There are: identity, ownership"),
        ("export", ("--out", "file.docx"), ".json, .pdf, .zip"),
        ("export", ("--out", "/nowhere/at/all.json"), "cannot be written"),
    ],
)
def test_what_makes_no_sense_is_refused(command: str, given: tuple[str, ...], says: str) -> None:
    """With exit code 2, and what would make sense."""
    done = run(command, *given)
    assert done.exit_code == 2, done.output
    assert says in " ".join(done.output.split())


def test_a_party_that_is_not_there_is_named() -> None:
    """Exit code 2."""
    done = CliRunner().invoke(main, ["diligence", "show", "b", "p9"])
    assert done.exit_code == 2
    assert "no party 'p9' in the book 'b'" in done.output


def test_a_file_is_written_in_each_form(tmp_path: Path) -> None:
    """By the ending of the name."""
    for ending, begins in ((".json", b"{"), (".pdf", b"%PDF-"), (".zip", b"PK")):
        out = tmp_path / f"file{ending}"
        assert run("export", "--out", str(out)).exit_code == 0
        assert out.read_bytes().startswith(begins)
    with zipfile.ZipFile(tmp_path / "file.zip") as archive:
        assert "manifest.json" in archive.namelist()
