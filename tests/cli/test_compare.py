"""`tumen compare`: two parties in, a score and its reasons out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tumen.cli.main import main


def run(*given: str) -> Result:
    """What the command prints, and its exit code."""
    return CliRunner().invoke(main, ["compare", *given])


def test_two_names_give_a_table_of_reasons() -> None:
    """Score, verdict, and each feature with the two values that met."""
    done = run("Ivan Testov", "TESTOV, Ivan", "--schema", "person")
    assert done.exit_code == 0, done.output
    for part in (": a hit.", "Feature", "Ivan Testov (Person)", "TESTOV, Ivan (Person)", "name"):
        assert part in done.stdout


def test_unlike_names_are_no_hit() -> None:
    """Said in words, with exit 0: the comparison was made."""
    done = run("Ivan Testov", "Zqxar Mrbelto")
    assert (done.exit_code, "no hit" in done.stdout) == (0, True)


def test_facts_change_the_score() -> None:
    """Dates and countries are read as a book's are, and count."""
    names = ("Ivan Testov", "TESTOV, Ivan", "--schema", "Person", "--json")
    dates = ("--birth-date-left", "2 Jan 1970", "--birth-date-right")
    plain, same, other = (
        json.loads(run(*names, *more).stdout)
        for more in ((), (*dates, "1970-01-02"), (*dates, "1931-12-30"))
    )
    assert other["score"] < plain["score"] <= same["score"]
    assert same["left"]["properties"]["birthDate"] == ["1970-01-02"]
    assert {reason["feature"] for reason in same["reasons"]} >= {"name", "birth_date"}


def test_any_property_can_be_given() -> None:
    """By its heading in a book."""
    done = run("A", "B", "--left", "imo=9074729", "--right", "imo=9074729", "--json")
    assert json.loads(done.stdout)["left"]["properties"]["imoNumber"] == ["9074729"]


def test_entities_can_be_given_whole(tmp_path: Path) -> None:
    """As JSON on the command line or in a file."""
    entity = {"id": "x", "schema": "Company", "properties": {"name": ["Testov; Ltd"]}}
    file = tmp_path / "right.json"
    file.write_text(json.dumps(entity))
    done = run("--left-json", json.dumps(entity), "--right-json", f"@{file}", "--json")
    found = json.loads(done.stdout)
    assert found["left"] == found["right"]
    assert found["left"]["properties"] == {"name": ["Testov; Ltd"]}
    assert found["is_hit"] is True
    mixed = run("Testov Ltd", "--right-json", f"@{file}", "--schema", "company")
    assert mixed.exit_code == 0, mixed.output


def test_a_value_nobody_can_read_is_a_warning() -> None:
    """It took no part, and the user hears of it."""
    names = ("Ivan Testov", "Ivan Testov", "--birth-date-left", "31/02/1980")
    assert "! Ivan Testov: birthDate '31/02/1980' cannot be read" in run(*names).stderr
    assert len(json.loads(run(*names, "--json").stdout)["warnings"]) == 1


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (["Ivan"], "Give 2 names, not 1"),
        (["Ivan", "Kim", "Pak"], "Give 2 names, not 3"),
        (["Ivan", "Kim", "--left-json", '{"schema": "Person"}'], "Give 1 names, not 2"),
        (["Ivan", "--left-json", "{"], "--left-json cannot be read"),
        (["Ivan", "--left-json", "@/none"], "--left-json cannot be read"),
        (["Ivan", "--left-json", "[]"], "holds no entity"),
        (["Ivan", "--left-json", '{"schema": "Persn"}'], "Unknown schema 'Persn'"),
        (["Ivan", "Kim", "--schema", "widget"], "Unknown type 'widget'"),
        (["Ivan", "Kim", "--left", "shoe=44"], "write it as property=value"),
        (["Ivan", "Kim", "--left", "imo"], "write it as property=value"),
        (["Ivan", "?"], "right: No name and no identifier"),
    ],
)
def test_bad_usage_is_exit_2(given: list[str], problem: str) -> None:
    """With the side and the option at fault."""
    done = run(*given)
    assert done.exit_code == 2
    assert problem in done.stderr
