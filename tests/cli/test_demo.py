"""`tumen demo` as a newcomer runs it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tumen.cli.main import main
from tumen.store import Store


class Shell:
    """Runs `tumen` over one home folder, in one working folder."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *words: object) -> Result:
        """Run `tumen` with these words."""
        env = {
            "TUMEN_HOME": str(self.home),
            "TUMEN_STORE": "",
            "TUMEN_POLICY": "",
            "COLUMNS": "100",
        }
        return CliRunner().invoke(main, list(map(str, words)), env=env)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A fresh home and working folder."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return Shell(tmp_path / "home")


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a result file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_ends_well_and_writes_its_hits(shell: Shell) -> None:
    """Exit code 0, hits with reasons on screen and in hits.csv."""
    result = shell("demo")
    assert result.exit_code == 0, result.output
    assert "Loading the starter pack" in result.output
    assert "Shim Hyun-seop" in result.output
    rows = rows_of(Path("hits.csv"))
    hits = [row for row in rows if row["outcome"] == "hit"]
    assert len(hits) > 30
    assert all(row["reasons"] and row["list_version"] for row in hits)


def test_it_says_what_was_not_screened(shell: Shell) -> None:
    """The nameless row and the broken date stand in a section of their own, and in the file."""
    output = shell("demo").output
    section = output.partition("Not screened, or not read whole")[2]
    said = [line for line in section.splitlines() if line.startswith("! book.csv")]
    assert len(said) == 2, said
    assert "(no name): NOT SCREENED. No name and no identifier" in said[0]
    assert "Ingrid Solheim: no hit. birthDate '31.02.1975' cannot be read" in said[1]
    assert "`tumen screen` exit with 1" in " ".join(section.split())
    outcomes = {row["outcome"] for row in rows_of(Path("hits.csv"))}
    assert "not screened" in outcomes


def test_every_answer_says_that_the_lists_are_a_starter(shell: Shell) -> None:
    """On screen, on each row of the file, in the store and in `tumen show`: not for a decision."""
    output = " ".join(shell("demo").output.split())
    assert "not for a decision" in output
    assert "lists fetch" in output
    assert all("not for a decision" in row["warnings"] for row in rows_of(Path("hits.csv")))
    place = shell.home / "demo" / "demo.db"
    with Store.open(f"sqlite:///{place}") as store:
        assert all(version.is_starter for version in store.current_versions())
    shown = shell("show", "us_ofac_sdn:42498", "--store", place)
    assert "not for a decision" in shown.output


def test_it_leaves_the_users_lists_alone(shell: Shell) -> None:
    """The store of the user is not even made."""
    shell("demo")
    assert not (shell.home / "tumen.db").exists()
    assert shell("lists", "show").exit_code == 3


def test_the_second_run_is_like_the_first(shell: Shell) -> None:
    """A pack that is already loaded is used as it is."""
    first, second = shell("demo"), shell("demo")
    assert second.exit_code == 0
    assert first.output.count("entries  ") == second.output.count("entries  ") > 0


def test_the_suggested_show_command_works(shell: Shell) -> None:
    """What it says to type next can be typed."""
    output = shell("demo").output
    (line,) = [line for line in output.splitlines() if " show " in line]
    words = line.split(" show ")[1].split()
    shown = shell("show", *words)
    assert shown.exit_code == 0, shown.output


def test_lines_fit_a_hundred_columns(shell: Shell) -> None:
    """The report does not break a terminal of 100 columns; commands may be longer."""
    report = shell("demo").output.partition(" subjects:")[0]
    assert max(len(line.rstrip()) for line in report.splitlines()) <= 100


def test_a_store_with_published_lists_is_refused(shell: Shell, tmp_path: Path) -> None:
    """The pack never goes into a store that holds real lists."""
    place = tmp_path / "real.db"
    source = tmp_path / "consolidated.xml"
    source.write_text(
        '<CONSOLIDATED_LIST dateGenerated="2026-01-02T00:00:00"><INDIVIDUALS><INDIVIDUAL>'
        "<DATAID>1</DATAID><FIRST_NAME>Nobody</FIRST_NAME><UN_LIST_TYPE>Mali</UN_LIST_TYPE>"
        "<REFERENCE_NUMBER>MLi.999</REFERENCE_NUMBER><LISTED_ON>2020-01-01</LISTED_ON>"
        "</INDIVIDUAL></INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>",
        "utf-8",
    )
    loaded = shell("lists", "load", source, "--accept-shrunken", "--store", f"sqlite:///{place}")
    assert loaded.exit_code == 0, loaded.output
    result = shell("demo", "--store", place)
    assert result.exit_code == 2
    assert "holds published lists (un_sc_sanctions@" in result.output
    assert not Path("hits.csv").exists()


def test_an_unknown_result_format_is_refused(shell: Shell) -> None:
    """A wrong extension is bad usage, and leaves no file."""
    result = shell("demo", "--out", "hits.docx")
    assert result.exit_code == 2
    assert "hits.docx" in result.output
    assert list(Path.cwd().iterdir()) == []
